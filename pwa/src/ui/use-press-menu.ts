import { type MouseEvent, type PointerEvent, useEffect, useRef } from 'react'
import { besidePlace, type MenuPlace, pointPlace } from './menu-place.ts'

/** How long a finger rests before the menu opens, ms. */
const LONG = 450
/** How far, in px, it may drift meanwhile. */
const DRIFT = 9
/** A browser's own context menu event of the same press comes within this, ms. */
const SAME_PRESS = 900

/** What the browser's own menu is better for: links, and text that was selected with a mouse. */
const isForBrowser = (event: MouseEvent): boolean => {
  if (!(event.target instanceof Element)) return false
  if (event.target.closest('a[href^="http"], a[href^="mailto:"], a[href^="tel:"]') !== null)
    return true
  const selection = getSelection()
  return selection !== null && !selection.isCollapsed && selection.containsNode(event.target, true)
}

/** A context menu by right click, menu key or long press. The handlers go on one element. */
export const usePressMenu = (onOpen: (at: MenuPlace) => void) => {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const start = useRef({ x: 0, y: 0 })
  const opened = useRef(Number.NEGATIVE_INFINITY)
  const latest = useRef(onOpen)
  useEffect(() => {
    latest.current = onOpen
  }, [onOpen])
  useEffect(() => () => clearTimeout(timer.current), [])

  const cancel = () => clearTimeout(timer.current)
  const isSamePress = () => performance.now() - opened.current < SAME_PRESS
  const open = (at: MenuPlace) => {
    cancel()
    opened.current = performance.now()
    latest.current(at)
  }

  return {
    onPointerDown: (event: PointerEvent) => {
      opened.current = Number.NEGATIVE_INFINITY
      if (event.pointerType === 'mouse' || !event.isPrimary) return
      start.current = { x: event.clientX, y: event.clientY }
      cancel()
      const { currentTarget } = event
      timer.current = setTimeout(() => {
        navigator.vibrate?.(8)
        open(besidePlace(currentTarget.getBoundingClientRect(), start.current.x))
      }, LONG)
    },
    onPointerMove: (event: PointerEvent) => {
      const { x, y } = start.current
      if (Math.hypot(event.clientX - x, event.clientY - y) > DRIFT) cancel()
    },
    onPointerUp: cancel,
    onPointerCancel: cancel,
    onContextMenu: (event: MouseEvent) => {
      if (isForBrowser(event)) return
      event.preventDefault()
      if (isSamePress()) return
      // A key tells no point: the browser reports the corner of what is focused, or nothing.
      const key = event.button !== 2 && event.nativeEvent.detail === 0 && event.clientX === 0
      const { left, bottom } = event.currentTarget.getBoundingClientRect()
      open(key ? pointPlace(left + 16, bottom - 16) : pointPlace(event.clientX, event.clientY))
    },
    /** The press that opened the menu is no click. */
    onClickCapture: (event: MouseEvent) => {
      if (!isSamePress() || event.detail === 0) return
      event.preventDefault()
      event.stopPropagation()
    },
  }
}
