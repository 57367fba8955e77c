/** Longest wait, ms: a device that is never idle does it all the same. */
const LATEST = 2_000

/**
 * Runs something once the browser has nothing better to do, after `latest` ms at most. Returns how
 * to leave it.
 */
export const whenIdle = (run: () => void, latest = LATEST): (() => void) => {
  // Safari has it only behind a switch.
  if (typeof requestIdleCallback === 'function') {
    const handle = requestIdleCallback(run, { timeout: latest })
    return () => cancelIdleCallback(handle)
  }
  const timer = setTimeout(run, Math.min(latest, 200))
  return () => clearTimeout(timer)
}
