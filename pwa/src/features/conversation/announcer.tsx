import type {
  ConversationView,
  TimelineItem,
  UnreadBefore,
} from '@wardline/core/client/model/views'
import { useEffect, useRef, useState } from 'react'
import { useNow } from '../../ui/use-now.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { announcement } from './announcement.ts'
import { arrivedIn } from './arrived.ts'
import { unreadAboveText } from './unread-above.ts'

/** Messages closer together than this are announced as one (ms). */
const BATCH = 600
/** How long the words stay for a screen reader to find (ms). */
const STAY = 4000

type Props = Pick<ConversationView, 'items' | 'unreadBefore'>

/** The one polite voice for new messages of the open chat. History is never read out. */
export function Announcer({ items, unreadBefore }: Props) {
  const [text, setText] = useState('')
  const known = useRef(items)
  const knownBefore = useRef(unreadBefore)
  const arrived = useRef<TimelineItem[]>([])
  const time = useNow()
  const now = useRef(time)
  const arrivedBefore = useRef<UnreadBefore | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  useEffect(() => {
    now.current = time
  }, [time])

  useEffect(() => {
    const before = known.current
    known.current = items
    const fresh = arrivedIn(before, items)
    const grown = (unreadBefore?.count ?? 0) - (knownBefore.current?.count ?? 0)
    knownBefore.current = unreadBefore
    if (fresh.length === 0 && grown <= 0) return
    arrived.current.push(...fresh)
    if (grown > 0) arrivedBefore.current = unreadBefore
    if (timer.current !== undefined) return
    timer.current = setTimeout(() => {
      timer.current = undefined
      const above = arrivedBefore.current
      const words = [
        announcement(arrived.current),
        above === null ? '' : unreadAboveText(above, now.current),
      ]
      setText(words.filter((part) => part !== '').join('\n'))
      arrived.current = []
      arrivedBefore.current = null
    }, BATCH)
  }, [items, unreadBefore])

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
