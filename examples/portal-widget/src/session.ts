/**
 * Signing in to the clinic's server from a page of another origin. The refresh token is a cookie of
 * the server's, which no script can read; the access token lives in this object alone.
 */
import { parseUserId } from '@wardline/core/base/ids'
import type { TokenAnswer, TokenSource } from '@wardline/core/yjs/renew-token'
import type { LocalNotes, Owner } from './local-notes.ts'
import type { PortalTokens } from './portal-tokens.ts'

/** How long a request may take, ms. */
const PATIENCE = 15_000
/** A cookie this young, ms, may not be on the browser's disk yet, and is not replaced. */
const SETTLED = 45_000

/** `undefined`, or why not, for the person to read. */
export type SignInProblem = string | undefined

/** Who removed this browser from the account: what is here of it has to go. */
export type RemovedBy = 'person' | 'clinic'

interface Access {
  readonly token: string
  readonly owner: Owner
}

type Answer =
  | { readonly kind: 'access'; readonly access: Access }
  | { readonly kind: 'refused'; readonly code: unknown; readonly message: string }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'unreachable' }

export class Session {
  readonly #server: string
  readonly #notes: LocalNotes
  readonly #removed: (by: RemovedBy) => void
  readonly #portal: PortalTokens | undefined
  #access: Access | undefined
  #renewal: Promise<TokenAnswer> | undefined
  #replacedAt = Number.NEGATIVE_INFINITY

  /** @param portal who says who somebody is; without it people sign in here */
  constructor(
    server: string,
    notes: LocalNotes,
    removed: (by: RemovedBy) => void = () => {},
    portal?: PortalTokens,
  ) {
    this.#server = server
    this.#notes = notes
    this.#removed = removed
    this.#portal = portal
  }

  /**
   * Whose messages these are, by the portal's word. False when it is somebody else than whose messages
   * this browser holds; undefined when nobody can say.
   */
  async enter(): Promise<boolean | undefined> {
    const answer = await this.#exchange()
    if (answer.kind !== 'access') return undefined
    if (!this.#isOwner(answer.access.owner)) return false
    this.#take(answer.access)
    this.#notes.owner = answer.access.owner
    return true
  }

  /** Never rejects. */
  async signIn(email: string, password: string): Promise<SignInProblem> {
    const answer = await this.#ask('login', { email, password, device: this.#notes.device })
    if (answer.kind === 'access') {
      if (!this.#isOwner(answer.access.owner)) {
        await this.#ask('logout')
        return 'This browser holds another person’s messages. They have to sign out first.'
      }
      this.#take(answer.access)
      this.#notes.owner = answer.access.owner
      return undefined
    }
    if (answer.kind === 'refused') return answer.message
    return 'The practice cannot be reached. Check the connection and try again.'
  }

  /** Ends the session. False when the server could not be reached: try again then. */
  async signOut(): Promise<boolean> {
    if (this.#portal !== undefined) return this.#leave()
    const answer = await this.#ask('logout')
    if (answer.kind === 'unreachable') return false
    this.#access = undefined
    return true
  }

  readonly getToken: TokenSource = async (refused) => {
    const access = this.#access
    if (access !== undefined && access.token !== refused)
      return { kind: 'token', token: access.token }
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined
    })
    return this.#renewal
  }

  async #renew(): Promise<TokenAnswer> {
    const keep = performance.now() - this.#replacedAt < SETTLED
    const answer =
      this.#portal === undefined
        ? await underLock(() => this.#ask(keep ? 'refresh?keep=true' : 'refresh'))
        : await this.#exchange()
    if (answer.kind === 'unreachable') return answer
    const by = answer.kind === 'refused' ? removals.get(answer.code) : undefined
    if (by !== undefined) this.#removed(by)
    if (answer.kind !== 'access' || !this.#isOwner(answer.access.owner))
      return { kind: 'signed-out' }
    this.#take(answer.access, keep)
    return { kind: 'token', token: answer.access.token }
  }

  /** There is no refresh token: the portal vouches for the person again. */
  async #exchange(): Promise<Answer> {
    const answer = (await this.#portal?.()) ?? { kind: 'unreachable' }
    if (answer.kind !== 'portal-token') return answer
    const { token } = answer
    return this.#ask('exchange', { token, device: this.#notes.device })
  }

  /** Ends the session at the practice, as far as that can be done: the portal's word begins another. */
  async #leave(): Promise<boolean> {
    const token = this.#access?.token
    this.#access = undefined
    if (token === undefined) return true
    const session = sessionOf(token)
    await fetch(`${this.#server}/api/auth/devices/${session}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(PATIENCE),
    }).catch(() => {})
    return true
  }

  #take(access: Access, kept = false): void {
    this.#access = access
    if (!kept) this.#replacedAt = performance.now()
  }

  #isOwner({ id }: Owner): boolean {
    const owner = this.#notes.owner
    return owner === undefined || owner.id === id
  }

  async #ask(what: string, body?: object): Promise<Answer> {
    try {
      const response = await fetch(`${this.#server}/api/auth/${what}`, {
        method: 'POST',
        // The cookie is the server's own, and goes to no other.
        credentials: 'include',
        cache: 'no-store',
        signal: AbortSignal.timeout(PATIENCE),
        ...(body && {
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      })
      if (response.status === 204) return { kind: 'signed-out' }
      return read(response.status, await response.json())
    } catch {
      return { kind: 'unreachable' }
    }
  }
}

const read = (status: number, body: unknown): Answer => {
  const { accessToken, user, error } = (body ?? {}) as Record<string, unknown>
  const { id, name, code, message } = { ...(user ?? {}), ...(error ?? {}) } as Record<
    string,
    unknown
  >
  if (status === 200) {
    const owner = typeof id === 'string' ? parseUserId(id) : undefined
    if (typeof accessToken !== 'string' || owner === undefined || typeof name !== 'string')
      return { kind: 'unreachable' }
    return { kind: 'access', access: { token: accessToken, owner: { id: owner, name } } }
  }
  // Too often is not for good.
  if (status >= 500 || (status === 429 && code === 'too-many-requests'))
    return { kind: 'unreachable' }
  const words = typeof message === 'string' ? message : 'It was refused.'
  return { kind: 'refused', code, message: words }
}

const removals: ReadonlyMap<unknown, RemovedBy> = new Map([
  ['device-removed', 'person'],
  ['device-removed-by-clinic', 'clinic'],
])

/** The session that an access token is of; not a secret. */
const sessionOf = (token: string): string => {
  const payload = token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? ''
  const { sid } = JSON.parse(atob(payload)) as { sid?: unknown }
  return typeof sid === 'string' ? sid : ''
}

/** The cookie is good for one use: tabs take turns. */
const underLock = <T>(task: () => Promise<T>): Promise<T> =>
  navigator.locks === undefined ? task() : navigator.locks.request('wardline-chat session', task)
