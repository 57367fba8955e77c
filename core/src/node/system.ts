/** Time and chance, as Node has them. */
import { randomBytes } from 'node:crypto'
import type { RandomBytes, Timers } from '../client/model/ports.ts'

export const systemTimers: Timers = {
  now: Date.now,
  elapsed: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

export const systemRandom: RandomBytes = (length) => new Uint8Array(randomBytes(length))
