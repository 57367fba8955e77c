import { Lru } from './lru.ts'

/**
 * What was loaded, one object for each key as long as anybody has it: those used lately stay, the
 * others are forgotten once nobody holds them. So what is in use is never there twice, and what is
 * not costs no more than `limit` of them.
 */
export class Kept<K, V extends object> {
  readonly #recent: Lru<K, V>
  readonly #held = new Map<K, WeakRef<V>>()
  readonly #loading = new Map<K, Promise<V>>()
  readonly #gone = new FinalizationRegistry<K>((key) => {
    if (this.#held.get(key)?.deref() === undefined) this.#held.delete(key)
  })

  constructor(limit: number) {
    this.#recent = new Lru(limit)
  }

  /** A failure is not remembered. */
  async of(key: K, load: () => Promise<V>): Promise<V> {
    const known = this.known(key)
    if (known !== undefined) return known
    const before = this.#loading.get(key)
    if (before !== undefined) return before
    const loading = load()
    this.#loading.set(key, loading)
    try {
      const value = await loading
      // Everything was forgotten meanwhile: it is only for who asked before.
      if (this.#loading.get(key) === loading) this.#keep(key, value)
      return value
    } finally {
      if (this.#loading.get(key) === loading) this.#loading.delete(key)
    }
  }

  /** If it is there; that counts as a use of it. */
  known(key: K): V | undefined {
    const value = this.#recent.get(key) ?? this.#held.get(key)?.deref()
    if (value !== undefined) this.#recent.set(key, value)
    return value
  }

  /** If it is there, or on its way. */
  found(key: K): Promise<V> | undefined {
    const value = this.known(key)
    return value === undefined ? this.#loading.get(key) : Promise.resolve(value)
  }

  /** What is loaded from now on is another object. */
  clear(): void {
    this.#recent.clear()
    this.#held.clear()
    this.#loading.clear()
  }

  #keep(key: K, value: V): void {
    this.#recent.set(key, value)
    this.#held.set(key, new WeakRef(value))
    this.#gone.register(value, key)
  }
}
