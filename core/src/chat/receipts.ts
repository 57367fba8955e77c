/**
 * What one member's state map says: up to which entry of each writer they have, and have read,
 * and since when. The maps only grow and every key is set once, so nothing here goes back.
 */
import type { Writer } from '../ids/client-id.ts'
import { type ReceiptKind, readReceiptKey } from './receipt-key.ts'

interface Mark {
  n: number
  /** Milliseconds. */
  time: number
}

export class Receipts {
  /** Per writer ascending by n. */
  readonly #marks: Record<ReceiptKind, Map<Writer, Mark[]>> = { d: new Map(), r: new Map() }

  /** Notes one key of the map; ignores what is no receipt. */
  add(key: string, time: unknown): void {
    const parsed = readReceiptKey(key)
    if (parsed === undefined || typeof time !== 'number') return
    const byWriter = this.#marks[parsed.kind]
    const marks = byWriter.get(parsed.writer) ?? []
    byWriter.set(parsed.writer, marks)
    let at = marks.length
    while (at > 0 && (marks[at - 1] as Mark).n > parsed.n) at--
    const same = marks[at - 1]
    if (same?.n === parsed.n) same.time = Math.min(same.time, time)
    else marks.splice(at, 0, { n: parsed.n, time })
  }

  /** All entries of the writer up to this number are covered; 0 for none. */
  watermark(kind: ReceiptKind, writer: Writer): number {
    const own = this.#marks[kind].get(writer)?.at(-1)?.n ?? 0
    // What was read had been delivered.
    return kind === 'd' ? Math.max(own, this.watermark('r', writer)) : own
  }

  /** Since when the entry is covered, in ms: the time of the smallest mark that covers it. */
  timeOf(kind: ReceiptKind, writer: Writer, n: number): number | undefined {
    const marks = this.#marks[kind].get(writer) ?? []
    let [from, to] = [0, marks.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((marks[middle]?.n ?? 0) >= n) to = middle
      else from = middle + 1
    }
    const own = marks[from]?.time
    if (kind === 'r') return own
    const read = this.timeOf('r', writer, n)
    return own === undefined || (read !== undefined && read < own) ? read : own
  }
}
