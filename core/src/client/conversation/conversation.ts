/**
 * The chat on screen: the newest months of it, and older ones as they are asked for. Derives its
 * view from the pages whenever one of them changes.
 */

import { chatDoc, type DocName, type Month, monthStart, pageDoc } from '../../base/ids.ts'
import { readChatSys } from '../../chat/sys.ts'
import type { Chat } from '../chats/chat-registry.ts'
import { membershipLines } from '../chats/membership-lines.ts'
import type { OutboxIndex } from '../chats/outbox-index.ts'
import type { OpenPage, Pages } from '../documents/pages.ts'
import type { SysDocs } from '../documents/sys-docs.ts'
import { messageKey } from '../model/message-key.ts'
import type { PageDigest } from '../model/page-summary.ts'
import type {
  ChatSummary,
  ConversationView,
  MessageView,
  TimelineItem,
  UnreadBefore,
} from '../model/views.ts'
import type { RefusedMessage } from '../store/local-store.ts'
import { MessageViews, type ShownPage } from './message-views.ts'

/** Messages to have at hand at the start; more months are opened until there are. */
const FIRST_MESSAGES = 40

export interface ConversationOptions {
  /** As it is now. */
  chat(): Chat
  pages: Pages
  sysDocs: SysDocs
  outbox: OutboxIndex
  /** Months of the chat in which this device knows of something, newest first. */
  months(): readonly Month[]
  refused(doc: DocName): readonly RefusedMessage[]
  /** Messages whose files are on their way. */
  outgoing(chat: Chat): readonly MessageView[]
  /** Whether something of the page is known not to be here. */
  isBehind(doc: DocName): boolean
  /** Whether the server has something of the document damaged. */
  isRestoring(doc: DocName): boolean
  /** What of a month is unread. */
  unreadIn(month: Month): Pick<PageDigest, 'unread' | 'firstUnread'> | undefined
  summary(): ChatSummary
  /** The pages on screen changed. */
  shows(): void
  changed(): void
  closed(conversation: Conversation): void
}

export class Conversation {
  readonly chat: Chat['id']
  readonly #options: ConversationOptions
  readonly #views: MessageViews
  readonly #items = new WeakMap<MessageView, TimelineItem>()
  /** Oldest month on screen. */
  #from: Month | undefined
  /** Whether it is from then on for the person to ask for older months. */
  #filled = false
  /** Documents that are on screen, as it was last told. */
  #told: readonly DocName[] = []
  #view: ConversationView | undefined
  #deriving: Promise<void> | undefined
  #dirty = false
  #closed = false

  constructor(options: ConversationOptions) {
    this.#options = options
    this.chat = options.chat().id
    this.#views = new MessageViews(options.outbox)
  }

  /** Undefined until it has been derived for the first time. */
  view(): ConversationView | undefined {
    if (this.#view === undefined) return undefined
    // Presence and typing change without the pages.
    const chat = this.#options.summary()
    if (chat !== this.#view.chat) this.#view = { ...this.#view, chat }
    return this.#view
  }

  /** Documents that are on screen. */
  docs(): readonly DocName[] {
    return [chatDoc(this.chat), ...this.#shown().map((month) => pageDoc(this.chat, month))]
  }

  /** Opens the newest months. */
  async open(): Promise<void> {
    await this.#options.sysDocs.open(chatDoc(this.chat))
    await this.update()
  }

  /** Opens the next older month. Resolves when the view has it. */
  async loadOlder(): Promise<void> {
    const older = this.#older()
    if (older === undefined) return
    await this.#page(older)
    this.#filled = true
    this.#from = older
    await this.update()
  }

  /** Something that the view tells may have changed. */
  update(): Promise<void> {
    this.#dirty = true
    this.#deriving ??= this.#derive().finally(() => {
      this.#deriving = undefined
    })
    return this.#deriving
  }

  close(): void {
    this.#closed = true
    this.#options.closed(this)
  }

  /** Goes back by months until there are enough messages, or one that is still to come. */
  async #fill(): Promise<void> {
    if (this.#filled) return
    let messages = 0
    for (const month of this.#options.months()) {
      const { doc, page } = await this.#page(month)
      if (this.#from === undefined || month < this.#from) this.#from = month
      messages += page.messages().length
      this.#filled ||= messages >= FIRST_MESSAGES
      // It may hold enough: a new device must not fetch a year to show a day.
      if (this.#filled || this.#options.isBehind(doc)) break
    }
  }

  /** Also a month that has just begun belongs to what is on screen. */
  #tellWhatShows(): void {
    const docs = this.docs()
    if (docs.length === this.#told.length && docs.every((doc, i) => doc === this.#told[i])) return
    this.#told = docs
    this.#options.shows()
  }

  #shown(): readonly Month[] {
    const from = this.#from
    return this.#options.months().filter((month) => from !== undefined && month >= from)
  }

  #older(): Month | undefined {
    const from = this.#from
    return this.#options.months().find((month) => from !== undefined && month < from)
  }

  #page(month: Month): Promise<OpenPage> {
    return this.#options.pages.open(pageDoc(this.chat, month))
  }

  async #derive(): Promise<void> {
    while (this.#dirty && !this.#closed) {
      this.#dirty = false
      await this.#fill()
      this.#tellWhatShows()
      const { chat, refused, outgoing, isBehind, isRestoring, changed, summary } = this.#options
      const pages: ShownPage[] = []
      for (const month of [...this.#shown()].reverse())
        pages.push({ month, open: await this.#page(month) })
      const items: TimelineItem[] = []
      for (const page of pages) {
        const list = refused(page.open.doc)
        const messages = await this.#views.of(chat(), page, pages)
        const setAside = await this.#views.refused(chat(), page.month, list)
        for (const item of messages) items.push(item)
        for (const item of setAside) items.push(item)
      }
      this.#view = {
        chat: summary(),
        members: chat().members.filter(({ left }) => left !== true),
        items: [...this.#withEvents(items), ...outgoing(chat()).map((view) => this.#item(view))],
        unreadBefore: this.#unreadBefore(),
        hasOlder: this.#older() !== undefined,
        incomplete: !chat().left && pages.some(({ open }) => isBehind(open.doc)),
        restoring: !chat().left && this.docs().some((doc) => isRestoring(doc)),
      }
      changed()
    }
  }

  #unreadBefore(): UnreadBefore | null {
    const from = this.#from
    const older = this.#options.months().filter((month) => from !== undefined && month < from)
    return older.reduce<UnreadBefore | null>((before, month) => {
      const { unread = 0, firstUnread = null } = this.#options.unreadIn(month) ?? {}
      if (firstUnread === null) return before
      const { arrivedAt } = firstUnread
      return {
        count: unread + (before?.count ?? 0),
        first: messageKey({ month, ...firstUnread }),
        arrivedAt,
      }
    }, null)
  }

  /** The same object as before for the same view. */
  #item(view: MessageView): TimelineItem {
    const before = this.#items.get(view)
    if (before !== undefined) return before
    const item: TimelineItem = { type: 'message', ...view }
    this.#items.set(view, item)
    return item
  }

  /** Joins and leaves between the messages, by their time. */
  #withEvents(messages: TimelineItem[]): TimelineItem[] {
    // Two people who write to each other are there; nobody has to be told.
    if (this.#options.chat().kind !== 'group') return messages
    const { events } = readChatSys(this.#options.sysDocs.entries(chatDoc(this.chat)))
    const from =
      this.#older() === undefined || this.#from === undefined ? 0 : monthStart(this.#from)
    const lines = membershipLines(
      this.#options.chat(),
      events.filter((event) => event.at >= from),
    )
    const items: TimelineItem[] = []
    for (const message of messages) {
      while (lines[0] !== undefined && lines[0].at <= message.at) {
        items.push(lines[0])
        lines.shift()
      }
      items.push(message)
    }
    return [...items, ...lines]
  }
}
