import type { TimelineItem } from '@wardline/core/client/model/views'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { reducedMotion } from '../../base/platform.ts'
import { incomingAfter, type TimelineChange } from './timeline-change.ts'

/** Incoming messages pull the view along only from here (px from the end). */
const NEAR = 100
/** In how many frames a jump to an item arrives. */
const JUMP_FRAMES = 8
/** Closer than this the view is glued to the end whatever is measured anew (px). */
const GLUED = 4

interface Params {
  scroller: RefObject<HTMLDivElement | null>
  items: readonly TimelineItem[]
  change: TimelineChange
  /** Index of the first unread item, to open at; null opens at the end. */
  openAt: number | null
  /** Grows with each message sent from this composer. */
  sent: number
  /** Height of what stands above the first row (px). */
  margin: number
  onMove: (scroller: HTMLElement) => void
}

export interface TimelineScroll {
  list: RefObject<VirtualizerHandle | null>
  /** The opening position is reached. */
  ready: boolean
  /** Whether to offer the way to the end, and how many messages of others came in there. */
  away: boolean
  unseen: number
  toEnd: (smooth?: boolean) => void
  /** Brings an item to the middle. */
  toItem: (index: number) => void
  onScroll: () => void
  onResize: () => void
}

/** Where the timeline stands, and when it moves by itself. */
export const useTimelineScroll = (params: Params): TimelineScroll => {
  const { scroller, items, change, openAt, sent, margin, onMove } = params
  const list = useRef<VirtualizerHandle>(null)
  const distance = useRef(0)
  /** Number of the jump under way, which nothing else may pull away; 0 for none. */
  const held = useRef(0)
  const anchor = useRef<{ key: string; offset: number } | null>(null)
  const newestSeen = useRef<string | null>(null)
  const latest = useRef(items)
  const [ready, setReady] = useState(false)
  const [away, setAway] = useState(false)
  const [unseen, setUnseen] = useState(0)

  const toEnd = useCallback((smooth = false) => {
    // One past the last item is the tail, with the typing bubble and the space below.
    const element = scroller.current
    const far = distance.current > 3 * (element?.clientHeight ?? 0)
    // At the end everything is measured and one synchronous step is exact; the list's own takes a
    // moment, in which a second change could be mistaken for a person's scroll.
    if (element !== null && distance.current <= NEAR) element.scrollTop = element.scrollHeight
    list.current?.scrollToIndex(latest.current.length, {
      align: 'end',
      smooth: smooth && !far && !reducedMotion(),
    })
  }, [])

  const toItem = useCallback((index: number) => {
    const key = latest.current[index]?.key
    const number = ++held.current
    let frames = 0
    // Rows are measured as they appear, and older ones may come: the last step ends where the
    // first one meant to.
    const go = () => {
      if (held.current !== number) return
      const now = latest.current.findIndex((item) => item.key === key)
      if (now >= 0) list.current?.scrollToIndex(now, { align: 'center' })
      frames += 1
      if (frames < JUMP_FRAMES) requestAnimationFrame(go)
      else held.current = 0
    }
    go()
  }, [])

  /** Reads the position; called after everything that may change it. */
  const read = useCallback(() => {
    const element = scroller.current
    const handle = list.current
    if (element === null || handle === null) return
    distance.current = element.scrollHeight - element.scrollTop - element.clientHeight
    const all = latest.current
    const top = handle.findItemIndex(element.scrollTop)
    const topItem = all[top]
    anchor.current =
      topItem === undefined
        ? null
        : { key: topItem.key, offset: element.scrollTop - margin - handle.getItemOffset(top) }
    const last = Math.min(
      handle.findItemIndex(element.scrollTop + element.clientHeight - 24),
      all.length - 1,
    )
    const seen = all.findLastIndex((item) => item.key === newestSeen.current)
    if (last > seen) newestSeen.current = all[last]?.key ?? null
    setUnseen(incomingAfter(all, newestSeen.current))
    setAway(distance.current > NEAR)
    onMove(element)
  }, [margin, onMove])

  const readyNow = useRef(false)
  useEffect(() => {
    readyNow.current = ready
    if (ready) read()
  }, [ready, read])

  const onScroll = useCallback(() => {
    if (readyNow.current) read()
  }, [read])

  const onResize = useCallback(() => {
    if (!readyNow.current || held.current > 0) return
    if (distance.current <= GLUED) toEnd()
    else read()
  }, [read, toEnd])

  // Opening: at the first unread message, or at the end.
  const opened = useRef(false)
  const empty = items.length === 0
  useLayoutEffect(() => {
    latest.current = items
  }, [items])
  useEffect(() => {
    if (opened.current || empty) return
    opened.current = true
    let frames = 0
    let frame = 0
    const settle = () => {
      if (openAt === null) toEnd()
      else list.current?.scrollToIndex(openAt, { align: 'start', offset: -72 })
      frames += 1
      // Rows are measured as they appear; a few frames reach the true position.
      if (frames < 4) frame = requestAnimationFrame(settle)
      else setReady(true)
    }
    settle()
    // A page in the background draws no frames. One in view may be slow to: what it shows on the way
    // is not what the person opened.
    const late = setTimeout(() => {
      if (document.visibilityState === 'hidden') setReady(true)
    }, 400)
    return () => {
      clearTimeout(late)
      cancelAnimationFrame(frame)
      if (frames < 4) opened.current = false
    }
  }, [empty, openAt, toEnd])

  // What arrived: follow it, or leave the view where it is.
  useLayoutEffect(() => {
    if (!readyNow.current || change.kind === 'same') return
    if (change.kind === 'mixed') {
      const held = anchor.current
      const index = items.findIndex((item) => item.key === held?.key)
      if (distance.current <= NEAR) toEnd()
      else if (held !== null && index >= 0)
        list.current?.scrollToIndex(index, { align: 'start', offset: held.offset })
      return
    }
    const own = items
      .slice(items.length - change.after)
      .some((item) => item.type === 'message' && item.status === 'waiting')
    if (change.after > 0 && (own || distance.current <= NEAR)) toEnd()
    else read()
  }, [items, change, toEnd, read])

  useEffect(() => {
    if (sent > 0) toEnd()
  }, [sent, toEnd])

  // A keyboard or a growing composer takes room: what was at the end stays at the end.
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      if (readyNow.current && held.current === 0 && distance.current <= NEAR) toEnd()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [toEnd])

  return {
    list,
    ready: ready || empty,
    away: away && ready,
    unseen,
    toEnd,
    toItem,
    onScroll,
    onResize,
  }
}
