import { useEffect, useRef } from 'react'

/** How often what waits for a connection is tried, ms: not every browser says that it is back. */
const EVERY = 4_000

/** Tries again while there was no connection: as soon as the browser says so, and now and then. */
export const useRetry = (waiting: boolean, again: () => void): void => {
  const latest = useRef(again)
  latest.current = again
  useEffect(() => {
    if (!waiting) return
    const tryIt = () => latest.current()
    const timer = setInterval(tryIt, EVERY)
    window.addEventListener('online', tryIt)
    return () => {
      clearInterval(timer)
      window.removeEventListener('online', tryIt)
    }
  }, [waiting])
}
