import type { ChatSummary } from '@wardline/core/client/model/views'

type Counted = Pick<ChatSummary, 'unread' | 'markedUnread' | 'muted' | 'archived'>

const counts = (chat: Counted) => !chat.muted && !chat.archived

/** Unread messages, for the title of the page. A mark counts for one. */
export const unreadMessages = (chats: readonly Counted[]): number =>
  chats
    .filter(counts)
    .reduce((sum, { unread, markedUnread }) => sum + Math.max(unread, markedUnread ? 1 : 0), 0)

/** Chats with something unread, for the badge on the app's icon. */
export const unreadChats = (chats: readonly Counted[]): number =>
  chats.filter((chat) => counts(chat) && (chat.unread > 0 || chat.markedUnread)).length
