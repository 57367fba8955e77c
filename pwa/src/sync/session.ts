/**
 * The person's session with the server. The refresh token is a cookie that no script can read; the
 * access token lives in this object only, and is gone with the page.
 */

import type { UserId } from '@wardline/core/base/ids'
import { parsePerson } from '@wardline/core/client/model/parse-person'
import type { GetToken, TokenAnswer } from '@wardline/core/client/model/ports'
import type { Person } from '@wardline/core/client/model/views'
import { TokenLife } from '@wardline/core/client/sync/token-life'
import type { Clock } from '@wardline/core/time/clock'
import { browserTimers } from '../base/browser-timers.ts'
import { browserFetch, type Fetch, type HttpAnswer, request } from './http.ts'

export type SignInResult =
  | { ok: true; user: Person }
  | {
      ok: false
      code: 'bad-credentials' | 'other-person' | 'throttled' | 'unreachable' | 'refused'
      /** Plain words for the person. */
      message: string
      /** The server's code, where it refused. */
      refusal?: string
    }

/** Who removed a device. */
export type RemovedBy = 'person' | 'clinic'

export interface SessionOptions {
  /**
   * Whose messages this device holds; null when nobody's. A session of anybody else is not used:
   * it would show one person's messages to another, and send them as another.
   */
  owner(): UserId | null
  /** This device was removed from the account: what is on it has to go. */
  removed?: (by: RemovedBy) => void
  /** The owner as the server knows them now: the clinic may have changed a name, or roles. */
  renewed?: (person: Person) => void
  send?: Fetch
  clock?: Clock
  /** When the cookie was last replaced, ms, in any tab; it may not be on the disk yet. */
  replaced?: { at(): number; note(at: number): void; forget(): void }
  /** Whose the cookie is, as far as that is known, in any tab. */
  cookie?: { user(): string | null; note(user: string): void }
  /** Keeps tabs from renewing at the same time: the cookie is good for one use. */
  exclusively?: <T>(task: () => Promise<T>) => Promise<T>
}

/**
 * How old, in ms, a cookie has to be to be replaced by the next: browsers write it to the disk
 * within half a minute, and one that is killed before then has the one before.
 */
const settled = 45_000

interface Access {
  token: string
  expiresAt: number
  serverTime: number | null
  life: TokenLife
}

interface SignedIn {
  user: Person
  access: Access
}

export class Session {
  readonly #owner: () => UserId | null
  readonly #send: Fetch
  readonly #clock: Clock
  readonly #replaced: NonNullable<SessionOptions['replaced']>
  readonly #cookie: NonNullable<SessionOptions['cookie']>
  readonly #exclusively: <T>(task: () => Promise<T>) => Promise<T>
  readonly #removed: (by: RemovedBy) => void
  readonly #renewed: (person: Person) => void
  #access: Access | undefined
  #renewal: Promise<TokenAnswer> | undefined
  /** Grows with sign-in and sign-out: an answer from before counts no more. */
  #era = 0

  constructor({
    owner,
    send = browserFetch,
    clock = browserTimers,
    replaced = replacedInThisBrowser,
    cookie = cookieOfThisBrowser,
    removed = () => {},
    renewed = () => {},
    exclusively = underWebLock,
  }: SessionOptions) {
    this.#owner = owner
    this.#send = send
    this.#clock = clock
    this.#replaced = replaced
    this.#cookie = cookie
    this.#removed = removed
    this.#renewed = renewed
    this.#exclusively = exclusively
  }

  /** Takes the session that the cookie is of: the person signed in on another page. Never rejects. */
  resume(): Promise<SignInResult> {
    return this.signInBy('/api/auth/refresh?keep=true')
  }

  /**
   * Never rejects.
   *
   * @param path which way in: whatever of the HTTP interface answers as `/api/auth/login` does
   */
  async signInBy(path: string, body?: object): Promise<SignInResult> {
    const era = ++this.#era
    this.#access = undefined
    const answer = await this.#exclusively(() =>
      request(this.#send, 'POST', path, body === undefined ? {} : { body }),
    )
    if (answer.kind !== 'answer') return signInFailure(answer)
    const signedIn = this.#read(answer)
    if (signedIn === undefined) return signInFailure({ kind: 'unreachable' })
    if (!this.#isOwner(signedIn.user)) {
      await request(this.#send, 'POST', '/api/auth/logout')
      return {
        ok: false,
        code: 'other-person',
        message: 'This device holds another person’s messages. They have to sign out first.',
      }
    }
    if (era === this.#era) this.#access = signedIn.access
    return { ok: true, user: signedIn.user }
  }

  /**
   * Ends the session on the server. False when it could not be reached: the cookie is then still
   * there, and signing out has to be tried again. Never rejects.
   */
  async signOut(): Promise<boolean> {
    this.#era++
    this.#access = undefined
    this.#replaced.forget()
    const answer = await this.#exclusively(() => request(this.#send, 'POST', '/api/auth/logout'))
    return answer.kind === 'answer'
  }

  /** The token is not to be handed out again: the server refused it. */
  readonly dropToken = (): void => {
    this.#access = undefined
  }

  readonly getToken: GetToken = async () => {
    const access = this.#access
    if (access?.life.isGood === true)
      return { kind: 'token', token: access.token, expiresAt: access.expiresAt }
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined
    })
    return this.#renewal
  }

  async #renew(): Promise<TokenAnswer> {
    const era = this.#era
    const answer = await this.#exclusively(() => this.#askAnew())
    if (answer.kind === 'unauthorized') {
      this.#lookForRemoval(answer.code)
      return { kind: 'signed-out' }
    }
    const signedIn = answer.kind === 'answer' ? this.#read(answer) : undefined
    if (signedIn === undefined || era !== this.#era) return { kind: 'unreachable' }
    if (!this.#isOwner(signedIn.user)) return { kind: 'signed-out' }
    this.#access = signedIn.access
    this.#renewed(signedIn.user)
    const { token, expiresAt, serverTime } = signedIn.access
    return { kind: 'token', token, expiresAt, ...(serverTime !== null && { serverTime }) }
  }

  /** Not when the cookie is somebody else's: what is on this device is not theirs to lose. */
  #lookForRemoval(code: string): void {
    const by = removals.get(code)
    const owner = this.#owner()
    if (by === undefined || owner === null) return
    if ((this.#cookie.user() ?? owner) === owner) this.#removed(by)
  }

  async #askAnew(): Promise<HttpAnswer> {
    const now = this.#clock.now()
    const keeps = Math.abs(now - this.#replaced.at()) < settled
    const path = keeps ? '/api/auth/refresh?keep=true' : '/api/auth/refresh'
    const answer = await request(this.#send, 'POST', path)
    if (answer.kind === 'answer' && !keeps) this.#replaced.note(now)
    return answer
  }

  #isOwner({ id }: Person): boolean {
    const owner = this.#owner()
    return owner === null || owner === id
  }

  #read({ body, at }: HttpAnswer & { kind: 'answer' }): SignedIn | undefined {
    const { accessToken, expiresAt, user } = (body ?? {}) as Record<string, unknown>
    const person = parsePerson(user)
    if (typeof accessToken !== 'string' || typeof expiresAt !== 'number') return undefined
    if (person === undefined) return undefined
    this.#cookie.note(person.id)
    const life = new TokenLife(this.#clock, expiresAt, at)
    return { user: person, access: { token: accessToken, expiresAt, serverTime: at, life } }
  }
}

const signInFailure = (
  answer: Exclude<HttpAnswer, { kind: 'answer' }>,
): SignInResult & { ok: false } => {
  switch (answer.kind) {
    case 'unauthorized':
      return { ok: false, code: 'bad-credentials', message: answer.message }
    case 'refused':
      return { ok: false, code: 'refused', message: answer.message, refusal: answer.code }
    case 'throttled':
      return { ok: false, code: 'throttled', message: throttledText(answer.retryAfter) }
    case 'unreachable':
      return {
        ok: false,
        code: 'unreachable',
        message: 'The server cannot be reached. Check the connection and try again.',
      }
  }
}

const throttledText = (seconds: number | null): string => {
  if (seconds === null) return 'Too many attempts. Wait a while and try again.'
  const minutes = Math.ceil(seconds / 60)
  const wait =
    seconds < 60 ? `${seconds} seconds` : minutes === 1 ? 'a minute' : `${minutes} minutes`
  return `Too many attempts. Wait ${wait} and try again.`
}

const removals: ReadonlyMap<string, RemovedBy> = new Map([
  ['device-removed', 'person'],
  ['device-removed-by-clinic', 'clinic'],
])

const COOKIE_OF = 'wardline-cookie-of'

const cookieOfThisBrowser: NonNullable<SessionOptions['cookie']> = {
  user: () => localStorage.getItem(COOKIE_OF),
  note: (user) => localStorage.setItem(COOKIE_OF, user),
}

const REPLACED = 'wardline-cookie-replaced'

const replacedInThisBrowser: NonNullable<SessionOptions['replaced']> = {
  at: () => Number(localStorage.getItem(REPLACED)),
  note: (at) => localStorage.setItem(REPLACED, String(at)),
  forget: () => localStorage.removeItem(REPLACED),
}

const underWebLock = <T>(task: () => Promise<T>): Promise<T> => {
  const { locks } = navigator as { locks?: LockManager }
  return locks === undefined ? task() : locks.request('wardline-session', task)
}
