/** The list of chats as a person sees it: a line for each, in the order in which it is shown. */
import type { Chat, ChatBook } from './chat-book.ts'
import type { ChatSettings } from './chat-settings.ts'
import type { Drafts } from './drafts.ts'
import type { OutboxBook } from './outbox-book.ts'
import type { OutgoingDesk } from './outgoing-desk.ts'
import type { PageShelf } from './page-shelf.ts'
import type { PresenceBook } from './presence-book.ts'
import { summarise } from './summaries.ts'
import type { Typists } from './typing.ts'
import type { ChatSummary, Role } from './views.ts'

export interface ChatListOptions {
  /** Of the person of this device. */
  role: Role
  chats: ChatBook
  shelf: PageShelf
  outbox: OutboxBook
  outgoing: OutgoingDesk
  presence: PresenceBook
  typists: Typists
  drafts: Drafts
  settings: ChatSettings
  isConnected(): boolean
}

export class ChatList {
  readonly #options: ChatListOptions
  readonly #summaries = new Map<Chat['id'], ChatSummary>()
  /** Asked for once for all chats: to know it, every document is looked at. */
  #connected: boolean | undefined

  constructor(options: ChatListOptions) {
    this.#options = options
  }

  /** In the order in which they are shown. */
  all(): readonly ChatSummary[] {
    const { chats, shelf, role } = this.#options
    // Of a chat that the person is out of there is only what this device had.
    const kept = [...chats.all()].filter((chat) => !chat.left || shelf.months(chat.id).length > 0)
    const lines = kept.map((chat) => ({ chat, summary: this.of(chat) }))
    type Line = (typeof lines)[number]
    const at = ({ chat, summary }: Line) => summary.last?.at ?? chat.since
    // Pinned first, and then, for those who have many patients, who waits for an answer.
    const rank = ({ summary }: Line) =>
      (summary.pinned ? 2 : 0) +
      (role === 'doctor' && (summary.unread > 0 || summary.markedUnread) ? 1 : 0)
    return lines.sort((a, b) => rank(b) - rank(a) || at(b) - at(a)).map(({ summary }) => summary)
  }

  /** The same object until something of it changes. */
  of(chat: Chat): ChatSummary {
    const { shelf, outbox, outgoing, presence, typists, drafts, settings } = this.#options
    this.#connected ??= this.#options.isConnected()
    const summary = summarise({
      chat,
      digest: shelf.digest(chat.id),
      outbox,
      outgoing: outgoing.of(chat.id),
      presence,
      connected: this.#connected,
      typing: typists.in(chat.id),
      draft: drafts.of(chat.id),
      prefs: settings.of(chat.id),
      before: this.#summaries.get(chat.id),
    })
    this.#summaries.set(chat.id, summary)
    return summary
  }

  /** Something that a line tells may be different. */
  changed(): void {
    this.#connected = undefined
  }
}
