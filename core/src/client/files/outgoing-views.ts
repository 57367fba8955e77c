/** Messages on their way, as the screen shows them. */
import type { Chat } from '../chats/chat-registry.ts'
import { outgoingKey } from '../model/message-key.ts'
import type { Transfer } from '../model/transfer.ts'
import type { MessageView } from '../model/views.ts'
import type { OutgoingMessage } from '../store/outgoing-store.ts'

export class OutgoingViews {
  readonly #kept = new Map<string, MessageView>()

  /** Views that did not change keep their identity. */
  of(
    chat: Chat,
    messages: readonly OutgoingMessage[],
    transferOf: (message: OutgoingMessage) => Transfer,
  ): MessageView[] {
    return messages.map((message) => {
      const view = viewOf(chat, message, transferOf(message))
      const before = this.#kept.get(view.key)
      if (before !== undefined && JSON.stringify(before) === JSON.stringify(view)) return before
      this.#kept.set(view.key, view)
      return view
    })
  }
}

const viewOf = (chat: Chat, message: OutgoingMessage, transfer: Transfer): MessageView => ({
  key: outgoingKey(message.id),
  author: chat.me,
  authorName: chat.members.find(({ index }) => index === chat.me)?.name ?? '',
  mine: true,
  at: message.at,
  text: message.text,
  attachments: message.files.map(({ attachment }) => attachment),
  status: 'waiting',
  refused: null,
  edited: false,
  retracted: false,
  reply: null,
  reactions: [],
  writtenBefore: null,
  arrivedAt: null,
  datedBefore: null,
  unread: false,
  transfer: {
    ...transfer,
    uploaded: message.files.filter((file) => file.uploaded).map((file) => file.attachment.hash),
  },
})
