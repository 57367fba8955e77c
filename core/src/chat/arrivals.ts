/**
 * When entries got to the server, of those whose own time does not say it: marks that the server
 * writes into the map `sys` of their page, in the same commit as they. A device's clock says when
 * something was written; only this says when anybody else could have read it.
 */
import { isWriter, type Writer } from '../base/client-id.ts'
import { isTime } from './entry.ts'

/** An entry's own time and its arrival lie further apart than this, ms, or there is no mark. */
export const MISDATED = 5 * 60_000

/** Most entries of one mark: as many as a member can put into a page. */
const MAX_RANGE = 100_000

/** Whether it came much later than it says, or before it says it was written. */
export const isMisdated = (at: number, arrivedAt: number): boolean =>
  Math.abs(arrivedAt - at) > MISDATED

/** Entries `from` to `to` of a writer, which came together. */
export interface ArrivalRange {
  readonly writer: Writer
  readonly from: number
  readonly to: number
}

export const arrivalKey = ({ writer, from, to }: ArrivalRange): string =>
  `arrived/${writer}/${from}/${to}`

/** Undefined for a key of anything else. */
export const readArrivalKey = (key: string): ArrivalRange | undefined => {
  const match = /^arrived\/(0|[1-9]\d{0,12})\/([1-9]\d{0,9})\/([1-9]\d{0,9})$/.exec(key)
  if (match === null) return undefined
  const [writer, from = 0, to = 0] = match.slice(1).map(Number)
  if (!isWriter(writer) || to < from || to - from >= MAX_RANGE) return undefined
  return { writer, from, to }
}

export class Arrivals {
  readonly #times = new Map<Writer, Map<number, number>>()

  /** Notes one key of the map; of two times the later counts. Returns the entries that it is of. */
  add(key: string, time: unknown): ArrivalRange | undefined {
    const range = readArrivalKey(key)
    if (range === undefined || !isTime(time)) return undefined
    const { writer, from, to } = range
    const times = this.#times.get(writer) ?? new Map<number, number>()
    this.#times.set(writer, times)
    // After a restore the server may have got an entry a second time.
    for (let n = from; n <= to; n++) times.set(n, Math.max(time, times.get(n) ?? 0))
    return range
  }

  /** When an entry came, ms; undefined when its own time says it. */
  of(writer: Writer, n: number): number | undefined {
    return this.#times.get(writer)?.get(n)
  }
}
