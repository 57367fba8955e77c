/** Sessions: one record each, renewed with a refresh token that changes with every use. */
import type { DeviceId, UserId } from '@wardline/core/base/ids'
import { Serial } from '@wardline/core/base/serial'
import { contend } from '@wardline/core/time/contend'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { Store } from '../storage/store.ts'
import { cleanDeviceName } from './device-name.ts'
import { LiveSessions } from './live-sessions.ts'
import { type RefreshToken, readRefreshToken, sessionIdOf } from './refresh-token.ts'
import {
  type EndsOf,
  type NewSession,
  type OpenSession,
  type Prepared,
  SessionChanges,
  type SessionChangesOptions,
} from './session-changes.ts'
import { codeOfEnd, type EndedBy, endedKey, readEnded } from './session-end.ts'
import {
  isOver,
  readSession,
  type SessionRecord,
  sessionKey,
  sessionOf,
  usedAgain,
} from './session-record.ts'
import { renewalOf } from './session-renewal.ts'
import { removeOver, takeStock } from './session-stock.ts'

export interface SessionsOptions {
  readonly store: Store
  readonly now: () => number
  /** Key from which the next refresh token derives. */
  readonly rotationKey: Uint8Array
  /** Called once a session has durably ended, so that its sockets can be closed. */
  readonly onEnd?: (sessionId: string, user: UserId) => void
  readonly also?: NonNullable<SessionChangesOptions['also']>
}

/** Methods reject with `StoreError`. */
export class Sessions {
  readonly live = new LiveSessions()
  /** For what is stored together with a beginning or an end. */
  readonly changes: SessionChanges
  readonly #store: Store
  readonly #now: () => number
  readonly #rotationKey: Uint8Array
  /** Beginnings and ends of one person's: they would lose to each other. */
  readonly #turns = new Serial<UserId>()

  constructor({ store, now, rotationKey, onEnd = () => {}, also }: SessionsOptions) {
    this.#store = store
    this.#now = now
    this.#rotationKey = rotationKey
    this.changes = new SessionChanges({
      store,
      now,
      live: this.live,
      onEnd,
      ...(also && { also }),
    })
  }

  /** Learns which there are; until then no access token is good. To be called again after a loss. */
  open(): Promise<void> {
    return this.live.load(() => takeStock(this.#store))
  }

  /**
   * Begins a session, durably together with its audit line. `check` is asked before each attempt,
   * after it is known what it may lose to: what it refuses has not begun.
   */
  begin(
    session: NewSession,
    check: () => Promise<Result<void, Failure>> = async () => ok(undefined),
  ): Promise<Result<OpenSession, Failure>> {
    return this.#turns.run(session.userId, async () => {
      const begun = await contend<Result<OpenSession, Failure>>(async () => {
        const prepared = await this.changes.begin(session)
        const checked = await check()
        if (!checked.ok) return checked
        return this.#commit(prepared)
      })
      return begun ?? busy
    })
  }

  /**
   * Goes on with the session that the device began in the same way, or begins one: for who proves
   * who they are each time anew, and needs no refresh token. Fails like {@link begin}.
   */
  async goOn(
    session: NewSession & { readonly device: DeviceId },
    check: () => Promise<Result<void, Failure>>,
  ): Promise<Result<OpenSession, Failure>> {
    const gone = await this.#turns.run(session.userId, async () => {
      const sessions = await this.changes.sessionsOf(session.userId)
      const found = [...sessions].find(
        ([, { device, method }]) => device === session.device && method === session.method,
      )
      if (found === undefined) return undefined
      const checked = await check()
      if (!checked.ok) return checked
      const [id, record] = found
      const now = this.#now()
      const again = usedAgain(record, now)
      if (again === undefined) return undefined
      if (again === record || (await this.#replaceSeen(id, again)))
        return ok({ session: sessionOf(id, record), refreshToken: undefined })
      return undefined
    })
    return gone ?? this.begin(session, check)
  }

  /**
   * Exchanges a refresh token. With `keep`, one that was issued a moment ago stays as it is: a
   * client that cannot have kept it yet would lose both. Fails with `session-ended` for one that
   * never was or is over, `device-removed` or `device-removed-by-clinic` for one of a device that
   * was removed, `session-reused` when this use ended the session, `server-busy` after losing too
   * many races.
   */
  async renew(text: string, keep = false): Promise<Result<OpenSession, Failure>> {
    const token = readRefreshToken(text)
    if (token === undefined) return failure('session-ended')
    return (await contend(() => this.#tryRenew(token, keep))) ?? busy
  }

  /** Ends the session of a token, whichever of its tokens that is. Does nothing without one. */
  async end(text: string): Promise<void> {
    const token = readRefreshToken(text)
    if (token === undefined) return
    const id = sessionIdOf(token)
    const found = await this.#find(id)
    if (found === undefined) return
    await this.endsOf(sessionOf(id, found.record).userId, {
      actor: found.record.user,
      reason: 'logout',
      only: id,
    })
  }

  /** Ends sessions of somebody: all, but for `except`, or `only` one. Returns how many. */
  endsOf(user: UserId, ends: EndsOf): Promise<Result<number, Failure>> {
    return this.#turns.run(user, async () => {
      const ended = await contend(async () => this.#commit(await this.changes.ends(user, ends)))
      return ended ?? busy
    })
  }

  /** Ends one session, whosever it is. False when there is none. */
  async endOne(id: string, by: EndedBy): Promise<Result<boolean, Failure>> {
    const found = await this.#find(id)
    if (found === undefined) return ok(false)
    const ended = await this.endsOf(sessionOf(id, found.record).userId, { ...by, only: id })
    return ended.ok ? ok(ended.value > 0) : ended
  }

  /** Those of somebody that are not over, oldest first. */
  of(user: UserId): Promise<ReadonlyMap<string, SessionRecord>> {
    return this.changes.sessionsOf(user)
  }

  /** False when the person has no such session. Fails with `bad-request` for no name at all. */
  async rename(user: UserId, id: string, text: string): Promise<Result<boolean, Failure>> {
    const name = cleanDeviceName(text)
    if (name === undefined) return failure('bad-request')
    if (!(await this.of(user)).has(id)) return ok(false)
    const renamed = await contend(async () => {
      const found = await this.#find(id)
      if (found === undefined) return ok(false)
      const value = { ...found.record, name }
      return (await this.#replace(id, value, found.version)) ? ok(true) : undefined
    })
    return renamed ?? busy
  }

  /** Whether there is such a session, and it is not over. */
  async isLive(id: string): Promise<boolean> {
    const found = await this.#find(id)
    return found !== undefined && !isOver(found.record, this.#now())
  }

  /**
   * Deletes the records of sessions that are over, and bounds those that began while the clock ran
   * ahead. Returns how many are gone.
   */
  async removeExpired(): Promise<number> {
    const gone = await removeOver(this.#store, this.#now())
    for (const id of gone) this.live.end(id)
    return gone.length
  }

  /** Undefined when somebody else changed the record meanwhile. */
  async #tryRenew(
    token: RefreshToken,
    keep: boolean,
  ): Promise<Result<OpenSession, Failure> | undefined> {
    const id = sessionIdOf(token)
    const found = await this.#find(id)
    if (found === undefined) return this.#refusalOf(id)
    const { record, version } = found
    const now = this.#now()
    if (isOver(record, now)) return failure('session-ended')
    const session = sessionOf(id, record)
    const renewal = renewalOf(record, token, { now, rotationKey: this.#rotationKey, keep })
    switch (renewal.kind) {
      case 'as-it-is':
        return ok({ session, refreshToken: renewal.next })
      case 'renewed': {
        const written = await this.#replace(id, renewal.record, version)
        return written ? ok({ session, refreshToken: renewal.next }) : undefined
      }
      case 'reused': {
        const by = { actor: record.user, reason: 'reused', only: id } as const
        const ended = await this.endsOf(session.userId, by)
        return ended.ok ? failure('session-reused') : ended
      }
    }
  }

  async #refusalOf(id: string): Promise<Result<OpenSession, Failure>> {
    const ended = await this.#store.getRecord(endedKey(id))
    return failure(ended === undefined ? 'session-ended' : codeOfEnd(readEnded(ended.value).reason))
  }

  async #find(id: string): Promise<{ record: SessionRecord; version: number } | undefined> {
    const stored = await this.#store.getRecord(sessionKey(id))
    return stored && { record: readSession(stored.value), version: stored.version }
  }

  /** False when it has ended, or was changed, meanwhile. */
  async #replaceSeen(id: string, record: SessionRecord): Promise<boolean> {
    const found = await this.#find(id)
    return found !== undefined && this.#replace(id, record, found.version)
  }

  async #replace(id: string, value: SessionRecord, expect: number): Promise<boolean> {
    const done = await this.#store.commit({ records: [{ key: sessionKey(id), value, expect }] })
    return done.kind === 'committed'
  }

  /** Undefined when somebody else was faster. */
  async #commit<T>({ records, audit, done }: Prepared<T>): Promise<Result<T, Failure> | undefined> {
    const commit = await this.#store.commit({ records, audit })
    return commit.kind === 'committed' ? ok(done()) : undefined
  }
}

const busy = err<Failure>({ code: 'server-busy', retryAfter: 1 })
