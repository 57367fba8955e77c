import type { Timers } from '@wardline/core/client/model/ports'

interface Pending {
  at: number
  callback: () => void
}

/** Time that passes when the test says so. */
export class VirtualTimers implements Timers {
  readonly #start: number
  #now: number
  readonly #pending = new Set<Pending>()

  constructor(now: number) {
    this.#start = now
    this.#now = now
  }

  /** The same time, read off a clock that is wrong by `skew` ms, which may change. */
  skewed(skew: () => number): Timers {
    return {
      now: () => this.now() + skew(),
      elapsed: () => this.elapsed(),
      after: (ms, callback) => this.after(ms, callback),
    }
  }

  readonly now = (): number => this.#now

  readonly elapsed = (): number => this.#now - this.#start

  after(ms: number, callback: () => void): () => void {
    const pending = { at: this.#now + ms, callback }
    this.#pending.add(pending)
    return () => this.#pending.delete(pending)
  }

  /** Lets time pass, calling back what falls due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      let next: Pending | undefined
      for (const pending of this.#pending)
        if (pending.at <= end && (next === undefined || pending.at < next.at)) next = pending
      if (next === undefined) break
      this.#pending.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
    }
    this.#now = end
  }
}
