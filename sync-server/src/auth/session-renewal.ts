/**
 * What a refresh token that is presented does to its session. Nothing here looks or writes.
 *
 * That a token was answered with its successor proves nothing about what the client kept: the
 * answer may be lost, and a browser that is killed loses a cookie that it has used for half a
 * minute. So the token before stays good until a successor of it is presented. When it comes again,
 * it gets another successor, and the first of them that comes counts. Where two hold copies of one
 * session they end with different ones, and the next that comes of the other ends it for both.
 */
import {
  nextRefreshToken,
  type RefreshToken,
  secretHashOf,
  writeRefreshToken,
} from './refresh-token.ts'
import {
  bounded,
  REFRESH_LIFETIME,
  SESSION_LIFETIME,
  type SessionRecord,
} from './session-record.ts'

/** Milliseconds in which the token before gets the very same successor, because tabs race. */
export const REUSE_GRACE = 10_000
/** Successors of one token that count; after that the oldest go. */
const MOST_SUCCESSORS = 4
/** Milliseconds after its issue in which a token may be kept when it is used. */
export const KEEP_GRACE = 60_000

export type Renewal =
  /** `next` is what the client presents next; undefined when its cookie is the right one. */
  | { readonly kind: 'as-it-is'; readonly next: string | undefined }
  /** Good once the record is stored. */
  | { readonly kind: 'renewed'; readonly next: string; readonly record: SessionRecord }
  /** Somebody has a copy: the session has to end. */
  | { readonly kind: 'reused' }

export interface RenewalOptions {
  /** Milliseconds since 1970. */
  readonly now: number
  /** Key from which the next refresh token derives. */
  readonly rotationKey: Uint8Array
  /** The client would rather keep a token that was issued a moment ago. */
  readonly keep: boolean
}

/** @param record of a session that is not over */
export const renewalOf = (
  record: SessionRecord,
  token: RefreshToken,
  { now, rotationKey, keep }: RenewalOptions,
): Renewal => {
  const presented = secretHashOf(token)
  const age = now - record.rotatedAt
  const isNew = (grace: number): boolean => age >= 0 && age <= grace
  const isNext = record.current.includes(presented)
  if (isNext && keep && isNew(KEEP_GRACE)) return { kind: 'as-it-is', next: undefined }
  if (!isNext && presented !== record.previous) return { kind: 'reused' }
  if (!isNext && isNew(REUSE_GRACE)) {
    const same = nextRefreshToken(token, rotationKey, record.successors - 1)
    if (secretHashOf(same) === record.current.at(-1))
      return { kind: 'as-it-is', next: writeRefreshToken(same) }
  }
  const branch = isNext ? 0 : record.successors
  const next = nextRefreshToken(token, rotationKey, branch)
  const before = isNext ? [] : record.current
  const renewed = bounded(record, now)
  return {
    kind: 'renewed',
    next: writeRefreshToken(next),
    record: {
      ...renewed,
      rotatedAt: now,
      current: [...before, secretHashOf(next)].slice(-MOST_SUCCESSORS),
      successors: branch + 1,
      previous: presented,
      expiresAt: Math.min(now + REFRESH_LIFETIME, renewed.createdAt + SESSION_LIFETIME),
    },
  }
}
