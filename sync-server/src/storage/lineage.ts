/**
 * The openings of a database, in order. A data directory can go back to what it was: its log is
 * cut off, or a copy is put in its place. What is written after that takes the numbers of what is
 * lost, so numbers alone do not tell; but each opening has a random name, which is written down,
 * durably, before anything else. Who knows of an opening, or of a change of one, that is not in
 * the lineage any more knows more than the database does.
 */
import { randomBytes } from 'node:crypto'
import { encode } from '@wardline/core/update/encode'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

/** One opening of a database for writing. */
export interface Incarnation {
  /** Random; never used again. */
  readonly id: string
  /** 1, 2, 3 … The changes from before there were incarnations are those of number 0. */
  readonly no: number
  /** Number of the last change before it. */
  readonly after: number
}

/** A change as one who was told of it remembers it: by its number, and who made it. */
export interface Place {
  readonly no: number
  readonly seq: number
}

/** Openings that are kept. A place in an older one counts as unknown, which costs its device time. */
const MAX_INCARNATIONS = 1_000

export class Lineage {
  readonly current: Incarnation
  readonly #entries: readonly Incarnation[]
  readonly #numbers: ReadonlyMap<string, number>

  private constructor(entries: readonly Incarnation[], current: Incarnation) {
    this.#entries = entries
    this.#numbers = new Map(entries.map(({ id, no }) => [id, no]))
    this.current = current
  }

  /** The lineage of a database whose last change is `seq`, when it is opened once more. */
  static continued(before: readonly Incarnation[], seq: number): Lineage {
    const id = randomBytes(12).toString('base64url')
    const current = { id, no: (before.at(-1)?.no ?? 0) + 1, after: seq }
    return new Lineage([...before, current].slice(-MAX_INCARNATIONS), current)
  }

  /** Oldest first; the last one is the current one. */
  get entries(): readonly Incarnation[] {
    return this.#entries
  }

  /** The cursor of a device that was told of everything up to a change; see docs/protocol.md. */
  cursorAt(seq: number): string {
    return `${this.current.id}.${seq}`
  }

  /**
   * Where a cursor is.
   *
   * @param seq the last change that there is
   * @returns undefined when the database does not have that change (any more), or cannot tell
   */
  locate(cursor: string, seq: number): Place | undefined {
    const [, id, digits] = /^(?:([\w-]{1,64})\.)?(\d{1,15})$/.exec(cursor) ?? []
    if (digits === undefined) return undefined
    // One from before there were incarnations has no name.
    const no = id === undefined ? 0 : this.#numbers.get(id)
    if (no === undefined) return undefined
    const last = no === this.current.no ? seq : this.#after(no + 1)
    const place = { no, seq: Number(digits) }
    return last === undefined || place.seq > last ? undefined : place
  }

  /** Number of the last change before an incarnation; undefined when it is not remembered. */
  #after(no: number): number | undefined {
    return this.#entries[no - (this.#entries[0]?.no ?? 0)]?.after
  }
}

/** Rows of a document from `from` on were written by an incarnation. */
export interface Run {
  readonly from: number
  readonly no: number
}

/** Runs that are kept of a document. */
const MAX_RUNS = 8

/** With one more row. Of the oldest ones that are too many the later number holds, to be safe. */
export const continueRuns = (runs: readonly Run[], head: number, no: number): readonly Run[] => {
  if (runs.at(-1)?.no === no) return runs
  const all = [...runs, { from: head, no }]
  const [first, second] = all
  if (all.length <= MAX_RUNS || first === undefined || second === undefined) return all
  return [{ from: first.from, no: second.no }, ...all.slice(2)]
}

/** The incarnation that wrote a row, or a later one. */
export const writerOf = (runs: readonly Run[], head: number): number =>
  runs.findLast(({ from }) => from <= head)?.no ?? 0

export const writeLineage = (entries: readonly Incarnation[]): Uint8Array =>
  encode((encoder) => {
    for (const { id, no, after } of entries) {
      encoding.writeVarString(encoder, id)
      encoding.writeVarUint(encoder, no)
      encoding.writeVarUint(encoder, after)
    }
  })

/** @throws when the bytes are no lineage */
export const readLineage = (value: Uint8Array): Incarnation[] => {
  const decoder = decoding.createDecoder(value)
  const entries: Incarnation[] = []
  while (decoding.hasContent(decoder)) {
    const id = decoding.readVarString(decoder)
    const no = decoding.readVarUint(decoder)
    entries.push({ id, no, after: decoding.readVarUint(decoder) })
  }
  return entries
}
