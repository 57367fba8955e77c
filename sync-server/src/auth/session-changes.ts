/**
 * What beginning and ending sessions writes, so that it can be stored together with what else
 * belongs to it: an account, a link that was used.
 */
import type { DeviceId, UserId } from '@wardline/core/base/ids'
import type { AuditLine } from '../storage/audit.ts'
import { isDamage } from '../storage/seal.ts'
import type { RecordWrite, Store } from '../storage/store.ts'
import { cleanDeviceName } from './device-name.ts'
import type { LiveSessions } from './live-sessions.ts'
import { newRefreshToken, secretHashOf, sessionIdOf, writeRefreshToken } from './refresh-token.ts'
import { type EndedBy, type EndReason, endedKey, isRemoval, writeEnded } from './session-end.ts'
import {
  DAY,
  isOver,
  REFRESH_LIFETIME,
  readSession,
  SESSION_PREFIX,
  type Session,
  type SessionRecord,
  type SignInMethod,
  sessionKey,
} from './session-record.ts'
import {
  MAX_REMOVED,
  MAX_SESSIONS,
  NO_SESSIONS,
  readUserSessions,
  type UserSessions,
  userSessionsKey,
  writeUserSessions,
} from './user-sessions.ts'

/** How long after a session's time its device is still told of a removal, ms: clocks differ. */
const TOLD_LATE = DAY

/** Part of a change that the caller stores, as it is, and reads anew after a conflict. */
export interface Prepared<T> {
  readonly records: readonly RecordWrite[]
  readonly audit: readonly AuditLine[]
  /** To be called once, when it is stored. */
  done(): T
}

export interface NewSession {
  readonly userId: UserId
  readonly device?: DeviceId
  /** What the device calls itself, as it came. */
  readonly deviceName?: string
  /** The client's network address. */
  readonly address: string
  readonly method: SignInMethod
  /** Ends all other sessions of the person with it. */
  readonly ending?: EndedBy
  /** The session whose place it takes, beside that of the same device. */
  readonly instead?: string
}

export interface EndsOf extends EndedBy {
  /** Stays. */
  readonly except?: string
  /** Nothing but this one ends. */
  readonly only?: string
}

export interface OpenSession {
  readonly session: Session
  /** What the client presents next; undefined when its cookie is already the right one. */
  readonly refreshToken: string | undefined
}

export interface SessionChangesOptions {
  readonly store: Pick<Store, 'getRecord' | 'getRecords' | 'listRecords'>
  readonly now: () => number
  readonly live: LiveSessions
  /** Called for each session that has durably ended. */
  readonly onEnd: (sessionId: string, user: UserId) => void
  /** What else ends with all sessions of somebody. */
  readonly also?: (user: UserId, by: EndedBy) => Promise<Prepared<void>>
}

interface Known {
  readonly index: UserSessions
  /** Of its record; undefined when that is damaged and what stands in its place counts. */
  readonly version: number | undefined
  /** Of the sessions that there are, oldest first. */
  readonly sessions: ReadonlyMap<string, SessionRecord>
}

interface Ending {
  readonly id: string
  readonly record: SessionRecord
  readonly reason: EndReason
}

export class SessionChanges {
  readonly #options: SessionChangesOptions

  constructor(options: SessionChangesOptions) {
    this.#options = options
  }

  /** The sessions of somebody that are not over, oldest first. */
  async sessionsOf(user: UserId): Promise<ReadonlyMap<string, SessionRecord>> {
    const { sessions } = await this.#known(user)
    const now = this.#options.now()
    return new Map([...sessions].filter(([, record]) => !isOver(record, now)))
  }

  /** Of the same device at most one session stays, and of one person at most {@link MAX_SESSIONS}. */
  async begin({
    userId,
    device,
    deviceName = '',
    address,
    method,
    ending,
    instead,
  }: NewSession): Promise<Prepared<OpenSession> & { readonly id: string }> {
    const known = await this.#known(userId)
    const now = this.#options.now()
    const token = newRefreshToken()
    const id = sessionIdOf(token)
    const record: SessionRecord = {
      user: userId,
      device: device ?? null,
      name: cleanDeviceName(deviceName) ?? null,
      method,
      createdAt: now,
      expiresAt: now + REFRESH_LIFETIME,
      rotatedAt: now,
      current: [secretHashOf(token)],
      successors: 1,
      previous: null,
    }
    const ended = ending ? all(known, ending.reason) : displacedBy(record, known, instead)
    const { actor } = ending ?? { actor: userId }
    const session = { id, userId, ...(device && { device }) }
    return {
      id,
      records: [
        { key: sessionKey(id), value: record, expect: 0 },
        ...this.#writes(userId, known, ended, id),
      ],
      audit: [
        { at: now, actor: userId, action: 'login.succeeded', details: { address, method } },
        ...linesOf(userId, actor, ended, now),
      ],
      done: () => {
        this.#options.live.begin(id)
        this.#tell(userId, ended)
        return { session, refreshToken: writeRefreshToken(token) }
      },
    }
  }

  /** `done` tells how many have ended. */
  async ends(user: UserId, { actor, reason, except, only }: EndsOf): Promise<Prepared<number>> {
    const known = await this.#known(user)
    const ended = all(known, reason).filter(
      ({ id }) => id !== except && (only === undefined || id === only),
    )
    // Also where none of all ends: one that begins at this moment has to look again.
    const isChange = ended.length > 0 || only === undefined
    const isAll = except === undefined && only === undefined
    const also = isAll ? await this.#options.also?.(user, { actor, reason }) : undefined
    return {
      records: [...(isChange ? this.#writes(user, known, ended) : []), ...(also?.records ?? [])],
      audit: [...linesOf(user, actor, ended, this.#options.now()), ...(also?.audit ?? [])],
      done: () => {
        this.#tell(user, ended)
        also?.done()
        return ended.length
      },
    }
  }

  #writes(user: UserId, known: Known, ended: readonly Ending[], begun?: string): RecordWrite[] {
    const now = this.#options.now()
    const gone = new Set(ended.map(({ id }) => id))
    const sessions = [...known.sessions.keys()].filter((id) => !gone.has(id))
    const removals = ended.filter(({ reason }) => isRemoval(reason))
    const remembered = [...known.index.removed, ...removals.map(({ id }) => id)]
    const removed = remembered.slice(-MAX_REMOVED)
    const index = { sessions: begun === undefined ? sessions : [...sessions, begun], removed }
    const kept = new Set(removed)
    return [
      {
        key: userSessionsKey(user),
        value: writeUserSessions(index),
        ...(known.version !== undefined && { expect: known.version }),
      },
      ...ended.map(({ id }) => ({ key: sessionKey(id), value: null })),
      ...removals
        .filter(({ id }) => kept.has(id))
        .map(({ id, record, reason }) => ({
          key: endedKey(id),
          value: writeEnded({
            user,
            reason,
            at: now,
            until: Math.max(record.expiresAt, now) + TOLD_LATE,
          }),
        })),
      ...known.index.removed
        .filter((id) => !kept.has(id))
        .map((id) => ({ key: endedKey(id), value: null })),
    ]
  }

  #tell(user: UserId, ended: readonly Ending[]): void {
    const { live, onEnd } = this.#options
    // None of them is good any more when the first is told.
    for (const { id } of ended) live.end(id)
    for (const { id } of ended) onEnd(id, user)
  }

  async #known(user: UserId): Promise<Known> {
    const { store } = this.#options
    try {
      const found = await store.getRecord(userSessionsKey(user))
      const index = found === undefined ? NO_SESSIONS : readUserSessions(found.value)
      const keys = index.sessions.map(sessionKey)
      const records = await store.getRecords(keys)
      const sessions = index.sessions.flatMap((id) => {
        const record = records.get(sessionKey(id))
        return record === undefined ? [] : [[id, readSession(record.value)] as const]
      })
      return { index, version: found?.version ?? 0, sessions: new Map(sessions) }
    } catch (error) {
      if (!isDamage(error)) throw error
      return { index: NO_SESSIONS, version: undefined, sessions: await this.#search(user) }
    }
  }

  /** Where the record that names them is damaged: all are looked through. */
  async #search(user: UserId): Promise<ReadonlyMap<string, SessionRecord>> {
    const records = await this.#options.store.listRecords(SESSION_PREFIX)
    const own = records
      .map(({ key, value }) => [key.slice(SESSION_PREFIX.length), readSession(value)] as const)
      .filter(([, record]) => record.user === user)
    return new Map(own.sort(([, a], [, b]) => a.createdAt - b.createdAt))
  }
}

const all = ({ sessions }: Known, reason: EndReason): Ending[] =>
  [...sessions].map(([id, record]) => ({ id, record, reason }))

/** The session that the same device had, and those that were seen longest ago if there are too many. */
const displacedBy = (
  { device }: SessionRecord,
  known: Known,
  instead: string | undefined,
): Ending[] => {
  const sessions = all(known, 'displaced')
  const same = sessions.filter(
    ({ id, record }) => id === instead || (device !== null && record.device === device),
  )
  const others = sessions
    .filter((each) => !same.includes(each))
    .sort((a, b) => b.record.rotatedAt - a.record.rotatedAt)
  return [...same, ...others.slice(MAX_SESSIONS - 1)]
}

const linesOf = (
  user: UserId,
  actor: string,
  ended: readonly Ending[],
  at: number,
): readonly AuditLine[] => {
  const [first] = ended
  if (first === undefined) return []
  const { id, reason } = first
  if (reason === 'logout') return [{ at, actor, action: 'logout', subject: id }]
  if (reason === 'reused') return [{ at, actor, action: 'session.reused', subject: id }]
  const sessions = ended.map((each) => each.id)
  return [{ at, actor, action: 'session.ended', subject: user, details: { reason, sessions } }]
}
