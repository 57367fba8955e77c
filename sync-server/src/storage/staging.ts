import type { DocName } from '@wardline/core/ids/ids'
import { type AuditTip, chainAuditLine } from './audit.ts'
import type { CheckedChange } from './check-input.ts'
import {
  auditKey,
  auditTipKey,
  type DocMeta,
  docKey,
  type KeyRange,
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
} from './level-layout.ts'
import { continueRuns } from './lineage.ts'
import { scopeOf } from './scope.ts'
import type { Commit, Row } from './store.ts'

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
    const heads = appends.map(({ doc, update }) => this.#append(doc, update))
    for (const { key, text } of records) this.#write(key, text)
    for (const line of audit) {
      const stored = chainAuditLine(this.tip, line)
      this.#put(auditKey(stored.n), writeAuditLine(stored))
      this.tip = { n: stored.n, hash: stored.hash }
    }
    return { kind: 'committed', seq: this.seq, heads }
  }

  /**
   * Puts a snapshot in the place of rows `measuredFrom + 1 … snapshot.head`, which weigh
   * `coveredBytes`, and keeps the last `keep` of them. false when another compaction came
   * between: measure again.
   */
  compaction(
    doc: DocName,
    snapshot: Row,
    keep: number,
    { measuredFrom, coveredBytes }: { measuredFrom: number; coveredBytes: number },
  ): boolean {
    const meta = this.doc(doc)
    if (meta.snapshotHead !== measuredFrom) return false
    const base = Math.max(meta.base, snapshot.head - keep)
    this.#put(snapshotKey(doc), writeSnapshot(snapshot))
    for (let head = meta.base + 1; head <= base; head++) this.#del(rowKey(doc, head))
    this.docs.set(doc, {
      ...meta,
      base,
      snapshotHead: snapshot.head,
      snapshotBytes: snapshot.update.length,
      tailBytes: meta.tailBytes - coveredBytes,
    })
    return true
  }

  /** A write that means nothing, over the whole of some ranges with nothing at their ends. */
  touch(ranges: readonly KeyRange[]): void {
    for (const { gte, lt } of ranges) {
      this.#del(gte)
      this.#del(lt)
    }
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
    if (this.tip.n > this.#committed.tip.n) this.#put(auditTipKey, writeAuditTip(this.tip))
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
      const version = this.versions.get(key) ?? this.#committed.version(key)
      if (expect !== undefined && expect !== version) {
        return { kind: 'conflict', at: 'record', index }
      }
    }
    return undefined
  }

  #append(doc: DocName, update: Uint8Array): number {
    const meta = this.doc(doc)
    const head = meta.head + 1
    this.#put(rowKey(doc, head), update)
    this.docs.set(doc, {
      ...meta,
      head,
      seq: this.seq,
      tailBytes: meta.tailBytes + update.length,
      runs: continueRuns(meta.runs, head, this.#committed.incarnation),
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
