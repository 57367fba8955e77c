const NONE: readonly never[] = []

/**
 * A set that mostly has one member, and is there many times: it takes a table of its own only for
 * more. As in a Set, what is deleted while one goes through it is not met any more.
 */
export class Few<T extends NonNullable<unknown>> implements Iterable<T> {
  #one: T | undefined
  #more: Set<T> | undefined

  get size(): number {
    return this.#more?.size ?? (this.#one === undefined ? 0 : 1)
  }

  has(value: T): boolean {
    return this.#more?.has(value) ?? this.#one === value
  }

  /** False when it was in already. */
  add(value: T): boolean {
    if (this.has(value)) return false
    if (this.#more !== undefined) this.#more.add(value)
    else if (this.#one === undefined) this.#one = value
    else {
      this.#more = new Set([this.#one, value])
      this.#one = undefined
    }
    return true
  }

  /** False when it was not in. */
  delete(value: T): boolean {
    if (this.#more !== undefined) return this.#more.delete(value)
    if (this.#one !== value) return false
    this.#one = undefined
    return true
  }

  clear(): void {
    this.#one = undefined
    this.#more = undefined
  }

  [Symbol.iterator](): Iterator<T> {
    if (this.#more !== undefined) return this.#more.values()
    return (this.#one === undefined ? NONE : [this.#one]).values()
  }
}
