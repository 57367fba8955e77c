/** Tells listeners that something changed: many changes in one go become one call. */
import type { Timers } from './ports.ts'

/** How soon after a call the next one may come, ms, where they are paced: about a frame of a screen. */
const PACE = 16

export class Emitter {
  readonly #listeners = new Set<() => void>()
  readonly #timers: Pick<Timers, 'after' | 'elapsed'> | undefined
  #due = false
  #closed = false
  #cancel: (() => void) | undefined
  readonly #waiting: (() => void)[] = []
  /** When it last called, ms; before all time for never. */
  #last = Number.NEGATIVE_INFINITY

  /** @param timers with them calls are paced, for listeners that cost something; the first comes at once */
  constructor(timers?: Pick<Timers, 'after' | 'elapsed'>) {
    this.#timers = timers
  }

  /** Returns how to stop it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  changed(): void {
    if (this.#due || this.#closed) return
    this.#due = true
    const timers = this.#timers
    const wait = timers === undefined ? 0 : this.#last + PACE - timers.elapsed()
    if (timers !== undefined && wait > 0 && wait <= PACE)
      this.#cancel = timers.after(wait, () => this.#tell())
    else void Promise.resolve().then(() => this.#tell())
  }

  /** Resolves when listeners have been told of all changes so far. */
  told(): Promise<void> {
    if (!this.#due) return Promise.resolve()
    return new Promise((done) => this.#waiting.push(done))
  }

  close(): void {
    this.#closed = true
    this.#cancel?.()
    this.#listeners.clear()
    this.#release()
  }

  #release(): void {
    for (const done of this.#waiting.splice(0)) done()
  }

  #tell(): void {
    this.#due = false
    this.#last = this.#timers?.elapsed() ?? this.#last
    for (const listener of this.#listeners) listener()
    this.#release()
  }
}
