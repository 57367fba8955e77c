import type { ComposerDraft } from '@wardline/core/client/model/composer-draft'
import { useCallback, useEffect, useRef } from 'react'
import type { Composition } from './composition.ts'

/** A draft is saved this long after the last key (ms), and at once when the page is left. */
const PAUSE = 300

/** Saves what is being written. The composer belongs to one chat for its whole life. */
export const useDraft = (composition: Composition, onDraft: (draft: ComposerDraft) => void) => {
  const pending = useRef(false)
  const held = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  const flush = useCallback(() => {
    clearTimeout(timer.current)
    if (!pending.current || held.current) return
    pending.current = false
    onDraft(composition.get())
  }, [composition, onDraft])

  /**
   * While a message is being saved nothing else is: it takes its draft with it, which must not
   * come back. Returns how to go on.
   */
  const hold = useCallback(() => {
    clearTimeout(timer.current)
    held.current = true
    return () => {
      held.current = false
      pending.current = true
      flush()
    }
  }, [flush])

  useEffect(
    () =>
      composition.subscribe(() => {
        if (!composition.touched) return
        pending.current = true
        clearTimeout(timer.current)
        timer.current = setTimeout(flush, PAUSE)
      }),
    [composition, flush],
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

  return { flush, hold }
}
