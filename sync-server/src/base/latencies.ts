/** How long the last of many things took. */
export class Latencies {
  readonly #most: number
  readonly #ms: number[] = []
  #next = 0

  /** @param most how many are remembered */
  constructor(most: number) {
    this.#most = most
  }

  add(ms: number): void {
    this.#ms[this.#next] = ms
    this.#next = (this.#next + 1) % this.#most
  }

  /** Undefined before there was one. */
  read(): { readonly count: number; readonly p50: number; readonly p99: number } | undefined {
    if (this.#ms.length === 0) return undefined
    const sorted = [...this.#ms].sort((a, b) => a - b)
    const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0
    return { count: sorted.length, p50: at(0.5), p99: at(0.99) }
  }
}
