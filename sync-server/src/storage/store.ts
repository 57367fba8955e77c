import type { DocName } from '@wardline/core/base/ids'
import type { JsonValue } from '../base/json.ts'
import type { AuditLine, AuditTip, StoredAuditLine } from './audit.ts'
import type { AuditQuestion } from './audit-index.ts'
import type { Lineage } from './lineage.ts'
import type { StoreErrorCode } from './store-error.ts'

/**
 * How many rows behind a snapshot compaction leaves in place, so that a client that is only a
 * little behind still gets rows as they are and not the whole document.
 */
export const KEEP_ROWS = 64

/**
 * One update, as it was committed; what a client sent is written anew before (`core/src/gate`). The
 * first row of a document has head 1, the next 2, …
 */
export interface Row {
  readonly head: number
  readonly update: Uint8Array
}

/**
 * Everything up to a head in place of the rows, as one or more updates to be applied in this order:
 * a page can weigh more than one value, or one message, should.
 */
export interface Snapshot {
  readonly head: number
  readonly updates: readonly Uint8Array[]
}

/** A document as it is stored. The snapshot covers everything up to its head; the tail follows. */
export interface DocContent {
  /** 0 for a document that nobody has written to. */
  readonly head: number
  readonly snapshot: Snapshot | null
  /** Rows `snapshot.head + 1 … head` (or `1 … head`), ascending, without gaps. */
  readonly tail: readonly Row[]
}

export interface Append {
  readonly doc: DocName
  /** Not empty. The caller must not change the bytes before the commit settles. */
  readonly update: Uint8Array
  /** The head that this builds on; when given and not the document's head: conflict. */
  readonly after?: number
  /**
   * Whether it deletes something that lies in earlier rows or in the snapshot. From then on reads
   * leave that content out, until a {@link Store.compact} that keeps nothing takes it off the disk.
   */
  readonly erases?: boolean
}

/** Writes a directory record, optionally only if nobody else did since it was read. */
export interface RecordWrite {
  /** 1 to 512 printable ASCII characters; encode anything else. */
  readonly key: string
  /** null deletes the record. A record can therefore not be null itself. */
  readonly value: JsonValue
  /** The version that must be there; 0 = must be absent; undefined = whatever. */
  readonly expect?: number
}

/** Everything in it is stored, or nothing. At most one write for each record key. */
export interface Change {
  readonly appends?: readonly Append[]
  readonly records?: readonly RecordWrite[]
  readonly audit?: readonly AuditLine[]
}

/**
 * What became of a change. `heads` has one number for each append, in order; `seq` is also the
 * version of every record that the change wrote. A conflict names the first append or record
 * that did not find what it expects; nothing of the change was stored.
 */
export type Commit =
  | { readonly kind: 'committed'; readonly seq: number; readonly heads: readonly number[] }
  | { readonly kind: 'conflict'; readonly at: 'append' | 'record'; readonly index: number }

export interface DocHead {
  readonly doc: DocName
  readonly head: number
  /** Sequence number of the change that moved the head last. */
  readonly seq: number
}

/** Versions are for comparing with `expect`: unique, growing, never reused after a delete. */
export interface StoredRecord {
  readonly key: string
  readonly value: JsonValue
  readonly version: number
}

export interface DocSizes {
  readonly tailRows: number
  readonly tailBytes: number
  /** 0 without a snapshot. */
  readonly snapshotBytes: number
}

/** `ms`: how long the durable write took. */
export type StoreHealth =
  | { readonly ok: true; readonly ms: number }
  | { readonly ok: false; readonly code: StoreErrorCode; readonly message: string }

/**
 * `lost`: a write failed; drop everything remembered about the content of the store, which may
 * hold more than was acknowledged. `recovered`: writes are accepted again.
 */
export type ResetListener = (phase: 'lost' | 'recovered') => void

/** Who waits for a change to be stored. */
export interface CommitWaiter {
  stored(commit: Commit): void
  failed(error: unknown): void
}

/** What turned out not to be what was written: a document, or else a record or an audit line. */
export interface Damage {
  readonly doc: DocName | undefined
  readonly message: string
}

/**
 * Where the server keeps documents, directory records and the audit trail. What a resolved
 * `commit` covers survives `kill -9` and power loss.
 *
 * Reads show committed state only. All methods reject with `StoreError`; reads with
 * `STORE_UNAVAILABLE` while the store recovers from a failed write. Returned bytes are shared:
 * do not change them.
 */
export interface Store {
  /** Random id made with the database; new after a restore. */
  readonly epoch: string

  /** The openings of the database; another object when it had to be opened anew. */
  readonly lineage: Lineage

  /**
   * Sequence number of the last durable change, 0 at first. Everything up to it is visible to
   * reads, so it is a safe cursor for a later {@link changedSince}.
   */
  lastSeq(): number

  /**
   * Stores a change, all or nothing, and resolves once it is durable. Changes that are waiting
   * share one durable write; they are decided in the order of the calls, each seeing the ones
   * before it. An empty change stores nothing and resolves with the seq before it.
   *
   * Rejects with `STORE_UNAVAILABLE` when it could not store: whether the change is there is
   * then unknown until the store has recovered (see {@link onReset}), so look before repeating it.
   */
  commit(change: Change): Promise<Commit>

  /**
   * {@link commit} for many small changes: tells who waits, in the order of the calls, and all
   * whose changes shared a durable write one after the other. Not before this returns.
   */
  submit(change: Change, waiter: CommitWaiter): void

  /** Snapshot and tail; head 0 and empty for an unknown document. */
  read(doc: DocName): Promise<DocContent>

  /**
   * The rows after a head, as they are, ascending; empty when there are none. undefined when
   * compaction removed some of them, or when the document never had that head.
   */
  readAfter(doc: DocName, head: number): Promise<readonly Row[] | undefined>

  /**
   * Number of the incarnation that wrote a row, or of a later one; undefined when there is no such
   * row.
   */
  writtenBy(doc: DocName, head: number): Promise<number | undefined>

  /** Number of the last row, 0 for an unknown document. */
  head(doc: DocName): Promise<number>

  /**
   * The documents under the scopes whose head moved after `since` (0 = all), in no particular
   * order. A scope is the first two segments of a document's name: `user/<id>` or `chat/<id>`.
   */
  changedSince(scopes: readonly string[], since: number): Promise<readonly DocHead[]>

  /**
   * Puts a snapshot in the place of the rows it covers, except for the newest
   * `keep` of them ({@link KEEP_ROWS} by default). With 0 nothing that the snapshot does not hold
   * stays on the disk. Does nothing if there is a newer snapshot. Safe to run while others append;
   * changes no head and no seq. Each update of the snapshot weighs at most {@link MAX_CHANGE_BYTES};
   * together they may weigh anything.
   */
  compact(doc: DocName, snapshot: Snapshot, keep?: number): Promise<void>

  /**
   * Puts what is stored of a damaged document aside, where nobody reads it, and begins it anew with
   * these updates, which may be none. Its head is larger than any that it had; up to the one before,
   * {@link begunAfter}, heads do not count any more. The line goes into the audit trail.
   */
  beginAnew(doc: DocName, updates: readonly Uint8Array[], line: AuditLine): Promise<Commit>

  /** What of a document can be read, row by row, whatever is missing between. */
  salvage(doc: DocName): Promise<readonly Uint8Array[]>

  /** Heads up to this one are of before the document was begun anew; 0: it never was. */
  begunAfter(doc: DocName): Promise<number>

  /**
   * Tells of whatever is read and turns out to be damaged, each time. Returns a function that stops
   * it. What is damaged fails its reads and writes with `STORE_CORRUPT`, alone.
   */
  onDamage(listener: (damage: Damage) => void): () => void

  /** Documents in which something was deleted that is still on the disk. */
  toErase(): Promise<readonly DocName[]>

  sizes(doc: DocName): Promise<DocSizes>

  /** The head, and the bytes of all that {@link read} would give; 0 for an unknown document. */
  extent(doc: DocName): Promise<{ readonly head: number; readonly bytes: number }>

  getRecord(key: string): Promise<StoredRecord | undefined>
  /** The records that exist, by key. */
  getRecords(keys: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>>
  /** All records whose key starts with the prefix, ordered by key. */
  listRecords(prefix: string): Promise<readonly StoredRecord[]>

  /** Audit lines from number `from` (default 1), ascending. */
  readAudit(from?: number): AsyncIterable<StoredAuditLine>
  /** The number and hash of the last audit line. */
  auditTip(): Promise<AuditTip>
  /** The last line that was removed for its age; number 0 if none was. */
  auditStart(): Promise<AuditTip>
  /** The newest `limit` lines of those that are asked for, newest first. */
  findAudit(question: AuditQuestion, limit: number): Promise<readonly StoredAuditLine[]>
  /**
   * Removes the lines up to this number, oldest first, in steps that each leave a whole chain. The
   * caller says so in a line before.
   */
  pruneAudit(through: number): Promise<void>

  /** Tries a durable write now. Never rejects. */
  health(): Promise<StoreHealth>

  /** Returns a function that stops listening. */
  onReset(listener: ResetListener): () => void

  /** Refuses new work, waits for what is in flight, releases the data. Can be called twice. */
  close(): Promise<void>
}
