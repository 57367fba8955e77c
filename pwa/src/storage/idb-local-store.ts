/**
 * The local store in IndexedDB. A promise per write that resolves on `complete` of its
 * transaction; writes that wait share one; a lost connection is opened once more.
 */

import type { ChatId, DocName } from '@wardline/core/base/ids'
import type { ChatDraft } from '@wardline/core/client/model/composer-draft'
import type { DraftUse } from '@wardline/core/client/model/draft-book'
import {
  AlreadySentError,
  type DocPatch,
  type DocRecord,
  emptyRecord,
  type LocalState,
  type LocalStore,
  type Meta,
  type NewRow,
  type OutboxRow,
  type PageSummary,
  type SearchPart,
  type StoredDoc,
  type StoredRow,
} from '@wardline/core/client/store/local-store'
import type {
  FileBytes,
  FileDeletion,
  NamedBytes,
  OutgoingMessage,
} from '@wardline/core/client/store/outgoing-store'
import { IdbConnection } from './idb-connection.ts'
import { type CutOff, mayBeOneValue } from './idb-failure.ts'
import { readBytes, readDeletion, readFileUse, readOutgoing } from './idb-files-mapping.ts'
import {
  lostRecord,
  readAll,
  readDrafts,
  readMeta,
  readOutboxRow,
  readRecord,
  readRow,
  readSearchPart,
  readSummary,
} from './idb-mapping.ts'
import { databaseName, listKey } from './idb-names.ts'
import { IdbReadQueue, readEach, rowsOf } from './idb-read-queue.ts'
import { allStores, type IdbStoreName } from './idb-schema.ts'
import { IdbWriteQueue } from './idb-write-queue.ts'
import type { IdbWriteView } from './idb-write-view.ts'
import { StoredBytes } from './stored-bytes.ts'

export interface IdbLocalStoreOptions {
  /** Default: the one database of a browser profile. */
  name?: string
  /**
   * This page is cut off for good: another tab deleted the database (a sign-out) or upgraded it,
   * or the browser deleted it. Only a reload helps.
   */
  ended?(why: CutOff): void
}

export class IdbLocalStore implements LocalStore {
  readonly #connection: IdbConnection
  readonly #reads: IdbReadQueue
  readonly #queue: IdbWriteQueue
  readonly #bytes: StoredBytes

  /** Opens nothing yet. */
  constructor({ name = databaseName, ended = () => {} }: IdbLocalStoreOptions = {}) {
    this.#connection = new IdbConnection(name, ended)
    this.#bytes = new StoredBytes(this.#connection)
    this.#reads = new IdbReadQueue(this.#connection)
    this.#queue = new IdbWriteQueue(this.#connection)
  }

  load(): Promise<LocalState> {
    return this.#connection.run(async (database) => {
      const transaction = database.transaction(
        ['meta', 'docs', 'outbox', 'summaries', 'drafts'],
        'readonly',
      )
      const [meta, docs, waiting, digests, drafts] = await Promise.all([
        transaction.objectStore('meta').getAll(),
        transaction.objectStore('docs').getAll(),
        transaction.objectStore('outbox').getAll(),
        transaction.objectStore('summaries').getAll(),
        transaction.objectStore('drafts').getAll(),
        transaction.done,
      ])
      const records = new Map(readAll(docs, readRecord).map((record) => [record.doc, record]))
      const outbox = readAll(waiting, readOutboxRow)
      const summaries = readAll(digests, readSummary)
      for (const { doc } of [...outbox, ...summaries])
        if (!records.has(doc)) records.set(doc, lostRecord(doc))
      return {
        meta: readMeta(meta),
        docs: [...records.values()],
        outbox,
        summaries,
        drafts: drafts.flatMap(readDrafts),
      }
    })
  }

  async read(doc: DocName): Promise<StoredDoc> {
    const [record, rows] = await this.#reads.read(doc)
    const read = readAll(rows, readRow)
    const lastRow = Math.max(readRecord(record)?.lastRow ?? 0, read.at(-1)?.no ?? 0)
    return { rows: read, lastRow }
  }

  rows(doc: DocName, after: number): Promise<StoredRow[]> {
    return this.#connection.run(async (database) =>
      readAll(
        await database.getAll('rows', rowsOf(doc, after)).catch((error) => {
          if (!mayBeOneValue(error)) throw error
          return readEach(database, rowsOf(doc, after))
        }),
        readRow,
      ),
    )
  }

  record(doc: DocName): Promise<DocRecord | undefined> {
    return this.#connection.run(async (database) => readRecord(await database.get('docs', doc)))
  }

  outbox(doc?: DocName): Promise<OutboxRow[]> {
    const range = doc === undefined ? null : rowsOf(doc, 0)
    return this.#connection.run(async (database) =>
      readAll(await database.getAll('outbox', range), readOutboxRow),
    )
  }

  async append(
    doc: DocName,
    rows: readonly NewRow[],
    patch?: DocPatch,
  ): Promise<{ numbers: number[]; record: DocRecord }> {
    const stores: IdbStoreName[] = ['docs', 'rows', 'outbox']
    if (rows.some(({ mine }) => mine?.outgoing !== undefined)) stores.push('outgoing')
    if (rows.some(({ mine }) => mine?.draft !== undefined)) stores.push('drafts')
    const uses = rows.flatMap(({ mine }) => mine?.draft ?? [])
    const added = await this.#queue.write({
      stores,
      docs: [doc],
      ...(rows.length > 0 && { adds: doc }),
      strict: rows.some(({ mine }) => mine !== undefined),
      run: async (view) => {
        for (const use of uses) if (!(await view.useDraft(use))) return undefined
        if (rows.length > 0 || patch !== undefined) return await view.add(doc, rows, patch)
        return { numbers: [], record: (await view.record(doc)) ?? emptyRecord(doc) }
      },
    })
    if (added === undefined) throw new AlreadySentError()
    return added
  }

  acknowledge(doc: DocName, upTo: number, patch?: DocPatch): Promise<void> {
    return this.#queue.write({
      stores: ['docs', 'outbox'],
      docs: patch === undefined ? [] : [doc],
      run: async (view) => {
        view.drop('outbox', doc, upTo)
        if (patch !== undefined) await view.patch(doc, patch)
      },
    })
  }

  noteHeads(
    heads: readonly { doc: DocName; known: number }[],
    position: { epoch: string; cursor: string },
    doubted: readonly DocName[] = [],
  ): Promise<void> {
    return this.#queue.write({
      stores: ['docs', 'meta'],
      docs: [...heads.map(({ doc }) => doc), ...doubted],
      run: async (view) => {
        for (const { doc, known } of heads) {
          const before = (await view.record(doc))?.known ?? 0
          await view.patch(doc, { known: Math.max(before, known) })
        }
        for (const doc of doubted) await view.patch(doc, { head: 0, pushAll: true })
        view.putMeta({ epoch: position.epoch, cursor: position.cursor })
      },
    })
  }

  resetHeads(): Promise<void> {
    return this.#queue.write({
      stores: ['docs'],
      run: async (view) => {
        for (const { doc } of await view.records())
          await view.patch(doc, { head: 0, known: 0, pushAll: true, lost: true })
      },
    })
  }

  compact(doc: DocName, upTo: number, snapshot: readonly Uint8Array[]): Promise<void> {
    return this.#queue.write({
      stores: snapshot.length === 1 ? ['rows'] : ['rows', 'docs'],
      run: (view) => view.join(doc, upTo, snapshot),
    })
  }

  replace(
    doc: DocName,
    lastRow: number,
    rows: readonly NewRow[],
    patch: DocPatch,
  ): Promise<{ numbers: number[]; record: DocRecord } | undefined> {
    return this.#queue.write({
      stores: ['docs', 'rows', 'outbox'],
      docs: [doc],
      strict: true,
      run: async (view) => {
        if (((await view.record(doc))?.lastRow ?? 0) !== lastRow) return undefined
        view.drop('rows', doc, lastRow)
        view.drop('outbox', doc, lastRow)
        // Summaries of the old rows are out of date, also when nothing takes their place.
        if (rows.length === 0) await view.patch(doc, { lastRow: lastRow + 1 })
        return await view.add(doc, rows, patch)
      },
    })
  }

  putMeta(patch: Partial<Meta>): Promise<void> {
    return this.#queue.write({ stores: ['meta'], run: (view) => view.putMeta(patch) })
  }

  /** What a start draws first, for `readEarly`; null takes it away. */
  putList(list: unknown): Promise<void> {
    return this.#queue.write({ stores: ['meta'], run: (view) => view.putValue(listKey, list) })
  }

  putSummaries(summaries: readonly PageSummary[]): Promise<void> {
    return this.#queue.write({
      stores: ['summaries'],
      run: (view) => view.putSummaries(summaries),
    })
  }

  putDraft(draft: ChatDraft): Promise<void> {
    return this.#queue.write({ stores: ['drafts'], run: (view) => view.putDraft(draft) })
  }

  searchParts(): Promise<SearchPart[]> {
    return this.#connection.run(async (database) => {
      const { store } = database.transaction('search', 'readonly')
      const names = await store.getAllKeys()
      // One by one, for making them all from the disk's bytes at once would block the screen.
      return readAll(await Promise.all(names.map((name) => store.get(name))), readSearchPart)
    })
  }

  putSearchParts(parts: readonly SearchPart[]): Promise<void> {
    return this.#queue.write({ stores: ['search'], run: (view) => view.putSearchParts(parts) })
  }

  async outgoing(): Promise<OutgoingMessage[]> {
    const stored = await this.#connection.run((database) => database.getAll('outgoing'))
    return readAll(stored, readOutgoing).sort((a, b) => a.at - b.at)
  }

  async putOutgoing(
    message: OutgoingMessage,
    bytes: readonly NamedBytes[],
    draft?: DraftUse,
  ): Promise<void> {
    const stored = await Promise.all(bytes.map((file) => this.#bytes.of(file)))
    const isNew = await this.#queue.write({
      stores: ['outgoing', 'files', 'fileUses', 'drafts'],
      strict: true,
      run: async (view) => {
        if (draft !== undefined && !(await view.useDraft(draft))) return false
        view.files.putMessage(message)
        for (const file of stored) view.files.putFile(message.chat, file, message.at)
        return true
      },
    })
    if (!isNew) throw new AlreadySentError()
  }

  patchOutgoing(
    id: string,
    patch: Pick<Partial<OutgoingMessage>, 'files' | 'problem'>,
  ): Promise<void> {
    return this.#queue.write({
      stores: ['outgoing'],
      run: ({ files }) => files.patchMessage(id, patch),
    })
  }

  removeOutgoing(id: string): Promise<void> {
    return this.#queue.write({ stores: ['outgoing'], run: ({ files }) => files.removeMessage(id) })
  }

  fileDeletions(): Promise<FileDeletion[]> {
    return this.#connection.run(async (database) =>
      readAll(await database.getAll('fileDeletions'), readDeletion),
    )
  }

  putFileDeletions(deletions: readonly FileDeletion[]): Promise<void> {
    return this.#queue.write({
      stores: ['fileDeletions'],
      run: ({ files }) => {
        for (const deletion of deletions) files.putDeletion(deletion)
      },
    })
  }

  removeFileDeletion(deletion: FileDeletion): Promise<void> {
    return this.#queue.write({
      stores: ['fileDeletions'],
      run: ({ files }) => files.removeDeletion(deletion),
    })
  }

  async file(hash: string, at: number): Promise<FileBytes | undefined> {
    const bytes = await this.#connection.run(async (database) =>
      readBytes(await database.get('files', hash)),
    )
    if (bytes === undefined) return undefined
    const touch = { run: ({ files }: IdbWriteView) => files.touchFile(hash, at) }
    // Not worth an error: it only decides what goes first.
    this.#queue.write({ stores: ['fileUses'], ...touch }).catch(() => {})
    return bytes
  }

  async filesFor(chat: ChatId): Promise<string[]> {
    const stored = await this.#connection.run((database) => database.getAll('fileUses'))
    const uses = readAll(stored, readFileUse).filter((use) => use.chat === chat)
    return uses.map(({ hash }) => hash)
  }

  async putFile(chat: ChatId, file: NamedBytes, at: number, budget: number): Promise<void> {
    const stored = await this.#bytes.of(file)
    return this.#queue.write({
      stores: ['outgoing', 'files', 'fileUses'],
      run: async ({ files }) => {
        files.putFile(chat, stored, at)
        await files.trim(budget)
      },
    })
  }

  removeFile(hash: string): Promise<void> {
    return this.#queue.write({
      stores: ['outgoing', 'files', 'fileUses'],
      run: ({ files }) => files.removeFile(hash),
    })
  }

  /**
   * Clears in a transaction, which is what the promise stands on, and then deletes the database
   * with its files: that cuts off other tabs, and what they still had to write is refused. A
   * database that cannot be written is deleted as it is.
   */
  async wipe(): Promise<void> {
    let cleared = false
    const job = { stores: allStores, strict: true, run: (view: IdbWriteView) => view.clear() }
    try {
      await this.#queue.write(job, () => {
        cleared = true
        return this.#connection.delete({ cleared })
      })
    } catch (error) {
      if (cleared) throw error
      await this.#connection.delete({ cleared })
    }
  }

  /** See {@link IdbConnection.letGo}. */
  letGo(): void {
    this.#connection.letGo()
  }

  /** Settles what was asked for before it. */
  async close(): Promise<void> {
    await Promise.all([this.#queue.settled(), this.#reads.settled()])
    this.#connection.close()
  }
}
