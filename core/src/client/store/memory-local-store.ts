/**
 * A local store without a disk: for tests, simulations, and programs that keep nothing. Instances
 * on one {@link MemoryDatabase} are the tabs of one browser profile; a new instance after
 * `close()` is a restart.
 */
import type { ChatId, DocName } from '../../base/ids.ts'
import type { ChatDraft } from '../model/composer-draft.ts'
import {
  type DraftBook,
  type DraftUse,
  emptyBook,
  isEmptyBook,
  putDraft,
  useDraft,
} from '../model/draft-book.ts'
import {
  AlreadySentError,
  type DocPatch,
  type DocRecord,
  emptyMeta,
  emptyRecord,
  type LocalState,
  type LocalStore,
  LocalStoreError,
  type Meta,
  type NewRow,
  type OutboxRow,
  type PageSummary,
  type SearchPart,
  type StoredDoc,
  type StoredRow,
} from './local-store.ts'
import { MemoryFiles } from './memory-files.ts'
import type { FileBytes, FileDeletion, NamedBytes, OutgoingMessage } from './outgoing-store.ts'

interface MemoryDoc {
  record: DocRecord
  rows: StoredRow[]
  outbox: OutboxRow[]
}

/** What the instances share. */
export class MemoryDatabase {
  readonly docs = new Map<DocName, MemoryDoc>()
  readonly summaries = new Map<DocName, PageSummary>()
  readonly drafts = new Map<ChatId, DraftBook>()
  readonly search = new Map<string, string>()
  readonly files = new MemoryFiles()
  meta: Meta = emptyMeta
  /** Grows with each wipe, so that a tab which was open before cannot write after it. */
  generation = 0

  clear(): void {
    this.docs.clear()
    this.summaries.clear()
    this.drafts.clear()
    this.files.clear()
    this.search.clear()
    this.meta = emptyMeta
    this.generation++
  }
}

const clone = (globalThis as unknown as { structuredClone<T>(value: T): T }).structuredClone

/** Nothing is shared with the caller in either direction, as with a database on disk. */
const cloned = <T>(value: T): T => clone(value)

/** Without the rest of a buffer of which the update is a part: a clone would keep that too. */
const clonedRow = ({ update, mine }: NewRow): NewRow => ({
  update: update.slice(),
  ...(mine && { mine: cloned(mine) }),
})

export class MemoryLocalStore implements LocalStore {
  readonly #database: MemoryDatabase
  #generation: number
  #closed = false
  #failures: ('quota' | 'lost')[] = []

  constructor(database: MemoryDatabase = new MemoryDatabase()) {
    this.#database = database
    this.#generation = database.generation
  }

  /** Makes the next write of this instance fail, having stored nothing. Calls add up. */
  failNextWrite(code: 'quota' | 'lost'): void {
    this.#failures.push(code)
  }

  load(): Promise<LocalState> {
    return this.#read(({ docs, meta, summaries, drafts }) => ({
      meta,
      docs: [...docs.values()].map(({ record }) => record),
      outbox: [...docs.values()].flatMap(({ outbox }) => outbox),
      summaries: [...summaries.values()],
      drafts: [...drafts].flatMap(([chat, book]) => book.drafts.map((draft) => ({ chat, draft }))),
    }))
  }

  read(doc: DocName): Promise<StoredDoc> {
    return this.#read(({ docs }) => {
      const stored = docs.get(doc)
      return { rows: stored?.rows ?? [], lastRow: stored?.record.lastRow ?? 0 }
    })
  }

  rows(doc: DocName, after: number): Promise<StoredRow[]> {
    return this.#read(({ docs }) => docs.get(doc)?.rows.filter(({ no }) => no > after) ?? [])
  }

  record(doc: DocName): Promise<DocRecord | undefined> {
    return this.#read(({ docs }) => docs.get(doc)?.record)
  }

  outbox(doc?: DocName): Promise<OutboxRow[]> {
    return this.#read(({ docs }) =>
      doc === undefined
        ? [...docs.values()].flatMap(({ outbox }) => outbox)
        : (docs.get(doc)?.outbox ?? []),
    )
  }

  append(
    doc: DocName,
    rows: readonly NewRow[],
    patch?: DocPatch,
  ): Promise<{ numbers: number[]; record: DocRecord }> {
    return this.#write(() =>
      rows.length === 0 && patch === undefined
        ? { numbers: [], record: this.#database.docs.get(doc)?.record ?? emptyRecord(doc) }
        : this.#add(doc, rows, patch),
    )
  }

  acknowledge(doc: DocName, upTo: number, patch?: DocPatch): Promise<void> {
    return this.#write(() => {
      const stored = this.#database.docs.get(doc)
      if (stored !== undefined) stored.outbox = stored.outbox.filter(({ no }) => no > upTo)
      if (patch !== undefined) this.#patch(doc, patch)
    })
  }

  noteHeads(
    heads: readonly { doc: DocName; known: number }[],
    position: { epoch: string; cursor: string },
    doubted: readonly DocName[] = [],
  ): Promise<void> {
    return this.#write(() => {
      for (const { doc, known } of heads) {
        const before = this.#database.docs.get(doc)?.record.known ?? 0
        this.#patch(doc, { known: Math.max(before, known) })
      }
      for (const doc of doubted) this.#patch(doc, { head: 0, pushAll: true })
      const { epoch, cursor } = position
      this.#database.meta = { ...this.#database.meta, epoch, cursor }
    })
  }

  resetHeads(): Promise<void> {
    return this.#write(() => {
      for (const doc of this.#database.docs.keys())
        this.#patch(doc, { head: 0, known: 0, pushAll: true, lost: true })
    })
  }

  compact(doc: DocName, upTo: number, snapshot: readonly Uint8Array[]): Promise<void> {
    return this.#write(() => {
      const stored = this.#database.docs.get(doc)
      const last = stored?.rows.findLast(({ no }) => no <= upTo)
      if (stored === undefined || last === undefined) return
      const later = stored.rows.filter(({ no }) => no > upTo)
      const [only] = snapshot
      if (only === undefined) return
      stored.rows =
        snapshot.length === 1 ? [{ no: last.no, update: only.slice() }, ...later] : later
      if (snapshot.length > 1)
        this.#add(
          doc,
          snapshot.map((update) => ({ update })),
        )
    })
  }

  replace(
    doc: DocName,
    lastRow: number,
    rows: readonly NewRow[],
    patch: DocPatch,
  ): Promise<{ numbers: number[]; record: DocRecord } | undefined> {
    return this.#write(() => {
      if ((this.#database.docs.get(doc)?.record.lastRow ?? 0) !== lastRow) return undefined
      const stored = this.#open(doc)
      stored.rows = []
      stored.outbox = []
      // Summaries of the old rows are out of date, also when nothing takes their place.
      if (rows.length === 0)
        stored.record = { ...stored.record, lastRow: stored.record.lastRow + 1 }
      return this.#add(doc, rows, patch)
    })
  }

  putMeta(patch: Partial<Meta>): Promise<void> {
    return this.#write(() => {
      this.#database.meta = { ...this.#database.meta, ...cloned(patch) }
    })
  }

  putSummaries(summaries: readonly PageSummary[]): Promise<void> {
    return this.#write(() => {
      for (const summary of cloned(summaries)) this.#database.summaries.set(summary.doc, summary)
    })
  }

  putDraft(draft: ChatDraft): Promise<void> {
    return this.#write(() => this.#keepDraft(draft))
  }

  searchParts(): Promise<SearchPart[]> {
    return this.#read(({ search }) => [...search].map(([part, value]) => ({ part, value })))
  }

  putSearchParts(parts: readonly SearchPart[]): Promise<void> {
    return this.#write(() => {
      for (const { part, value } of parts)
        if (value === '') this.#database.search.delete(part)
        else this.#database.search.set(part, value)
    })
  }

  outgoing(): Promise<OutgoingMessage[]> {
    return this.#read(({ files }) => [...files.outgoing.values()].sort((a, b) => a.at - b.at))
  }

  putOutgoing(
    message: OutgoingMessage,
    bytes: readonly NamedBytes[],
    draft?: DraftUse,
  ): Promise<void> {
    return this.#write(() => {
      if (draft !== undefined) this.#useDraft(draft)
      const { files } = this.#database
      files.outgoing.set(message.id, cloned(message))
      for (const file of bytes) files.put(message.chat, file, message.at)
    })
  }

  patchOutgoing(
    id: string,
    patch: Pick<Partial<OutgoingMessage>, 'files' | 'problem'>,
  ): Promise<void> {
    return this.#write(() => {
      const { outgoing } = this.#database.files
      const message = outgoing.get(id)
      if (message !== undefined) outgoing.set(id, { ...message, ...cloned(patch) })
    })
  }

  removeOutgoing(id: string): Promise<void> {
    return this.#write(() => void this.#database.files.outgoing.delete(id))
  }

  fileDeletions(): Promise<FileDeletion[]> {
    return this.#read(({ files }) => [...files.deletions.values()])
  }

  putFileDeletions(deletions: readonly FileDeletion[]): Promise<void> {
    return this.#write(() => {
      for (const each of deletions)
        this.#database.files.deletions.set(`${each.chat}/${each.hash}`, { ...each })
    })
  }

  removeFileDeletion({ chat, hash }: FileDeletion): Promise<void> {
    return this.#write(() => void this.#database.files.deletions.delete(`${chat}/${hash}`))
  }

  async file(hash: string, at: number): Promise<FileBytes | undefined> {
    await this.#turn()
    return this.#database.files.use(hash, at)
  }

  filesFor(chat: ChatId): Promise<string[]> {
    return this.#read(({ files }) => files.of(chat))
  }

  putFile(chat: ChatId, file: NamedBytes, at: number, budget: number): Promise<void> {
    return this.#write(() => {
      this.#database.files.put(chat, file, at)
      this.#database.files.trim(budget)
    })
  }

  removeFile(hash: string): Promise<void> {
    return this.#write(() => this.#database.files.remove(hash))
  }

  wipe(): Promise<void> {
    return this.#write(() => {
      this.#database.clear()
      this.#generation = this.#database.generation
    })
  }

  async close(): Promise<void> {
    await null
    this.#closed = true
  }

  #open(doc: DocName): MemoryDoc {
    const stored = this.#database.docs.get(doc) ?? {
      record: emptyRecord(doc),
      rows: [],
      outbox: [],
    }
    this.#database.docs.set(doc, stored)
    return stored
  }

  #patch(doc: DocName, patch: DocPatch): DocRecord {
    const stored = this.#open(doc)
    stored.record = { ...stored.record, ...cloned(patch) }
    return stored.record
  }

  #add(doc: DocName, rows: readonly NewRow[], patch: DocPatch = {}) {
    for (const { mine } of rows) if (mine?.draft !== undefined) this.#useDraft(mine.draft)
    const stored = this.#open(doc)
    const numbers: number[] = []
    for (const { update, mine } of rows.map(clonedRow)) {
      const no = stored.record.lastRow + 1
      stored.record = { ...stored.record, lastRow: no }
      stored.rows.push({ no, update })
      if (mine !== undefined) stored.outbox.push({ doc, no, update, entries: mine.entries })
      if (mine?.outgoing !== undefined) this.#database.files.outgoing.delete(mine.outgoing)
      numbers.push(no)
    }
    return { numbers, record: this.#patch(doc, patch) }
  }

  #keepDraft({ chat, draft }: ChatDraft): void {
    this.#keepBook(chat, putDraft(this.#database.drafts.get(chat) ?? emptyBook, draft))
  }

  /** @throws AlreadySentError before anything is stored */
  #useDraft(use: DraftUse): void {
    const book = useDraft(this.#database.drafts.get(use.chat) ?? emptyBook, use)
    if (book === undefined) throw new AlreadySentError()
    this.#keepBook(use.chat, book)
  }

  #keepBook(chat: ChatId, book: DraftBook): void {
    if (isEmptyBook(book)) this.#database.drafts.delete(chat)
    else this.#database.drafts.set(chat, cloned(book))
  }

  async #read<T>(from: (database: MemoryDatabase) => T): Promise<T> {
    await this.#turn()
    return cloned(from(this.#database))
  }

  async #write<T>(change: () => T): Promise<T> {
    await this.#turn()
    const failure = this.#failures.shift()
    if (failure !== undefined) throw new LocalStoreError(failure, `told to fail: ${failure}`)
    return cloned(change())
  }

  /** Nothing settles in the turn in which it was asked for, as with a database on disk. */
  async #turn(): Promise<void> {
    await null
    if (this.#closed) throw new LocalStoreError('lost', 'closed')
    if (this.#generation !== this.#database.generation)
      throw new LocalStoreError('lost', 'wiped by another tab')
  }
}
