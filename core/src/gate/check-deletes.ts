/** Which deletes of an update are kept: own ones of what is there. */
import { indexOf, type MemberIndex } from '../base/client-id.ts'
import type { ClockRange } from '../update/struct.ts'
import { type Refusal, refuse } from './gate-code.ts'
import type { GateIndex } from './gate-index.ts'
import type { PendingChange } from './pending-change.ts'
import type { ReceiptGuard } from './receipt-guard.ts'

export interface KeptDeletes {
  readonly kind: 'kept'
  readonly kept: ClockRange[]
  /** Ranges left out that nobody entitled to had deleted. */
  readonly stripped: number
  /** The sender's replica lacks what it should show: it has to be made anew. */
  readonly rebuild: boolean
}

/**
 * Sorts a delete set. `guard` is given where map items must not be taken back (pages).
 *
 * Deletes of others' clocks are never kept. An honest client carries them too: of map items,
 * which all replicas delete when a concurrent one wins, and, after the server was restored, of
 * clocks that it does not know any more. Those need no rebuild, which would cost the client what
 * the server has lost. Nor do deletes of own receipts: of two that were set over the same one every
 * replica deletes one, and the index does not know which.
 */
export const checkDeletes = (
  index: GateIndex,
  change: PendingChange,
  deletes: readonly ClockRange[],
  member: MemberIndex | undefined,
  guard: ReceiptGuard | undefined,
): KeptDeletes | Refusal => {
  const kept: ClockRange[] = []
  let stripped = 0
  let rebuild = false
  const keep = (client: number, from: number, to: number): void => {
    kept.push({ client, clock: from, len: to - from })
  }
  for (const { client, clock, len } of deletes) {
    const end = clock + len
    const next = change.next(client)
    const known = index.deletedOf(client)
    if (indexOf(client) !== member) {
      if (end > next) stripped++
      known.eachGap(clock, Math.min(end, next), (from, to) => {
        stripped++
        change.eachRun(client, from, to, (place) => {
          if (place.key === null) rebuild = true
        })
      })
      continue
    }
    if (end > next) return refuse('MISSING_DEP', 'deletes what is not there')
    known.eachGap(clock, end, (from, to) => {
      if (guard === undefined) return keep(client, from, to)
      change.eachRun(client, from, to, (place, runFrom, runTo) => {
        if (place.key === null || guard.superseded(place)) return keep(client, runFrom, runTo)
        let done = runFrom
        guard.goneOf(client).eachGap(runFrom, runTo, (gapFrom, gapTo) => {
          if (gapFrom > done) keep(client, done, gapFrom)
          stripped++
          done = gapTo
        })
        if (done < runTo) keep(client, done, runTo)
      })
    })
  }
  return { kind: 'kept', kept, stripped, rebuild }
}
