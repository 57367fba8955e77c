/**
 * The structs of a page read from the bytes of its updates, with no Y.Doc: a lane's grammar is
 * closed ([GATE-2]), so that what Yjs would show follows from where each struct lies and from what
 * is deleted. `DocStructs` says the same of anything, and costs several times as much.
 */
import { type MemberIndex, type Writer, writerOf } from '../base/client-id.ts'
import { walkInOrder } from '../update/causal-walk.ts'
import { ClientRuns, type RunPlace } from '../update/client-runs.ts'
import { STORED_LIMITS } from '../update/parse-limits.ts'
import { type ParsedStruct, type ParsedUpdate, parseUpdate } from '../update/parse-update.ts'
import type { ClockRange, StructId } from '../update/struct.ts'
import { withoutDeleted } from '../update/without-deleted.ts'
import type { Authored } from './entry.ts'
import { KeyItems } from './key-items.ts'
import { readRootName, SYS } from './lanes.ts'
import type { PageStructs, StructSink } from './page-structs.ts'
import { ReadEntry, readLogValue } from './read-log-value.ts'

interface List extends RunPlace {
  readonly log: true
  /** Whose log it is; undefined for another list. */
  readonly author: MemberIndex | undefined
}

type Place = List | KeyItems

/** Of one Yjs client. */
class ClientStructs {
  readonly runs = new ClientRuns<Place>()
  /** Its elements, by number: null for one that is no entry, undefined where it is gone. */
  readonly elements: (ReadEntry | null | undefined)[] = []
}

/** Elements that are new. */
interface Fresh {
  readonly client: ClientStructs
  readonly from: number
  to: number
}

const strictly = (): 'strict' => 'strict'

export class ByteStructs implements PageStructs {
  readonly #sink: StructSink
  #updates: Uint8Array[] = []
  readonly #clients = new Map<number, ClientStructs>()
  /** By root type, and by root type and key. */
  readonly #lists = new Map<string, List>()
  readonly #keys = new Map<string, Map<string, KeyItems>>()
  /** Updates that build on something that is not here. */
  #waiting: ParsedUpdate[] = []
  #waitingDeletes: ClockRange[] = []
  #fresh: Fresh[] = []
  readonly #changedKeys = new Set<KeyItems>()
  #erased = false

  constructor(sink: StructSink) {
    this.#sink = sink
  }

  get updates(): readonly Uint8Array[] {
    return this.#updates
  }

  get isComplete(): boolean {
    return this.#waiting.length === 0 && this.#waitingDeletes.length === 0
  }

  apply(updates: readonly Uint8Array[]): boolean {
    const all: ParsedUpdate[] = []
    for (const update of updates) {
      const parsed = parseUpdate(update, strictly, STORED_LIMITS, readLogValue)
      if (!parsed.ok) return false
      all.push(parsed)
    }
    for (const update of updates) this.#updates.push(update)
    for (const parsed of all) if (!this.#take(parsed)) this.#waiting.push(parsed)
    if (this.#waiting.length > 0) this.#tryWaiting()
    for (const { deletes } of all) this.#delete(deletes)
    if (this.#waitingDeletes.length > 0) this.#delete(this.#waitingDeletes.splice(0))
    this.#tell()
    return true
  }

  takeErased(): boolean {
    const erased = this.#erased
    this.#erased = false
    return erased
  }

  tellAgain(): void {
    this.#updates = [...withoutDeleted(this.#updates)]
    for (const { elements } of this.#clients.values())
      for (const entry of elements) {
        if (!entry) continue
        // The bytes that it came in hold what was deleted.
        entry.body = entry.body.slice()
        this.#sink.entry(entry)
      }
  }

  entriesOf(author: MemberIndex): readonly Authored[] {
    const entries: Authored[] = []
    for (const { elements } of this.#clients.values())
      for (const entry of elements) if (entry && entry.author === author) entries.push(entry)
    return entries
  }

  hasWriter(writer: Writer): boolean {
    return [...this.#clients.keys()].some((client) => writerOf(client) === writer)
  }

  elementsOf(client: number): number {
    return this.#clients.get(client)?.runs.entries ?? 0
  }

  clockOf(client: number, n: number): number | undefined {
    return this.#clients.get(client)?.runs.clockOf(n)
  }

  readonly #next = (client: number): number => this.#clients.get(client)?.runs.next ?? 0

  /** False when some of it waits for something. */
  #take({ blocks }: ParsedUpdate): boolean {
    const problem = walkInOrder(blocks, this.#next, this.#add)
    if (problem === undefined) return true
    // Something is missing: whatever does not need it is taken in all the same.
    for (let left = blocks.length; ; ) {
      const before = left
      left = blocks.filter(({ client, structs }) => !this.#takeSome(client, structs)).length
      if (left === 0 || left === before) return left === 0
    }
  }

  #tryWaiting(): void {
    for (let before = -1; before !== this.#waiting.length; ) {
      before = this.#waiting.length
      this.#waiting = this.#waiting.filter((parsed) => !this.#take(parsed))
    }
  }

  /** Whether all of these is in. */
  #takeSome(client: number, structs: readonly ParsedStruct[]): boolean {
    for (const struct of structs) {
      const next = this.#next(client)
      if (struct.clock + struct.len <= next) continue
      const { origin } = struct
      const waits =
        origin !== null && struct.clock >= next && this.#next(origin.client) <= origin.clock
      if (struct.clock > next || waits) return false
      this.#add(client, struct)
    }
    return true
  }

  readonly #add = (client: number, struct: ParsedStruct): undefined => {
    let structs = this.#clients.get(client)
    if (structs === undefined) {
      structs = new ClientStructs()
      this.#clients.set(client, structs)
    }
    const { runs } = structs
    const clock = runs.next
    const known = clock - struct.clock
    const len = struct.len - known
    // Of a struct that is known in part, the rest lies behind what is here.
    const origin = known > 0 ? { client, clock: clock - 1 } : struct.origin
    const place = this.#placeOf(origin, struct)
    const values = known > 0 ? (struct.values?.slice(known) ?? null) : struct.values
    runs.append(len, place)
    if (place.log) this.#addElements(structs, place.author, len, values)
    else {
      const value = values?.at(-1)
      place.add({ client, clock, len, origin, value, deleted: values === null })
      this.#changedKeys.add(place)
    }
    return undefined
  }

  #addElements(
    client: ClientStructs,
    author: MemberIndex | undefined,
    len: number,
    values: readonly unknown[] | null,
  ): void {
    const { elements } = client
    const from = elements.length
    if (values === null) {
      elements.length = from + len
      return
    }
    for (const value of values) {
      const isEntry = author !== undefined && value instanceof ReadEntry
      if (isEntry) value.author = author
      elements.push(isEntry ? value : null)
    }
    const last = this.#fresh.at(-1)
    if (last?.client === client && last.to === from) last.to = elements.length
    else this.#fresh.push({ client, from, to: elements.length })
  }

  #placeOf(origin: StructId | null, { root, key }: ParsedStruct): Place {
    if (origin !== null) {
      const place = this.#clients.get(origin.client)?.runs.placeAt(origin.clock)
      if (place === undefined) throw new Error('an origin that is not here')
      return place
    }
    const name = root ?? ''
    return key === null ? this.#list(name) : this.#key(name, key)
  }

  #list(root: string): List {
    const known = this.#lists.get(root)
    if (known !== undefined) return known
    const lane = readRootName(root)
    const list: List = { log: true, author: lane?.part === 'log' ? lane.index : undefined }
    this.#lists.set(root, list)
    return list
  }

  #key(root: string, key: string): KeyItems {
    let keys = this.#keys.get(root)
    if (keys === undefined) {
      keys = new Map()
      this.#keys.set(root, keys)
    }
    let items = keys.get(key)
    if (items === undefined) {
      items = new KeyItems(root, key)
      keys.set(key, items)
    }
    return items
  }

  #delete(ranges: readonly ClockRange[]): void {
    for (const { client, clock, len } of ranges) {
      const structs = this.#clients.get(client)
      const next = structs?.runs.next ?? 0
      const end = clock + len
      if (end > next) {
        const from = Math.max(clock, next)
        this.#waitingDeletes.push({ client, clock: from, len: end - from })
      }
      structs?.runs.eachRun(clock, Math.min(end, next), (place, from, to) => {
        if (place.log) return this.#deleteElements(structs, from, to)
        place.delete(client, from, to)
        this.#changedKeys.add(place)
      })
    }
  }

  #deleteElements({ runs, elements }: ClientStructs, from: number, to: number): void {
    const first = runs.entriesBefore(from)
    for (let at = first; at < first + to - from; at++) {
      if (elements[at] === undefined) continue
      elements[at] = undefined
      this.#erased = true
    }
  }

  #tell(): void {
    for (const { client, from, to } of this.#fresh) {
      for (let at = from; at < to; at++) {
        const entry = client.elements[at]
        if (entry) this.#sink.entry(entry)
      }
    }
    this.#fresh = []
    for (const { root, key, value } of this.#changedKeys) {
      if (root === SYS) this.#sink.mark(key, value)
      const lane = readRootName(root)
      if (lane?.part === 'state') this.#sink.receipt(lane.index, key, value)
    }
    this.#changedKeys.clear()
  }
}
