import { useCallback, useEffect, useRef } from 'react'

/** A draft is saved this long after the last key (ms), and at once when the page is left. */
const PAUSE = 300

/** Saves what stands in the composer. The composer belongs to one chat for its whole life. */
export const useDraft = (onDraft: (text: string) => void) => {
  const pending = useRef<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  const flush = useCallback(() => {
    clearTimeout(timer.current)
    if (pending.current === null) return
    onDraft(pending.current)
    pending.current = null
  }, [onDraft])

  const keep = useCallback(
    (text: string) => {
      pending.current = text
      clearTimeout(timer.current)
      timer.current = setTimeout(flush, PAUSE)
    },
    [flush],
  )

  useEffect(() => {
    const onHide = () => {
      if (document.visibilityState === 'hidden') flush()
    }
    window.addEventListener('pagehide', flush)
    document.addEventListener('visibilitychange', onHide)
    return () => {
      flush()
      window.removeEventListener('pagehide', flush)
      document.removeEventListener('visibilitychange', onHide)
    }
  }, [flush])

  return { keep, flush }
}
