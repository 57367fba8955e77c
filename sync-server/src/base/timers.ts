/** Time as the server sees it: tests put a clock of their own in its place. */
import type { Timers } from '@wardline/core/time/clock'

export type { Timers } from '@wardline/core/time/clock'

/** `setTimeout` fires at once for longer delays than this. */
const LONGEST = 2 ** 31 - 1

export const systemTimers: Timers = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, LONGEST))
    return () => clearTimeout(timer)
  },
}
