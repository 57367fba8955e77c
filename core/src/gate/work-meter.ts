/**
 * Bounds what an accepted update costs whoever applies it. Yjs finds a new item's place by
 * walking over items that may be concurrent with it, so a frame of a few kilobytes that refers to
 * long-past elements a thousand times can hold up every replica for seconds: measured 4.5 s for
 * 60 kB on a log of 20,000 runs. Honest clients append, at most once per writer after something
 * old.
 */
import { indexOf, type MemberIndex } from '../base/client-id.ts'
import type { StructId } from '../update/struct.ts'
import type { GateIndex } from './gate-index.ts'
import type { PendingChange } from './pending-change.ts'

/** Steps of that walk that one update may take, 0.1–0.2 µs each on a slow machine. */
const MAX_STEPS = 10_000_000
/** Fewer walks than this are never counted: the usual update has none or one. */
const FEW_WALKS = 8
/** Items of one update that may start the same key anew; honest ones: one for each device. */
const MAX_SAME_KEY = 100

export class WorkMeter {
  /** Clients with an origin at another's: that decides the order in which Yjs takes them. */
  #linked: Set<number> | undefined
  #keys: Map<string, number> | undefined
  /** Walks over everything; walks over what was there before. */
  #long = 0
  #short = 0

  /** Counts one new struct. */
  add(client: number, origin: StructId | null, key: string | null): void {
    if (origin !== null) {
      if (origin.client === client) return
      this.#long++
      this.#linked ??= new Set()
      this.#linked.add(client)
    } else if (key !== null) {
      this.#keys ??= new Map()
      this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1)
    } else if (this.#linked?.has(client)) this.#long++
    else this.#short++
  }

  tooMuch(index: GateIndex, change: PendingChange, member: MemberIndex): boolean {
    if (this.#keys !== undefined)
      for (const count of this.#keys.values()) if (count > MAX_SAME_KEY) return true
    if (this.#long + this.#short <= FEW_WALKS) return false
    const known = index.countRunsOf(member)
    let fresh = 0
    for (const [client, runs] of change.clients) if (indexOf(client) === member) fresh += runs.count
    return this.#long * (known + fresh) + this.#short * known > MAX_STEPS
  }
}
