/** Longest wait, ms: a device that is never idle does it all the same. */
const LATEST = 2_000
/** In a browser that does not tell when it is idle, ms. */
const PAUSE = 200

/** Runs something once the browser has nothing better to do. Returns how to leave it. */
export const whenIdle = (run: () => void): (() => void) => {
  // Safari has it only behind a switch.
  if (typeof requestIdleCallback === 'function') {
    const handle = requestIdleCallback(run, { timeout: LATEST })
    return () => cancelIdleCallback(handle)
  }
  const timer = setTimeout(run, PAUSE)
  return () => clearTimeout(timer)
}
