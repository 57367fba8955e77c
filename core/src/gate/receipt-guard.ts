/**
 * Keeps receipts from being taken back: a status on somebody's screen never regresses. What may
 * go are items that another of the same key has superseded, which every replica deletes anyway
 * (two devices of one user set the same key without knowing of each other).
 */
import type { MemberIndex } from '../base/client-id.ts'
import { addRanges, RangeSet } from '../update/range-set.ts'
import type { ClockRange } from '../update/struct.ts'
import type { PendingChange } from './pending-change.ts'
import { type Place, winsOver } from './place.ts'

const NONE = new RangeSet()

export class ReceiptGuard {
  readonly #change: PendingChange
  readonly #member: MemberIndex
  #winners: Map<string, Place> | undefined
  #overwritten: Map<number, RangeSet> | undefined
  #gone: Map<number, RangeSet> | undefined

  /** For a change whose structs are all in: the answers hold for the state with them. */
  constructor(change: PendingChange, member: MemberIndex) {
    this.#change = change
    this.#member = member
  }

  /** Whether another item of the same key wins over all items of this place. */
  superseded(place: Place): boolean {
    this.#winners ??= this.#findWinners()
    return place.key !== null && this.#winners.get(place.key) !== place
  }

  /** Clocks of a client that a struct of the change was set after. */
  overwrittenOf(client: number): RangeSet {
    this.#overwritten ??= setsOf(this.#change.overwritten)
    return this.#overwritten.get(client) ?? NONE
  }

  /** Clocks of a client that are without content by the change's structs alone. */
  goneOf(client: number): RangeSet {
    this.#gone ??= setsOf([...this.#change.overwritten, ...this.#change.deletes])
    return this.#gone.get(client) ?? NONE
  }

  #findWinners(): Map<string, Place> {
    const winners = new Map<string, Place>()
    this.#change.eachRunOf(this.#member, (place) => {
      if (place.key === null) return
      const best = winners.get(place.key)
      if (best === undefined || winsOver(place, best)) winners.set(place.key, place)
    })
    return winners
  }
}

const setsOf = (ranges: readonly ClockRange[]): Map<number, RangeSet> => {
  const sets = new Map<number, RangeSet>()
  addRanges(sets, ranges)
  return sets
}
