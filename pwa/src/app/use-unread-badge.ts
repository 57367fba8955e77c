import type { ChatId } from '@wardline/core/base/ids'
import type { ChatSummary } from '@wardline/core/client/model/views'
import { useEffect } from 'react'
import { unreadChats, unreadMessages } from './unread-count.ts'

/**
 * Says in the page's title and on the app's icon how much is unread. The chat that is being read
 * does not count: what is in it is about to be read.
 *
 * @param name of the clinic
 */
export const useUnreadBadge = (
  chats: readonly ChatSummary[],
  reading: ChatId | null,
  name: string,
): void => {
  const others = chats.filter(({ id }) => id !== reading)
  const messages = unreadMessages(others)
  const waiting = unreadChats(others)
  useEffect(() => {
    document.title = messages > 0 ? `(${messages}) ${name}` : name
  }, [messages, name])
  useEffect(() => {
    // Not every browser has icons to put a badge on, and some want a permission first.
    if ('setAppBadge' in navigator) navigator.setAppBadge(waiting).catch(() => {})
  }, [waiting])
}
