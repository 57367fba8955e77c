/**
 * Sessions: one record each, renewed with a refresh token that changes with every use. A token
 * that comes a second time was copied, and ends its session for both holders.
 */
import { type DeviceId, parseDeviceId, parseUserId, type UserId } from '@wardline/core/ids/ids'
import { contend } from '@wardline/core/time/contend'
import { z } from 'zod'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { AuditLine } from '../storage/audit.ts'
import type { JsonObject } from '../storage/json.ts'
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
/**
 * Milliseconds in which the token before still counts in any case, because tabs race. After them
 * it counts as long as nobody has used what the answer to it carried: then the answer was lost,
 * as happens in a dead spot, and whoever asks again is the one who never got it.
 */
export const REUSE_GRACE = 10_000
/** Sessions of which it is known when their access tokens were used; after that the oldest go. */
const KNOWN_USES = 100_000
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
  /** When `current` was issued. */
  rotatedAt: z.number(),
  /** Hashes of the tokens. */
  current: z.string(),
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
  /** Session → when the newest access token that came back was issued, ms. */
  readonly #used = new Map<string, number>()

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
      current: secretHashOf(token),
      previous: null,
    }
    const audit = { at: now, actor: userId, action: 'login.succeeded', details: { address } }
    await this.#write({ key: PREFIX + id, value, expect: 0 }, audit)
    const session = { id, userId, ...(device && { device }) }
    return { session, refreshToken: writeRefreshToken(token) }
  }

  /**
   * Exchanges a refresh token. Fails with `session-ended` for one that never was or is over,
   * `session-reused` when this use ended the session, `server-busy` after losing too many races.
   */
  async renew(text: string): Promise<Result<OpenSession, Failure>> {
    const token = readRefreshToken(text)
    if (token === undefined) return failure('session-ended')
    const outcome = await contend(() => this.#tryRenew(token))
    return outcome ?? { ok: false, error: { code: 'server-busy', retryAfter: 1 } }
  }

  /** An access token of the session, issued at `issuedAt` ms, came back: its answer had arrived. */
  noteUse(id: string, issuedAt: number): void {
    const known = this.#used.get(id) ?? 0
    this.#used.delete(id)
    this.#used.set(id, Math.max(known, issuedAt))
    for (const oldest of this.#used.keys()) {
      if (this.#used.size <= KNOWN_USES) break
      this.#used.delete(oldest)
    }
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

  /** Deletes the records of sessions that are over. Returns how many. */
  async removeExpired(): Promise<number> {
    const over = (await this.#store.listRecords(PREFIX)).filter(
      ({ value }) => readRecord(value).expiresAt <= this.#now(),
    )
    for (const { key, version } of over)
      await this.#store.commit({ records: [{ key, value: null, expect: version }] })
    return over.length
  }

  /** Undefined when somebody else changed the record meanwhile. */
  async #tryRenew(token: RefreshToken): Promise<Result<OpenSession, Failure> | undefined> {
    const id = sessionIdOf(token)
    const found = await this.#find(id)
    const now = this.#now()
    if (found === undefined || found.record.expiresAt <= now) return failure('session-ended')
    const { record, version } = found
    const session = sessionOf(id, record)
    const presented = secretHashOf(token)
    const next = nextRefreshToken(token, this.#rotationKey)
    const nextText = writeRefreshToken(next)
    if (presented === record.current) {
      const value: SessionRecord = {
        ...record,
        rotatedAt: now,
        expiresAt: Math.min(now + REFRESH_LIFETIME, record.createdAt + SESSION_LIFETIME),
        current: secretHashOf(next),
        previous: presented,
      }
      const written = await this.#write({ key: PREFIX + id, value, expect: version })
      return written ? ok({ session, refreshToken: nextText }) : undefined
    }
    if (presented === record.previous && this.#isForgiven(id, record, now)) {
      const isCurrent = secretHashOf(next) === record.current
      return ok({ session, refreshToken: isCurrent ? nextText : undefined })
    }
    await this.#end(id, record, 'session.reused')
    return failure('session-reused')
  }

  #isForgiven(id: string, { rotatedAt }: SessionRecord, now: number): boolean {
    if (now - rotatedAt <= REUSE_GRACE) return true
    // Access tokens are dated in whole seconds.
    return (this.#used.get(id) ?? 0) < Math.floor(rotatedAt / 1000) * 1000
  }

  async #end(id: string, record: SessionRecord, action: string): Promise<void> {
    const audit = { at: this.#now(), actor: record.user, action, subject: id }
    await this.#write({ key: PREFIX + id, value: null }, audit)
    this.#used.delete(id)
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

const sessionOf = (id: string, record: SessionRecord): Session => {
  const userId = parseUserId(record.user)
  if (userId === undefined) throw new Error(`session ${id} has no user`)
  const device = record.device === null ? undefined : parseDeviceId(record.device)
  return { id, userId, ...(device && { device }) }
}

/** Throws on a record that this server did not write. */
const readRecord = (value: unknown): SessionRecord => recordSchema.parse(value)
