/** How a person keeps their chats, and what they can do about it. */

import type { ChatId } from '@wardline/core/base/ids'
import type { ChatSummary } from '@wardline/core/client/model/views'

/** What the application does; all the person's devices follow. */
export interface ChatKeeping {
  archive: (chat: ChatId, archived: boolean) => void
  pin: (chat: ChatId, pinned: boolean) => void
  mute: (chat: ChatId, muted: boolean) => void
  markUnread: (chat: ChatId) => void
  markRead: (chat: ChatId) => void
  /** Of doctors: puts a patient on their rounds, or takes them off. */
  setOnRounds: (chat: ChatId, onRounds: boolean) => void
  /** Takes no messages of the other person of a direct chat any more, or takes them again. */
  block: (chat: ChatId, blocked: boolean) => void
}

export type ChatAction =
  | 'archive'
  | 'unarchive'
  | 'pin'
  | 'unpin'
  | 'mute'
  | 'unmute'
  | 'mark-unread'
  | 'mark-read'
  | 'to-rounds'
  | 'off-rounds'
  | 'block'
  | 'unblock'

type Kept = Pick<
  ChatSummary,
  'kind' | 'archived' | 'pinned' | 'muted' | 'unread' | 'markedUnread' | 'onRounds' | 'blocked'
>

export const isUnread = ({ unread, markedUnread }: Pick<Kept, 'unread' | 'markedUnread'>) =>
  unread > 0 || markedUnread

/** In the order of the menu. */
export const chatActionsOf = (chat: Kept, hasRounds: boolean): readonly ChatAction[] => [
  isUnread(chat) ? 'mark-read' : 'mark-unread',
  ...(chat.archived ? [] : [chat.pinned ? ('unpin' as const) : ('pin' as const)]),
  ...(hasRounds ? [chat.onRounds ? ('off-rounds' as const) : ('to-rounds' as const)] : []),
  chat.muted ? 'unmute' : 'mute',
  chat.archived ? 'unarchive' : 'archive',
  ...(chat.kind === 'direct' ? [chat.blocked ? ('unblock' as const) : ('block' as const)] : []),
]

export const runChatAction = (keep: ChatKeeping, chat: ChatId, action: ChatAction): void => {
  switch (action) {
    case 'archive':
    case 'unarchive':
      return keep.archive(chat, action === 'archive')
    case 'pin':
    case 'unpin':
      return keep.pin(chat, action === 'pin')
    case 'mute':
    case 'unmute':
      return keep.mute(chat, action === 'mute')
    case 'to-rounds':
    case 'off-rounds':
      return keep.setOnRounds(chat, action === 'to-rounds')
    case 'block':
    case 'unblock':
      return keep.block(chat, action === 'block')
    case 'mark-unread':
      return keep.markUnread(chat)
    case 'mark-read':
      return keep.markRead(chat)
  }
}
