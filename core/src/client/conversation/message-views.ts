/** From folded messages to what the screen shows. Views that did not change keep their identity. */

import type { MemberIndex } from '../../base/client-id.ts'
import type { DocName, Month } from '../../base/ids.ts'
import { type Content, type OpenedBody, openBody } from '../../chat/body.ts'
import { datedBefore } from '../../chat/dating.ts'
import { isEmoji } from '../../chat/emoji.ts'
import type { EntryRef } from '../../chat/entry.ts'
import type { Message } from '../../chat/page.ts'
import { recipientsOf } from '../../chat/recipients.ts'
import { statusOf } from '../../chat/status.ts'
import { cutText } from '../../text/cut.ts'
import type { Chat } from '../chats/chat-registry.ts'
import { nameIn } from '../chats/member-names.ts'
import type { OutboxIndex } from '../chats/outbox-index.ts'
import type { OpenPage } from '../documents/pages.ts'
import { messageKey, REFUSED_WRITER } from '../model/message-key.ts'
import type { MessageView, ReactionView, ReplyView, TimelineItem } from '../model/views.ts'
import type { RefusedMessage } from '../store/local-store.ts'

/** How far back, in messages, a crossed question is looked for. */
const CROSSING_SPAN = 20

export interface ShownPage {
  month: Month
  open: OpenPage
}

export type MessageItem = Extract<TimelineItem, { type: 'message' }>

/** What was made of a message, while it is the same. */
interface Kept {
  /** Undefined where there is no body. */
  readonly content: OpenedBody | undefined
  readonly reactions: ReadonlyMap<MemberIndex, OpenedBody>
  /** The chat that the view was made for. */
  chat: Chat | undefined
  view: MessageItem | undefined
}

/** Of the messages of a page, as they were when it was last looked at. */
type KeptPage = ReadonlyMap<Message, Kept>

const NO_REACTIONS: ReadonlyMap<MemberIndex, OpenedBody> = new Map()
const NO_REACTION_VIEWS: readonly ReactionView[] = []
const NO_ATTACHMENTS: Content['attachments'] & object = []

export class MessageViews {
  readonly #outbox: OutboxIndex
  readonly #pages = new Map<DocName, KeptPage>()
  readonly #refused = new Map<string, MessageItem>()

  constructor(outbox: OutboxIndex) {
    this.#outbox = outbox
  }

  /** Messages of a page, in order. `pages` are those on screen, for what is answered. */
  async of(chat: Chat, page: ShownPage, pages: readonly ShownPage[]): Promise<MessageItem[]> {
    const messages = page.open.page.messages()
    const kept = await this.#keep(page, messages)
    return messages.map((message, at) =>
      this.#viewOf(chat, page, pages, message, kept.get(message) as Kept, () =>
        crossed(page, messages, at),
      ),
    )
  }

  #viewOf(
    chat: Chat,
    page: ShownPage,
    pages: readonly ShownPage[],
    message: Message,
    kept: Kept,
    crossedBy: () => MessageView['writtenBefore'],
  ): MessageItem {
    const status = this.#status(chat, page, message)
    const reply = message.reply === null ? null : this.#reply(chat, page, pages, message.reply)
    const writtenBefore = crossedBy()
    const unread = page.open.page.isUnread(message, chat.me)
    const before = kept.chat === chat ? kept.view : undefined
    if (
      before !== undefined &&
      before.status === status &&
      before.unread === unread &&
      before.writtenBefore?.key === writtenBefore?.key &&
      isSameReply(before.reply, reply)
    )
      return before
    const content = contentIn(kept.content)
    const { author, writer, n, at, arrivedAt, retracted, history } = message
    const member = chat.members.find(({ index }) => index === author)
    // Each field by name: there are as many of these as messages, and spreads take ten times as long.
    const view: MessageItem = {
      type: 'message',
      key: messageKey({ month: page.month, writer, n }),
      author,
      // The name as it is: where it stands above a message, there is room for the whole birth date.
      authorName: member?.name ?? '',
      mine: author === chat.me,
      at,
      text: content.text,
      status,
      refused: null,
      edited: history.length > 0,
      retracted,
      reply,
      reactions: reactionsOf(chat, kept.reactions),
      attachments: content.attachments ?? NO_ATTACHMENTS,
      writtenBefore,
      arrivedAt,
      datedBefore: datedBefore(
        message,
        chat.began,
        member?.left === true ? undefined : member?.since,
      ),
      unread,
    }
    if (member?.birthDate !== undefined) view.authorBorn = member.birthDate
    if (kept.content?.kind === 'unreadable') view.unreadable = true
    kept.chat = chat
    kept.view = view
    return view
  }

  async refused(chat: Chat, month: Month, list: readonly RefusedMessage[]): Promise<MessageItem[]> {
    const views: MessageItem[] = []
    for (const { body, at, code } of list) {
      const content = contentIn(await openBody(body))
      views.push(
        this.#keepRefused({
          type: 'message',
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
    { writer, n, month = here.month }: EntryRef,
  ): ReplyView {
    const key = messageKey({ month, writer, n })
    const page = pages.find((one) => one.month === month)?.open
    const target = page?.page.message(writer, n)
    if (page === undefined || target === undefined)
      return { key, authorName: '', text: '', retracted: false }
    const { text, attachments = [] } = contentIn(this.#pages.get(page.doc)?.get(target)?.content)
    return {
      key,
      authorName: nameIn(chat, target.author),
      text: cutText(text === '' ? (attachments[0]?.name ?? '') : text, 200),
      retracted: target.retracted,
    }
  }

  /** Opens the bodies of messages that are new. */
  async #keep({ open }: ShownPage, messages: readonly Message[]): Promise<KeptPage> {
    const before = this.#pages.get(open.doc)
    const kept = new Map<Message, Kept>()
    for (const message of messages) {
      const known = before?.get(message)
      if (known !== undefined) {
        kept.set(message, known)
        continue
      }
      const { body } = message
      const content = body === null ? undefined : await openBody(body)
      const reactions =
        message.reactions.size === 0 ? NO_REACTIONS : await openAll(message.reactions)
      kept.set(message, { content, reactions, chat: undefined, view: undefined })
    }
    this.#pages.set(open.doc, kept)
    return kept
  }

  #keepRefused(view: MessageItem): MessageItem {
    const before = this.#refused.get(view.key)
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(view)) return before
    this.#refused.set(view.key, view)
    return view
  }
}

const isSameReply = (a: ReplyView | null, b: ReplyView | null): boolean =>
  a === b ||
  (a?.key === b?.key &&
    a?.text === b?.text &&
    a?.authorName === b?.authorName &&
    a?.retracted === b?.retracted)

const contentIn = (opened: OpenedBody | undefined): Content =>
  opened?.kind === 'content' ? opened.content : { text: '' }

const openAll = async (
  sealed: ReadonlyMap<MemberIndex, Uint8Array>,
): Promise<ReadonlyMap<MemberIndex, OpenedBody>> => {
  const opened = new Map<MemberIndex, OpenedBody>()
  for (const [index, body] of sealed) opened.set(index, await openBody(body))
  return opened
}

const reactionsOf = (
  chat: Chat,
  reactions: ReadonlyMap<MemberIndex, OpenedBody>,
): readonly ReactionView[] => {
  if (reactions.size === 0) return NO_REACTION_VIEWS
  const byEmoji = new Map<string, { names: string[]; mine: boolean }>()
  for (const [index, opened] of reactions) {
    const emoji = contentIn(opened).text
    if (!isEmoji(emoji)) continue
    const same = byEmoji.get(emoji) ?? { names: [], mine: false }
    same.names.push(nameIn(chat, index))
    byEmoji.set(emoji, { names: same.names, mine: same.mine || index === chat.me })
  }
  return [...byEmoji].map(([emoji, { names, mine }]) => ({ emoji, names, mine }))
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
