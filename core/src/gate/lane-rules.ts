/**
 * What the values of a lane may be. Bodies are opaque here: the server never reads one.
 */

import { type DocRef, type Month, monthOf, monthStart } from '../base/ids.ts'
import { MAX_AHEAD } from '../chat/dating.ts'
import { EntryKind, type EntryRef, isTime, readEntry } from '../chat/entry.ts'
import type { Lane } from '../chat/lanes.ts'
import { readReceiptKey } from '../chat/receipt-key.ts'
import { type Refusal, refuse } from './gate-code.ts'

/** Longest text of a setting, in UTF-16 units. */
const MAX_PREF_TEXT = 256

const prefKey = /^[a-z-]{1,24}(\/[A-Za-z0-9._-]{1,90})?$/

/** A lane in which something may be written. */
export type OwnLane = Exclude<Lane, { kind: 'none' }>

/** `latest` is the latest time that a value may carry, milliseconds since 1970. */
export type LaneRules =
  | { readonly kind: 'page'; readonly month: Month; readonly latest: number }
  | { readonly kind: 'prefs' }

/** Throws Error for a lane that this document cannot have. */
export const rulesOf = (doc: DocRef, lane: OwnLane, now: number): LaneRules => {
  if (lane.kind === 'prefs') return { kind: 'prefs' }
  if (doc.kind !== 'page') throw new Error('a page lane in a document that is no page')
  return { kind: 'page', month: doc.month, latest: now + MAX_AHEAD }
}

/**
 * Whether `value` may be entry n of the writer in this page.
 *
 * @param isIn whether the member's log holds an entry, or held it
 */
export const checkEntry = (
  value: unknown,
  writer: number,
  n: number,
  month: Month,
  latest: number,
  isIn: (ref: EntryRef) => boolean,
): Refusal | undefined => {
  const entry = readEntry(value)
  if (entry === undefined) return refuse('BAD_ENTRY', 'not an entry')
  if (entry.writer !== writer) return refuse('BAD_ENTRY', 'entry of another writer')
  if (entry.n !== n) return refuse('BAD_ENTRY', `entry ${entry.n} where ${n} is next`)
  if (entry.at > latest) return refuse('CLOCK', 'entry from the future')
  if (entry.kind === EntryKind.message && monthOf(entry.at) !== month)
    return refuse('BAD_ENTRY', 'message of another month')
  const stub = entry.ref?.stub
  if (stub !== undefined && stub.at > latest && !mayBeAhead(entry.ref, month, latest, isIn))
    return refuse('CLOCK', 'stub from the future')
  if (stub !== undefined && monthOf(stub.at) !== month)
    return refuse('BAD_ENTRY', 'stub of another month')
  return undefined
}

/**
 * In a month that has not begun, all that is in was written while the server's clock ran ahead. It
 * can be taken back when that is right again.
 */
const mayBeAhead = (
  ref: EntryRef | null,
  month: Month,
  latest: number,
  isIn: (ref: EntryRef) => boolean,
): boolean => ref !== null && monthStart(month) > latest && isIn(ref)

/** Whether a map of the lane may have this key. */
export const checkKey = (rules: LaneRules, key: string): Refusal | undefined => {
  if (rules.kind === 'page')
    return readReceiptKey(key) === undefined
      ? refuse('BAD_RECEIPT', 'not a receipt key')
      : undefined
  return prefKey.test(key) ? undefined : refuse('BAD_PREF', 'not a key of a setting')
}

/** Whether a key may have this value. */
export const checkMapValue = (rules: LaneRules, value: unknown): Refusal | undefined => {
  if (rules.kind === 'prefs')
    return isPref(value) ? undefined : refuse('BAD_PREF', 'not a value of a setting')
  if (!isTime(value)) return refuse('BAD_RECEIPT', 'not a time')
  return value > rules.latest ? refuse('CLOCK', 'receipt from the future') : undefined
}

const isPref = (value: unknown): boolean =>
  value === null ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  (typeof value === 'string' && value.length <= MAX_PREF_TEXT)
