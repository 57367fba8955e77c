import { randomUUID } from 'node:crypto'
import type { DocName } from '@wardline/core/base/ids'
import type { JsonValue } from '../base/json.ts'
import {
  AUDIT_START,
  type AuditLine,
  type AuditTip,
  chainAuditLine,
  readAuditText,
  type StoredAuditLine,
} from './audit.ts'
import { type AuditQuestion, isAsked, newestFirst, termsOf, timeOf } from './audit-index.ts'
import {
  type CheckedChange,
  checkChange,
  checkCount,
  checkKey,
  checkSnapshot,
} from './check-input.ts'
import { continueRuns, type Incarnation, Lineage, type Run, writerOf } from './lineage.ts'
import { presentable, rowsWithoutDeleted } from './presentable.ts'
import { scopeOf } from './scope.ts'
import {
  type Change,
  type Commit,
  type CommitWaiter,
  type DocContent,
  type DocHead,
  type DocSizes,
  KEEP_ROWS,
  type ResetListener,
  type Row,
  type Snapshot,
  type Store,
  type StoredRecord,
  type StoreHealth,
} from './store.ts'
import { StoreError } from './store-error.ts'

interface MemoryDoc {
  head: number
  seq: number
  snapshot: Snapshot | null
  rows: Row[]
  runs: readonly Run[]
  erases: boolean
  anew: number
}

/** What a memory store holds. Opening another store on it is what reopening a directory is. */
export class MemoryDisk {
  readonly epoch = randomUUID()
  seq = 0
  readonly docs = new Map<DocName, MemoryDoc>()
  readonly records = new Map<string, { text: string; version: number }>()
  audit: StoredAuditLine[] = []
  auditStart = AUDIT_START
  incarnations: readonly Incarnation[] = []
}

export interface MemoryStoreOptions {
  readonly disk?: MemoryDisk
  /**
   * Runs before each commit and health write is applied: await something in it to hold a commit
   * back, throw a `StoreError` to make it fail. For the tests of those who use a store.
   */
  readonly beforeCommit?: (change: Change) => void | Promise<void>
}

/** A store that forgets: for tests, and the yardstick for the others. */
export class MemoryStore implements Store {
  readonly epoch: string
  readonly lineage: Lineage
  readonly #disk: MemoryDisk
  readonly #beforeCommit: (change: Change) => void | Promise<void>
  readonly #listeners = new Set<ResetListener>()
  /** Settles when every commit so far has; commits run one after the other. */
  #queue: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(options: MemoryStoreOptions = {}) {
    this.#disk = options.disk ?? new MemoryDisk()
    this.#beforeCommit = options.beforeCommit ?? (() => {})
    this.epoch = this.#disk.epoch
    this.lineage = Lineage.continued(this.#disk.incarnations, this.#disk.seq)
    this.#disk.incarnations = this.lineage.entries
  }

  lastSeq(): number {
    return this.#disk.seq
  }

  async commit(change: Change): Promise<Commit> {
    this.#checkOpen()
    const checked = checkChange(change)
    return this.#enqueue(async () => {
      await this.#beforeCommit(change)
      return this.#conflict(checked) ?? this.#apply(checked)
    })
  }

  submit(change: Change, waiter: CommitWaiter): void {
    this.commit(change).then(
      (commit) => waiter.stored(commit),
      (error: unknown) => waiter.failed(error),
    )
  }

  async read(doc: DocName): Promise<DocContent> {
    this.#checkOpen()
    const found = this.#disk.docs.get(doc)
    if (found === undefined) return { head: 0, snapshot: null, tail: [] }
    const { head, snapshot, erases } = found
    return presentable({ head, snapshot, tail: tailOf(found) }, erases)
  }

  async readAfter(doc: DocName, head: number): Promise<readonly Row[] | undefined> {
    this.#checkOpen()
    checkCount(head, 'head')
    const found = this.#disk.docs.get(doc)
    const last = found?.head ?? 0
    if (head > last) return undefined
    const rows = found?.rows.filter((row) => row.head > head) ?? []
    if (rows.length !== last - head) return undefined
    return found?.erases ? rowsWithoutDeleted(rows) : rows
  }

  async writtenBy(doc: DocName, head: number): Promise<number | undefined> {
    this.#checkOpen()
    checkCount(head, 'head')
    const found = this.#disk.docs.get(doc)
    return head > (found?.head ?? 0) ? undefined : writerOf(found?.runs ?? [], head)
  }

  async head(doc: DocName): Promise<number> {
    this.#checkOpen()
    return this.#disk.docs.get(doc)?.head ?? 0
  }

  async changedSince(scopes: readonly string[], since: number): Promise<readonly DocHead[]> {
    this.#checkOpen()
    checkCount(since, 'since')
    const wanted = new Set(scopes)
    return [...this.#disk.docs]
      .filter(([doc, { seq }]) => seq > since && wanted.has(scopeOf(doc)))
      .map(([doc, { head, seq }]) => ({ doc, head, seq }))
  }

  async compact(doc: DocName, snapshot: Snapshot, keep = KEEP_ROWS): Promise<void> {
    this.#checkOpen()
    checkSnapshot(snapshot)
    await this.#enqueue(async () => {
      const found = this.#disk.docs.get(doc)
      if (found === undefined || snapshot.head > found.head) {
        throw new StoreError('STORE_BAD_INPUT', 'a snapshot covers rows that exist')
      }
      const before = found.snapshot?.head ?? 0
      if (snapshot.head < before || (snapshot.head === before && keep >= KEEP_ROWS)) return
      const { head, updates } = snapshot
      found.snapshot = { head, updates: updates.map((update) => update.slice()) }
      found.rows = found.rows.filter((row) => row.head > head - keep)
      found.erases = found.erases && (keep > 0 || head < found.head)
    })
  }

  async begunAfter(doc: DocName): Promise<number> {
    this.#checkOpen()
    return this.#disk.docs.get(doc)?.anew ?? 0
  }

  async salvage(doc: DocName): Promise<readonly Uint8Array[]> {
    const { snapshot, tail } = await this.read(doc)
    return [...(snapshot?.updates ?? []), ...tail.map(({ update }) => update)]
  }

  async beginAnew(doc: DocName, updates: readonly Uint8Array[], line: AuditLine): Promise<Commit> {
    this.#checkOpen()
    return this.#enqueue(async () => {
      const seq = ++this.#disk.seq
      const anew = Math.max(seq, this.#disk.docs.get(doc)?.head ?? 0)
      const head = anew + 1
      const snapshot = { head, updates: updates.length === 0 ? [Uint8Array.of(0, 0)] : updates }
      const runs = continueRuns([], head, this.lineage.current.no)
      this.#disk.docs.set(doc, { ...emptyDoc(), head, seq, snapshot, runs, anew })
      this.#disk.audit.push(chainAuditLine(this.#tip(), line))
      return { kind: 'committed', seq, heads: [head] }
    })
  }

  /** What is in memory is what was written. */
  onDamage(): () => void {
    return () => {}
  }

  async toErase(): Promise<readonly DocName[]> {
    this.#checkOpen()
    return [...this.#disk.docs].filter(([, { erases }]) => erases).map(([doc]) => doc)
  }

  async extent(doc: DocName): Promise<{ head: number; bytes: number }> {
    const { tailBytes, snapshotBytes } = await this.sizes(doc)
    return { head: await this.head(doc), bytes: tailBytes + snapshotBytes }
  }

  async sizes(doc: DocName): Promise<DocSizes> {
    this.#checkOpen()
    const found = this.#disk.docs.get(doc)
    const tail = found === undefined ? [] : tailOf(found)
    return {
      tailRows: tail.length,
      tailBytes: tail.reduce((sum, row) => sum + row.update.length, 0),
      snapshotBytes: found?.snapshot?.updates.reduce((sum, { length }) => sum + length, 0) ?? 0,
    }
  }

  async getRecord(key: string): Promise<StoredRecord | undefined> {
    this.#checkOpen()
    checkKey(key)
    const found = this.#disk.records.get(key)
    return found && { key, value: JSON.parse(found.text) as JsonValue, version: found.version }
  }

  async getRecords(keys: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>> {
    const found = await Promise.all(keys.map((key) => this.getRecord(key)))
    return new Map(found.flatMap((record) => (record ? [[record.key, record]] : [])))
  }

  async listRecords(prefix: string): Promise<readonly StoredRecord[]> {
    const keys = [...this.#disk.records.keys()].filter((key) => key.startsWith(prefix)).sort()
    return [...(await this.getRecords(keys)).values()]
  }

  async *readAudit(from = 1): AsyncIterable<StoredAuditLine> {
    this.#checkOpen()
    for (let n = Math.max(from, this.#disk.auditStart.n + 1); ; n++) {
      const line = this.#disk.audit[n - this.#disk.auditStart.n - 1]
      if (line === undefined) return
      yield line
    }
  }

  async auditTip(): Promise<AuditTip> {
    this.#checkOpen()
    return this.#tip()
  }

  async auditStart(): Promise<AuditTip> {
    this.#checkOpen()
    return this.#disk.auditStart
  }

  async findAudit(question: AuditQuestion, limit: number): Promise<readonly StoredAuditLine[]> {
    this.#checkOpen()
    const placed = this.#disk.audit.flatMap((stored) => {
      const line = readAuditText(stored.text)
      if (line === undefined) return []
      return [{ stored, terms: termsOf(line), at: timeOf(line.at), n: stored.n }]
    })
    const found = placed.filter((each) => each.terms.has(question.term) && isAsked(question, each))
    return found
      .sort(newestFirst)
      .slice(0, limit)
      .map(({ stored }) => stored)
  }

  async pruneAudit(through: number): Promise<void> {
    this.#checkOpen()
    await this.#enqueue(async () => {
      const last = this.#disk.audit.findLast(({ n }) => n <= through)
      if (last === undefined) return
      this.#disk.audit = this.#disk.audit.filter(({ n }) => n > last.n)
      this.#disk.auditStart = { n: last.n, hash: last.hash }
    })
  }

  async health(): Promise<StoreHealth> {
    try {
      await this.commit({})
      return { ok: true, ms: 0 }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      return { ok: false, code: error.code, message: error.message }
    }
  }

  onReset(listener: ResetListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells the listeners what a store tells them that failed and recovered. For tests. */
  emitReset(phase: 'lost' | 'recovered'): void {
    for (const listener of this.#listeners) listener(phase)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#queue
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError('STORE_CLOSED', 'the store is closed')
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work)
    this.#queue = done.catch(() => {})
    return done
  }

  #conflict(change: CheckedChange): Commit | undefined {
    const heads = new Map<DocName, number>()
    for (const [index, { doc, after }] of change.appends.entries()) {
      const head = heads.get(doc) ?? this.#disk.docs.get(doc)?.head ?? 0
      if (after !== undefined && after !== head) return { kind: 'conflict', at: 'append', index }
      heads.set(doc, head + 1)
    }
    const index = change.records.findIndex(
      ({ key, expect }) =>
        expect !== undefined && expect !== (this.#disk.records.get(key)?.version ?? 0),
    )
    return index === -1 ? undefined : { kind: 'conflict', at: 'record', index }
  }

  #apply(change: CheckedChange): Commit {
    const { docs, records } = this.#disk
    const count = change.appends.length + change.records.length + change.audit.length
    if (count === 0) return { kind: 'committed', seq: this.#disk.seq, heads: [] }
    const seq = ++this.#disk.seq
    const heads = change.appends.map(({ doc, update, erases = false }) => {
      const found = docs.get(doc) ?? emptyDoc()
      docs.set(doc, found)
      found.seq = seq
      found.head += 1
      found.runs = continueRuns(found.runs, found.head, this.lineage.current.no)
      found.erases ||= erases
      found.rows.push({ head: found.head, update: update.slice() })
      return found.head
    })
    for (const { key, text } of change.records) {
      if (text === null) records.delete(key)
      else records.set(key, { text, version: seq })
    }
    for (const line of change.audit) this.#disk.audit.push(chainAuditLine(this.#tip(), line))
    return { kind: 'committed', seq, heads }
  }

  #tip(): AuditTip {
    const last = this.#disk.audit.at(-1)
    return last === undefined ? this.#disk.auditStart : { n: last.n, hash: last.hash }
  }
}

const tailOf = (doc: MemoryDoc): Row[] =>
  doc.rows.filter((row) => row.head > (doc.snapshot?.head ?? 0))

const emptyDoc = (): MemoryDoc => ({
  head: 0,
  seq: 0,
  snapshot: null,
  rows: [],
  runs: [],
  erases: false,
  anew: 0,
})
