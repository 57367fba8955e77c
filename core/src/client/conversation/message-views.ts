/** From folded messages to what the screen shows. Views that did not change keep their identity. */

import type { Month } from '../../base/ids.ts'
import { type Content, type OpenedBody, openBody } from '../../chat/body.ts'
import { datedBefore } from '../../chat/dating.ts'
import { isEmoji } from '../../chat/emoji.ts'
import type { Message } from '../../chat/page.ts'
import { recipientsOf } from '../../chat/recipients.ts'
import { statusOf } from '../../chat/status.ts'
import { cutText } from '../../text/cut.ts'
import type { Chat } from '../chats/chat-registry.ts'
import { nameIn } from '../chats/member-names.ts'
import type { OutboxIndex } from '../chats/outbox-index.ts'
import type { OpenPage } from '../documents/pages.ts'
import { messageKey, REFUSED_WRITER } from '../model/message-key.ts'
import type { MessageView, ReactionView, ReplyView } from '../model/views.ts'
import type { RefusedMessage } from '../store/local-store.ts'

/** How far back, in messages, a crossed question is looked for. */
const CROSSING_SPAN = 20

export interface ShownPage {
  month: Month
  open: OpenPage
}

export class MessageViews {
  readonly #outbox: OutboxIndex
  readonly #bodies = new WeakMap<Uint8Array, OpenedBody>()
  /** Messages whose bodies are open. */
  readonly #opened = new WeakSet<Message>()
  /** A view, and the chat that it was made for. */
  readonly #kept = new WeakMap<Message, { chat: Chat; view: MessageView }>()
  readonly #refused = new Map<string, MessageView>()

  constructor(outbox: OutboxIndex) {
    this.#outbox = outbox
  }

  /** Messages of a page, in order. `pages` are those on screen, for what is answered. */
  async of(chat: Chat, page: ShownPage, pages: readonly ShownPage[]): Promise<MessageView[]> {
    const messages = page.open.page.messages()
    await this.#open(messages)
    return messages.map((message, at) => {
      const varying = {
        status: this.#status(chat, page, message),
        reply: this.#reply(chat, page, pages, message),
        writtenBefore: crossed(page, messages, at),
        unread: page.open.page.isUnread(message, chat.me),
      }
      const kept = this.#kept.get(message)
      if (kept?.chat === chat && isSame(kept.view, varying)) return kept.view
      const view = { ...this.#base(chat, page, message), ...varying }
      this.#kept.set(message, { chat, view })
      return view
    })
  }

  async refused(chat: Chat, month: Month, list: readonly RefusedMessage[]): Promise<MessageView[]> {
    const views: MessageView[] = []
    for (const { body, at, code } of list) {
      const content = contentIn(await openBody(body))
      views.push(
        this.#keepRefused({
          key: messageKey({ month, writer: REFUSED_WRITER, n: at }),
          author: chat.me,
          authorName: nameIn(chat, chat.me),
          mine: true,
          at,
          text: content.text,
          attachments: content.attachments ?? [],
          status: 'waiting',
          refused: code,
          edited: false,
          retracted: false,
          reply: null,
          reactions: [],
          writtenBefore: null,
          arrivedAt: null,
          datedBefore: null,
          unread: false,
        }),
      )
    }
    return views
  }

  #base(chat: Chat, { month }: ShownPage, message: Message): Omit<MessageView, keyof Varying> {
    const content = this.#contentOf(message)
    const isSealed = message.body !== null && this.#bodies.get(message.body)?.kind === 'unreadable'
    return {
      key: messageKey({ month, writer: message.writer, n: message.n }),
      author: message.author,
      ...authorOf(chat, message.author),
      mine: message.author === chat.me,
      at: message.at,
      arrivedAt: message.arrivedAt,
      datedBefore: datedBefore(message, chat.began, sinceOf(chat, message.author)),
      text: content.text,
      attachments: content.attachments ?? [],
      refused: null,
      edited: message.history.length > 0,
      retracted: message.retracted,
      ...(isSealed && { unreadable: true }),
      reactions: this.#reactions(chat, message),
    }
  }

  #status(chat: Chat, { open }: ShownPage, message: Message): MessageView['status'] {
    if (message.author !== chat.me) return null
    const acknowledged = !this.#outbox.isWaiting(open.doc, message.id)
    const receipts = recipientsOf(chat, message).map(({ index }) => open.page.receiptsOf(index))
    return statusOf(message.writer, message.n, acknowledged, receipts)
  }

  #reply(
    chat: Chat,
    here: ShownPage,
    pages: readonly ShownPage[],
    { reply }: Message,
  ): ReplyView | null {
    if (reply === null) return null
    const { writer, n } = reply
    const month = reply.month ?? here.month
    const key = messageKey({ month, writer, n })
    const target = pages.find((page) => page.month === month)?.open.page.message(writer, n)
    if (target === undefined) return { key, authorName: '', text: '', retracted: false }
    const { text, attachments = [] } = this.#contentOf(target)
    return {
      key,
      authorName: nameIn(chat, target.author),
      text: cutText(text === '' ? (attachments[0]?.name ?? '') : text, 200),
      retracted: target.retracted,
    }
  }

  #reactions(chat: Chat, message: Message): ReactionView[] {
    const byEmoji = new Map<string, { names: string[]; mine: boolean }>()
    for (const [index, body] of message.reactions) {
      const emoji = contentIn(this.#bodies.get(body)).text
      if (!isEmoji(emoji)) continue
      const same = byEmoji.get(emoji) ?? { names: [], mine: false }
      same.names.push(nameIn(chat, index))
      byEmoji.set(emoji, { names: same.names, mine: same.mine || index === chat.me })
    }
    return [...byEmoji].map(([emoji, { names, mine }]) => ({ emoji, names, mine }))
  }

  async #open(messages: readonly Message[]): Promise<void> {
    for (const message of messages) {
      if (this.#opened.has(message)) continue
      const { body, reactions } = message
      for (const sealed of body === null ? reactions.values() : [body, ...reactions.values()])
        if (!this.#bodies.has(sealed)) this.#bodies.set(sealed, await openBody(sealed))
      this.#opened.add(message)
    }
  }

  #contentOf({ body }: Message): Content {
    return contentIn(body === null ? undefined : this.#bodies.get(body))
  }

  #keepRefused(view: MessageView): MessageView {
    const before = this.#refused.get(view.key)
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(view)) return before
    this.#refused.set(view.key, view)
    return view
  }
}

/** What can change about a view while its message stays the same. */
type Varying = Pick<MessageView, 'status' | 'reply' | 'writtenBefore' | 'unread'>

const isSame = (a: Varying, b: Varying): boolean =>
  a.status === b.status &&
  a.unread === b.unread &&
  a.writtenBefore?.key === b.writtenBefore?.key &&
  isSameReply(a.reply, b.reply)

const isSameReply = (a: ReplyView | null, b: ReplyView | null): boolean =>
  a === b ||
  (a?.key === b?.key &&
    a?.text === b?.text &&
    a?.authorName === b?.authorName &&
    a?.retracted === b?.retracted)

const contentIn = (opened: OpenedBody | undefined): Content =>
  opened?.kind === 'content' ? opened.content : { text: '' }

/** Since when somebody who is in the chat is in it, ms. */
const sinceOf = (chat: Chat, index: number): number | undefined => {
  const member = chat.members.find((one) => one.index === index)
  return member?.left === true ? undefined : member?.since
}

/** The newest message before this one that its author did not have when writing it. */
const crossed = (
  { month, open }: ShownPage,
  messages: readonly Message[],
  at: number,
): MessageView['writtenBefore'] => {
  const message = messages[at] as Message
  for (let i = at - 1; i >= Math.max(0, at - CROSSING_SPAN); i--) {
    const other = messages[i] as Message
    if (other.author === message.author) continue
    if (open.page.had(message, other) !== false) return null
    return { key: messageKey({ month, writer: other.writer, n: other.n }), at: other.at }
  }
  return null
}

/** The name as it is: where it stands above a message, there is room for the whole birth date. */
const authorOf = (chat: Chat, author: number): Pick<MessageView, 'authorName' | 'authorBorn'> => {
  const { name = '', birthDate } = chat.members.find(({ index }) => index === author) ?? {}
  return { authorName: name, ...(birthDate !== undefined && { authorBorn: birthDate }) }
}
