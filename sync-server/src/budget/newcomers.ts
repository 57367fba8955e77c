/**
 * Those who are there and have done nothing yet, by the network that they came from. When there are
 * too many, one of the network with most has to go: the one that has been there longest, because
 * who is honest does not stay long.
 */
export class Newcomers<T> {
  readonly #limit: number
  readonly #networks = new Map<string, Set<T>>()
  readonly #networkOf = new Map<T, string>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#networkOf.size
  }

  /**
   * Takes one in. Returns who has to go for it, if anybody has to and `mayGo`; they are still in.
   *
   * @param mayGo who cannot go now is passed over
   */
  enter(network: string, one: T, mayGo: (one: T) => boolean = () => true): T | undefined {
    const own = this.#networks.get(network) ?? new Set()
    this.#networks.set(network, own)
    own.add(one)
    this.#networkOf.set(one, network)
    if (this.size <= this.#limit) return undefined
    const heaviestFirst = [...this.#networks.values()].sort((a, b) => b.size - a.size)
    for (const ones of heaviestFirst) for (const oldest of ones) if (mayGo(oldest)) return oldest
    return undefined
  }

  leave(one: T): void {
    const network = this.#networkOf.get(one)
    if (network === undefined) return
    this.#networkOf.delete(one)
    const own = this.#networks.get(network)
    own?.delete(one)
    if (own?.size === 0) this.#networks.delete(network)
  }

  /** Those who are there. */
  all(): T[] {
    return [...this.#networkOf.keys()]
  }
}
