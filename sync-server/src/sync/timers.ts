/** Time as the sync code sees it: tests put a clock of their own in its place. */
export interface Timers {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls back once after `ms`; returns the function that prevents it. */
  after(ms: number, callback: () => void): () => void
}

/** `setTimeout` fires at once for longer delays than this. */
const LONGEST = 2 ** 31 - 1

export const systemTimers: Timers = {
  now: Date.now,
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, LONGEST))
    return () => clearTimeout(timer)
  },
}
