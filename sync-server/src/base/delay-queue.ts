import type { Timers } from './timers.ts'

/** How much of the delay may be missing, so that those that are due soon go with the one that is. */
const SLACK = 1 / 16

/** Things that are due some time after they were added, the same for all: one timer does for them. */
export class DelayQueue<T> {
  readonly #timers: Timers
  readonly #ms: number
  readonly #due: (item: T) => void
  #items: { readonly item: T; readonly at: number }[] = []
  #next = 0
  #cancel: (() => void) | undefined

  /** @param due called with each, `ms` after it was added or a little before that */
  constructor(timers: Timers, ms: number, due: (item: T) => void) {
    this.#timers = timers
    this.#ms = ms
    this.#due = due
  }

  add(item: T): void {
    this.#items.push({ item, at: this.#timers.elapsed() + this.#ms })
    this.#plan()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#items = []
    this.#next = 0
  }

  #plan(): void {
    const first = this.#items[this.#next]
    if (this.#cancel !== undefined || first === undefined) return
    this.#cancel = this.#timers.after(Math.max(0, first.at - this.#timers.elapsed()), () => {
      this.#run()
      this.#cancel = undefined
      this.#plan()
    })
  }

  #run(): void {
    const by = this.#timers.elapsed() + this.#ms * SLACK
    // What is added meanwhile is not due yet.
    for (let first = this.#items[this.#next]; first !== undefined && first.at <= by; ) {
      this.#next++
      this.#due(first.item)
      first = this.#items[this.#next]
    }
    if (this.#next === this.#items.length) this.#items = []
    else if (this.#next > 1024) this.#items = this.#items.slice(this.#next)
    else return
    this.#next = 0
  }
}
