/** Changes on top of an index that are not made yet. */
import { indexOf, type MemberIndex } from '../base/client-id.ts'
import { ClientRuns } from '../update/client-runs.ts'
import type { ClockRange, StructId } from '../update/struct.ts'
import type { Place } from './place.ts'

/** What it is on top of. */
export interface ChangeBase {
  readonly version: number
  next(client: number): number
  lastEntry(client: number): number
  runsOf(client: number): ClientRuns<Place> | undefined
  eachRunOf(member: MemberIndex, visit: (place: Place) => void): void
}

export class PendingChange {
  readonly version: number
  readonly clients = new Map<number, ClientRuns<Place>>()
  /** Deleted by a delete set, or without content to begin with. */
  readonly deletes: ClockRange[] = []
  /** Map items that another was set after: every replica deletes them. */
  readonly overwritten: ClockRange[] = []
  /** How often each member began anew in a list, see `LaneSize`. */
  readonly walks = new Map<MemberIndex, number>()
  /** Bytes of each member's new structs. */
  readonly bytes = new Map<MemberIndex, number>()
  readonly #index: ChangeBase

  constructor(index: ChangeBase) {
    this.#index = index
    this.version = index.version
  }

  /** The client's next clock. */
  next(client: number): number {
    return this.clients.get(client)?.next ?? this.#index.next(client)
  }

  /** Number of the client's last entry. */
  lastEntry(client: number): number {
    return this.clients.get(client)?.entries ?? this.#index.lastEntry(client)
  }

  placeAt(client: number, clock: number): Place | undefined {
    return this.clients.get(client)?.placeAt(clock) ?? this.#index.runsOf(client)?.placeAt(clock)
  }

  /** Adds `len` clocks of a client after its last one. */
  append(client: number, len: number, place: Place, origin: StructId | null): void {
    let runs = this.clients.get(client)
    if (runs === undefined) {
      runs = new ClientRuns<Place>(this.#index.next(client), this.#index.lastEntry(client))
      this.clients.set(client, runs)
    }
    runs.append(len, place)
    if (place.key === null && place.root !== null && origin?.client !== client) {
      const member = indexOf(client)
      this.walks.set(member, (this.walks.get(member) ?? 0) + 1)
    }
    if (place.key !== null && origin !== null)
      this.overwritten.push({ client: origin.client, clock: origin.clock, len: 1 })
  }

  /** Counts bytes of structs of a client. */
  weigh(client: number, bytes: number): void {
    const member = indexOf(client)
    this.bytes.set(member, (this.bytes.get(member) ?? 0) + bytes)
  }

  delete(client: number, clock: number, len: number): void {
    this.deletes.push({ client, clock, len })
  }

  /** Calls `visit` for each run within [from, to), known or new. */
  eachRun(
    client: number,
    from: number,
    to: number,
    visit: (place: Place, from: number, to: number) => void,
  ): void {
    this.#index.runsOf(client)?.eachRun(from, to, visit)
    this.clients.get(client)?.eachRun(from, to, visit)
  }

  /** Calls `visit` for each run of each client of a member, known or new. */
  eachRunOf(member: MemberIndex, visit: (place: Place) => void): void {
    this.#index.eachRunOf(member, visit)
    for (const [client, runs] of this.clients)
      if (indexOf(client) === member) runs.eachRun(runs.base, runs.next, visit)
  }
}
