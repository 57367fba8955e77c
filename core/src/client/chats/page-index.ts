/**
 * What the device knows of every page without opening it: heads, and a digest for the list of
 * chats, which is kept beside the rows and derived again when it is out of date.
 */

import type { MemberIndex } from '../../base/client-id.ts'
import { type ChatId, type DocName, type Month, parseDocName } from '../../base/ids.ts'
import { activityOf } from '../../chat/dating.ts'
import type { Message } from '../../chat/page.ts'
import type { DocHead } from '../../protocol/frames.ts'
import type { Slices } from '../../time/slices.ts'
import type { OpenPage, Pages } from '../documents/pages.ts'
import {
  digestOf,
  type LastEntry,
  type PageDigest,
  readDigest,
  type UnreadEntry,
} from '../model/page-summary.ts'
import type { Timers } from '../model/ports.ts'
import type { DocRecord, LocalStore, PageSummary, RefusedMessage } from '../store/local-store.ts'

/** Milliseconds in which digests are gathered before they are stored. */
const SAVE_DELAY = 250

interface Slot {
  doc: DocName
  chat: ChatId
  month: Month
  head: number
  known: number
  lastRow: number
  refused: readonly RefusedMessage[]
  digest: PageDigest | undefined
  /** Newest row that the digest covers. */
  atRow: number
}

/** Of a whole chat: sums over its pages. */
export interface ChatDigest {
  unread: number
  /** The unread message that came last. */
  newest: (UnreadEntry & { month: Month }) | null
  incoming: number
  incomingAt: number
  last: (LastEntry & { doc: DocName }) | null
}

export interface PageIndexOptions {
  store: LocalStore
  timers: Timers
  slices: Slices
  pages: Pages
  /** Whose receipts a message in this page needs. */
  recipientsOf(doc: DocName, message: Message): readonly MemberIndex[]
  changed(): void
}

export class PageIndex {
  readonly #options: PageIndexOptions
  readonly #chats = new Map<ChatId, Map<Month, Slot>>()
  /** Sums over pages, until one of them changes. */
  readonly #digests = new Map<ChatId, ChatDigest>()
  readonly #unsaved = new Map<DocName, PageSummary>()
  #cancelSave: (() => void) | undefined
  #deriving: Promise<unknown> = Promise.resolve()
  #stopped = false

  constructor(options: PageIndexOptions) {
    this.#options = options
  }

  load(records: readonly DocRecord[], summaries: readonly PageSummary[]): void {
    for (const record of records) this.setRecord(record)
    for (const { doc, atRow, value } of summaries) {
      const slot = this.#slot(doc)
      if (slot !== undefined) this.#setDigest(slot, readDigest(value), atRow)
    }
  }

  /** Opens the pages whose digest is missing or out of date, one after the other. */
  async deriveMissing(): Promise<void> {
    for (const slot of this.#slots()) {
      if (this.#stopped) return
      if (slot.lastRow > slot.atRow || (slot.digest === undefined && slot.lastRow > 0))
        // One that cannot be read keeps no other from the list.
        await this.#options.pages.open(slot.doc).then(
          (open) => this.derive(open),
          () => undefined,
        )
    }
  }

  /** The members of a chat are others than before: how far its last message got may be too. */
  async membersChanged(chat: ChatId): Promise<void> {
    for (const month of this.months(chat)) {
      const slot = this.#chats.get(chat)?.get(month)
      if (!slot?.digest?.last) continue
      return await this.derive(await this.#options.pages.open(slot.doc))
    }
  }

  derive(open: OpenPage): Promise<void> {
    const work = this.#derive(open)
    this.#deriving = Promise.all([this.#deriving, work.catch(() => undefined)])
    return work
  }

  setRecord(record: DocRecord): void {
    const slot = this.#slot(record.doc)
    if (slot === undefined) return
    slot.head = record.head
    slot.known = record.known
    slot.lastRow = record.lastRow
    slot.refused = record.refused
  }

  /** Notes heads that the server told of. Returns the chats that have these pages. */
  learned(docs: readonly DocHead[]): Set<ChatId> {
    const chats = new Set<ChatId>()
    for (const { doc, head } of docs) {
      const slot = this.#slot(doc)
      if (slot === undefined) continue
      slot.known = Math.max(slot.known, head)
      chats.add(slot.chat)
    }
    return chats
  }

  chats(): Iterable<ChatId> {
    return this.#chats.keys()
  }

  /** All pages, with the newest row of each and the messages that were refused there. */
  *pages(): Iterable<Pick<Slot, 'doc' | 'lastRow' | 'refused'>> {
    yield* this.#slots()
  }

  /** Newest first. */
  months(chat: ChatId): readonly Month[] {
    return [...(this.#chats.get(chat)?.keys() ?? [])].sort().reverse()
  }

  /**
   * Those in which there may be something to see. Anybody in the chat can begin any number of pages
   * by a receipt alone.
   */
  monthsToShow(chat: ChatId): readonly Month[] {
    const slots = this.#chats.get(chat)
    return this.months(chat).filter((month) => {
      const slot = slots?.get(month)
      if (slot === undefined) return false
      const isKnown =
        slot.digest !== undefined && slot.lastRow <= slot.atRow && slot.known <= slot.head
      return !isKnown || slot.digest?.last !== null || slot.refused.length > 0
    })
  }

  refused(doc: DocName): readonly RefusedMessage[] {
    return this.#slot(doc)?.refused ?? []
  }

  /** Newest row of a page; 0 for none. */
  lastRow(doc: DocName): number {
    return this.#slot(doc)?.lastRow ?? 0
  }

  isBehind(doc: DocName): boolean {
    const slot = this.#slot(doc)
    return slot !== undefined && slot.known > slot.head
  }

  /** Of a month: how many of its messages are unread, and the first of them. */
  unreadIn(chat: ChatId, month: Month): Pick<PageDigest, 'unread' | 'firstUnread'> | undefined {
    return this.#chats.get(chat)?.get(month)?.digest
  }

  /** When there was something new in a month last, as far as is known, ms; 0 for never. */
  latestIn(chat: ChatId, month: Month): number {
    const last = this.#chats.get(chat)?.get(month)?.digest?.last
    return last ? activityOf(last) : 0
  }

  /** The same object until something of it changes. */
  digest(chat: ChatId): ChatDigest {
    const digest = this.#digests.get(chat) ?? this.#sum(chat)
    this.#digests.set(chat, digest)
    return digest
  }

  async idle(): Promise<void> {
    await this.#deriving
  }

  stop(): void {
    this.#stopped = true
    this.#cancelSave?.()
  }

  async #derive(open: OpenPage): Promise<void> {
    // Before anything else happens: the chat on screen looks here for the months that it has.
    const slot = this.#slot(open.doc)
    const atRow = open.lastRow
    const { slices, recipientsOf } = this.#options
    const digest = await slices.run(() =>
      digestOf(open.page, open.me, (message) => recipientsOf(open.doc, message)),
    )
    if (slot === undefined || slot.atRow > atRow) return
    this.#setDigest(slot, digest, atRow)
    slot.lastRow = Math.max(slot.lastRow, atRow)
    this.#unsaved.set(open.doc, { doc: open.doc, atRow, value: digest })
    this.#cancelSave ??= this.#options.timers.after(SAVE_DELAY, () => this.#save())
    this.#options.changed()
  }

  #sum(chat: ChatId): ChatDigest {
    const sum: ChatDigest = { unread: 0, newest: null, incoming: 0, incomingAt: 0, last: null }
    for (const month of this.months(chat)) {
      const slot = this.#chats.get(chat)?.get(month)
      if (slot?.digest === undefined) continue
      const { unread, newest, incoming, incomingAt, last } = slot.digest
      sum.unread += unread
      sum.incoming += incoming
      sum.incomingAt = Math.max(sum.incomingAt, incomingAt)
      if (newest !== null && isNewer(newest, sum.newest)) sum.newest = { ...newest, month }
      if (last !== null && isNewer(last, sum.last)) sum.last = { ...last, doc: slot.doc }
    }
    return sum
  }

  #setDigest(slot: Slot, digest: PageDigest | undefined, atRow: number): void {
    slot.digest = digest
    slot.atRow = atRow
    this.#digests.delete(slot.chat)
  }

  #save(): void {
    this.#cancelSave = undefined
    const summaries = [...this.#unsaved.values()]
    this.#unsaved.clear()
    // It is a cache: what could not be kept is derived again at the next start.
    this.#options.store.putSummaries(summaries).catch(() => undefined)
  }

  *#slots(): Iterable<Slot> {
    for (const chat of this.#chats.values()) yield* [...chat.values()]
  }

  /** The place of a page; undefined for a document that is none. */
  #slot(doc: DocName): Slot | undefined {
    const ref = parseDocName(doc)
    if (ref?.kind !== 'page') return undefined
    const chat = this.#chats.get(ref.chat) ?? new Map<Month, Slot>()
    this.#chats.set(ref.chat, chat)
    let slot = chat.get(ref.month)
    if (slot === undefined) {
      slot = {
        doc,
        chat: ref.chat,
        month: ref.month,
        head: 0,
        known: 0,
        lastRow: 0,
        refused: [],
        digest: undefined,
        atRow: 0,
      }
      chat.set(ref.month, slot)
    }
    return slot
  }
}

type Dated = Parameters<typeof activityOf>[0]

/** Of two in different months; what is in a newer one comes first. */
const isNewer = (one: Dated, other: Dated | null): boolean =>
  other === null || activityOf(one) > activityOf(other)
