/**
 * What the gate knows of one document: per client the next clock, where its clocks lie, how many
 * entries it has, and which clocks are deleted. No contents.
 */

import { indexOf, type MemberIndex, type Writer, writerOf } from '../base/client-id.ts'
import { OWNER_INDEX, PREFS } from '../chat/lanes.ts'
import { walkInOrder } from '../update/causal-walk.ts'
import type { ClientRuns } from '../update/client-runs.ts'
import { STORED_LIMITS } from '../update/parse-limits.ts'
import { type ParsedStruct, parseUpdate } from '../update/parse-update.ts'
import { addRanges, RangeSet } from '../update/range-set.ts'
import { ContentRef } from '../update/struct.ts'
import { type ChangeBase, PendingChange } from './pending-change.ts'
import { listPlace, mapPlace, NOWHERE, type Place } from './place.ts'

const NOTHING_DELETED = new RangeSet()
const NO_SIZE: LaneSize = { clocks: 0, bytes: 0, walks: 0 }

/** What a lane takes, in what has to be read and in what has to be kept. */
export interface LaneSize {
  readonly clocks: number
  /**
   * How often something was put into a list that does not follow what the same client put there: to
   * find its place a reader may have to look at everything that is there.
   */
  readonly walks: number
  /** About: rows say some things that a snapshot does not. */
  readonly bytes: number
}

/** Calls `visit` with the key of each run that is a value of a setting. */
const eachSetting = (runs: ClientRuns<Place>, visit: (key: string) => void): void =>
  runs.eachRun(runs.base, runs.next, ({ root, key }) => {
    if (root === PREFS && key !== null) visit(key)
  })

export class GateIndex implements ChangeBase {
  readonly #clients = new Map<number, ClientRuns<Place>>()
  readonly #deleted = new Map<number, RangeSet>()
  readonly #lists = new Map<string, Place>()
  readonly #owners = new Map<Writer, MemberIndex>()
  readonly #sizes = new Map<MemberIndex, LaneSize>()
  /** Keys of settings that have ever had a value. */
  readonly #settings = new Set<string>()
  #version = 0

  /** Counts the changes: a verdict holds only for the version it was made for. */
  get version(): number {
    return this.#version
  }

  /** The client's next clock, 0 for an unknown one. */
  next(client: number): number {
    return this.#clients.get(client)?.next ?? 0
  }

  /** Number n of the client's last entry in its log, 0 for none. */
  lastEntry(client: number): number {
    return this.#clients.get(client)?.entries ?? 0
  }

  /** Who was first to write with a writer; undefined for one that nobody has used. */
  ownerOf(writer: Writer): MemberIndex | undefined {
    return this.#owners.get(writer)
  }

  /** What a member has written in this document. */
  sizeOf(member: MemberIndex): LaneSize {
    return this.#sizes.get(member) ?? NO_SIZE
  }

  /** How many settings have ever had a value, with those of `change`. */
  countSettings(change: PendingChange): number {
    const fresh = new Set<string>()
    for (const runs of change.clients.values())
      eachSetting(runs, (key) => {
        if (!this.#settings.has(key)) fresh.add(key)
      })
    return this.#settings.size + fresh.size
  }

  /** What it takes in memory: runs of a list and values of a map, some 100 bytes each. */
  get weight(): number {
    let runs = 1
    for (const client of this.#clients.values()) runs += 1 + client.count
    return runs
  }

  /** Clock of the client's entry n; undefined for one that is not known. */
  clockOf(client: number, n: number): number | undefined {
    return this.#clients.get(client)?.clockOf(n)
  }

  runsOf(client: number): ClientRuns<Place> | undefined {
    return this.#clients.get(client)
  }

  deletedOf(client: number): RangeSet {
    return this.#deleted.get(client) ?? NOTHING_DELETED
  }

  /** The one place that stands for a list. */
  list(root: string): Place {
    let place = this.#lists.get(root)
    if (place === undefined) {
      place = listPlace(root)
      this.#lists.set(root, place)
    }
    return place
  }

  /** Number of runs of a member's clients. */
  countRunsOf(member: MemberIndex): number {
    let count = 0
    for (const [client, runs] of this.#clients) if (indexOf(client) === member) count += runs.count
    return count
  }

  /** Calls `visit` for each run of each client of a member. */
  eachRunOf(member: MemberIndex, visit: (place: Place) => void): void {
    for (const [client, runs] of this.#clients)
      if (indexOf(client) === member) runs.eachRun(0, runs.next, visit)
  }

  /**
   * Takes in bytes from our own storage: rows, or a snapshot, in the order in which they were
   * stored. Throws Error for bytes that cannot have been stored whole: the document must not be
   * served then.
   */
  addStored(bytes: Uint8Array): void {
    const update = parseUpdate(bytes, () => 'outline', STORED_LIMITS)
    if (!update.ok) throw new Error(`stored update: ${update.message}`)
    const change = new PendingChange(this)
    const problem = walkInOrder(
      update.blocks,
      (client) => change.next(client),
      (client, struct) => this.#addStruct(change, client, struct),
    )
    if (problem !== undefined) throw new Error(`stored update: ${problem}`)
    for (const { client, clock, len } of update.deletes) {
      if (clock + len > change.next(client)) throw new Error('stored update: deletes the unknown')
      change.delete(client, clock, len)
    }
    for (const { client, bytes } of update.blocks) change.weigh(client, bytes)
    this.apply(change)
  }

  #addStruct(change: PendingChange, client: number, struct: ParsedStruct): 'skip' | undefined {
    if (struct.ref === ContentRef.skip) return 'skip'
    const clock = change.next(client)
    const len = struct.clock + struct.len - clock
    const gone = struct.ref === ContentRef.deleted || struct.ref === ContentRef.gc
    if (gone) change.delete(client, clock, len)
    if (clock > struct.clock)
      change.append(client, len, change.placeAt(client, clock - 1) ?? NOWHERE, {
        client,
        clock: clock - 1,
      })
    else change.append(client, len, this.#placeOf(change, client, struct), struct.origin)
    return undefined
  }

  #placeOf(change: PendingChange, client: number, struct: ParsedStruct): Place {
    const beside = struct.origin ?? struct.rightOrigin
    if (beside !== null) return change.placeAt(beside.client, beside.clock) ?? NOWHERE
    if (struct.root === null) return NOWHERE
    if (struct.key === null) return this.list(struct.root)
    return mapPlace(struct.root, struct.key, { client, clock: struct.clock })
  }

  /** Makes a change's changes. Only for a change that was made from this version. */
  apply(change: PendingChange): void {
    if (change.version !== this.#version) throw new Error('the index has changed since')
    this.#version++
    for (const [member, bytes] of change.bytes) this.#grow(member, { bytes })
    for (const [member, walks] of change.walks) this.#grow(member, { walks })
    for (const [client, runs] of change.clients) {
      this.#grow(indexOf(client), { clocks: runs.next - runs.base })
      if (indexOf(client) === OWNER_INDEX) eachSetting(runs, (key) => this.#settings.add(key))
      const known = this.#clients.get(client)
      if (known !== undefined) known.appendAll(runs)
      else {
        this.#clients.set(client, runs)
        const writer = writerOf(client)
        if (!this.#owners.has(writer)) this.#owners.set(writer, indexOf(client))
      }
    }
    addRanges(this.#deleted, change.deletes)
    addRanges(this.#deleted, change.overwritten)
  }

  #grow(member: MemberIndex, { clocks = 0, bytes = 0, walks = 0 }: Partial<LaneSize>): void {
    const before = this.sizeOf(member)
    this.#sizes.set(member, {
      clocks: before.clocks + clocks,
      bytes: before.bytes + bytes,
      walks: before.walks + walks,
    })
  }

  /** All that the index knows, in a normal form that tests and diagnostics can compare. */
  describe(): IndexDescription[] {
    return [...this.#clients]
      .sort(([a], [b]) => a - b)
      .map(([client, runs]) => {
        const places: { at: number; root: string | null; key: string | null }[] = []
        runs.eachRun(0, runs.next, ({ root, key }, at) => {
          const last = places.at(-1)
          if (last?.root !== root || last.key !== key) places.push({ at, root, key })
        })
        const { next, entries } = runs
        return { client, next, entries, places, deleted: this.deletedOf(client).ranges() }
      })
  }
}

export interface IndexDescription {
  client: number
  next: number
  entries: number
  /** Where the clocks from `at` on lie. */
  places: { at: number; root: string | null; key: string | null }[]
  /** Pairs of start and end (exclusive). */
  deleted: [number, number][]
}
