import { type PointerEvent, type RefObject, useEffect, useRef } from 'react'
import { type SwipeAxis, swipeAnswers, swipeAxis, swipeOffset } from './swipe.ts'

/** The browser's own gesture at the edge of the screen goes before (px). */
const EDGE = 26

interface Swipe {
  x: number
  y: number
  axis: SwipeAxis
}

/** Moves the bubble with a finger by `--swipe`, and calls back when it was far enough. */
export const useSwipeReply = (
  element: RefObject<HTMLElement | null>,
  onReply: (() => void) | null,
) => {
  const swipe = useRef<Swipe | null>(null)
  const felt = useRef(false)
  const latest = useRef(onReply)
  useEffect(() => {
    latest.current = onReply
  }, [onReply])

  const rtl = () =>
    element.current !== null && getComputedStyle(element.current).direction === 'rtl'
  const along = (event: PointerEvent, from: Swipe) =>
    rtl() ? from.x - event.clientX : event.clientX - from.x
  const show = (offset: number) => {
    const style = element.current?.style
    style?.setProperty('--swipe', `${rtl() ? -offset : offset}px`)
    style?.setProperty('--swiped', `${Math.min(1, offset / 56)}`)
  }
  const rest = () => {
    if (swipe.current?.axis === 'swipe') {
      element.current?.removeAttribute('data-swiping')
      show(0)
    }
    swipe.current = null
    felt.current = false
  }

  return {
    start: (event: PointerEvent) => {
      const { clientX: x, clientY: y } = event
      const edge = x < EDGE || x > window.innerWidth - EDGE
      if (event.pointerType !== 'touch' || !event.isPrimary || edge || latest.current === null)
        return
      swipe.current = { x, y, axis: 'undecided' }
    },
    move: (event: PointerEvent) => {
      const now = swipe.current
      if (now === null || now.axis === 'scroll') return
      const moved = along(event, now)
      if (now.axis === 'undecided') {
        now.axis = swipeAxis(moved, event.clientY - now.y)
        if (now.axis !== 'swipe') return
        element.current?.setAttribute('data-swiping', '')
        element.current?.setPointerCapture(event.pointerId)
      }
      if (swipeAnswers(moved) && !felt.current) {
        felt.current = true
        navigator.vibrate?.(8)
      }
      show(swipeOffset(moved))
    },
    end: (event: PointerEvent) => {
      const now = swipe.current
      const answers = now?.axis === 'swipe' && swipeAnswers(along(event, now))
      rest()
      if (answers) latest.current?.()
    },
    cancel: rest,
  }
}
