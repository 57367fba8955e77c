import type { ChatId } from '@wardline/core/base/ids'
import type { ChatSummary, ConnectionView, NewsView } from '@wardline/core/client/model/views'
import { useEffect, useRef, useState } from 'react'
import { isAttentive } from '../sync/wake.ts'
import { newlyArrived } from './new-messages.ts'

/** How long the toast stays (ms). */
const SHOWN_FOR = 5000
/** So long it waits for a device that catches up (ms): what is read elsewhere comes with the rest. */
const PATIENCE = 5000
/** After a new device has all there is, what it had to take in is counted (ms). */
const FIRST_COUNT = 1000

/** A sound that does not come is none. */
const sound = (message: string): void =>
  void import('./sound.ts').then(({ playSound }) => playSound(message)).catch(() => {})

/** A chat in which something is new. */
export interface NewMessage {
  readonly chat: ChatSummary
  readonly news: NewsView
}

/** Whether to wait for what else comes with it. */
const usePatience = (phase: ConnectionView['phase']): boolean => {
  const [over, setOver] = useState(false)
  const catchesUp = phase === 'syncing'
  useEffect(() => {
    if (!catchesUp) return
    const timer = setTimeout(() => setOver(true), PATIENCE)
    return () => {
      clearTimeout(timer)
      setOver(false)
    }
  }, [catchesUp])
  return catchesUp && !over
}

/** Whether the device takes in for the first time what is there: that is not news. */
const useFirstTime = (empty: boolean, phase: ConnectionView['phase']): boolean => {
  const [stage, setStage] = useState<'taking-in' | 'counting' | 'over'>(
    empty && phase !== 'live' ? 'taking-in' : 'over',
  )
  if (stage === 'taking-in' && phase === 'live') setStage('counting')
  useEffect(() => {
    if (stage !== 'counting') return
    const timer = setTimeout(() => setStage('over'), FIRST_COUNT)
    return () => clearTimeout(timer)
  }, [stage])
  return stage !== 'over'
}

/**
 * Sounds when something unread arrives, whenever it was written, unless the person is looking at
 * that chat and it comes before their eyes. Returns what to show a toast of, and how to put the
 * toast away.
 */
export const useNewMessages = (
  chats: readonly ChatSummary[] | null,
  phase: ConnectionView['phase'],
  open: ChatId | null,
): [NewMessage | null, () => void] => {
  const before = useRef<readonly ChatSummary[] | null>(null)
  const [toast, setToast] = useState<NewMessage | null>(null)
  const waits = usePatience(phase)
  const first = useFirstTime(chats?.length === 0, phase)

  useEffect(() => {
    if (chats === null) return
    if (waits && before.current !== null && !first) return
    const arrived = first ? [] : newlyArrived(before.current, chats)
    before.current = chats
    const all = arrived.flatMap((chat) => (chat.news === null ? [] : [{ chat, news: chat.news }]))
    const newest = all
      // In the open chat what is late is not where the person looks.
      .filter(({ chat, news }) => chat.id !== open || news.late || !isAttentive())
      .toSorted((a, b) => b.news.at - a.news.at)[0]
    if (newest === undefined) return
    const { chat, news } = newest
    sound(`${chat.id} ${news.key} ${chat.unread}`)
    setToast(chat.id === open ? null : newest)
  }, [chats, open, waits, first])

  useEffect(() => {
    if (toast === null) return
    const timer = setTimeout(() => setToast(null), SHOWN_FOR)
    return () => clearTimeout(timer)
  }, [toast])

  const current = chats?.find(({ id }) => id === toast?.chat.id)
  const read = current === undefined || current.unread === 0 || current.id === open
  return [read ? null : toast, () => setToast(null)]
}
