import { useCallback, useEffect, useRef } from 'react'

/** Said again at most this often while typing goes on (ms). */
const AGAIN = 2500
/** Nobody types any more after this (ms). */
const IDLE = 5000

/** Turns keystrokes into "is typing" and "stopped". */
export const useTyping = (onTyping: (typing: boolean) => void) => {
  const said = useRef<number | null>(null)
  const idle = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  const stop = useCallback(() => {
    clearTimeout(idle.current)
    if (said.current === null) return
    said.current = null
    onTyping(false)
  }, [onTyping])

  const type = useCallback(() => {
    clearTimeout(idle.current)
    idle.current = setTimeout(stop, IDLE)
    const now = performance.now()
    if (said.current !== null && now - said.current < AGAIN) return
    said.current = now
    onTyping(true)
  }, [onTyping, stop])

  useEffect(() => stop, [stop])
  return { type, stop }
}
