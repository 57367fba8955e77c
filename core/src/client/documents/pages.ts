/**
 * The pages of the device's chats: rows in the local store, and a bounded number of them open in
 * memory as folds. What is written is stored first and folded in after, so nothing is shown that
 * is not saved. Everything about one page happens one after the other.
 */
import { type MemberIndex, type Writer, writerFrom } from '../../base/client-id.ts'
import type { DeviceId, DocName } from '../../base/ids.ts'
import { Serial } from '../../base/serial.ts'
import type { HybridClock } from '../../chat/hybrid-clock.ts'
import { LaneWriter, type NewEntries, type PendingWrite } from '../../chat/lane-writer.ts'
import { Page } from '../../chat/page.ts'
import type { ReceiptKey } from '../../chat/receipt-key.ts'
import { splitUpdate } from '../../gate/split-update.ts'
import { contend } from '../../time/contend.ts'
import type { Slices } from '../../time/slices.ts'
import { joinUpdates } from '../../update/join-updates.ts'
import type { DraftUse } from '../model/draft-book.ts'
import type { RandomBytes } from '../model/ports.ts'
import {
  type DocPatch,
  type DocRecord,
  type LocalStore,
  type NewRow,
  type StoredDoc,
  type StoredRow,
  writtenMeanwhile,
} from '../store/local-store.ts'
import { hasLostRows, haveNothing, pageOfReadable } from './readable-rows.ts'

/** Pages that stay open in memory though nobody looks at them. */
const OPEN_PAGES = 32
/** Bytes of rows of which the folds stay so; a fold takes some ten times as much in memory. */
const OPEN_BYTES = 16 * 1024 * 1024
/** Rows after which a page is compacted when it is opened, besides one for each so many bytes. */
const COMPACT_ROWS = 64
const COMPACT_BYTES = 1024 * 1024
/** Bytes of a page that are folded in one go. */
const PIECE_BYTES = 256 * 1024

export interface OpenPage {
  readonly doc: DocName
  /** Index of the person of this device. */
  readonly me: MemberIndex
  page: Page
  /** Newest row that is folded in. */
  lastRow: number
  /** Of the rows that are folded in: somebody else chooses how large a page is. */
  bytes: number
}

/** What else an entry settles on this device, in the same transaction. */
export interface Settled {
  /** The outgoing message that the entry is of: it goes. */
  outgoing?: string
  /** What becomes of the draft that it comes from. */
  draft?: DraftUse
}

/** Entries to write, and what of the device is settled in the same transaction. */
export interface SettledEntries extends NewEntries {
  settled?: Settled
}

export interface PagesOptions {
  store: LocalStore
  clock: HybridClock
  random: RandomBytes
  device: DeviceId
  writer: Writer
  /** The person's index in the chat of a page; undefined when they are not in it. */
  indexIn(doc: DocName): MemberIndex | undefined
  /** Whether rows of the page are known to be on this device; wrong at most by a no. */
  hasRows(doc: DocName): boolean
  /**
   * The fold of a page changed; its record too, if there is one, as rows of the server's came with
   * a head.
   */
  changed(open: OpenPage, record?: DocRecord): void
  /** Content of the page was taken back by its author. */
  erased(doc: DocName): void
  /** A row of this device's own is stored and waits to be sent. */
  wrote(doc: DocName, row: StoredRow, entries: PendingWrite['entries']): void
  /**
   * The rows build on something that is not here, or cannot be read: the page has to be fetched
   * from the start.
   */
  incomplete(doc: DocName): void
  /** In which pages are folded: many come at a time. */
  slices: Slices
}

export class Pages {
  readonly #options: PagesOptions
  readonly #serial = new Serial<DocName>()
  /** In order of use, the last used last. */
  readonly #open = new Map<DocName, OpenPage>()
  readonly #laneWriters = new Map<DocName, LaneWriter>()
  readonly #pinned = new Set<DocName>()
  /** Pages in which this tab's writer may not go on: what it counted there was replaced. */
  readonly #retired = new Set<DocName>()
  /** Pages with rows that cannot be read, of which that has been said. */
  readonly #damaged = new Set<DocName>()

  constructor(options: PagesOptions) {
    this.#options = options
  }

  /** The page, if it is in memory. */
  peek(doc: DocName): OpenPage | undefined {
    return this.#open.get(doc)
  }

  /** Opens a page from the store. */
  open(doc: DocName): Promise<OpenPage> {
    return this.#serial.run(doc, () => this.#load(doc))
  }

  /** Keeps these pages in memory, besides those used last. */
  pin(docs: Iterable<DocName>): void {
    this.#pinned.clear()
    for (const doc of docs) this.#pinned.add(doc)
    this.#evict()
  }

  /**
   * Writes entries. Resolves once they are stored on the device.
   * @throws LocalStoreError when they could not be; then nothing is written.
   */
  append(doc: DocName, make: (open: OpenPage) => SettledEntries): Promise<PendingWrite['entries']> {
    return this.#write(doc, (open, laneWriter) => {
      const { added, deletes, settled } = make(open)
      if (added.length === 0) return undefined
      return { ...laneWriter.entries(added, open.page.frontier, deletes), settled }
    })
  }

  /** Writes receipts that `keys` finds to be missing; one write for all of them. */
  async receipt(doc: DocName, keys: (open: OpenPage) => readonly ReceiptKey[]): Promise<void> {
    await this.#write(doc, (open, laneWriter) => {
      const list = keys(open)
      return list.length === 0 ? undefined : laneWriter.receipts(list, this.#options.clock.now())
    })
  }

  /**
   * Stores what came from the server, with the head that it completes, and folds it in; a part that
   * completes nothing waits for the rest, unless somebody looks at the page. False for such a part.
   */
  receive(doc: DocName, updates: readonly Uint8Array[], patch: DocPatch): Promise<boolean> {
    return this.#serial.run(doc, async () => {
      const rows = joinUpdates(updates).map((update) => ({ update }))
      const { store, changed } = this.#options
      if (patch.head === undefined && !this.#open.has(doc) && !this.#pinned.has(doc)) {
        await store.append(doc, rows, patch)
        return false
      }
      const open = this.#isNew(doc) ? undefined : await this.#load(doc)
      const { numbers, record } = await store.append(doc, rows, patch)
      if (open === undefined) changed(await this.#loadNew(doc, rows, numbers), record)
      else await this.#fold(open, rows, numbers, record)
      this.#evict()
      return true
    })
  }

  /** Whether nothing of it is known to be here: what comes of it need not be read again. */
  #isNew(doc: DocName): boolean {
    const { indexIn, hasRows } = this.#options
    return !this.#open.has(doc) && indexIn(doc) !== undefined && !hasRows(doc)
  }

  /** Opens a page of which these were stored just now, and no others if the first of them is 1. */
  #loadNew(doc: DocName, rows: readonly NewRow[], numbers: readonly number[]): Promise<OpenPage> {
    if (numbers[0] !== 1) return this.#load(doc)
    const stored = rows.map(({ update }, i) => ({ no: numbers[i] ?? 0, update }))
    return this.#load(doc, { rows: stored, lastRow: numbers.at(-1) ?? 0 })
  }

  /** Folds in what another tab wrote. */
  refresh(doc: DocName): Promise<void> {
    return this.#serial.run(doc, async () => {
      const open = this.#open.get(doc)
      if (open !== undefined) await this.#catchUp(open)
    })
  }

  /**
   * Replaces a page by `rows`, made from the rows it has and a new lane writer, because the server
   * refused what this device wrote. The old writer is never used again there.
   * @throws LocalStoreError when the device could not store it, or other tabs never rest
   */
  replace(
    doc: DocName,
    make: (old: OpenPage, laneWriter: LaneWriter) => Promise<{ rows: NewRow[]; patch: DocPatch }>,
  ): Promise<{ lastRow: number }> {
    return this.#serial.run(doc, async () => {
      const done = await contend(async () => {
        const old = await this.#load(doc)
        const laneWriter = this.#newLaneWriter(old)
        const { rows, patch } = await make(old, laneWriter)
        const replaced = await this.#options.store.replace(doc, old.lastRow, rows, patch)
        this.#forget(doc)
        return replaced && { laneWriter, lastRow: replaced.record.lastRow }
      })
      if (done === undefined) throw writtenMeanwhile(doc)
      this.#laneWriters.set(doc, done.laneWriter)
      this.#options.changed(await this.#load(doc))
      return { lastRow: done.lastRow }
    })
  }

  #forget(doc: DocName): void {
    this.#open.delete(doc)
    this.#laneWriters.delete(doc)
    this.#retired.add(doc)
  }

  /** It was fetched from the start: one snapshot takes the place of rows that cannot be read. */
  tidy(doc: DocName): Promise<void> {
    return this.#serial.run(doc, async () => {
      const open = await this.#load(doc)
      if (open.lastRow === 0 || !open.page.isComplete) return
      await this.#replaceRows(open, [open.page.toUpdate()])
      this.#damaged.delete(doc)
    })
  }

  /** Another tab replaced the rows: reads them again. */
  replaced(doc: DocName): Promise<void> {
    return this.#serial.run(doc, async () => {
      const was = this.#open.has(doc)
      this.#forget(doc)
      if (was) this.#options.changed(await this.#load(doc))
    })
  }

  idle(): Promise<void> {
    return this.#serial.idle()
  }

  #write(
    doc: DocName,
    build: (
      open: OpenPage,
      laneWriter: LaneWriter,
    ) => (PendingWrite & { settled?: Settled | undefined }) | undefined,
  ): Promise<PendingWrite['entries']> {
    return this.#serial.run(doc, async () => {
      const open = await this.#load(doc)
      const laneWriter = this.#laneWriters.get(doc) ?? this.#firstLaneWriter(open)
      this.#laneWriters.set(doc, laneWriter)
      const write = build(open, laneWriter)
      if (write === undefined) return []
      const { entries, settled } = write
      const rows = [{ update: write.update, mine: { entries, ...settled } }]
      const { numbers } = await this.#options.store.append(doc, rows)
      write.advance()
      await this.#fold(open, rows, numbers)
      const no = numbers[0] ?? 0
      this.#options.wrote(doc, { no, update: write.update }, write.entries)
      return write.entries
    })
  }

  /** Takes in what was stored, with the record if there is one, and says so, once. */
  async #fold(
    open: OpenPage,
    rows: readonly NewRow[],
    numbers: readonly number[],
    record?: DocRecord,
  ): Promise<void> {
    // Another tab may have written in between; then the store has the order.
    if (numbers[0] === undefined || numbers[0] === open.lastRow + 1) {
      this.#apply(open, rows)
      open.lastRow = numbers.at(-1) ?? open.lastRow
      this.#options.changed(open, record)
    } else await this.#catchUp(open, record)
    await this.#erase(open)
  }

  /** What was taken back is gone from memory; now from the rows on this device as well. */
  async #erase(open: OpenPage): Promise<boolean> {
    if (!open.page.takeErased()) return false
    this.#options.erased(open.doc)
    await this.#replaceRows(open, open.page.toUpdates())
    return true
  }

  /** In rows that a browser's database takes, however large the page is. */
  async #replaceRows({ doc, lastRow }: OpenPage, updates: readonly Uint8Array[]): Promise<void> {
    const rows = updates.flatMap((update) => splitUpdate(update))
    await this.#options.store.compact(doc, lastRow, rows)
  }

  async #catchUp(open: OpenPage, record?: DocRecord): Promise<void> {
    const rows = await this.#options.store.rows(open.doc, open.lastRow)
    if (rows.length === 0) return
    try {
      this.#apply(open, rows)
      open.lastRow = rows.at(-1)?.no ?? open.lastRow
    } catch {
      // One of them cannot be read: the page is made of what can.
      this.#open.delete(open.doc)
      const { page, lastRow, bytes } = await this.#load(open.doc)
      Object.assign(open, { page, lastRow, bytes })
      this.#open.set(open.doc, open)
    }
    this.#options.changed(open, record)
  }

  #apply(open: OpenPage, rows: readonly { update: Uint8Array }[]): boolean {
    open.bytes += bytesOf(rows)
    const complete = open.page.apply(rows.map((row) => row.update))
    if (!complete) this.#options.incomplete(open.doc)
    return complete
  }

  /** It is the one used last now. */
  #use(open: OpenPage): OpenPage {
    this.#open.delete(open.doc)
    this.#open.set(open.doc, open)
    return open
  }

  /** @param whole all that is stored of it, for who knows that */
  async #load(doc: DocName, whole?: StoredDoc): Promise<OpenPage> {
    const known = this.#open.get(doc)
    if (known !== undefined) return this.#use(known)
    const me = this.#options.indexIn(doc)
    if (me === undefined) throw new Error(`not a member of ${doc}`)
    const stored = whole ?? (await this.#options.store.read(doc))
    const { rows, lastRow } = stored
    const bytes = bytesOf(rows)
    this.#evict(bytes)
    const page = (await this.#foldWhole(doc, stored)) ?? (await this.#salvage(doc, rows))
    const complete = page.isComplete && !this.#damaged.has(doc)
    const open = { doc, me, page, lastRow, bytes }
    if (!page.isComplete) this.#options.incomplete(doc)
    this.#open.set(doc, open)
    this.#evict()
    // The device was stopped before it let go of what was taken back, or it came in parts.
    const erased = complete && (await this.#erase(open))
    if (complete && !erased && rows.length > COMPACT_ROWS + bytes / COMPACT_BYTES)
      await this.#replaceRows(open, [page.toUpdate()])
    return open
  }

  /** Undefined when something of it cannot be read. */
  async #foldWhole(doc: DocName, stored: StoredDoc): Promise<Page | undefined> {
    if (await hasLostRows(this.#options.store, doc, stored)) return undefined
    try {
      const page = new Page()
      await applySliced(page, stored.rows, this.#options.slices)
      return page
    } catch {
      return undefined
    }
  }

  /** What can be read, with what was not sent yet; the rest the server has, and is asked for. */
  async #salvage(doc: DocName, rows: readonly StoredRow[]): Promise<Page> {
    const { store, incomplete } = this.#options
    const page = pageOfReadable([...rows, ...(await store.outbox(doc))])
    // Once: the rows stay as they are until the server's are here.
    if (this.#damaged.has(doc)) return page
    this.#damaged.add(doc)
    await haveNothing(store, doc)
    incomplete(doc)
    return page
  }

  /** @param more bytes that are about to be opened */
  #evict(more = 0): void {
    let pages = this.#open.size
    let bytes = more
    for (const open of this.#open.values()) bytes += open.bytes
    const newest = more > 0 ? undefined : [...this.#open.keys()].at(-1)
    for (const open of this.#open.values()) {
      if (pages <= OPEN_PAGES && bytes <= OPEN_BYTES) return
      const { doc } = open
      if (doc === newest || this.#pinned.has(doc) || this.#serial.isBusy(doc)) continue
      this.#open.delete(doc)
      pages--
      bytes -= open.bytes
    }
  }

  #firstLaneWriter(open: OpenPage): LaneWriter {
    const { writer } = this.#options
    // Somebody may have copied this tab's writer from another page: the server would refuse it.
    const taken = this.#retired.has(open.doc) || open.page.hasWriter(writer)
    return taken ? this.#newLaneWriter(open) : this.#laneWriter(open, writer)
  }

  #laneWriter(open: OpenPage, writer: Writer): LaneWriter {
    return new LaneWriter(open.me, writer, this.#options.device)
  }

  #newLaneWriter(open: OpenPage): LaneWriter {
    return this.#laneWriter(open, writerFrom(this.#options.random(5)))
  }
}

/** Folds rows, a piece after the other when there are many bytes. False when something is missing. */
export const applySliced = async (
  page: Page,
  rows: readonly { update: Uint8Array }[],
  slices: Slices,
): Promise<boolean> => {
  let piece: Uint8Array[] = []
  let bytes = 0
  for (const { update } of rows) {
    if (bytes + update.length > PIECE_BYTES && piece.length > 0) {
      const full = piece
      await slices.run(() => page.apply(full))
      piece = []
      bytes = 0
    }
    piece.push(update)
    bytes += update.length
  }
  return await slices.run(() => page.apply(piece))
}

const bytesOf = (rows: readonly { update: Uint8Array }[]): number =>
  rows.reduce((sum, { update }) => sum + update.length, 0)
