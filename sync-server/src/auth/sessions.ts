/**
 * Sessions: one record each, renewed with a refresh token that changes with every use.
 *
 * That a token was answered with its successor proves nothing about what the client kept: the
 * answer may be lost, and a browser that is killed loses a cookie that it has used for half a
 * minute. So the token before stays good until a successor of it is presented. When it comes again,
 * it gets another successor, and the first of them that comes counts. Where two hold copies of one
 * session they end with different ones, and the next that comes of the other ends it for both.
 */
import { type DeviceId, parseDeviceId, parseUserId, type UserId } from '@wardline/core/base/ids'
import { contend } from '@wardline/core/time/contend'
import { z } from 'zod'
import type { JsonObject } from '../base/json.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { AuditLine } from '../storage/audit.ts'
import type { RecordWrite, Store, StoredRecord } from '../storage/store.ts'
import {
  newRefreshToken,
  nextRefreshToken,
  type RefreshToken,
  readRefreshToken,
  secretHashOf,
  sessionIdOf,
  writeRefreshToken,
} from './refresh-token.ts'

const DAY = 24 * 3_600_000
/** Milliseconds a session lives after its last renewal. */
export const REFRESH_LIFETIME = 30 * DAY
/** Milliseconds after signing in when a session ends, however often it was renewed. */
export const SESSION_LIFETIME = 180 * DAY
/** Milliseconds in which the token before gets the very same successor, because tabs race. */
export const REUSE_GRACE = 10_000
/** Successors of one token that count; after that the oldest go. */
const MOST_SUCCESSORS = 4
/** Milliseconds after its issue in which a token may be kept when it is used. */
export const KEEP_GRACE = 60_000
const PREFIX = 'session/'

export interface Session {
  /** Not a secret. */
  readonly id: string
  readonly userId: UserId
  readonly device?: DeviceId
}

export interface OpenSession {
  readonly session: Session
  /** What the client presents next; undefined when its cookie is already the right one. */
  readonly refreshToken: string | undefined
}

const recordSchema = z.object({
  user: z.string(),
  device: z.string().nullable(),
  /** Milliseconds. */
  createdAt: z.number(),
  expiresAt: z.number(),
  /** When the newest token was issued. */
  rotatedAt: z.number(),
  /** Hashes of the tokens that may come next, newest last. */
  current: z.union([z.string().transform((only) => [only]), z.array(z.string())]),
  /** How many successors of `previous` were issued. */
  successors: z.number().default(1),
  /** Hash of the token that they follow; null for that of signing in. */
  previous: z.string().nullable(),
})
type SessionRecord = z.infer<typeof recordSchema>

export interface SessionsOptions {
  readonly store: Store
  readonly now: () => number
  /** Key from which the next refresh token derives. */
  readonly rotationKey: Uint8Array
  /** Called once a session has durably ended, so that its sockets can be closed. */
  readonly onEnd?: (sessionId: string, user: UserId) => void
}

export class Sessions {
  readonly #store: Store
  readonly #now: () => number
  readonly #rotationKey: Uint8Array
  readonly #onEnd: (sessionId: string, user: UserId) => void

  constructor({ store, now, rotationKey, onEnd }: SessionsOptions) {
    this.#store = store
    this.#now = now
    this.#rotationKey = rotationKey
    this.#onEnd = onEnd ?? (() => {})
  }

  /** Begins a session, durably together with its audit line. */
  async begin(userId: UserId, device: DeviceId | undefined, address: string): Promise<OpenSession> {
    const token = newRefreshToken()
    const id = sessionIdOf(token)
    const now = this.#now()
    const value: SessionRecord = {
      user: userId,
      device: device ?? null,
      createdAt: now,
      expiresAt: now + REFRESH_LIFETIME,
      rotatedAt: now,
      current: [secretHashOf(token)],
      successors: 1,
      previous: null,
    }
    const audit = { at: now, actor: userId, action: 'login.succeeded', details: { address } }
    await this.#write({ key: PREFIX + id, value, expect: 0 }, audit)
    const session = { id, userId, ...(device && { device }) }
    return { session, refreshToken: writeRefreshToken(token) }
  }

  /**
   * Exchanges a refresh token. With `keep`, one that was issued a moment ago stays as it is: a
   * client that cannot have kept it yet would lose both. Fails with `session-ended` for one that never was or is over,
   * `session-reused` when this use ended the session, `server-busy` after losing too many races.
   */
  async renew(text: string, keep = false): Promise<Result<OpenSession, Failure>> {
    const token = readRefreshToken(text)
    if (token === undefined) return failure('session-ended')
    const outcome = await contend(() => this.#tryRenew(token, keep))
    return outcome ?? { ok: false, error: { code: 'server-busy', retryAfter: 1 } }
  }

  /** Ends the session of a token, whichever of its tokens that is. Does nothing without one. */
  async end(text: string): Promise<void> {
    const token = readRefreshToken(text)
    if (token === undefined) return
    const id = sessionIdOf(token)
    const found = await this.#find(id)
    if (found === undefined) return
    await this.#end(id, found.record, 'logout')
  }

  /** Whether there is such a session, and it is not over. */
  async isLive(id: string): Promise<boolean> {
    const found = await this.#find(id)
    return found !== undefined && found.record.expiresAt > this.#now()
  }

  /**
   * Deletes the records of sessions that are over, and bounds those that began while the clock ran
   * ahead. Returns how many are gone.
   */
  async removeExpired(): Promise<number> {
    const now = this.#now()
    let over = 0
    for (const { key, value, version } of await this.#store.listRecords(PREFIX)) {
      const record = readRecord(value)
      const isOver = record.expiresAt <= now
      if (!isOver && record.createdAt <= now && record.expiresAt <= now + REFRESH_LIFETIME) continue
      const next = isOver ? null : bounded(record, now)
      await this.#store.commit({ records: [{ key, value: next, expect: version }] })
      if (isOver) over++
    }
    return over
  }

  /** Undefined when somebody else changed the record meanwhile. */
  async #tryRenew(
    token: RefreshToken,
    keep: boolean,
  ): Promise<Result<OpenSession, Failure> | undefined> {
    const id = sessionIdOf(token)
    const found = await this.#find(id)
    const now = this.#now()
    if (found === undefined || found.record.expiresAt <= now) return failure('session-ended')
    const { record, version } = found
    const session = sessionOf(id, record)
    const presented = secretHashOf(token)
    const age = now - record.rotatedAt
    const isNew = (grace: number): boolean => age >= 0 && age <= grace
    const isNext = record.current.includes(presented)
    if (isNext && keep && isNew(KEEP_GRACE)) return ok({ session, refreshToken: undefined })
    if (!isNext && presented !== record.previous) {
      await this.#end(id, record, 'session.reused')
      return failure('session-reused')
    }
    if (!isNext && isNew(REUSE_GRACE)) {
      const same = nextRefreshToken(token, this.#rotationKey, record.successors - 1)
      if (secretHashOf(same) === record.current.at(-1))
        return ok({ session, refreshToken: writeRefreshToken(same) })
    }
    const branch = isNext ? 0 : record.successors
    const next = nextRefreshToken(token, this.#rotationKey, branch)
    const before = isNext ? [] : record.current
    const value: SessionRecord = {
      ...bounded(record, now),
      rotatedAt: now,
      current: [...before, secretHashOf(next)].slice(-MOST_SUCCESSORS),
      successors: branch + 1,
      previous: presented,
    }
    value.expiresAt = Math.min(now + REFRESH_LIFETIME, value.createdAt + SESSION_LIFETIME)
    const written = await this.#write({ key: PREFIX + id, value, expect: version })
    return written ? ok({ session, refreshToken: writeRefreshToken(next) }) : undefined
  }

  async #end(id: string, record: SessionRecord, action: string): Promise<void> {
    const audit = { at: this.#now(), actor: record.user, action, subject: id }
    await this.#write({ key: PREFIX + id, value: null }, audit)
    this.#onEnd(id, sessionOf(id, record).userId)
  }

  async #find(id: string): Promise<{ record: SessionRecord; version: number } | undefined> {
    const stored: StoredRecord | undefined = await this.#store.getRecord(PREFIX + id)
    return stored && { record: readRecord(stored.value), version: stored.version }
  }

  async #write(
    write: Omit<RecordWrite, 'value'> & { value: JsonObject | null },
    audit?: AuditLine,
  ): Promise<boolean> {
    const done = await this.#store.commit({ records: [write], audit: audit ? [audit] : [] })
    return done.kind === 'committed'
  }
}

/** A session as it can be by this clock, which may have run ahead when the record was written. */
const bounded = (record: SessionRecord, now: number): SessionRecord => ({
  ...record,
  createdAt: Math.min(record.createdAt, now),
  expiresAt: Math.min(record.expiresAt, now + REFRESH_LIFETIME),
})

const sessionOf = (id: string, record: SessionRecord): Session => {
  const userId = parseUserId(record.user)
  if (userId === undefined) throw new Error(`session ${id} has no user`)
  const device = record.device === null ? undefined : parseDeviceId(record.device)
  return { id, userId, ...(device && { device }) }
}

/** Throws on a record that this server did not write. */
const readRecord = (value: unknown): SessionRecord => recordSchema.parse(value)
