import { type MouseEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'
import { fitted, type Point, panned, type Stage, toggledAt, type Zoom, zoomedAt } from './zoom.ts'

/** How far, in px, a finger goes to the side for the next picture. */
const SWIPE = 56
/** Two presses within this are one double press: ms, and px between them. */
const DOUBLE_MS = 300
const DOUBLE_PX = 32
/** A press that goes no farther is none that moves something, px. */
const STILL = 10

const away = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)
const middleOf = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })

/**
 * The picture `id` under fingers and mouse: two fingers enlarge it, a double press does, one finger moves
 * what is enlarged, and pulls what is not to the next.
 */
export const usePictureGestures = (id: string, onSwipe: (by: 1 | -1) => void) => {
  const stage = useRef<HTMLDivElement>(null)
  const [zoom, setZoom] = useState(fitted)
  const [before, setBefore] = useState(id)
  if (before !== id) {
    setBefore(id)
    setZoom(fitted)
  }
  /** How far the picture is pulled to the side, px. */
  const [pulled, setPulled] = useState(0)
  const [moving, setMoving] = useState(false)
  const fingers = useRef(new Map<number, Point>())
  const start = useRef<Point>({ x: 0, y: 0 })
  const pinched = useRef(false)
  const mouse = useRef(false)
  const lastTap = useRef({ at: Number.NEGATIVE_INFINITY, point: { x: 0, y: 0 } })

  /** The point from the middle of the stage, and how large that is. */
  const onStage = useCallback((point: Point): [Point, Stage] => {
    const box = stage.current?.getBoundingClientRect() ?? new DOMRect()
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    return [{ x: point.x - middle.x, y: point.y - middle.y }, box]
  }, [])

  const scaleTo = useCallback(
    (scale: number) => setZoom((now) => zoomedAt(now, scale, { x: 0, y: 0 }, onStage(now)[1])),
    [onStage],
  )
  const toggle = (point: Point) => setZoom((now) => toggledAt(now, ...onStage(point)))

  // A pinch on a trackpad comes as a wheel with Ctrl; the browser would enlarge the whole page.
  useEffect(() => {
    const element = stage.current
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const [at, size] = onStage({ x: event.clientX, y: event.clientY })
      const { deltaX, deltaY, ctrlKey } = event
      setZoom((now) =>
        ctrlKey
          ? zoomedAt(now, now.scale * Math.exp(-deltaY / 100), at, size)
          : panned(now, { x: -deltaX, y: -deltaY }, size),
      )
    }
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [onStage])

  const onPointerDown = (event: PointerEvent) => {
    mouse.current = event.pointerType === 'mouse'
    if (mouse.current && event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const point = { x: event.clientX, y: event.clientY }
    if (fingers.current.size === 0) {
      start.current = point
      pinched.current = false
    }
    fingers.current.set(event.pointerId, point)
    setMoving(true)
  }

  const onPointerMove = (event: PointerEvent) => {
    const was = fingers.current.get(event.pointerId)
    if (was === undefined) return
    const point = { x: event.clientX, y: event.clientY }
    fingers.current.set(event.pointerId, point)
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1]
    if (other !== undefined) {
      pinched.current = true
      setPulled(0)
      const [from, to] = [middleOf(was, other), middleOf(point, other)]
      const [at, size] = onStage(to)
      const grown = away(point, other) / Math.max(1, away(was, other))
      setZoom((now) => {
        const moved = panned(now, { x: to.x - from.x, y: to.y - from.y }, size)
        return zoomedAt(moved, now.scale * grown, at, size)
      })
    } else if (zoom.scale > 1) {
      const [, size] = onStage(point)
      setZoom((now) => panned(now, { x: point.x - was.x, y: point.y - was.y }, size))
    } else if (!pinched.current) setPulled(point.x - start.current.x)
  }

  const end = (event: PointerEvent): boolean => {
    if (!fingers.current.delete(event.pointerId) || fingers.current.size > 0) return false
    setMoving(false)
    setPulled(0)
    return !pinched.current
  }

  const onPointerUp = (event: PointerEvent) => {
    if (!end(event)) return
    const point = { x: event.clientX, y: event.clientY }
    const [dx, dy] = [point.x - start.current.x, point.y - start.current.y]
    const tap = !mouse.current && Math.hypot(dx, dy) < STILL
    if (tap) {
      const { at, point: first } = lastTap.current
      const double = event.timeStamp - at < DOUBLE_MS && away(first, point) < DOUBLE_PX
      lastTap.current = { at: double ? Number.NEGATIVE_INFINITY : event.timeStamp, point }
      if (double) toggle(point)
    } else if (zoom.scale === 1 && Math.abs(dx) > SWIPE && Math.abs(dx) > Math.abs(dy))
      onSwipe(dx < 0 ? 1 : -1)
  }

  /** Not every browser makes one of two taps, so that those are told from the presses. */
  const onDoubleClick = (event: MouseEvent) => {
    if (mouse.current) toggle({ x: event.clientX, y: event.clientY })
  }

  const transform = ({ scale, x, y }: Zoom) => `translate(${x + pulled}px, ${y}px) scale(${scale})`
  return {
    stage,
    scale: zoom.scale,
    scaleTo,
    moving,
    transform: transform(zoom),
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: end, onDoubleClick },
  }
}
