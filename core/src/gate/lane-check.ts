/** The structs of one update that are in the sender's own lane. */

import { clientIdOf, indexOf, type MemberIndex, type Writer, writerOf } from '../base/client-id.ts'
import { type EntryRef, isMessage, isRetraction, timeOf } from '../chat/entry.ts'
import { walkInOrder } from '../update/causal-walk.ts'
import type { ParsedBlock, ParsedStruct } from '../update/parse-update.ts'
import {
  ContentRef,
  type PlainBlock,
  type PlainContent,
  type PlainStruct,
  type StructId,
} from '../update/struct.ts'
import { type Refusal, refuse } from './gate-code.ts'
import type { GateIndex } from './gate-index.ts'
import { checkEntry, checkKey, checkMapValue, type LaneRules, type OwnLane } from './lane-rules.ts'
import type { PendingChange } from './pending-change.ts'
import { mapPlace, type Place } from './place.ts'
import type { ReceiptGuard } from './receipt-guard.ts'
import { WorkMeter } from './work-meter.ts'

/** When some entries say they were written, ms. */
export interface TimeSpan {
  readonly earliest: number
  readonly latest: number
}

export class LaneCheck {
  /** New entries that are messages. */
  messages = 0
  /** Whether one of the new entries is something else than a retraction. */
  speaks = false
  /** Of the new entries of each writer, as far as their content is there. */
  readonly times = new Map<Writer, TimeSpan>()
  readonly #index: GateIndex
  readonly #change: PendingChange
  readonly #rules: LaneRules
  readonly #member: MemberIndex
  readonly #log: string | undefined
  readonly #map: string
  readonly #work = new WorkMeter()
  readonly #written = new Map<number, PlainStruct[]>()
  /** Receipts that came without content, by their last clock. */
  readonly #gone: { readonly place: Place; readonly last: StructId }[] = []

  constructor(index: GateIndex, change: PendingChange, lane: OwnLane, rules: LaneRules) {
    this.#index = index
    this.#change = change
    this.#rules = rules
    this.#member = lane.index
    this.#log = lane.kind === 'page' ? lane.log : undefined
    this.#map = lane.kind === 'page' ? lane.state : lane.map
  }

  /** Takes all new own structs into the change, or says why one must not be there. */
  take(blocks: readonly ParsedBlock[]): Refusal | undefined {
    const own: ParsedBlock[] = []
    for (const block of blocks) {
      if (block.mode !== 'strict') continue
      const next = this.#index.next(block.client)
      if (block.clock > next) return refuse('MISSING_DEP', 'gap in the clocks')
      if (block.end <= next) continue
      if (next === 0 && !this.#isFree(writerOf(block.client)))
        return refuse('NOT_YOURS', 'the writer of another')
      if (block.structs.some((struct) => this.#refersAway(struct, next)))
        return refuse('NOT_YOURS', 'refers to the struct of another')
      own.push(block)
    }
    const problem = walkInOrder(
      own,
      (client) => this.#change.next(client),
      (client, struct) => this.#struct(client, struct),
    )
    switch (problem) {
      case 'missing':
        return refuse('MISSING_DEP', 'origin is not there')
      case 'forward':
        return refuse('GRAMMAR', 'origin is not before its struct')
      case 'cycle':
        return refuse('GRAMMAR', 'origins in a circle')
      case undefined:
        return this.#work.tooMuch(this.#index, this.#change, this.#member)
          ? refuse('TOO_LARGE', 'too much work to apply')
          : undefined
      default:
        return problem
    }
  }

  /** Whether a receipt that came without content would hide one that is there. */
  takesBack(guard: ReceiptGuard): boolean {
    return this.#gone.some(
      ({ place, last }) =>
        !guard.superseded(place) && !guard.overwrittenOf(last.client).has(last.clock),
    )
  }

  /** The new structs, ready to write. */
  blocks(): PlainBlock[] {
    const blocks: PlainBlock[] = []
    for (const [client, structs] of this.#written)
      blocks.push({ client, clock: this.#index.next(client), structs })
    return blocks
  }

  /** Ids, references and receipts name entries by writer: it has to be one member's alone. */
  #isFree(writer: Writer): boolean {
    return (this.#index.ownerOf(writer) ?? this.#member) === this.#member
  }

  /** A struct known before `next` is never looked at again, so it may say what it wants. */
  #refersAway({ origin, clock, len }: ParsedStruct, next: number): boolean {
    return clock + len > next && origin !== null && indexOf(origin.client) !== this.#member
  }

  #struct(client: number, struct: ParsedStruct): Refusal | undefined {
    const clock = this.#change.next(client)
    // Of a struct that is known in part, the rest lies behind what is stored, whatever it says:
    // so Yjs cuts it too.
    const known = clock - struct.clock
    const origin = known > 0 ? { client, clock: clock - 1 } : struct.origin
    const place = this.#placeOf(client, clock, origin, struct)
    if ('kind' in place) return place

    const len = struct.len - known
    let content: PlainContent = { kind: 'deleted', len }
    if (struct.ref !== ContentRef.deleted) {
      const all = struct.values ?? []
      const values = known > 0 ? all.slice(known) : all
      const refusal = this.#values(client, place, values)
      if (refusal !== undefined) return refusal
      content = { kind: 'any', values }
    } else {
      this.#change.delete(client, clock, len)
      if (place.key !== null) this.#gone.push({ place, last: { client, clock: clock + len - 1 } })
    }

    this.#work.add(client, origin, place.key)
    this.#change.append(client, len, place, origin)
    const written = { origin, root: place.root ?? '', key: place.key, content }
    const structs = this.#written.get(client)
    if (structs === undefined) this.#written.set(client, [written])
    else structs.push(written)
    return undefined
  }

  #placeOf(
    client: number,
    clock: number,
    origin: StructId | null,
    { root, key }: ParsedStruct,
  ): Place | Refusal {
    if (origin !== null) {
      const place = this.#change.placeAt(origin.client, origin.clock)
      const inLane =
        place !== undefined &&
        (place.key === null ? place.root === this.#log : place.root === this.#map)
      if (!inLane) return refuse('NOT_YOURS', 'origin is outside the lane')
      if (place.log && origin.client === client && origin.clock !== this.#lastEntryClock(client))
        return refuse('GRAMMAR', 'inserted, not appended: an earlier entry as origin')
      return place
    }
    if (key === null) {
      if (root === null || root !== this.#log)
        return refuse('NOT_YOURS', 'not the sender’s own log')
      // An honest writer appends to the end of the log, where its own last entry is or somebody's
      // later one. Anything else makes every replica walk the log to find the place.
      if (this.#change.lastEntry(client) > 0)
        return refuse('GRAMMAR', 'an entry after the first has an origin')
      return this.#index.list(root)
    }
    if (root !== this.#map) return refuse('NOT_YOURS', 'not the sender’s own map')
    return checkKey(this.#rules, key) ?? mapPlace(root, key, { client, clock })
  }

  #lastEntryClock(client: number): number | undefined {
    const n = this.#change.lastEntry(client)
    return this.#change.clients.get(client)?.clockOf(n) ?? this.#index.clockOf(client, n)
  }

  #values(client: number, place: Place, values: readonly unknown[]): Refusal | undefined {
    const rules = this.#rules
    if (place.key !== null) {
      // Yjs never merges live items of a map: each deletes the one before.
      if (values.length !== 1) return refuse('GRAMMAR', 'several values at one key')
      return checkMapValue(rules, values[0])
    }
    if (rules.kind !== 'page') return refuse('NOT_YOURS', 'no log here')
    const writer = writerOf(client)
    let n = this.#change.lastEntry(client)
    for (const value of values) {
      const isIn = (ref: EntryRef): boolean =>
        this.#change.lastEntry(clientIdOf(this.#member, ref.writer)) >= ref.n
      const refusal = checkEntry(value, writer, ++n, rules.month, rules.latest, isIn)
      if (refusal !== undefined) return refusal
      if (isMessage(value)) this.messages++
      if (!isRetraction(value)) this.speaks = true
      const at = timeOf(value)
      const { earliest, latest } = this.times.get(writer) ?? { earliest: at, latest: at }
      this.times.set(writer, { earliest: Math.min(earliest, at), latest: Math.max(latest, at) })
    }
    return undefined
  }
}
