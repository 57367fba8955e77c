/**
 * A map that forgets the entries that were used longest ago when it holds more than `limit`: of
 * entries, or of what they weigh. The one that was set last stays, whatever it weighs.
 */
export class Lru<K, V> {
  readonly #limit: number
  readonly #weigh: (value: V) => number
  readonly #entries = new Map<K, V>()
  #weight = 0

  /** @param weigh must give the same for a value as long as it is in here */
  constructor(limit: number, weigh: (value: V) => number = () => 1) {
    this.#limit = limit
    this.#weigh = weigh
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }

  delete(key: K): void {
    const value = this.#entries.get(key)
    if (value === undefined) return
    this.#weight -= this.#weigh(value)
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
    this.#weight = 0
  }

  set(key: K, value: V): void {
    this.delete(key)
    this.#entries.set(key, value)
    this.#weight += this.#weigh(value)
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#limit || oldest === key) return
      this.delete(oldest)
    }
  }
}
