/** Tells listeners that something changed: many changes in one go become one call. */
export class Emitter {
  readonly #listeners = new Set<() => void>()
  #due = false
  #closed = false

  /** Returns how to stop it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  changed(): void {
    if (this.#due || this.#closed) return
    this.#due = true
    void Promise.resolve().then(() => {
      this.#due = false
      for (const listener of this.#listeners) listener()
    })
  }

  close(): void {
    this.#closed = true
    this.#listeners.clear()
  }
}
