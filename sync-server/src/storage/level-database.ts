import { randomUUID } from 'node:crypto'
import type { DocName } from '@wardline/core/base/ids'
import { ClassicLevel } from 'classic-level'
import { Lru } from '../base/lru.ts'
import { AUDIT_START, type AuditTip } from './audit.ts'
import type { CheckedChange } from './check-input.ts'
import { type CopyOptions, copyLevel, type DatabaseCopy } from './copy-database.ts'
import { beginMaking, endMaking, lookInto } from './data-folder.ts'
import { isHeld } from './is-held.ts'
import {
  auditIndexKey,
  auditKey,
  auditStartKey,
  auditTipKey,
  type DocMeta,
  docKey,
  epochKey,
  FORMAT,
  formatKey,
  type KeyRange,
  lineageKey,
  NO_DOC,
  readAuditLine,
  readAuditTip,
  readDocMeta,
  readIncarnations,
  readNumber,
  readRecord,
  readText,
  recordKey,
  scopeKey,
  sealedKey,
  seqKey,
  UNSEALED_FORMAT,
  writeIncarnations,
  writeNumber,
  writeText,
} from './level-layout.ts'
import { checkTables, type LostKeys, mendTables } from './level-tables.ts'
import { type Level, readDoc, type View, viewOf } from './level-view.ts'
import { Lineage } from './lineage.ts'
import { sealForBatch } from './seal.ts'
import { type BatchOp, type Committed, Staging } from './staging.ts'
import { StoreError } from './store-error.ts'

/** Documents, scopes and records of which the newest state is kept in memory, each (~150 bytes). */
const CACHED = 20_000
/** Lines of the audit trail that go into its index with one batch. */
const INDEXED_AT_ONCE = 512
const BLOCK_CACHE_BYTES = 32 * 1024 * 1024

/** The documents and records that something is about to write. */
export interface Needs {
  readonly docs: readonly DocName[]
  readonly records: readonly string[]
}

/** What was found under a key, or why it cannot be read. */
type Loaded = Uint8Array | StoreError | undefined
const NONE: ReadonlyMap<string, Loaded> = new Map()

/**
 * One opening of a data directory, with what is cached about it. After a failed write it is
 * thrown away as a whole, so that nothing cached can outlive the state it was true for.
 *
 * Only the writer fills the caches, between its batches: a reader could put back something older
 * than a batch that was written meanwhile.
 */
export class LevelDatabase {
  /** The database as it is. */
  readonly view: View
  epoch: string
  seq: number
  tip: AuditTip
  /** The last line of the audit trail that was removed for its age. */
  start = AUDIT_START
  readonly lineage: Lineage
  /** Keys of which some may have been lost with what was damaged on the disk. */
  lost: readonly LostKeys[] = []
  readonly #level: Level
  readonly #docs = new Lru<DocName, DocMeta>(CACHED)
  readonly #scopes = new Lru<string, number>(CACHED)
  readonly #versions = new Lru<string, number>(CACHED)

  readonly #strict: boolean

  private constructor(
    level: Level,
    strict: boolean,
    epoch: string,
    seq: number,
    tip: AuditTip,
    lineage: Lineage,
  ) {
    this.#level = level
    this.#strict = strict
    this.view = viewOf(level, { strict })
    this.epoch = epoch
    this.seq = seq
    this.tip = tip
    this.lineage = lineage
  }

  /**
   * Makes an empty database where there is nothing, or an empty folder. Cut short, it can be done
   * again. Rejects as {@link open} does, with `STORE_FORMAT` where there is something.
   */
  static async create(directory: string): Promise<LevelDatabase> {
    const folder = await lookInto(directory)
    if (folder.kind === 'other') throw new StoreError('STORE_FORMAT', `${directory} ${folder.why}`)
    if (folder.kind === 'database') return LevelDatabase.open(directory)
    await beginMaking(directory).catch((error: unknown) => {
      throw openError(directory, error)
    })
    const database = await LevelDatabase.#open(directory, true)
    await endMaking(directory)
    return database
  }

  /**
   * Opens the database that is there, which repairs the end of LevelDB's log if the last process
   * died. Where there is none it makes and changes nothing. Rejects with `STORE_MISSING`,
   * `STORE_LOCKED`, `STORE_FORMAT`, `STORE_OPEN` or `STORE_CORRUPT`.
   */
  static async open(directory: string): Promise<LevelDatabase> {
    const folder = await lookInto(directory)
    if (folder.kind === 'new')
      throw new StoreError('STORE_MISSING', `there is no database in ${directory}`)
    if (folder.kind === 'other') throw new StoreError('STORE_FORMAT', `${directory} ${folder.why}`)
    const database = await LevelDatabase.#open(directory, false)
    await endMaking(directory)
    return database
  }

  static async #open(directory: string, createIfMissing: boolean): Promise<LevelDatabase> {
    const lost = await LevelDatabase.#mend(directory)
    const database = await LevelDatabase.#openMended(directory, createIfMissing)
    database.lost = lost
    return database
  }

  /** Before LevelDB reads, and merges, what it does not look at. */
  static async #mend(directory: string): Promise<readonly LostKeys[]> {
    const damages = await checkTables(directory)
    if (damages.length === 0 || (await isHeld(directory))) return []
    const hopeless = damages.find(({ unreadable }) => unreadable)
    if (hopeless !== undefined) {
      const why = `the index of its table ${hopeless.table} cannot be read; put a backup in place`
      throw new StoreError('STORE_CORRUPT', `${directory} is damaged: ${why}`)
    }
    return (await mendTables(directory)).flatMap(({ lost }) => lost)
  }

  static async #openMended(directory: string, createIfMissing: boolean): Promise<LevelDatabase> {
    // From here on it opens by itself.
    const level: Level = new ClassicLevel<string, Uint8Array>(directory, {
      keyEncoding: 'utf8',
      valueEncoding: 'view',
      cacheSize: BLOCK_CACHE_BYTES,
      createIfMissing,
    })
    try {
      await level.open()
      const loose = viewOf(level, { strict: false })
      const [format, sealed, epoch, seq, tip, lineage, start] = await loose.getMany([
        formatKey,
        sealedKey,
        epochKey,
        seqKey,
        auditTipKey,
        lineageKey,
        auditStartKey,
      ])
      if (format === undefined && createIfMissing) return await LevelDatabase.#create(level)
      const found = format && readText(format)
      if (
        !(found === FORMAT || found === UNSEALED_FORMAT) ||
        epoch === undefined ||
        seq === undefined
      ) {
        throw new StoreError(
          'STORE_FORMAT',
          found === undefined
            ? `${directory} holds a database that is not Wardline’s, or lost its beginning`
            : `${directory} has storage format ${found}, this version knows ${FORMAT}`,
        )
      }
      const last = readNumber(seq)
      const database = new LevelDatabase(
        level,
        sealed !== undefined,
        readText(epoch),
        last,
        tip === undefined ? AUDIT_START : readAuditTip(tip),
        Lineage.continued(lineage === undefined ? [] : readIncarnations(lineage), last),
      )
      if (start !== undefined) database.start = readAuditTip(start)
      return database
    } catch (error) {
      await level.close().catch(() => {}) // the first error is the one that tells
      throw openError(directory, error)
    }
  }

  static async #create(level: Level): Promise<LevelDatabase> {
    const first = await level.keys({ limit: 1 }).all()
    if (first.length > 0) {
      throw new StoreError('STORE_FORMAT', `${level.location} holds another kind of database`)
    }
    const database = new LevelDatabase(
      level,
      true,
      randomUUID(),
      0,
      AUDIT_START,
      Lineage.continued([], 0),
    )
    await database.#write([
      { type: 'put', key: formatKey, value: writeText(FORMAT) },
      { type: 'put', key: sealedKey, value: new Uint8Array() },
      { type: 'put', key: epochKey, value: writeText(database.epoch) },
      { type: 'put', key: seqKey, value: writeNumber(0) },
    ])
    return database
  }

  /** Notes this opening in the lineage, durably. Before anything else is written. */
  async begin(): Promise<void> {
    await this.#write([
      { type: 'put', key: lineageKey, value: writeIncarnations(this.lineage.entries) },
      // From now on there are sealed values, which a program from before could not read.
      { type: 'put', key: formatKey, value: writeText(FORMAT) },
    ])
  }

  /** Puts lines of the audit trail into its index that a version without one has written. */
  async indexAudit(): Promise<void> {
    const stored = await this.view.get(auditIndexKey)
    const known = Math.max(stored === undefined ? 0 : readNumber(stored), this.start.n)
    for (let done = known; done < this.tip.n; ) {
      const through = Math.min(done + INDEXED_AT_ONCE, this.tip.n)
      const range = { gte: auditKey(done + 1), lt: auditKey(through + 1) }
      const found = await this.view.sound(range, () => {})
      const staging = new Staging(this.#committed(NONE, NONE))
      staging.indexAudit(
        found.map(([, value]) => readAuditLine(value)),
        through,
      )
      await this.write(staging)
      done = through
    }
  }

  /** Has LevelDB merge the files that hold these keys. */
  async tidy(ranges: readonly KeyRange[]): Promise<void> {
    for (const { gte, lt } of ranges) await this.#level.compactRange(gte, lt)
  }

  /** Gives the database a new epoch, and stores what goes with it, durably and in one. */
  async renewEpoch(epoch: string, change: CheckedChange): Promise<void> {
    const records = change.records.map(({ key }) => key)
    const staging = new Staging(await this.load([{ docs: [], records }]))
    staging.change(change)
    staging.epoch(epoch)
    await this.write(staging)
    this.epoch = epoch
  }

  /** Writes a batch with fsync. When it rejects, the state of the database is unknown. */
  async write(staging: Staging): Promise<void> {
    const ops = staging.operations()
    if (ops.length === 0) return
    await this.#write(ops)
    this.seq = staging.seq
    this.tip = staging.tip
    if (staging.start !== undefined) this.start = staging.start
    for (const [doc, meta] of staging.docs) this.#docs.set(doc, meta)
    for (const [scope, seq] of staging.scopes) this.#scopes.set(scope, seq)
    for (const [key, version] of staging.versions) this.#versions.set(key, version)
  }

  /** Reads what the writer needs to know about documents and records, as far as not cached. */
  load(jobs: readonly Needs[]): Committed | Promise<Committed> {
    const docs = new Set<DocName>()
    const records = new Set<string>()
    for (const job of jobs) {
      for (const doc of job.docs) if (this.#docs.get(doc) === undefined) docs.add(doc)
      for (const key of job.records) if (this.#versions.get(key) === undefined) records.add(key)
    }
    return docs.size + records.size === 0
      ? this.#committed(NONE, NONE)
      : this.#load([...docs], [...records])
  }

  async #load(docs: readonly DocName[], records: readonly string[]): Promise<Committed> {
    // A damaged one concerns those alone who write to it.
    const keys = [...docs.map(docKey), ...records.map(recordKey)]
    const values = await this.view.tryMany(keys)
    return this.#committed(
      new Map(docs.map((doc, i) => [doc, values[i]])),
      new Map(records.map((key, i) => [key, values[docs.length + i]])),
    )
  }

  /** What is cached, and what was read. Until the next batch is written. */
  #committed(docs: ReadonlyMap<string, Loaded>, records: ReadonlyMap<string, Loaded>): Committed {
    return {
      seq: this.seq,
      tip: this.tip,
      incarnation: this.lineage.current.no,
      doc: (doc) => {
        const found = docs.get(doc)
        if (found instanceof StoreError) throw found
        return found === undefined ? (this.#docs.get(doc) ?? NO_DOC) : readDocMeta(found)
      },
      version: (key) => {
        const found = records.get(key)
        if (found instanceof StoreError) throw found
        return found === undefined ? (this.#versions.get(key) ?? 0) : readRecord(found).version
      },
    }
  }

  async doc(doc: DocName): Promise<DocMeta> {
    return this.#docs.get(doc) ?? readDoc(this.view, doc)
  }

  /** For each scope the number of its last change, 0 = none. */
  async scopeSeqs(scopes: readonly string[]): Promise<Map<string, number>> {
    const seqs = new Map<string, number>()
    const missing: string[] = []
    for (const scope of new Set(scopes)) {
      const seq = this.#scopes.get(scope)
      if (seq === undefined) missing.push(scope)
      else seqs.set(scope, seq)
    }
    const values = missing.length === 0 ? [] : await this.view.tryMany(missing.map(scopeKey))
    for (const [i, scope] of missing.entries()) {
      const value = values[i]
      // Where it cannot be read, its documents have to be looked at.
      if (value instanceof StoreError) seqs.set(scope, this.seq)
      else seqs.set(scope, value === undefined ? 0 : readNumber(value))
    }
    return seqs
  }

  /** Several reads of the same moment, whatever is written meanwhile. */
  async atOneMoment<T>(work: (view: View) => Promise<T>): Promise<T> {
    const snapshot = this.#level.snapshot()
    try {
      return await work(viewOf(this.#level, { strict: this.#strict, snapshot }))
    } finally {
      await snapshot.close()
    }
  }

  /** See {@link copyLevel}. */
  copyTo(folder: string, options: CopyOptions): Promise<DatabaseCopy> {
    return copyLevel(this.#level, folder, options)
  }

  close(): Promise<void> {
    return this.#level.close()
  }

  /** A chained batch, for a list of operations costs abstract-level four times as much. */
  async #write(ops: readonly BatchOp[]): Promise<void> {
    const batch = this.#level.batch()
    for (const op of ops) {
      if (op.type === 'put') batch.put(op.key, sealForBatch(op.key, op.value))
      else batch.del(op.key)
    }
    await batch.write({ sync: true })
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

const openError = (directory: string, error: unknown): StoreError => {
  if (error instanceof StoreError) return error
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const why = cause instanceof Error ? cause.message : String(cause)
  switch (codeOf(cause)) {
    case 'LEVEL_LOCKED':
      return new StoreError('STORE_LOCKED', `${directory} is in use by another process`, cause)
    case 'LEVEL_CORRUPTION':
      return new StoreError('STORE_CORRUPT', `${directory} is damaged: ${why}`, cause)
    default:
      return new StoreError('STORE_OPEN', `${directory} cannot be opened: ${why}`, cause)
  }
}
