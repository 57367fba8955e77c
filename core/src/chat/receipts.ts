/**
 * What one member's state map says: up to which entry of each writer they have, and have read,
 * and since when. The maps only grow and every key is set once, so nothing here goes back. (Of two
 * times that two devices set at once all replicas keep the same one.)
 */
import type { Writer } from '../base/client-id.ts'
import { type ReceiptKind, readReceiptKey } from './receipt-key.ts'

export class Receipts {
  readonly #marks: Record<ReceiptKind, Map<Writer, Marks>> = { d: new Map(), r: new Map() }

  /** Notes one key of the map, as the map has it; ignores what is no receipt. */
  add(key: string, time: unknown): void {
    const parsed = readReceiptKey(key)
    if (parsed === undefined || typeof time !== 'number') return
    const byWriter = this.#marks[parsed.kind]
    const marks = byWriter.get(parsed.writer) ?? new Marks()
    byWriter.set(parsed.writer, marks)
    marks.set(parsed.n, time)
  }

  /** All entries of the writer up to this number are covered; 0 for none. */
  watermark(kind: ReceiptKind, writer: Writer): number {
    const own = this.#marks[kind].get(writer)?.largest ?? 0
    // What was read had been delivered.
    return kind === 'd' ? Math.max(own, this.watermark('r', writer)) : own
  }

  /** Since when the entry is covered, in ms: the time of the smallest mark that covers it. */
  timeOf(kind: ReceiptKind, writer: Writer, n: number): number | undefined {
    const own = this.#marks[kind].get(writer)?.timeOf(n)
    if (kind === 'r') return own
    const read = this.timeOf('r', writer, n)
    return own === undefined || (read !== undefined && read < own) ? read : own
  }
}

/** Marks of one kind for one writer. Somebody may set any number of them, in any order. */
class Marks {
  /** By n, in ms. */
  readonly #times = new Map<number, number>()
  #ascending: number[] = []
  #sorted = true
  largest = 0

  set(n: number, time: number): void {
    if (!this.#times.has(n)) {
      this.#ascending.push(n)
      this.#sorted &&= n > this.largest
      this.largest = Math.max(n, this.largest)
    }
    this.#times.set(n, time)
  }

  /** Of the smallest that is not below n. */
  timeOf(n: number): number | undefined {
    if (!this.#sorted) this.#ascending.sort((a, b) => a - b)
    this.#sorted = true
    let [from, to] = [0, this.#ascending.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((this.#ascending[middle] ?? 0) >= n) to = middle
      else from = middle + 1
    }
    return this.#times.get(this.#ascending[from] ?? 0)
  }
}
