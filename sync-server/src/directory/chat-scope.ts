/** Which of their chats somebody sees who asks with an API token. */
import type { ChatId } from '@wardline/core/base/ids'

/** Who asks, as far as that goes. */
export interface Scoped {
  /** Nothing but these; undefined: every chat that they are in. */
  readonly chats?: ReadonlySet<ChatId> | undefined
}

/** Whether the chat is one that they may see, if they are in it. */
export const maySee = ({ chats }: Scoped, chat: ChatId): boolean => chats?.has(chat) !== false
