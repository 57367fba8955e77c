import type { Timers } from '../base/timers.ts'

interface Pace {
  /** What came since the last run; run once, however often it came. */
  again: (() => void) | undefined
  readonly cancel: () => void
}

/** Runs what it is given at most once in so many ms for each key: the first at once. */
export class Pacer {
  readonly #timers: Timers
  readonly #ms: number
  readonly #limit: number
  readonly #paces = new Map<string, Pace>()

  /** @param limit keys that are kept apart at the same time */
  constructor(timers: Timers, ms: number, limit: number) {
    this.#timers = timers
    this.#ms = ms
    this.#limit = limit
  }

  /** False when there are too many keys: it was and will not be run. */
  run(key: string, task: () => void): boolean {
    const pace = this.#paces.get(key)
    if (pace !== undefined) {
      pace.again = task
      return true
    }
    if (this.#paces.size >= this.#limit) return false
    const cancel = this.#timers.after(this.#ms, () => this.#passed(key))
    this.#paces.set(key, { again: undefined, cancel })
    task()
    return true
  }

  stop(): void {
    for (const { cancel } of this.#paces.values()) cancel()
    this.#paces.clear()
  }

  #passed(key: string): void {
    const again = this.#paces.get(key)?.again
    this.#paces.delete(key)
    if (again !== undefined) this.run(key, again)
  }
}
