import type { TimelineItem } from '@wardline/core/client/views'
import { useEffect, useRef, useState } from 'react'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { announcement } from './announcement.ts'
import { arrivedIn } from './arrived.ts'

/** Messages closer together than this are announced as one (ms). */
const BATCH = 600
/** How long the words stay for a screen reader to find (ms). */
const STAY = 4000

/** The one polite voice for new messages of the open chat. History is never read out. */
export function Announcer({ items }: { items: readonly TimelineItem[] }) {
  const [text, setText] = useState('')
  const known = useRef(items)
  const arrived = useRef<TimelineItem[]>([])
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  useEffect(() => {
    const before = known.current
    known.current = items
    const fresh = arrivedIn(before, items)
    if (fresh.length === 0) return
    arrived.current.push(...fresh)
    if (timer.current !== undefined) return
    timer.current = setTimeout(() => {
      timer.current = undefined
      setText(announcement(arrived.current))
      arrived.current = []
    }, BATCH)
  }, [items])

  useEffect(() => () => clearTimeout(timer.current), [])

  useEffect(() => {
    if (text === '') return
    const clear = setTimeout(() => setText(''), STAY)
    return () => clearTimeout(clear)
  }, [text])

  return (
    <div aria-live="polite">
      <VisuallyHidden>{text}</VisuallyHidden>
    </div>
  )
}
