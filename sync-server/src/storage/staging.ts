import type { DocName } from '@wardline/core/base/ids'
import {
  type AuditLine,
  type AuditTip,
  chainAuditLine,
  readAuditText,
  type StoredAuditLine,
} from './audit.ts'
import type { CheckedChange } from './check-input.ts'
import {
  auditIndexKey,
  auditKey,
  auditStartKey,
  auditTipKey,
  type DocMeta,
  docKey,
  epochKey,
  eraseKey,
  indexKeysOf,
  type KeyRange,
  NO_DOC,
  partKey,
  probeKey,
  recordKey,
  rowKey,
  scopeKey,
  seqKey,
  snapshotKey,
  writeAuditLine,
  writeAuditTip,
  writeDocMeta,
  writeNumber,
  writeRecord,
  writeSnapshot,
  writeText,
} from './level-layout.ts'
import { continueRuns } from './lineage.ts'
import { scopeOf } from './scope.ts'
import type { Append, Commit, Snapshot } from './store.ts'

const NOTHING = new Uint8Array()

export type BatchOp =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string }

/** What was committed before, for exactly the documents and records that a batch touches. */
export interface Committed {
  readonly seq: number
  readonly tip: AuditTip
  /** Number of the incarnation that writes. */
  readonly incarnation: number
  /** Throws `STORE_CORRUPT` when it cannot be read. */
  doc(doc: DocName): DocMeta
  /** Version of a record, 0 = absent. */
  version(key: string): number
}

/**
 * One batch while it gathers: decides each change against what is committed and what came before
 * in the same batch, and collects the operations. No I/O; a job that conflicts or throws leaves
 * nothing behind.
 */
export class Staging {
  readonly docs = new Map<DocName, DocMeta>()
  readonly scopes = new Map<string, number>()
  readonly versions = new Map<string, number>()
  seq: number
  tip: AuditTip
  /** Where the trail begins now, if that changes. */
  start: AuditTip | undefined
  readonly #committed: Committed
  readonly #ops: BatchOp[] = []

  constructor(committed: Committed) {
    this.#committed = committed
    this.seq = committed.seq
    this.tip = committed.tip
  }

  change(change: CheckedChange): Commit {
    const conflict = this.#conflict(change)
    if (conflict !== undefined) return conflict
    const { appends, records, audit } = change
    if (appends.length + records.length + audit.length === 0) {
      return { kind: 'committed', seq: this.seq, heads: [] }
    }
    this.seq += 1
    const heads = appends.map((append) => this.#append(append))
    for (const { key, text } of records) this.#write(key, text)
    for (const line of audit) this.#audit(line)
    return { kind: 'committed', seq: this.seq, heads }
  }

  /** A part of a snapshot that does not count yet. */
  part(doc: DocName, generation: number, i: number, update: Uint8Array): void {
    this.#put(partKey(doc, generation, i), update)
  }

  /** Removes what no document has any more. */
  remove(keys: readonly string[]): void {
    for (const key of keys) this.#del(key)
  }

  /**
   * Puts a snapshot in the place of rows `measuredFrom + 1 … snapshot.head`, which weigh
   * `coveredBytes`, and keeps the last `keep` of them. Of one in parts these are written already,
   * under `generation`.
   */
  compaction(
    doc: DocName,
    snapshot: Snapshot,
    keep: number,
    measured: { from: number; coveredBytes: number; generation: number },
  ): void {
    const meta = this.doc(doc)
    if (meta.snapshotHead !== measured.from) throw new Error('compactions of a document take turns')
    const base = Math.max(meta.base, snapshot.head - keep)
    const [only] = snapshot.updates
    const parts = only !== undefined && snapshot.updates.length === 1 ? 0 : snapshot.updates.length
    if (only !== undefined && parts === 0)
      this.#put(snapshotKey(doc), writeSnapshot({ head: snapshot.head, update: only }))
    else if (meta.snapshotHead > 0 && meta.parts === 0) this.#del(snapshotKey(doc))
    for (let i = 0; i < meta.parts; i++) this.#del(partKey(doc, meta.generation, i))
    for (let head = meta.base + 1; head <= base; head++) this.#del(rowKey(doc, head))
    // What was deleted by a row after the snapshot may lie in it.
    const erases = meta.erases && (keep > 0 || snapshot.head < meta.head)
    if (meta.erases && !erases) this.#del(eraseKey(doc))
    this.docs.set(doc, {
      ...meta,
      base,
      snapshotHead: snapshot.head,
      snapshotBytes: snapshot.updates.reduce((sum, { length }) => sum + length, 0),
      tailBytes: meta.tailBytes - measured.coveredBytes,
      parts,
      generation: measured.generation,
      erases,
    })
  }

  /** Notes what lay under a key, where nothing reads it. */
  keep(key: string, raw: Uint8Array): void {
    this.#put(key, raw)
  }

  /**
   * A document in the place of what was damaged, with parts that are written already; returns its
   * head. `after`: the largest head that it can have had. `old`: all keys of before.
   */
  anew(
    doc: DocName,
    after: number,
    old: readonly string[],
    { parts, bytes, generation }: { parts: number; bytes: number; generation: number },
    line: AuditLine,
  ): Commit {
    this.seq += 1
    const anew = Math.max(after, this.seq)
    const head = anew + 1
    for (const key of old) this.#del(key)
    this.docs.set(doc, {
      ...NO_DOC,
      head,
      seq: this.seq,
      base: head,
      snapshotHead: head,
      snapshotBytes: bytes,
      parts,
      generation,
      anew,
      runs: continueRuns([], head, this.#committed.incarnation),
    })
    this.scopes.set(scopeOf(doc), this.seq)
    this.#audit(line)
    return { kind: 'committed', seq: this.seq, heads: [head] }
  }

  #audit(line: AuditLine): void {
    const stored = chainAuditLine(this.tip, line)
    this.#put(auditKey(stored.n), writeAuditLine(stored))
    this.#index(line, stored.n)
    this.tip = { n: stored.n, hash: stored.hash }
  }

  /** Puts lines into the index that were written without; `through`: up to which all are in it. */
  indexAudit(lines: readonly StoredAuditLine[], through: number): void {
    for (const { n, text } of lines) {
      const line = readAuditText(text)
      if (line !== undefined) this.#index(line, n)
    }
    this.#put(auditIndexKey, writeNumber(through))
  }

  /** Removes lines from the beginning of the trail; `start` is the last of them. */
  pruneAudit(lines: readonly StoredAuditLine[], start: AuditTip): void {
    for (const { n, text } of lines) {
      this.#del(auditKey(n))
      const line = readAuditText(text)
      if (line !== undefined) for (const key of indexKeysOf(line, n)) this.#del(key)
    }
    this.#put(auditStartKey, writeAuditTip(start))
    this.start = start
  }

  #index(line: AuditLine, n: number): void {
    for (const key of indexKeysOf(line, n)) this.#put(key, NOTHING)
  }

  /** A write that means nothing, over the whole of some ranges with nothing at their ends. */
  touch(ranges: readonly KeyRange[]): void {
    for (const { gte, lt } of ranges) {
      this.#del(gte)
      this.#del(lt)
    }
  }

  /** Another name for the database. */
  epoch(epoch: string): void {
    this.#put(epochKey, writeText(epoch))
  }

  /** A write that means nothing, to see whether writing works. */
  probe(): void {
    this.#put(probeKey, new Uint8Array())
  }

  /** Everything to write, in one batch; empty when nothing is to be written. */
  operations(): BatchOp[] {
    for (const [doc, meta] of this.docs) this.#put(docKey(doc), writeDocMeta(meta))
    for (const [scope, seq] of this.scopes) this.#put(scopeKey(scope), writeNumber(seq))
    if (this.seq > this.#committed.seq) this.#put(seqKey, writeNumber(this.seq))
    if (this.tip.n > this.#committed.tip.n) {
      this.#put(auditTipKey, writeAuditTip(this.tip))
      this.#put(auditIndexKey, writeNumber(this.tip.n))
    }
    return this.#ops
  }

  doc(doc: DocName): DocMeta {
    return this.docs.get(doc) ?? this.#committed.doc(doc)
  }

  #conflict(change: CheckedChange): Commit | undefined {
    const heads = new Map<DocName, number>()
    for (const [index, { doc, after }] of change.appends.entries()) {
      const head = heads.get(doc) ?? this.doc(doc).head
      if (after !== undefined && after !== head) return { kind: 'conflict', at: 'append', index }
      heads.set(doc, head + 1)
    }
    for (const [index, { key, expect }] of change.records.entries()) {
      // Whoever expects nothing may also write over what is damaged.
      if (expect === undefined) continue
      if (expect !== (this.versions.get(key) ?? this.#committed.version(key))) {
        return { kind: 'conflict', at: 'record', index }
      }
    }
    return undefined
  }

  #append({ doc, update, erases = false }: Append): number {
    const meta = this.doc(doc)
    const head = meta.head + 1
    this.#put(rowKey(doc, head), update)
    if (erases && !meta.erases) this.#put(eraseKey(doc), new Uint8Array())
    this.docs.set(doc, {
      ...meta,
      head,
      seq: this.seq,
      tailBytes: meta.tailBytes + update.length,
      runs: continueRuns(meta.runs, head, this.#committed.incarnation),
      erases: meta.erases || erases,
    })
    this.scopes.set(scopeOf(doc), this.seq)
    return head
  }

  #write(key: string, text: string | null): void {
    if (text === null) this.#del(recordKey(key))
    else this.#put(recordKey(key), writeRecord({ version: this.seq, text }))
    this.versions.set(key, text === null ? 0 : this.seq)
  }

  #put(key: string, value: Uint8Array): void {
    this.#ops.push({ type: 'put', key, value })
  }

  #del(key: string): void {
    this.#ops.push({ type: 'del', key })
  }
}
