/**
 * The sessions of one person, in one record that every beginning and every end writes anew: so two
 * of them at once are never both right about how many there are, and none begins unseen while all
 * of somebody's are ended.
 */
import type { UserId } from '@wardline/core/base/ids'
import { z } from 'zod'
import type { JsonObject } from '../base/json.ts'

/** Sessions of one person at the same time; the one that was seen longest ago makes room. */
export const MAX_SESSIONS = 50
/** Removed devices of one person that are remembered, so that they can be told. */
export const MAX_REMOVED = 50

export const USER_SESSIONS_PREFIX = 'sessions-of/'
export const userSessionsKey = (user: UserId): string => USER_SESSIONS_PREFIX + user

const schema = z.object({
  /** Ids, oldest first. */
  sessions: z.array(z.string()),
  /** Ids of removed ones that may still come, oldest first. */
  removed: z.array(z.string()),
})

export interface UserSessions {
  readonly sessions: readonly string[]
  readonly removed: readonly string[]
}

export const NO_SESSIONS: UserSessions = { sessions: [], removed: [] }

/** Throws on a record that this server did not write. */
export const readUserSessions = (value: unknown): UserSessions => schema.parse(value)

export const writeUserSessions = ({ sessions, removed }: UserSessions): JsonObject => ({
  sessions: [...sessions],
  removed: [...removed],
})
