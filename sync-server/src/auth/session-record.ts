/** What the store keeps of a session. Tokens are not in it, only their hashes. */
import { type DeviceId, parseDeviceId, parseUserId, type UserId } from '@wardline/core/base/ids'
import { z } from 'zod'

export const DAY = 24 * 3_600_000
/** Milliseconds a session lives after its last renewal. */
export const REFRESH_LIFETIME = 30 * DAY
/** Milliseconds after signing in when a session ends, however often it was renewed. */
export const SESSION_LIFETIME = 180 * DAY

export const SESSION_PREFIX = 'session/'
export const sessionKey = (id: string): string => SESSION_PREFIX + id

/** How somebody proved who they are when a session began. */
export const signInMethods = ['password', 'passkey', 'oidc', 'outside', 'link'] as const
export type SignInMethod = (typeof signInMethods)[number]

export interface Session {
  /** Not a secret. */
  readonly id: string
  readonly userId: UserId
  readonly device?: DeviceId
}

const recordSchema = z.object({
  user: z.string(),
  device: z.string().nullable(),
  /** What the person calls the device, or what it calls itself. */
  name: z.string().nullable().default(null),
  method: z.enum(signInMethods).default('password'),
  /** Milliseconds. */
  createdAt: z.number(),
  expiresAt: z.number(),
  /** When the newest token was issued: when the device was seen last, give or take a token's life. */
  rotatedAt: z.number(),
  /** Hashes of the tokens that may come next, newest last. */
  current: z.union([z.string().transform((only) => [only]), z.array(z.string())]),
  /** How many successors of `previous` were issued. */
  successors: z.number().default(1),
  /** Hash of the token that they follow; null for that of signing in. */
  previous: z.string().nullable(),
})
export type SessionRecord = z.infer<typeof recordSchema>

/** Throws on a record that this server did not write. */
export const readSession = (value: unknown): SessionRecord => recordSchema.parse(value)

/** A session as it can be by this clock, which may have run ahead when the record was written. */
export const bounded = (record: SessionRecord, now: number): SessionRecord => ({
  ...record,
  createdAt: Math.min(record.createdAt, now),
  expiresAt: Math.min(record.expiresAt, now + REFRESH_LIFETIME),
})

/** How often at most it is noted that a session without a refresh token is used, ms. */
const SEEN_EVERY = 3_600_000

/**
 * One that is used once more, and so lives longer; as it is when that was noted a moment ago.
 * Undefined when its time is over, however it is used.
 */
export const usedAgain = (record: SessionRecord, now: number): SessionRecord | undefined => {
  const { createdAt } = bounded(record, now)
  if (now >= createdAt + SESSION_LIFETIME) return undefined
  if (Math.abs(now - record.rotatedAt) < SEEN_EVERY) return record
  const expiresAt = Math.min(now + REFRESH_LIFETIME, createdAt + SESSION_LIFETIME)
  return { ...record, createdAt, rotatedAt: now, expiresAt }
}

export const isOver = ({ expiresAt }: SessionRecord, now: number): boolean => expiresAt <= now

export const sessionOf = (id: string, record: SessionRecord): Session => {
  const userId = parseUserId(record.user)
  if (userId === undefined) throw new Error(`session ${id} has no user`)
  const device = record.device === null ? undefined : parseDeviceId(record.device)
  return { id, userId, ...(device && { device }) }
}
