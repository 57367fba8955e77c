import { useEffect, useRef, useSyncExternalStore } from 'react'

/** Who was held up has at least this long to look again, ms. */
const AGAIN = 1_500

const subscribe = (changed: () => void) => {
  document.addEventListener('visibilitychange', changed)
  return () => document.removeEventListener('visibilitychange', changed)
}

/** Calls `done` once `ms` are over, not counting those in which it is held or nobody sees the page. */
export const useCountdown = (ms: number, held: boolean, done: () => void): void => {
  const hidden = useSyncExternalStore(subscribe, () => document.hidden)
  const left = useRef(ms)
  const latest = useRef(done)
  useEffect(() => {
    latest.current = done
  }, [done])
  useEffect(() => {
    if (held || hidden) return
    const from = performance.now()
    const timer = setTimeout(() => latest.current(), left.current)
    return () => {
      clearTimeout(timer)
      left.current = Math.max(AGAIN, left.current - (performance.now() - from))
    }
  }, [held, hidden])
}
