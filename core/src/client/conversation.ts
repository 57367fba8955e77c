/**
 * The chat on screen: the newest months of it, and older ones as they are asked for. Derives its
 * view from the pages whenever one of them changes.
 */
import { type OpenedBody, openBody } from '../chat/body.ts'
import { type EntryId, entryId } from '../chat/entry.ts'
import type { Message } from '../chat/page.ts'
import { statusOf } from '../chat/status.ts'
import { readChatSys } from '../chat/sys.ts'
import {
  chatDoc,
  type DocName,
  type Month,
  monthOf,
  monthStart,
  pageDoc,
  parseMonth,
} from '../ids/ids.ts'
import type { Chat } from './chat-book.ts'
import type { RefusedMessage } from './local-store.ts'
import type { OutboxBook } from './outbox-book.ts'
import type { OpenPage, Pages } from './pages.ts'
import type { SysDocs } from './sys-docs.ts'
import type { ChatSummary, ConversationView, MessageView, TimelineItem } from './views.ts'

/** Messages to have at hand at the start; more months are opened until there are. */
const FIRST_MESSAGES = 40

export interface ConversationOptions {
  chat: Chat
  pages: Pages
  sysDocs: SysDocs
  outbox: OutboxBook
  /** Months of the chat that this device knows of, newest first. */
  months(): readonly Month[]
  refused(doc: DocName): readonly RefusedMessage[]
  /** Whether something of the page is known not to be here. */
  isBehind(doc: DocName): boolean
  summary(): ChatSummary
  /** The pages on screen changed. */
  shows(): void
  changed(): void
  closed(conversation: Conversation): void
}

export class Conversation {
  readonly #options: ConversationOptions
  readonly #views = new Map<string, MessageView>()
  readonly #bodies = new WeakMap<Uint8Array, OpenedBody>()
  /** Oldest month on screen. */
  #from: Month | undefined
  #view: ConversationView | undefined
  #deriving: Promise<void> | undefined
  #dirty = false
  #closed = false

  constructor(options: ConversationOptions) {
    this.#options = options
  }

  get chat(): Chat['id'] {
    return this.#options.chat.id
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
    let messages = 0
    for (const month of this.#options.months()) {
      this.#from = month
      messages += (await this.#page(month)).page.messages().length
      if (messages >= FIRST_MESSAGES) break
    }
    this.#options.shows()
    await this.update()
  }

  /** Opens the next older month. Resolves when it is shown. */
  async loadOlder(): Promise<void> {
    const older = this.#older()
    if (older === undefined) return
    await this.#page(older)
    this.#from = older
    this.#options.shows()
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

  #shown(): readonly Month[] {
    const from = this.#from
    return this.#options.months().filter((month) => from === undefined || month >= from)
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
      const items: TimelineItem[] = []
      let incomplete = false
      for (const month of [...this.#shown()].reverse()) {
        const open = await this.#page(month)
        await this.#openBodies(open.page.messages())
        for (const message of open.page.messages())
          items.push({ type: 'message', ...this.#message(month, open, message) })
        items.push(...(await this.#refused(month)))
        incomplete ||= this.#options.isBehind(open.doc)
      }
      const { chat, summary, changed } = this.#options
      this.#view = {
        chat: summary(),
        members: chat.members,
        items: this.#withEvents(items).map((item) => this.#kept(item)),
        hasOlder: this.#older() !== undefined,
        incomplete,
      }
      changed()
    }
  }

  async #openBodies(messages: readonly Message[]): Promise<void> {
    for (const { body } of messages)
      if (body !== null && !this.#bodies.has(body)) this.#bodies.set(body, await openBody(body))
  }

  #message(month: Month, open: OpenPage, message: Message): MessageView {
    const { chat, outbox } = this.#options
    const mine = message.author === chat.me
    const others = chat.members
      .filter((member) => member.index !== chat.me)
      .map((member) => open.page.receiptsOf(member.index))
    const opened = message.body === null ? undefined : this.#bodies.get(message.body)
    const acknowledged = !outbox.isWaiting(open.doc, message.id)
    return {
      key: `${month}/${message.id}`,
      author: message.author,
      authorName: chat.members.find((member) => member.index === message.author)?.name ?? '',
      mine,
      at: message.at,
      text: opened?.kind === 'content' ? opened.content.text : '',
      status: mine ? statusOf(message.writer, message.n, acknowledged, others) : null,
      refused: null,
      edited: message.history.length > 0,
      retracted: message.retracted,
    }
  }

  async #refused(month: Month): Promise<TimelineItem[]> {
    const { chat } = this.#options
    const items: TimelineItem[] = []
    for (const refused of this.#options.refused(pageDoc(chat.id, month))) {
      const { body, at, code } = refused
      const opened = await openBody(body)
      items.push({
        type: 'message',
        key: `${month}/${refusedId(refused)}`,
        author: chat.me,
        authorName: chat.members.find((member) => member.index === chat.me)?.name ?? '',
        mine: true,
        at,
        text: opened.kind === 'content' ? opened.content.text : '',
        status: 'waiting',
        refused: code,
        edited: false,
        retracted: false,
      })
    }
    return items
  }

  /** Joins and leaves between the messages, by their time. */
  #withEvents(messages: TimelineItem[]): TimelineItem[] {
    const { kind, events } = readChatSys(this.#options.sysDocs.entries(chatDoc(this.chat)))
    // Two people who write to each other are there; nobody has to be told.
    if (kind !== 'group') return messages
    const from =
      this.#older() === undefined || this.#from === undefined ? 0 : monthStart(this.#from)
    const lines = events
      .filter((event) => event.at >= from)
      .map(
        ({ n, at, name, event }): TimelineItem => ({
          type: 'membership',
          key: `event/${n}`,
          at,
          name,
          event,
        }),
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

  /** The same object as before when nothing about the item changed. */
  #kept(item: TimelineItem): TimelineItem {
    if (item.type !== 'message') return item
    const before = this.#views.get(item.key)
    if (before !== undefined && isSame(before, item)) return before as TimelineItem
    this.#views.set(item.key, item)
    return item
  }
}

/** Takes the place of an entry's id: no writer is negative, and a device dates nothing twice. */
const refusedId = ({ at }: RefusedMessage): EntryId => entryId(-1, at)

/** The refused message that a view's key stands for: its page's month, and when it was written. */
export const readRefusedKey = (key: string): { month: Month; at: number } | undefined => {
  const match = /^(\d{4}-\d{2})\/-1\.(\d{1,15})$/.exec(key)
  const month = parseMonth(match?.[1] ?? '')
  return month && { month, at: Number(match?.[2]) }
}

const isSame = (a: MessageView, b: MessageView): boolean =>
  a.at === b.at &&
  a.text === b.text &&
  a.status === b.status &&
  a.authorName === b.authorName &&
  a.edited === b.edited &&
  a.retracted === b.retracted

/** The page in which something written now belongs. */
export const pageOf = (chat: Chat['id'], at: number): DocName => pageDoc(chat, monthOf(at))
