/** Tells those who listen at once, in the order in which they began to. */
export class Signal<Args extends readonly unknown[] = []> {
  readonly #listeners: ((...args: Args) => void)[] = []

  on(listener: (...args: Args) => void): void {
    this.#listeners.push(listener)
  }

  emit(...args: Args): void {
    for (const listener of this.#listeners) listener(...args)
  }
}
