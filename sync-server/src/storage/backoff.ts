/** Waits `ms` milliseconds, or until the signal aborts; never rejects. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>

const FIRST_MS = 100
const LONGEST_MS = 10_000

/** Milliseconds before attempt 0, 1, 2 …: at once, 100, 200, … 10,000. */
export const backoffMs = (attempt: number): number =>
  attempt === 0 ? 0 : Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS)

export const waitOnClock: Wait = (ms, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
