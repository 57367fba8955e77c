/**
 * One write transaction, as the writes in it see it: records are read once, numbered and changed
 * in memory, and put back when all writes have run.
 */

import type { ChatId, DocName } from '@wardline/core/base/ids'
import type { ChatDraft } from '@wardline/core/client/model/composer-draft'
import {
  type DraftBook,
  type DraftUse,
  isEmptyBook,
  putDraft,
  useDraft,
} from '@wardline/core/client/model/draft-book'
import {
  type DocPatch,
  type DocRecord,
  emptyRecord,
  type Meta,
  type NewRow,
  type PageSummary,
  type SearchPart,
} from '@wardline/core/client/store/local-store'
import { unwrap } from 'idb'
import { IdbFilesView } from './idb-files-view.ts'
import { ownBytes, readAll, readBook, readRecord, writeBook } from './idb-mapping.ts'
import { allStores, type IdbSchema, type IdbStoreName, type IdbWrite } from './idb-schema.ts'

/** Records that are put before others get their turn. */
const putsAtOnce = 32

/** All numbers of a document's rows up to `upTo`. */
const rowsUpTo = (doc: DocName, upTo: number): IDBKeyRange =>
  IDBKeyRange.bound([doc, 0], [doc, upTo])

export class IdbWriteView {
  readonly files: IdbFilesView
  readonly #transaction: IdbWrite
  readonly #records = new Map<DocName, Promise<DocRecord | undefined>>()
  readonly #changed = new Map<DocName, DocRecord>()
  /** What `prepare` asked for: numbers of rows that no record tells of, from before the writes. */
  readonly #newest = new Map<DocName, Promise<number>>()
  #all: Promise<ReadonlyMap<DocName, DocRecord>> | undefined

  constructor(transaction: IdbWrite) {
    this.#transaction = transaction
    this.files = new IdbFilesView(transaction)
  }

  /** Reads all records together, for a write that needs many of them: one by one takes far longer. */
  readRecords(): void {
    if (this.#all !== undefined) return
    const read = this.#store('docs')
      .getAll()
      .then((stored) => {
        return new Map(readAll(stored, readRecord).map((record) => [record.doc, record]))
      })
    this.#settles(read)
    this.#all = read
  }

  /** Asks ahead for what `add` needs to know of documents, so that they do not wait for each other. */
  prepare(docs: Iterable<DocName>): void {
    for (const doc of docs) {
      const newest = this.record(doc).then((record) => {
        return (record?.lastRow ?? 0) > 0 ? 0 : this.#newestNumber(doc)
      })
      this.#settles(newest)
      this.#newest.set(doc, newest)
    }
  }

  /** As it is after the writes so far. */
  record(doc: DocName): Promise<DocRecord | undefined> {
    const changed = this.#changed.get(doc)
    if (changed !== undefined) return Promise.resolve(changed)
    const known = this.#records.get(doc)
    if (known !== undefined) return known
    const read =
      this.#all?.then((all) => all.get(doc)) ?? this.#store('docs').get(doc).then(readRecord)
    this.#settles(read)
    this.#records.set(doc, read)
    return read
  }

  async records(): Promise<DocRecord[]> {
    const stored = readAll(await this.#store('docs').getAll(), readRecord)
    const records = new Map(stored.map((record) => [record.doc, record]))
    for (const record of this.#changed.values()) records.set(record.doc, record)
    return [...records.values()]
  }

  async patch(doc: DocName, patch: DocPatch & { lastRow?: number }): Promise<DocRecord> {
    const record = { ...((await this.record(doc)) ?? emptyRecord(doc)), ...patch }
    this.#changed.set(doc, record)
    return record
  }

  /** Adds rows after the newest one. */
  async add(doc: DocName, rows: readonly NewRow[], patch: DocPatch = {}) {
    let lastRow = (await this.record(doc))?.lastRow ?? 0
    // Where the record was lost, what is there must not be written over.
    if (lastRow === 0 && rows.length > 0)
      lastRow = await (this.#newest.get(doc) ?? this.#newestNumber(doc))
    const numbers: number[] = []
    for (const { update, mine } of rows) {
      const no = ++lastRow
      const row = { doc, no, update: ownBytes(update) }
      this.#put('rows', row)
      if (mine !== undefined) this.#put('outbox', { ...row, entries: mine.entries })
      if (mine?.outgoing !== undefined) this.files.removeMessage(mine.outgoing)
      numbers.push(no)
    }
    return { numbers, record: await this.patch(doc, { ...patch, lastRow }) }
  }

  async #newestNumber(doc: DocName): Promise<number> {
    const range = rowsUpTo(doc, Number.POSITIVE_INFINITY)
    const numbers = ['rows', 'outbox'] as const
    const newest = await Promise.all(
      numbers.map((store) => this.#store(store).openKeyCursor(range, 'prev')),
    )
    return Math.max(0, ...newest.map((cursor) => cursor?.key[1] ?? 0))
  }

  /**
   * Puts these in the place of the rows up to `upTo`: one under the number of the last of them,
   * several under new numbers.
   */
  async join(doc: DocName, upTo: number, updates: readonly Uint8Array[]): Promise<void> {
    const range = rowsUpTo(doc, upTo)
    const no = (await this.#store('rows').getAllKeys(range)).at(-1)?.[1]
    if (no === undefined) return
    this.#settles(this.#store('rows').delete(range))
    const [only] = updates
    if (only !== undefined && updates.length === 1)
      this.#put('rows', { doc, no, update: ownBytes(only) })
    else
      await this.add(
        doc,
        updates.map((update) => ({ update })),
      )
  }

  drop(store: 'rows' | 'outbox', doc: DocName, upTo: number): void {
    this.#settles(this.#store(store).delete(rowsUpTo(doc, upTo)))
  }

  putMeta(patch: Partial<Meta>): void {
    for (const [key, value] of Object.entries(patch)) this.#put('meta', { key, value })
  }

  /** Beside what the client keeps. */
  putValue(key: string, value: unknown): void {
    this.#put('meta', { key, value })
  }

  putSummaries(summaries: readonly PageSummary[]): void {
    for (const summary of summaries) this.#put('summaries', summary)
  }

  async putDraft({ chat, draft }: ChatDraft): Promise<void> {
    this.#putBook(chat, putDraft(await this.#book(chat), draft))
  }

  /** Whether it was not sent already. */
  async useDraft(use: DraftUse): Promise<boolean> {
    const book = useDraft(await this.#book(use.chat), use)
    if (book !== undefined) this.#putBook(use.chat, book)
    return book !== undefined
  }

  async #book(chat: ChatId): Promise<DraftBook> {
    return readBook(await this.#store('drafts').get(chat))
  }

  #putBook(chat: ChatId, book: DraftBook): void {
    const drafts = this.#store('drafts')
    this.#settles(isEmptyBook(book) ? drafts.delete(chat) : drafts.put(writeBook(chat, book)))
  }

  putSearchParts(parts: readonly SearchPart[]): void {
    const search = this.#store('search')
    for (const { part, value } of parts)
      this.#settles(value === '' ? search.delete(part) : search.put({ part, value }))
  }

  clear(): void {
    for (const store of allStores) this.#settles(this.#store(store).clear())
  }

  /**
   * Puts the changed records: last, so that many writes to a document cost one. So many at a time,
   * for a list of hundreds would keep the screen from all else.
   */
  async finish(): Promise<void> {
    let count = 0
    let before: Promise<unknown> | undefined
    for (const record of this.#changed.values()) {
      if (++count % putsAtOnce !== 0) {
        this.#put('docs', record)
        continue
      }
      const last = this.#store('docs').put(record)
      this.#settles(last)
      // Not for these, so that the database has something to do meanwhile.
      await before
      before = last
    }
  }

  /** Nobody waits for it alone, so that it needs no promise and no listeners. */
  #put<S extends IdbStoreName>(name: S, value: IdbSchema[S]['value']): void {
    unwrap(this.#transaction).objectStore(name).put(value)
  }

  #store<S extends IdbStoreName>(name: S) {
    return this.#transaction.objectStore(name)
  }

  /** A request that fails aborts the transaction, and that is where it is reported. */
  #settles(request: Promise<unknown>): void {
    request.catch(() => {})
  }
}
