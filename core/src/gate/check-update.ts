/**
 * The gate: what of an update may be stored. A closed-world check of the bytes, without a Y.Doc:
 * a member's structs refer to nothing outside their own lane, so what is left out of an update
 * cannot break what stays. See docs/protocol.md, section "The gate".
 */

import {
  clientIdOf,
  indexOf,
  type MemberIndex,
  SERVER_INDEX,
  type Writer,
  writerOf,
} from '../base/client-id.ts'
import type { DocRef } from '../base/ids.ts'
import { readArrivalKey } from '../chat/arrivals.ts'
import { type Lane, SYS } from '../chat/lanes.ts'
import { CLIENT_LIMITS, type ParseLimits } from '../update/parse-limits.ts'
import { type ParsedBlock, type ParsedStruct, parseUpdate } from '../update/parse-update.ts'
import { ContentRef } from '../update/struct.ts'
import { writeUpdate } from '../update/write-update.ts'
import { checkDeletes } from './check-deletes.ts'
import { type Refusal, refuse } from './gate-code.ts'
import type { GateIndex, LaneSize } from './gate-index.ts'
import { LaneCheck, type TimeSpan } from './lane-check.ts'
import { rulesOf } from './lane-rules.ts'
import { PendingChange } from './pending-change.ts'
import { ReceiptGuard } from './receipt-guard.ts'

export type GateLimits = ParseLimits

/**
 * What one member may put into one page, a month of a chat: far beyond what people write, and not so
 * much that it would keep the devices of the others, or the server, busy for seconds.
 */
export const MAX_LANE_CLOCKS = 100_000
export const MAX_LANE_BYTES = 32 * 1024 * 1024
/** How often they may begin anew in it: each page load and each start of a program does once. */
export const MAX_LANE_WALKS = 10_000

/**
 * What a person's settings may come to. Values that were overwritten count: Yjs keeps a struct of
 * each, and every device of the person reads them at each start. 30 changes a day for 18 years.
 */
export const MAX_SETTINGS = 20_000
export const MAX_SETTING_CHANGES = 200_000
export const MAX_SETTINGS_BYTES = 16 * 1024 * 1024

export interface GateContext {
  readonly doc: DocRef
  /** What the sender may write there. */
  readonly lane: Lane
  /** The server's time, milliseconds since 1970. */
  readonly now: number
  readonly limits?: Partial<GateLimits>
}

/** New entries `from` to `to` of a writer, by number; some may have been deleted already. */
export interface EntryRange {
  readonly writer: Writer
  readonly from: number
  readonly to: number
}

/** What was left out: clocks of others that are not known, ranges of deletes not kept. */
export interface Stripped {
  readonly structs: number
  readonly deletes: number
}

export type Verdict =
  | {
      readonly kind: 'accept'
      /** What to store, apply and pass on: never the bytes that came. */
      readonly update: Uint8Array
      /** Brings the index up to date. Throws Error if it has changed since the check. */
      readonly advance: () => void
      readonly entries: readonly EntryRange[]
      /** When the new entries of a writer say they were written, as far as they are not deleted. */
      readonly times: ReadonlyMap<Writer, TimeSpan>
      /** How many of the new entries are messages, and not about one that is there. */
      readonly messages: number
      /** How many elements and map values it has that are new. */
      readonly clocks: number
      /** Whether it has new entries other than retractions. */
      readonly speaks: boolean
      /** Keys of settings that it sets. */
      readonly settings: readonly string[]
      /** Whether it deletes something: that has to go from the disk as well. */
      readonly erases: boolean
      /** The sender's replica shows what nobody else does: it has to be made anew. */
      readonly rebuild: boolean
      readonly stripped: Stripped
    }
  /** Nothing new: acknowledge it. */
  | { readonly kind: 'known'; readonly rebuild: boolean; readonly stripped: Stripped }
  | Refusal

/**
 * Judges a V1 update from a client. Changes nothing and keeps nothing of `bytes`, which may be
 * part of a shared buffer.
 */
export const checkUpdate = (index: GateIndex, bytes: Uint8Array, context: GateContext): Verdict => {
  const { doc, lane, now } = context
  const limits =
    context.limits === undefined ? CLIENT_LIMITS : { ...CLIENT_LIMITS, ...context.limits }
  const member = lane.kind === 'none' ? undefined : lane.index
  const parsed = parseUpdate(
    bytes,
    (client) => {
      if (indexOf(client) === member) return 'strict'
      // Of a page's marks a stock client repeats those that a restored server lost.
      return doc.kind === 'page' && indexOf(client) === SERVER_INDEX ? 'outline' : 'span'
    },
    limits,
  )
  if (!parsed.ok) return refuse(parsed.code, parsed.message)

  const foreign = countForeign(index, parsed.blocks, lane)
  if (typeof foreign !== 'number') return foreign

  const change = new PendingChange(index)
  const check =
    lane.kind === 'none' ? undefined : new LaneCheck(index, change, lane, rulesOf(doc, lane, now))
  const refusal = check?.take(parsed.blocks)
  if (refusal !== undefined) return refusal

  const guard = lane.kind === 'page' ? new ReceiptGuard(change, lane.index) : undefined
  if (guard !== undefined && check?.takesBack(guard)) return refuse('BAD_RECEIPT', 'taken back')
  const deletes = checkDeletes(index, change, parsed.deletes, member, guard)
  if (deletes.kind === 'refuse') return deletes

  const { rebuild, kept } = deletes
  const stripped = { structs: foreign, deletes: deletes.stripped }
  if (change.clients.size === 0 && kept.length === 0) return { kind: 'known', rebuild, stripped }
  for (const { client, clock, len } of kept) change.delete(client, clock, len)
  const update = writeUpdate({ blocks: check?.blocks() ?? [], deletes: kept })
  if (lane.kind === 'page' && change.clients.size > 0) {
    change.weigh(clientIdOf(lane.index, 0), update.length)
    if (isTooLarge(index.sizeOf(lane.index), change)) return refuse('TOO_LARGE', 'the lane is full')
  }
  if (lane.kind === 'prefs' && change.clients.size > 0) {
    change.weigh(clientIdOf(lane.index, 0), update.length)
    if (areTooMany(index, lane.index, change)) return refuse('FULL', 'the settings are full')
  }
  return {
    kind: 'accept',
    update,
    advance: () => index.apply(change),
    entries: newEntries(index, change),
    times: check?.times ?? new Map(),
    messages: check?.messages ?? 0,
    clocks: grown(NOTHING, change).clocks,
    speaks: check?.speaks ?? false,
    settings: lane.kind === 'prefs' ? settingsIn(change) : [],
    erases: kept.length > 0,
    rebuild,
    stripped,
  }
}

/** Whether a lane would be more than what its readers can be asked to read. */
const isTooLarge = (size: LaneSize, change: PendingChange): boolean => {
  const { clocks, bytes, walks } = grown(size, change)
  // What goes on where it was never fills this up.
  const begins = change.walks.size > 0 && walks > MAX_LANE_WALKS
  return begins || clocks > MAX_LANE_CLOCKS || bytes > MAX_LANE_BYTES
}

/** Whether settings would be more than the devices of their person can be asked to read. */
const areTooMany = (index: GateIndex, member: MemberIndex, change: PendingChange): boolean => {
  const { clocks, bytes } = grown(index.sizeOf(member), change)
  return (
    clocks > MAX_SETTING_CHANGES ||
    bytes > MAX_SETTINGS_BYTES ||
    index.countSettings(change) > MAX_SETTINGS
  )
}

const NOTHING: LaneSize = { clocks: 0, bytes: 0, walks: 0 }

const grown = ({ clocks, bytes, walks }: LaneSize, change: PendingChange): LaneSize => {
  for (const { base, next } of change.clients.values()) clocks += next - base
  for (const more of change.bytes.values()) bytes += more
  for (const more of change.walks.values()) walks += more
  return { clocks, bytes, walks }
}

/** Whether it can be what a server says of arrivals. Nobody else is believed, but nobody is refused. */
const isMark = ({ ref, origin, rightOrigin, root, key }: ParsedStruct): boolean =>
  ref === ContentRef.any &&
  origin === null &&
  rightOrigin === null &&
  root === SYS &&
  key !== null &&
  readArrivalKey(key) !== undefined

/** Clocks of others that the index does not know, or why they cannot just be left out. */
const countForeign = (
  index: GateIndex,
  blocks: readonly ParsedBlock[],
  lane: Lane,
): number | Refusal => {
  let unknown = 0
  for (const { client, clock, end, mode, structs } of blocks) {
    if (mode === 'strict') continue
    const next = index.next(client)
    if (end <= next) continue
    if (indexOf(client) === SERVER_INDEX) {
      const areMarks =
        mode === 'outline' && structs.every((one) => one.clock + one.len <= next || isMark(one))
      if (!areMarks) return refuse('FOREIGN_SERVER')
    }
    // Where only the server writes there is nobody whose structs these could be.
    if (lane.kind === 'none') return refuse('NOT_YOURS', 'nobody but the server writes here')
    unknown += end - Math.max(clock, next)
  }
  return unknown
}

const settingsIn = (change: PendingChange): string[] => {
  const keys: string[] = []
  for (const runs of change.clients.values())
    runs.eachRun(runs.base, runs.next, ({ key }) => {
      if (key !== null) keys.push(key)
    })
  return keys
}

const newEntries = (index: GateIndex, change: PendingChange): EntryRange[] => {
  const ranges: EntryRange[] = []
  for (const [client, runs] of change.clients) {
    const from = index.lastEntry(client) + 1
    if (runs.entries >= from) ranges.push({ writer: writerOf(client), from, to: runs.entries })
  }
  return ranges
}
