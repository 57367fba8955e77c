import type { ChatSummary } from '@wardline/core/client/views'
import type { ChatId } from '@wardline/core/ids/ids'
import { useEffect, useRef, useState } from 'react'
import { isAttentive } from '../sync/wake.ts'
import { newlyWritten } from './new-messages.ts'
import { playSound } from './sound.ts'

/** How long the notice stays (ms). */
const SHOWN_FOR = 5000

/**
 * Sounds when somebody writes, unless the person is looking at that chat. Returns the chat to
 * show a notice of, and how to put the notice away.
 */
export const useNewMessages = (
  chats: readonly ChatSummary[],
  open: ChatId | null,
): [ChatSummary | null, () => void] => {
  const before = useRef<readonly ChatSummary[] | null>(null)
  const [notice, setNotice] = useState<ChatSummary | null>(null)

  useEffect(() => {
    const written = newlyWritten(before.current, chats, Date.now())
    before.current = chats
    const elsewhere = written.filter(({ id }) => id !== open)
    const unseen = isAttentive() ? elsewhere : written
    const newest = unseen.toSorted((a, b) => (b.last?.at ?? 0) - (a.last?.at ?? 0))[0]
    if (newest === undefined) return
    playSound(`${newest.id} ${newest.last?.at}`)
    setNotice(elsewhere.includes(newest) ? newest : null)
  }, [chats, open])

  useEffect(() => {
    if (notice === null) return
    const timer = setTimeout(() => setNotice(null), SHOWN_FOR)
    return () => clearTimeout(timer)
  }, [notice])

  const current = chats.find(({ id }) => id === notice?.id)
  const read = current === undefined || current.unread === 0 || current.id === open
  return [read ? null : notice, () => setNotice(null)]
}
