/** For tests: time in the hands of the test. */
import type { Timers } from './timers.ts'

/** Lets everything happen that needs no time to pass. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) await new Promise(setImmediate)
}

/** Time that passes only when the test says so. */
export class TestTimers implements Timers {
  #now: number
  #pending: { at: number; callback: () => void }[] = []

  constructor(now = Date.UTC(2026, 5, 15)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  elapsed(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback }
    this.#pending.push(timer)
    return () => {
      this.#pending = this.#pending.filter((other) => other !== timer)
    }
  }

  /** Lets time pass, with everything that is due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (;;) {
      const next = this.#pending.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#pending = this.#pending.filter((other) => other !== next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
      await settle()
    }
    this.#now = end
    await settle()
  }
}
