/** Signing in and staying signed in: what the HTTP endpoints and the socket need of it. */
import type { DeviceId, UserId } from '@wardline/core/base/ids'
import type { Clock } from '@wardline/core/time/clock'
import { systemTimers } from '../base/timers.ts'
import { FairPool } from '../budget/fair-pool.ts'
import { networkOf } from '../budget/network.ts'
import type { MemberRole, Role } from '../directory/role.ts'
import { normalizeEmail, type User } from '../directory/user.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { Store } from '../storage/store.ts'
import {
  ACCESS_LIFETIME,
  type AccessClaims,
  type AccessTokens,
  createAccessTokens,
} from './access-token.ts'
import { createKeyRing, deriveKey } from './key-ring.ts'
import { verifyPassword } from './password.ts'
import { type OpenSession, Sessions } from './sessions.ts'
import { Throttle, type ThrottleLimits } from './throttle.ts'

/**
 * Hashes computed at once, 19 MiB each. They run on libuv's four threads, and so do the writes of
 * the store, which must not stand behind them.
 */
const HASHES_AT_ONCE = 2
/**
 * Sign-ins that may wait for a hash: some two minutes' worth, for a whole clinic may come at once.
 * Past it whoever has most waiting is turned away.
 */
const MAX_SIGN_INS_WAITING = 8192
/** Ended sessions that are known; after that the oldest go. */
const KNOWN_ENDS = 100_000

export interface LoginRequest {
  readonly email: string
  readonly password: string
  readonly device?: DeviceId
  /** The client's network address. */
  readonly address: string
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/** What a client gets for signing in, and again with every renewal. */
export interface SignedIn {
  readonly accessToken: string
  /** Of the access token, in milliseconds since 1970. */
  readonly expiresAt: number
  readonly user: {
    readonly id: UserId
    readonly name: string
    readonly role: MemberRole
    readonly roles: readonly Role[]
  }
  /** For the cookie; undefined when the one that the client has is right. */
  readonly refreshToken: string | undefined
}

export interface AuthOptions {
  readonly store: Store
  readonly directory: Accounts
  /** The current secret, then those whose access tokens may still be alive. */
  readonly secrets: readonly [string, ...string[]]
  readonly clock?: Clock
  /** Called once a session has durably ended, so that its sockets can be closed. */
  readonly onSessionEnd?: (sessionId: string, user: UserId) => void
  readonly throttle?: ThrottleLimits
  readonly hashing?: { readonly concurrency: number; readonly maxWaiting: number }
}

/** The part of the directory that signing in needs. */
export interface Accounts {
  findByEmail(email: string): Promise<User | undefined>
  getUser(id: UserId): Promise<User | undefined>
}

/** Methods reject with `StoreError` when the store cannot read or write. */
export class Auth {
  readonly #store: Store
  readonly #accounts: Accounts
  readonly #clock: Clock
  readonly #tokens: AccessTokens
  readonly #sessions: Sessions
  readonly #throttle: Throttle
  readonly #hashing: FairPool
  /** Sessions that ended while access tokens of theirs may be alive → until when, elapsed ms. */
  readonly #ended = new Map<string, number>()

  constructor(options: AuthOptions) {
    const { store, directory, secrets, clock = systemTimers, onSessionEnd } = options
    const now = (): number => clock.now()
    this.#store = store
    this.#accounts = directory
    this.#clock = clock
    this.#tokens = createAccessTokens(createKeyRing(secrets), now)
    this.#sessions = new Sessions({
      store,
      now,
      rotationKey: deriveKey(secrets[0], 'refresh token'),
      onEnd: (session, user) => {
        this.#noteEnd(session)
        onSessionEnd?.(session, user)
      },
    })
    this.#throttle = new Throttle(() => clock.elapsed(), options.throttle)
    this.#hashing = new FairPool(
      options.hashing ?? { concurrency: HASHES_AT_ONCE, maxWaiting: MAX_SIGN_INS_WAITING },
    )
  }

  /**
   * Fails with `bad-credentials`, the same for a wrong password and an unknown account;
   * `account-inactive`, only for the right password; `too-many-attempts`; `server-busy`.
   */
  async login(request: LoginRequest): Promise<Result<SignedIn, Failure>> {
    const { password, device, address, signal } = request
    const account = normalizeEmail(request.email)
    const refusal = this.#refusal(account, address)
    if (refusal !== undefined) return refusal
    const user = await this.#accounts.findByEmail(account)
    // Addresses take turns, and on each of them the accounts; who is known there is one by themselves.
    const network = networkOf(address)
    const group = this.#throttle.isKnown(account, address) ? `${network} ${account}` : network
    const check = async () => {
      // Asked again: while this one waited, others may have failed.
      const late = this.#refusal(account, address)
      if (late !== undefined) return late
      const matches = await verifyPassword(password, user?.passwordHash)
      if (matches) this.#throttle.succeeded(account, address)
      else this.#throttle.failed(account, address)
      return ok(matches)
    }
    const checked = await this.#hashing.run({ group, member: account }, check, signal)
    if (checked === undefined) return err({ code: 'server-busy', retryAfter: 1 })
    if (!checked.ok) return checked
    if (!checked.value || user === undefined) {
      await this.#noteFailure(user, address)
      return failure('bad-credentials')
    }
    if (user.status !== 'active') {
      await this.#noteFailure(user, address)
      return failure('account-inactive')
    }
    return this.#begin(user.id, device, address)
  }

  /** See {@link Sessions.renew}. */
  async refresh(refreshToken: string, keep = false): Promise<Result<SignedIn, Failure>> {
    const renewed = await this.#sessions.renew(refreshToken, keep)
    if (!renewed.ok) return renewed
    const user = await this.#accounts.getUser(renewed.value.session.userId)
    if (user?.status !== 'active') return failure('session-ended')
    return ok(this.#signedIn(user, renewed.value))
  }

  /** Ends the session of a refresh token; nothing to do when there is none. */
  logout(refreshToken: string): Promise<void> {
    return this.#sessions.end(refreshToken)
  }

  /** Whether a session has neither ended nor expired; access tokens may outlive it. */
  isLiveSession(id: string): Promise<boolean> {
    return this.#sessions.isLive(id)
  }

  /** Fails with `token-expired`, `session-ended` or `unauthenticated`. */
  verifyAccessToken(token: string): Result<AccessClaims, Failure> {
    const verified = this.#tokens.verify(token)
    if (!verified.ok) return verified
    if (this.#ended.has(verified.value.session)) return failure('session-ended')
    return verified
  }

  /** Housekeeping, for once in some hours. Returns how many records it removed. */
  removeExpiredSessions(): Promise<number> {
    return this.#sessions.removeExpired()
  }

  /** Looks at the account once more: it may have been disabled meanwhile. */
  async #begin(
    id: UserId,
    device: DeviceId | undefined,
    address: string,
  ): Promise<Result<SignedIn, Failure>> {
    const opened = await this.#sessions.begin(id, device, address)
    const user = await this.#accounts.getUser(id)
    if (user?.status === 'active') return ok(this.#signedIn(user, opened))
    if (opened.refreshToken !== undefined) await this.#sessions.end(opened.refreshToken)
    return failure('account-inactive')
  }

  /** In the order of their ends, which is that of their being forgotten. */
  #noteEnd(session: string): void {
    const now = this.#clock.elapsed()
    this.#ended.set(session, now + ACCESS_LIFETIME)
    for (const [oldest, until] of this.#ended) {
      if (this.#ended.size <= KNOWN_ENDS && until > now) break
      this.#ended.delete(oldest)
    }
  }

  #refusal(
    account: string,
    address: string,
  ): { readonly ok: false; readonly error: Failure } | undefined {
    const retryAfter = this.#throttle.wait(account, address)
    return retryAfter === 0 ? undefined : err({ code: 'too-many-attempts', retryAfter })
  }

  /** What was typed as an address is not noted: it may be a password in the wrong field. */
  async #noteFailure(user: User | undefined, address: string): Promise<void> {
    const line = {
      at: this.#clock.now(),
      actor: 'server',
      action: 'login.failed',
      details: { address },
    }
    await this.#store.commit({ audit: [{ ...line, ...(user && { subject: user.id }) }] })
  }

  #signedIn({ id, name, role, roles }: User, { session, refreshToken }: OpenSession): SignedIn {
    const { token, expiresAt } = this.#tokens.issue({
      userId: id,
      name,
      role,
      roles,
      session: session.id,
      ...(session.device && { device: session.device }),
    })
    return { accessToken: token, expiresAt, user: { id, name, role, roles }, refreshToken }
  }
}
