import type { MessageView } from '@wardline/core/client/model/views'
import { type RefObject, useCallback, useEffect, useRef } from 'react'
import { type Extent, visibleKeys } from './visible-messages.ts'

/** How long the timeline must rest before what it shows counts as seen (ms). */
const REST = 150

/** On this screen, in front of this person. */
const isWatched = (): boolean => document.visibilityState === 'visible' && document.hasFocus()

const extentsIn = (scroller: HTMLElement): Extent[] =>
  [...scroller.querySelectorAll<HTMLElement>('[data-incoming]')].map((element) => {
    const { top, bottom } = element.getBoundingClientRect()
    return { key: element.dataset.key ?? '', top, bottom }
  })

/**
 * Reports messages of others once they were really in view on a focused screen. Returns a
 * function to call whenever what is in view may have changed.
 */
export const useVisibleMessages = (
  scroller: RefObject<HTMLElement | null>,
  onVisible: (keys: MessageView['key'][]) => void,
): (() => void) => {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const reported = useRef(new Set<string>())
  const report = useRef(onVisible)
  useEffect(() => {
    report.current = onVisible
  }, [onVisible])

  const look = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      const element = scroller.current
      if (element === null || !isWatched()) return
      const { top, bottom } = element.getBoundingClientRect()
      const fresh = visibleKeys(extentsIn(element), { top, bottom }).filter(
        (key) => !reported.current.has(key),
      )
      if (fresh.length === 0) return
      for (const key of fresh) reported.current.add(key)
      report.current(fresh as MessageView['key'][])
    }, REST)
  }, [scroller])

  useEffect(() => {
    look()
    window.addEventListener('focus', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(timer.current)
      window.removeEventListener('focus', look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [look])

  return look
}
