/** Which of this device's own entries the server has not acknowledged: a mirror of the outbox. */

import type { DocName } from '../../base/ids.ts'
import { type EntryId, entryId } from '../../chat/entry.ts'
import type { OutboxRow } from '../store/local-store.ts'

export class OutboxIndex {
  /** Entry → number of the row that carries it. */
  readonly #waiting = new Map<DocName, Map<EntryId, number>>()

  /** Documents of which the server may have lost what it had acknowledged. */
  readonly #doubted = new Set<DocName>()

  add(row: Pick<OutboxRow, 'doc' | 'no' | 'entries'>): void {
    const waiting = this.#waiting.get(row.doc) ?? new Map<EntryId, number>()
    this.#waiting.set(row.doc, waiting)
    for (const { writer, n } of row.entries) waiting.set(entryId(writer, n), row.no)
  }

  acknowledge(doc: DocName, upTo: number): void {
    const waiting = this.#waiting.get(doc)
    for (const [id, no] of waiting ?? []) if (no <= upTo) waiting?.delete(id)
  }

  /** Puts a document's part on what the store has. */
  replace(doc: DocName, rows: readonly OutboxRow[]): void {
    this.#waiting.delete(doc)
    for (const row of rows) this.add(row)
  }

  /** Whether the server is not known to have the entry: it has not said so, or lost things since. */
  isWaiting(doc: DocName, id: EntryId): boolean {
    return this.#doubted.has(doc) || (this.#waiting.get(doc)?.has(id) ?? false)
  }

  /** Whether the document has to be given to the server again. */
  doubt(doc: DocName, doubted: boolean): void {
    if (doubted) this.#doubted.add(doc)
    else this.#doubted.delete(doc)
  }

  /** Documents with entries that wait. */
  docs(): readonly DocName[] {
    return [...this.#waiting].filter(([, waiting]) => waiting.size > 0).map(([doc]) => doc)
  }

  /** Entries of a document that wait. */
  entries(doc: DocName): Iterable<EntryId> {
    return this.#waiting.get(doc)?.keys() ?? []
  }

  hasAny(doc: DocName): boolean {
    return (this.#waiting.get(doc)?.size ?? 0) > 0
  }

  /** Number of entries that wait. */
  get size(): number {
    let size = 0
    for (const waiting of this.#waiting.values()) size += waiting.size
    return size
  }
}
