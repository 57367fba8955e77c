/** Which of this device's own entries the server has not acknowledged: a mirror of the outbox. */
import { type EntryId, entryId } from '../chat/entry.ts'
import type { DocName } from '../ids/ids.ts'
import type { OutboxRow } from './local-store.ts'

export class OutboxBook {
  /** Entry → number of the row that carries it. */
  readonly #waiting = new Map<DocName, Map<EntryId, number>>()

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

  isWaiting(doc: DocName, id: EntryId): boolean {
    return this.#waiting.get(doc)?.has(id) ?? false
  }

  /** Documents with entries that wait. */
  docs(): readonly DocName[] {
    return [...this.#waiting].filter(([, waiting]) => waiting.size > 0).map(([doc]) => doc)
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
