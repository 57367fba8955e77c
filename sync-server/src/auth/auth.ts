/** Signing in and staying signed in: what the HTTP endpoints and the socket need of it. */
import type { ChatId, DeviceId, UserId } from '@wardline/core/base/ids'
import type { Clock } from '@wardline/core/time/clock'
import { systemTimers } from '../base/timers.ts'
import type { MemberRole, Role } from '../directory/role.ts'
import { normalizeEmail, type User } from '../directory/user.ts'
import { type ErrorCode, type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import { may } from '../permissions/permissions.ts'
import type { Store } from '../storage/store.ts'
import { type AccessClaims, type AccessTokens, createAccessTokens } from './access-token.ts'
import { ApiTokens } from './api-tokens.ts'
import { type DeviceSession, listDevices } from './device-session.ts'
import { createKeyRing, deriveKey } from './key-ring.ts'
import { checkOwnPassword, type PasswordAttempt } from './own-password.ts'
import { changePassword, type PasswordChange } from './password-change.ts'
import { PasswordCheck } from './password-check.ts'
import type { EndsOf, NewSession, OpenSession, Prepared } from './session-changes.ts'
import type { EndedBy } from './session-end.ts'
import { Sessions } from './sessions.ts'
import { SignInPace } from './sign-in-pace.ts'
import type { ThrottleLimits } from './throttle.ts'

/** What who is an admin alone sees of chats, whichever they were in as something else. */
const NO_CHATS: ReadonlySet<ChatId> = new Set()

export interface LoginRequest {
  readonly email: string
  readonly password: string
  readonly device?: DeviceId
  /** What the device calls itself, for the list of the person's devices. */
  readonly deviceName?: string
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
  /** Whose password alone does not sign them in. Nobody, if nothing is said. */
  readonly needsPasskey?: (user: User) => boolean
}

/** The part of the directory that signing in needs. */
export interface Accounts {
  findByEmail(email: string): Promise<User | undefined>
  getUser(id: UserId): Promise<User | undefined>
  /** The number with which access tokens of somebody are good; see `User.stamp`. */
  stampOf(id: UserId): number
}

/** Methods reject with `StoreError` when the store cannot read or write. */
export class Auth {
  /** What programs sign in with. */
  readonly apiTokens: ApiTokens
  readonly #store: Store
  readonly #accounts: Accounts
  readonly #clock: Clock
  readonly #tokens: AccessTokens
  readonly #sessions: Sessions
  readonly #passwords: PasswordCheck
  readonly #pace: SignInPace
  readonly #needsPasskey: (user: User) => boolean

  constructor(options: AuthOptions) {
    const { store, directory, secrets, clock = systemTimers } = options
    const { onSessionEnd = () => {}, needsPasskey = () => false } = options
    const now = (): number => clock.now()
    this.#store = store
    this.#accounts = directory
    this.#clock = clock
    this.#tokens = createAccessTokens(createKeyRing(secrets), now)
    this.#sessions = new Sessions({
      store,
      now,
      rotationKey: deriveKey(secrets[0], 'refresh token'),
      onEnd: onSessionEnd,
      also: (user, by) => this.apiTokens.prepareEnds(user, by),
    })
    this.apiTokens = new ApiTokens({
      store,
      getUser: (id) => directory.getUser(id),
      now,
      live: this.#sessions.live,
      onEnd: onSessionEnd,
    })
    this.#pace = new SignInPace(() => clock.elapsed())
    this.#passwords = new PasswordCheck({
      elapsed: () => clock.elapsed(),
      throttle: options.throttle,
      hashing: options.hashing,
    })
    this.#needsPasskey = needsPasskey
  }

  /**
   * Learns which sessions and API tokens there are: until then no access token is good. To be called
   * again when the store has lost something.
   */
  async open(): Promise<void> {
    await this.#sessions.open()
    await this.apiTokens.open()
  }

  /**
   * Fails with `bad-credentials`, the same for a wrong password and an unknown account;
   * `account-inactive` and `passkey-required`, only for the right password; `too-many-attempts`;
   * `server-busy`.
   */
  async login(request: LoginRequest): Promise<Result<SignedIn, Failure>> {
    const { password, device, deviceName, address, signal } = request
    const account = normalizeEmail(request.email)
    const attempt = { account, address, signal }
    const refusal = this.#passwords.refusal(attempt)
    if (refusal !== undefined) return refusal
    const user = await this.#accounts.findByEmail(account)
    const checked = await this.#passwords.matches(attempt, password, user?.passwordHash)
    if (!checked.ok) return checked
    if (!checked.value || user === undefined) {
      await this.#noteFailure(user, address)
      return failure('bad-credentials')
    }
    if (user.status !== 'active') {
      await this.#noteFailure(user, address)
      return failure('account-inactive')
    }
    if (this.#needsPasskey(user)) {
      await this.#noteFailure(user, address)
      return failure('passkey-required')
    }
    return this.signIn(
      user.id,
      { address, method: 'password', ...(device && { device }), ...(deviceName && { deviceName }) },
      // The password was another one a moment ago.
      (now) => (now.passwordHash === user.passwordHash ? undefined : 'bad-credentials'),
    )
  }

  /**
   * Begins a session of somebody who has proved who they are. Fails with `account-inactive`, with
   * what `check` says of the account as it is when the session begins, `too-many-attempts`,
   * `server-busy`.
   */
  async signIn(
    userId: UserId,
    session: Omit<NewSession, 'userId'>,
    check: (user: User) => ErrorCode | undefined = () => undefined,
  ): Promise<Result<SignedIn, Failure>> {
    const paced = this.#pace.take(userId)
    if (!paced.ok) return paced
    const begun = await this.#sessions.begin({ ...session, userId }, async () => {
      const account = await this.#accounts.getUser(userId)
      const code = account?.status === 'active' ? check(account) : 'account-inactive'
      return code === undefined ? ok(undefined) : failure(code)
    })
    if (!begun.ok) return begun
    // Once more: whoever disables an account ends its sessions, but perhaps the moment before.
    const user = await this.#accounts.getUser(userId)
    if (user?.status === 'active') return ok(this.#signedIn(user, begun.value))
    await this.#sessions.endOne(begun.value.session.id, { actor: 'server', reason: 'disabled' })
    return failure('account-inactive')
  }

  /**
   * An access token for who has just proved who they are, and will again: the device's session goes
   * on, or begins. Fails like {@link signIn}.
   */
  async goOn(
    userId: UserId,
    session: Omit<NewSession, 'userId'> & { readonly device: DeviceId },
  ): Promise<Result<SignedIn, Failure>> {
    const check = async (): Promise<Result<void, Failure>> =>
      (await this.#accounts.getUser(userId))?.status === 'active'
        ? ok(undefined)
        : failure('account-inactive')
    const opened = await this.#sessions.goOn({ ...session, userId }, check)
    if (!opened.ok) return opened
    const user = await this.#accounts.getUser(userId)
    if (user?.status === 'active')
      return ok(this.#signedIn(user, { ...opened.value, refreshToken: undefined }))
    await this.#sessions.endOne(opened.value.session.id, { actor: 'server', reason: 'disabled' })
    return failure('account-inactive')
  }

  /** An access token for a program. Fails with `api-token-refused`, `server-busy`. */
  async signInProgram(apiToken: string, address: string): Promise<Result<SignedIn, Failure>> {
    const checked = await this.apiTokens.check(apiToken, address)
    if (!checked.ok) return checked
    const { user, session } = checked.value
    return ok(
      this.#signedIn(user, { session: { id: session, userId: user.id }, refreshToken: undefined }),
    )
  }

  /**
   * What begins a session, for a commit that does more: all of it is stored in one change, then
   * `done` is called. After a conflict it has to be prepared again. Whoever prepares it makes sure
   * that the account may sign in, with an `expect` on its record. `id` names the session.
   */
  async prepareSession(
    user: User,
    session: Omit<NewSession, 'userId'>,
  ): Promise<Prepared<SignedIn> & { readonly id: string }> {
    const prepared = await this.#sessions.changes.begin({ ...session, userId: user.id })
    return { ...prepared, done: () => this.#signedIn(user, prepared.done()) }
  }

  /**
   * What ends sessions of somebody, in the same way; `done` closes their sockets, and tells how many
   * they were. A session that begins in the same change ends others by its own `ending` instead.
   */
  prepareEnds(user: UserId, ends: EndsOf): Promise<Prepared<number>> {
    return this.#sessions.changes.ends(user, ends)
  }

  /** See {@link PasswordCheck.choose}. */
  choosePassword(...choice: Parameters<PasswordCheck['choose']>): Promise<Result<string, Failure>> {
    return this.#passwords.choose(...choice)
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

  /** See {@link changePassword}. */
  changePassword(change: PasswordChange): Promise<Result<void, Failure>> {
    const { changes } = this.#sessions
    const now = (): number => this.#clock.now()
    return changePassword({ store: this.#store, passwords: this.#passwords, changes, now }, change)
  }

  /** Whether a password is somebody's own: see {@link checkOwnPassword}. */
  async checkPassword(attempt: PasswordAttempt): Promise<Result<void, Failure>> {
    const parts = { store: this.#store, passwords: this.#passwords, now: () => this.#clock.now() }
    const checked = await checkOwnPassword(parts, attempt)
    return checked.ok ? ok(undefined) : checked
  }

  /** The sessions of somebody, as devices; the one that was seen last first. */
  async sessionsOf(user: UserId): Promise<readonly DeviceSession[]> {
    return listDevices(await this.#sessions.of(user), this.#clock.now())
  }

  /** Ends one session, at once and for good. False when there is none. Fails with `server-busy`. */
  endSession(id: string, by: EndedBy): Promise<Result<boolean, Failure>> {
    return this.#sessions.endOne(id, by)
  }

  /**
   * Ends the sessions of somebody: all, but for `except`, or `only` one. Returns how many. Fails with
   * `server-busy`.
   */
  endSessionsOf(user: UserId, ends: EndsOf): Promise<Result<number, Failure>> {
    return this.#sessions.endsOf(user, ends)
  }

  /** See {@link Sessions.rename}. */
  renameSession(user: UserId, id: string, name: string): Promise<Result<boolean, Failure>> {
    return this.#sessions.rename(user, id, name)
  }

  /** Whether a session has neither ended nor expired; access tokens may outlive it. */
  isLiveSession(id: string): Promise<boolean> {
    return this.#sessions.isLive(id)
  }

  /** Fails with `token-expired`, `session-ended` or `unauthenticated`. */
  verifyAccessToken(token: string): Result<AccessClaims, Failure> {
    const verified = this.#tokens.verify(token)
    if (!verified.ok) return verified
    const { userId, session, stamp, roles } = verified.value
    if (!this.#sessions.live.has(session)) return failure('session-ended')
    // Their roles or their status are others by now: renewal tells which, or refuses.
    if (stamp !== this.#accounts.stampOf(userId)) return failure('token-expired')
    const chats = may('chat.use', roles, 'member') ? this.apiTokens.chatsOf(session) : NO_CHATS
    return chats === undefined ? verified : ok({ ...verified.value, chats })
  }

  /** Housekeeping, for once in some hours. Returns how many records it removed. */
  removeExpiredSessions(): Promise<number> {
    return this.#sessions.removeExpired()
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

  #signedIn(
    { id, name, role, roles, stamp }: User,
    { session, refreshToken }: OpenSession,
  ): SignedIn {
    const { token, expiresAt } = this.#tokens.issue({
      userId: id,
      name,
      role,
      roles,
      stamp,
      session: session.id,
      ...(session.device && { device: session.device }),
    })
    return { accessToken: token, expiresAt, user: { id, name, role, roles }, refreshToken }
  }
}
