/** The browser's clock and timers. */
import type { Timers } from '@wardline/core/client/model/ports'

export const browserTimers: Timers = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (ms, callback) => {
    if (ms === 0) return next(callback)
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

/** After what the browser has to do now: a timer would come 4 ms later, and later in a hidden tab. */
const next = (callback: () => void): (() => void) => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    callback()
  }
  port2.postMessage(null)
  return () => port1.close()
}
