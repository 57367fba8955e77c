import { randomUUID } from 'node:crypto'
import type { DocName } from '@wardline/core/base/ids'
import { Serial } from '@wardline/core/base/serial'
import { Backoff } from '@wardline/core/time/backoff'
import type { JsonValue } from '../base/json.ts'
import { systemTimers } from '../base/timers.ts'
import type { AuditLine, AuditTip, StoredAuditLine } from './audit.ts'
import type { AuditQuestion } from './audit-index.ts'
import {
  type CheckedChange,
  checkChange,
  checkCount,
  checkKey,
  checkSnapshot,
} from './check-input.ts'
import type { CopyOptions, DatabaseCopy } from './copy-database.ts'
import { GroupCommit, type Job } from './group-commit.ts'
import { LevelDatabase } from './level-database.ts'
import {
  asideKey,
  auditKey,
  auditRange,
  type DocMeta,
  docContentRanges,
  docKey,
  docKeys,
  docOfDamage,
  docOfKey,
  docRange,
  docRanges,
  eraseRange,
  headOfKey,
  indexRange,
  lineOfKey,
  partKey,
  partRange,
  readAuditLine,
  readDocMeta,
  readRecord,
  readSnapshot,
  recordKey,
  recordOfKey,
  recordRange,
  rowsRange,
  snapshotKey,
} from './level-layout.ts'
import {
  readDoc,
  readFewRows,
  readRows,
  readSmall,
  readSnapshotOf,
  rowBytes,
} from './level-view.ts'
import { type Lineage, writerOf } from './lineage.ts'
import { droppedIn, findLoss, type Loss } from './loss.ts'
import { docsAmong } from './lost-docs.ts'
import { presentable, rowsWithoutDeleted } from './presentable.ts'
import { recoveryChange } from './recovery.ts'
import { isDocAlone } from './scope.ts'
import { isDamage } from './seal.ts'
import type { Staging } from './staging.ts'
import type {
  Change,
  Commit,
  CommitWaiter,
  Damage,
  DocContent,
  DocHead,
  DocSizes,
  ResetListener,
  Row,
  Snapshot,
  Store,
  StoredRecord,
  StoreHealth,
} from './store.ts'
import { KEEP_ROWS } from './store.ts'
import { StoreError } from './store-error.ts'
import { type Wait, waitOnClock } from './wait.ts'
import { type Watermark, WatermarkKeeper } from './watermark.ts'

/** How much later than the database, in ms, the file beside it may know how far it is. */
const WATERMARK_MS = 2_000
/** Audit lines that one read takes into memory. */
const CHUNK = 256
/** A Yjs update that says nothing. */
const NOTHING = Uint8Array.of(0, 0)
/** Between attempts to reopen. They go on for as long as it takes: without the store there is none. */
const WAITS = { first: 100, longest: 10_000 }

export interface LevelStoreOptions {
  /** Make a database where there is nothing, or an empty folder. Otherwise there has to be one. */
  readonly create?: boolean
  /** Give the database a new epoch: say so after restoring a backup. */
  readonly newEpoch?: boolean
  /** How to wait before another attempt to reopen; for tests. */
  readonly wait?: Wait
  /**
   * Told when the database turns out to lack what was stored; it has a new epoch then, by which the
   * devices give back what they have.
   */
  readonly onLoss?: (loss: Loss) => void
  /** Told why a write, or an attempt to reopen, failed; for the log. */
  readonly onFailure?: (error: unknown) => void
  /** Told how long each durable write took, ms. */
  readonly onBatch?: (ms: number) => void
}

/**
 * `open`: all is well. `recovering`: a write failed; `database` is there between attempts, and can
 * be read. `closed`: for good.
 */
type State =
  | { readonly kind: 'open'; readonly database: LevelDatabase; readonly writer: GroupCommit }
  | { readonly kind: 'recovering'; readonly database: LevelDatabase | undefined }
  | { readonly kind: 'closed' }

/**
 * The store in an embedded LevelDB, one process to a data directory.
 *
 * After a failed append or fsync the end of LevelDB's log is in an unknown state, and writes that
 * seem to succeed after it can be lost when the log is read again. So a failed write closes the
 * database: everything that waits is rejected, the database is reopened (which reads the log and
 * writes what it holds to a table) and probed with a durable write, with backoff, and only then
 * does it accept writes again. What was rejected may be there or not.
 *
 * See docs/adr/0002-classic-level-instead-of-y-leveldb.md.
 */
export class LevelStore implements Store {
  readonly #directory: string
  readonly #wait: Wait
  readonly #onFailure: (error: unknown) => void
  readonly #onBatch: (ms: number) => void
  readonly #onLoss: (loss: Loss) => void
  readonly #watermark: WatermarkKeeper
  readonly #listeners = new Set<ResetListener>()
  readonly #foundAtOpen: Damage[] = []
  readonly #damageListeners = new Set<(damage: Damage) => void>()
  readonly #closing = new AbortController()
  #state: State
  #epoch: string
  #lastSeq: number
  #lineage: Lineage
  /** Every epoch this database may carry; more than one only after a loss. */
  readonly #epochs: Set<string>
  readonly #reads = new Set<Promise<unknown>>()
  /** Two of one document would write their parts under the same keys. */
  readonly #compactions = new Serial<DocName>()
  readonly #prunings = new Serial<'audit'>()
  #recovery: Promise<void> = Promise.resolve()
  #closed: Promise<void> | undefined

  private constructor(directory: string, database: LevelDatabase, options: LevelStoreOptions) {
    this.#directory = directory
    this.#wait = options.wait ?? waitOnClock
    this.#onFailure = options.onFailure ?? (() => {})
    this.#onBatch = options.onBatch ?? (() => {})
    this.#epoch = database.epoch
    this.#epochs = new Set([database.epoch])
    this.#lastSeq = database.seq
    this.#lineage = database.lineage
    this.#state = this.#opened(database)
    this.#onLoss = options.onLoss ?? (() => {})
    this.#watermark = new WatermarkKeeper(directory, () => this.#mark(), WATERMARK_MS)
  }

  /** Tells what may be lost with damaged blocks of tables; also those who listen later. */
  async #tellLost(database: LevelDatabase): Promise<void> {
    const found: Damage[] = database.lost.map(({ after = '', upTo }) => ({
      doc: undefined,
      message: `keys from ${after} to ${upTo} may be lost`,
    }))
    for (const doc of await docsAmong(database.view, database.lost))
      found.push({ doc, message: `${doc} may have lost something` })
    this.#foundAtOpen.push(...found)
    for (const damage of found) for (const listener of [...this.#damageListeners]) listener(damage)
  }

  /** Whether records may have been lost with what was damaged on the disk. */
  get lostRecords(): boolean {
    return this.#foundAtOpen.some(({ doc }) => doc === undefined)
  }

  /** All documents that can be found, by name. Rejects with `StoreError`. */
  async documents(): Promise<readonly DocName[]> {
    return (await this.#read(({ view }) => view.keys({ gte: 'h!', lt: 'h"' }))).map(docOfKey)
  }

  /**
   * Opens a data directory. Rejects with `STORE_MISSING` when there is no database, `STORE_LOCKED`
   * when another process has it open, `STORE_FORMAT`, `STORE_OPEN` or `STORE_CORRUPT`.
   */
  static async open(directory: string, options: LevelStoreOptions = {}): Promise<LevelStore> {
    const database = await (options.create === true
      ? LevelDatabase.create(directory)
      : LevelDatabase.open(directory))
    const loss = options.newEpoch === true ? undefined : await findLoss(directory, database)
    try {
      await database.begin()
      await database.indexAudit()
      if (options.newEpoch === true || loss !== undefined)
        await database.renewEpoch(randomUUID(), recoveryChange(systemTimers.now(), loss))
    } catch (cause) {
      await database.close()
      throw new StoreError('STORE_OPEN', `${directory} cannot be written`, cause)
    }
    const store = new LevelStore(directory, database, options)
    await store.#watermark.written()
    await store.#tellLost(database)
    if (loss !== undefined) options.onLoss?.(loss)
    return store
  }

  /** Also new when a reopened database turns out to lack something that was acknowledged. */
  get epoch(): string {
    return this.#epoch
  }

  get lineage(): Lineage {
    return this.#lineage
  }

  lastSeq(): number {
    return this.#state.kind === 'open' ? this.#state.database.seq : this.#lastSeq
  }

  commit(change: Change): Promise<Commit> {
    return new Promise((stored, failed) => this.submit(change, { stored, failed }))
  }

  submit(change: Change, waiter: CommitWaiter): void {
    try {
      const writer = this.#writer()
      writer.submit(new CommitJob(checkChange(change), waiter, this.#watermark))
    } catch (error) {
      queueMicrotask(() => waiter.failed(error))
    }
  }

  read(doc: DocName): Promise<DocContent> {
    return this.#readDoc(doc, async (database) => {
      const now = await readDoc(database.view, doc)
      const small = await readSmall(database.view, doc, now)
      if (small !== undefined) return presentable(small, now.erases)
      return database.atOneMoment(async (view) => {
        const meta = await readDoc(view, doc)
        const snapshot = await readSnapshotOf(view, doc, meta)
        const tail = await readRows(view, doc, meta.snapshotHead, meta.head)
        return presentable({ head: meta.head, snapshot, tail }, meta.erases)
      })
    })
  }

  async readAfter(doc: DocName, head: number): Promise<readonly Row[] | undefined> {
    checkCount(head, 'head')
    return this.#readDoc(doc, async (database) => {
      const now = await readDoc(database.view, doc)
      if (head > now.head || head < now.base) return undefined
      const few = await readFewRows(database.view, doc, head, now)
      if (few !== undefined) return now.erases ? rowsWithoutDeleted(few) : few
      return database.atOneMoment(async (view) => {
        const meta = await readDoc(view, doc)
        if (head > meta.head || head < meta.base) return undefined
        const rows = await readRows(view, doc, head, meta.head)
        return meta.erases ? rowsWithoutDeleted(rows) : rows
      })
    })
  }

  head(doc: DocName): Promise<number> {
    return this.#readDoc(doc, async (database) => (await database.doc(doc)).head)
  }

  writtenBy(doc: DocName, head: number): Promise<number | undefined> {
    checkCount(head, 'head')
    return this.#readDoc(doc, async (database) => {
      const meta = await database.doc(doc)
      return head > meta.head ? undefined : writerOf(meta.runs, head)
    })
  }

  async changedSince(scopes: readonly string[], since: number): Promise<readonly DocHead[]> {
    checkCount(since, 'since')
    return this.#read(async (database) => {
      // Everything moved after 0: to ask would cost more than it spares.
      const seqs = since === 0 ? undefined : await database.scopeSeqs(scopes)
      const changed = [...new Set(scopes)].filter((scope) => (seqs?.get(scope) ?? 1) > since)
      const found = await Promise.all(
        changed.map(async (scope) => {
          const own = docKey(scope as DocName)
          const [[value], inside] = await Promise.all([
            database.view.tryMany([own]),
            isDocAlone(scope) ? [] : database.view.sound(docRange(scope), this.#lost),
          ])
          if (value instanceof StoreError) this.#lost(value, own)
          return value instanceof Uint8Array ? [[own, value] as const, ...inside] : inside
        }),
      )
      return found.flat().flatMap(([key, value]) => {
        const { head, seq } = readDocMeta(value)
        return seq > since ? [{ doc: docOfKey(key), head, seq }] : []
      })
    })
  }

  async compact(doc: DocName, snapshot: Snapshot, keep = KEEP_ROWS): Promise<void> {
    checkSnapshot(snapshot)
    await this.#compactions.run(doc, () =>
      this.#with(doc, () => this.#compact(doc, snapshot, keep)),
    )
  }

  /** One at a time for each document, so nothing else changes its snapshot meanwhile. */
  async #compact(doc: DocName, snapshot: Snapshot, keep: number): Promise<void> {
    const meta = await this.#read((database) => database.doc(doc))
    if (snapshot.head > meta.head || meta.head === 0) {
      throw new StoreError('STORE_BAD_INPUT', 'a snapshot covers rows that exist')
    }
    if (snapshot.head < meta.snapshotHead) return
    if (snapshot.head === meta.snapshotHead && keep >= KEEP_ROWS) return
    const coveredBytes = await this.#read(({ view }) =>
      rowBytes(view, doc, meta.snapshotHead, snapshot.head),
    )
    const measured = { from: meta.snapshotHead, coveredBytes, generation: meta.generation + 1 }
    const [only] = snapshot.updates
    const inOne = only !== undefined && snapshot.updates.length === 1
    if (!inOne) await this.#writeParts(doc, snapshot.updates, meta)
    await this.#write(inOne ? only.length : 0, [doc], (staging) =>
      staging.compaction(doc, snapshot, keep, measured),
    )
    if (keep === 0) await this.#forget(doc)
  }

  /**
   * Writes the parts of a snapshot beside what counts, in batches of their own: together they may
   * weigh more than one batch can. Removes what an attempt before left.
   */
  async #writeParts(
    doc: DocName,
    updates: readonly Uint8Array[],
    meta: Pick<DocMeta, 'parts' | 'generation'>,
  ): Promise<void> {
    const live = new Set(
      Array.from({ length: meta.parts }, (_, i) => partKey(doc, meta.generation, i)),
    )
    const found = await this.#read(({ view }) => view.keys(partRange(doc)))
    const left = found.filter((key) => !live.has(key))
    if (left.length > 0) await this.#write(0, [], (staging) => staging.remove(left))
    const generation = meta.generation + 1
    for (const [i, update] of updates.entries())
      await this.#write(update.length, [], (staging) => staging.part(doc, generation, i, update))
  }

  begunAfter(doc: DocName): Promise<number> {
    return this.#readDoc(doc, async (database) => (await database.doc(doc)).anew)
  }

  async salvage(doc: DocName): Promise<readonly Uint8Array[]> {
    const ignore = (): void => {}
    return this.#read(async ({ view }) => {
      const [stored, meta] = await view.tryMany([snapshotKey(doc), docKey(doc)])
      const known = meta instanceof Uint8Array ? readDocMeta(meta) : undefined
      const parts = await view.sound(partRange(doc), ignore)
      const live = parts.filter(
        ([key]) =>
          known === undefined || key.startsWith(partKey(doc, known.generation, 0).slice(0, -14)),
      )
      const rows = await view.sound(rowsRange(doc), ignore)
      const snapshot = stored instanceof Uint8Array ? [readSnapshot(stored).update] : []
      return [...snapshot, ...[...live, ...rows].map(([, update]) => update)]
    })
  }

  beginAnew(doc: DocName, updates: readonly Uint8Array[], line: AuditLine): Promise<Commit> {
    return this.#compactions.run(doc, async () => {
      const { keys, raw } = await this.#read(async ({ view }) => {
        const inRanges = await Promise.all(docRanges(doc).map((range) => view.keys(range)))
        return { keys: [...docKeys(doc), ...inRanges.flat()], raw: (key: string) => view.raw(key) }
      })
      const seq = this.lastSeq()
      const known = keys.filter((key) => key.startsWith('u!')).map(headOfKey)
      const [meta] = await this.#read(({ view }) => view.tryMany([docKey(doc)]))
      const head = meta instanceof Uint8Array ? readDocMeta(meta).head : 0
      const after = known.reduce((most, each) => Math.max(most, each), Math.max(head, seq))
      for (const key of keys) {
        const value = await raw(key)
        if (value !== undefined)
          await this.#write(value.length, [], (staging) => staging.keep(asideKey(seq, key), value))
      }
      const content = updates.length === 0 ? [NOTHING] : updates
      // One that no part of before can have.
      const generation = after + 1
      await this.#writeParts(doc, content, { parts: 0, generation: generation - 1 })
      const size = content.reduce((sum, { length }) => sum + length, 0)
      const made = { parts: content.length, bytes: size, generation }
      return this.#write(0, [], (staging) => staging.anew(doc, after, keys, made, line))
    })
  }

  /**
   * Copies all of it, as it is now, into a folder, while it goes on being read and written; durably.
   * The folder is there already, and has no database. Rejects with `STORE_OPEN` when it cannot be
   * written, and as reads do, with `STORE_UNAVAILABLE` also when it is aborted or this is closed.
   */
  copyTo(folder: string, { signal, onStep }: CopyOptions = {}): Promise<DatabaseCopy> {
    const closing = this.#closing.signal
    const either = signal === undefined ? closing : AbortSignal.any([closing, signal])
    return this.#read((database) =>
      database.copyTo(folder, { signal: either, ...(onStep && { onStep }) }),
    )
  }

  async toErase(): Promise<readonly DocName[]> {
    return (await this.#read(({ view }) => view.keys(eraseRange))).map(docOfKey)
  }

  #write<T>(bytes: number, docs: readonly DocName[], stage: (staging: Staging) => T): Promise<T> {
    return this.#writer().run({ docs, bytes, stage })
  }

  /**
   * LevelDB keeps what was deleted until it tidies up by itself, which may be never. Asked to, it
   * writes what is in memory to a file, but does not merge that file into itself: only a second
   * file over the same keys makes it leave out what the first one has deleted.
   */
  async #forget(doc: DocName): Promise<void> {
    const ranges = docContentRanges(doc)
    const tidy = () => this.#read((database) => database.tidy(ranges))
    await tidy()
    const stage = (staging: Staging) => staging.touch(ranges)
    await this.#writer().run({ docs: [], bytes: 0, stage })
    await tidy()
  }

  extent(doc: DocName): Promise<{ head: number; bytes: number }> {
    return this.#read(async (database) => {
      const { head, snapshotBytes, tailBytes } = await database.doc(doc)
      return { head, bytes: snapshotBytes + tailBytes }
    })
  }

  sizes(doc: DocName): Promise<DocSizes> {
    return this.#readDoc(doc, async (database) => {
      const { head, snapshotHead, snapshotBytes, tailBytes } = await database.doc(doc)
      return { tailRows: head - snapshotHead, tailBytes, snapshotBytes }
    })
  }

  async getRecord(key: string): Promise<StoredRecord | undefined> {
    return (await this.getRecords([key])).get(key)
  }

  async getRecords(keys: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>> {
    keys.forEach(checkKey)
    const values = await this.#read((database) => database.view.getMany(keys.map(recordKey)))
    return new Map(
      keys.flatMap((key, i) => {
        const value = values[i]
        return value === undefined ? [] : [[key, recordOf(key, value)]]
      }),
    )
  }

  async listRecords(prefix: string): Promise<readonly StoredRecord[]> {
    if (prefix !== '') checkKey(prefix)
    const range = recordRange(prefix)
    // A list without the damaged ones: of everybody's accounts, say, one is missing.
    const found = await this.#read(({ view }) => view.sound(range, this.#lost))
    return found.map(([key, value]) => recordOf(recordOfKey(key), value))
  }

  async *readAudit(from = 1): AsyncIterable<StoredAuditLine> {
    for (let next = Math.max(from, 1); ; ) {
      const range = auditRange(next)
      let lost = 0
      const miss = (error: StoreError): void => {
        lost++
        this.#lost(error)
      }
      // A line that cannot be read is missing in the chain.
      const found = await this.#read(({ view }) => view.sound(range, miss, CHUNK))
      const lines = found.map(([, value]) => readAuditLine(value))
      yield* lines
      if (lines.length + lost < CHUNK) return
      next = Math.max((lines.at(-1)?.n ?? 0) + 1, next + lost)
    }
  }

  auditTip(): Promise<AuditTip> {
    return this.#read(async (database) => database.tip)
  }

  auditStart(): Promise<AuditTip> {
    return this.#read(async (database) => database.start)
  }

  findAudit(question: AuditQuestion, limit: number): Promise<readonly StoredAuditLine[]> {
    const range = indexRange(question)
    if (range.gte >= range.lt) return Promise.resolve([])
    return this.#read((database) =>
      database.atOneMoment(async (view) => {
        const keys = await view.lastKeys(range, limit)
        const stored = await view.tryMany(keys.map((key) => auditKey(lineOfKey(key))))
        return stored.flatMap((value) => {
          if (value instanceof StoreError) this.#lost(value)
          return value instanceof Uint8Array ? [readAuditLine(value)] : []
        })
      }),
    )
  }

  pruneAudit(through: number): Promise<void> {
    checkCount(through, 'through')
    return this.#prunings.run('audit', async () => {
      for (;;) {
        const { start } = await this.#read(async (database) => database)
        const range = { gte: auditKey(start.n + 1), lt: auditKey(through + 1) }
        if (range.gte >= range.lt) return
        const found = await this.#read(({ view }) => view.sound(range, this.#lost, CHUNK))
        const lines = found.map(([, value]) => readAuditLine(value))
        const last = lines.at(-1)
        if (last === undefined) return
        const tip = { n: last.n, hash: last.hash }
        await this.#write(0, [], (staging) => staging.pruneAudit(lines, tip))
      }
    })
  }

  async health(): Promise<StoreHealth> {
    const start = performance.now()
    try {
      const stage = (staging: Staging): void => staging.probe()
      await this.#writer().run({ docs: [], bytes: 0, stage })
      return { ok: true, ms: performance.now() - start }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      return { ok: false, code: error.code, message: error.message }
    }
  }

  onDamage(listener: (damage: Damage) => void): () => void {
    this.#damageListeners.add(listener)
    for (const damage of this.#foundAtOpen) listener(damage)
    return () => this.#damageListeners.delete(listener)
  }

  readonly #lost = (error: StoreError, key = error.key): void => {
    const doc = key === undefined ? undefined : docOfDamage(key)
    for (const listener of [...this.#damageListeners]) listener({ doc, message: error.message })
  }

  /** Runs what concerns one document; what turns out to be damaged in it is told. */
  async #with<T>(doc: DocName, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (isDamage(error)) this.#lost(error, docKey(doc))
      throw error
    }
  }

  onReset(listener: ResetListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#closing.abort()
    if (this.#state.kind === 'open') await this.#state.writer.idle()
    await this.#recovery
    await this.#watermark.stop()
    await Promise.allSettled(this.#reads)
    const state = this.#state
    this.#lastSeq = this.lastSeq()
    this.#state = { kind: 'closed' }
    if (state.kind !== 'closed') await state.database?.close()
  }

  /** How far the database is; undefined while that is not certain. */
  #mark(): Watermark | undefined {
    const state = this.#state
    if (state.kind !== 'open') return undefined
    const { epoch, seq, lineage } = state.database
    return { epoch, seq, cursor: lineage.cursorAt(seq), at: systemTimers.now() }
  }

  #opened(database: LevelDatabase): State {
    const onFailure = (error: unknown): void => {
      this.#recovery = this.#recover(database, error)
    }
    const writer = new GroupCommit(database, onFailure, this.#onBatch)
    return { kind: 'open', database, writer }
  }

  /** Who may write now; throws when nobody may. */
  #writer(): GroupCommit {
    if (this.#closing.signal.aborted) throw closed()
    if (this.#state.kind !== 'open') throw recovering()
    return this.#state.writer
  }

  /**
   * Runs a read, and refuses its result if the database was lost meanwhile: it might show
   * something that is not, or no longer, there.
   */
  async #read<T>(work: (database: LevelDatabase) => Promise<T>): Promise<T> {
    if (this.#closing.signal.aborted) throw closed()
    const database = this.#readable()
    const reading = work(database)
    this.#reads.add(reading)
    try {
      const result = await reading
      if (database !== this.#readable()) throw recovering()
      return result
    } catch (error) {
      if (error instanceof StoreError) throw error
      throw new StoreError('STORE_UNAVAILABLE', 'a read from the store failed', error)
    } finally {
      this.#reads.delete(reading)
    }
  }

  #readDoc<T>(doc: DocName, work: (database: LevelDatabase) => Promise<T>): Promise<T> {
    return this.#with(doc, () => this.#read(work))
  }

  #readable(): LevelDatabase {
    const state = this.#state
    if (state.kind === 'closed') throw closed()
    if (state.database === undefined) throw recovering()
    return state.database
  }

  async #recover(lost: LevelDatabase, error: unknown): Promise<void> {
    this.#lastSeq = lost.seq
    this.#state = { kind: 'recovering', database: undefined }
    this.#onFailure(error)
    this.#emit('lost')
    let left: LevelDatabase | undefined = lost
    const backoff = new Backoff(WAITS)
    for (let ms = 0; !this.#closing.signal.aborted; ms = backoff.next()) {
      await this.#wait(ms, this.#closing.signal)
      this.#state = { kind: 'recovering', database: undefined }
      try {
        await left?.close()
        left = undefined
        left = await this.#reopen()
        this.#state = { kind: 'recovering', database: left }
        await this.#prove(left)
        this.#epoch = left.epoch
        this.#lineage = left.lineage
        this.#state = this.#opened(left)
        this.#emit('recovered')
        await this.#tellLost(left).catch(this.#onFailure)
        return
      } catch (failure) {
        this.#onFailure(failure)
      }
    }
    this.#state = { kind: 'recovering', database: left }
  }

  /** Never creates: an empty database in the place of the lost one would lose everything. */
  async #reopen(): Promise<LevelDatabase> {
    const database = await LevelDatabase.open(this.#directory)
    if (this.#epochs.has(database.epoch)) return database
    await database.close()
    throw new StoreError('STORE_OPEN', `${this.#directory} now holds another database`)
  }

  /**
   * Writes durably once. If the disk gave back less than it had confirmed, the new epoch makes
   * clients send everything of theirs again.
   */
  async #prove(database: LevelDatabase): Promise<void> {
    await database.begin()
    const dropped = await droppedIn(this.#directory)
    const missing = this.#lastSeq - database.seq
    if (missing <= 0 && dropped === 0) return
    const epoch = randomUUID()
    this.#epochs.add(epoch)
    const loss = {
      missing: missing > 0 ? missing : undefined,
      knownAt: systemTimers.now(),
      dropped,
    }
    await database.renewEpoch(epoch, recoveryChange(systemTimers.now(), loss))
    this.#onLoss(loss)
  }

  #emit(phase: 'lost' | 'recovered'): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(phase)
      } catch (error) {
        this.#onFailure(error)
      }
    }
  }
}

/** A change on its way into a batch. */
class CommitJob implements Job {
  readonly docs: readonly DocName[]
  readonly records: readonly string[]
  readonly bytes: number
  readonly #change: CheckedChange
  readonly #waiter: CommitWaiter
  readonly #watermark: WatermarkKeeper
  #commit: Commit | undefined

  constructor(change: CheckedChange, waiter: CommitWaiter, watermark: WatermarkKeeper) {
    this.docs = change.appends.map(({ doc }) => doc)
    this.records = change.records.map(({ key }) => key)
    this.bytes = change.bytes
    this.#change = change
    this.#waiter = waiter
    this.#watermark = watermark
  }

  stage(staging: Staging): void {
    this.#commit = staging.change(this.#change)
  }

  stored(): void {
    if (this.#commit === undefined) return
    this.#watermark.moved()
    this.#waiter.stored(this.#commit)
  }

  failed(error: unknown): void {
    this.#waiter.failed(error)
  }
}

const recovering = (): StoreError =>
  new StoreError('STORE_UNAVAILABLE', 'the store is recovering from a failed write')
const closed = (): StoreError => new StoreError('STORE_CLOSED', 'the store is closed')

const recordOf = (key: string, stored: Uint8Array): StoredRecord => {
  const { version, text } = readRecord(stored)
  return { key, value: parseJson(text), version }
}

const parseJson = (text: string): JsonValue => {
  try {
    return JSON.parse(text) as JsonValue
  } catch (cause) {
    throw new StoreError('STORE_CORRUPT', 'a stored record is not JSON', cause)
  }
}
