import type { ChatSummary } from '@wardline/core/client/views'
import { useEffect } from 'react'
import { unreadChats, unreadMessages } from './unread-count.ts'

/** Says in the page's title and on the app's icon how much is unread. */
export const useUnreadBadge = (chats: readonly ChatSummary[]): void => {
  const messages = unreadMessages(chats)
  const waiting = unreadChats(chats)
  useEffect(() => {
    document.title = messages > 0 ? `(${messages}) Wardline` : 'Wardline'
  }, [messages])
  useEffect(() => {
    // Not every browser has icons to put a badge on, and some want a permission first.
    if ('setAppBadge' in navigator) navigator.setAppBadge(waiting).catch(() => {})
  }, [waiting])
}
