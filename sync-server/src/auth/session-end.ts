/** Why sessions end, and what their devices are told when they come again. */
import { z } from 'zod'
import type { JsonObject } from '../base/json.ts'
import type { ErrorCode } from '../errors/catalogue.ts'

const endReasons = [
  /** Signed out on the device itself. */
  'logout',
  /** A token that counts no more was presented: somebody has a copy. */
  'reused',
  /** The person chose another password. */
  'password',
  /** The ways to sign in were made anew, by a link or a code. */
  'reset',
  /** The person removed the device, from another one of theirs. */
  'removed-self',
  /** The clinic removed the device. */
  'removed',
  'disabled',
  'closed',
  /** The same device signed in again, or there are too many. */
  'displaced',
] as const
export type EndReason = (typeof endReasons)[number]

/** Who ends sessions, and why. */
export interface EndedBy {
  /** User id, or `server`. */
  readonly actor: string
  readonly reason: EndReason
}

/** What a device is answered whose session ended so; the removed ones empty themselves. */
export const codeOfEnd = (reason: EndReason): ErrorCode => {
  switch (reason) {
    case 'removed-self':
      return 'device-removed'
    case 'removed':
    case 'disabled':
    case 'closed':
      return 'device-removed-by-clinic'
    case 'logout':
    case 'reused':
    case 'password':
    case 'reset':
    case 'displaced':
      return 'session-ended'
  }
}

/** Whether a device has to be told more than that it is signed out: its end is remembered then. */
export const isRemoval = (reason: EndReason): boolean => codeOfEnd(reason) !== 'session-ended'

export const ENDED_PREFIX = 'ended/'
export const endedKey = (id: string): string => ENDED_PREFIX + id

const endedSchema = z.object({
  user: z.string(),
  reason: z.enum(endReasons),
  /** Milliseconds. */
  at: z.number(),
  /** Until when a refresh token of it may come, ms. */
  until: z.number(),
})
export type EndedSession = z.infer<typeof endedSchema>

/** Throws on a record that this server did not write. */
export const readEnded = (value: unknown): EndedSession => endedSchema.parse(value)

export const writeEnded = ({ user, reason, at, until }: EndedSession): JsonObject => ({
  user,
  reason,
  at,
  until,
})
