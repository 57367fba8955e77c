/** A program's session: signs in, and keeps an access token at hand. See docs/http-api.md. */
import type { DeviceId } from '../base/ids.ts'
import { parsePerson } from '../client/model/parse-person.ts'
import type { GetToken, RecallGroup, TokenAnswer } from '../client/model/ports.ts'
import type { Person } from '../client/model/views.ts'
import { serverTimeOf, TokenLife } from '../client/sync/token-life.ts'
import { systemTimers } from './system.ts'

interface AtServer {
  /** Of the server, `http://…` or `https://…`, without a slash at the end. */
  readonly url: string
  /** What the list of the person's devices shows. */
  readonly deviceName?: string
}

/** Of a person, whose device the program is. */
interface OwnPassword extends AtServer {
  readonly email: string
  readonly password: string
}

/** Of a program with an account of its own; see docs/programs.md. */
interface OwnApiToken extends AtServer {
  readonly apiToken: string
}

export type Credentials = OwnPassword | OwnApiToken

type DeviceCredentials = Credentials & {
  /** Which device signs in: it has one session, the last. Without it, none in particular. */
  readonly device?: DeviceId
}

interface Issued {
  readonly token: string
  readonly expiresAt: number
  readonly serverTime: number | null
  readonly life: TokenLife
  readonly person: Person
  /** The refresh token, as it goes back. */
  readonly cookie: string
}

/** The server refused to sign in. */
export class SignInError extends Error {
  override readonly name = 'SignInError'
}

/** Who removed a device. */
export type RemovedBy = 'person' | 'clinic'

export class Session {
  readonly #credentials: DeviceCredentials
  #issued: Issued
  #dropped = false
  #isRemoved = false
  #tellRemoved: (by: RemovedBy) => void = () => {}
  /** Resolves when the server says that the device was removed: it does not sign in again. */
  readonly removed = new Promise<RemovedBy>((resolve) => {
    this.#tellRemoved = resolve
  })

  private constructor(credentials: DeviceCredentials, issued: Issued) {
    this.#credentials = credentials
    this.#issued = issued
  }

  /**
   * @throws SignInError when the server refuses
   * @throws TypeError when it does not answer
   */
  static async signIn(credentials: DeviceCredentials): Promise<Session> {
    const issued = await signIn(credentials)
    if (typeof issued === 'number') throw new SignInError(`The server answered ${issued}.`)
    return new Session(credentials, issued)
  }

  get person(): Person {
    return this.#issued.person
  }

  /** The token is not to be handed out again: the server refused it. */
  readonly dropToken = (): void => {
    this.#dropped = true
  }

  readonly getToken: GetToken = async () => {
    const { token, expiresAt, life } = this.#issued
    if (this.#isRemoved) return { kind: 'signed-out' }
    if (!this.#dropped && life.isGood) return { kind: 'token', token, expiresAt }
    try {
      const issued = (await this.#renew()) ?? (await this.#signInAgain())
      if (issued === undefined) return { kind: 'signed-out' }
      if (typeof issued === 'number')
        return issued === 401 ? { kind: 'signed-out' } : { kind: 'unreachable' }
      this.#issued = { ...issued, cookie: issued.cookie || this.#issued.cookie }
      this.#dropped = false
      return answerOf(this.#issued)
    } catch {
      return { kind: 'unreachable' }
    }
  }

  /** Hands back what the server once said of a group. */
  readonly recallGroup: RecallGroup = async ({ statement: { chat, ...said }, seal }) => {
    const answer = await this.getToken()
    if (answer.kind !== 'token') return false
    try {
      const { status } = await fetch(`${this.#credentials.url}/api/chat/groups/${chat}/recall`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${answer.token}` },
        body: JSON.stringify({ ...said, seal }),
      })
      // What is refused would be refused again.
      return status < 500 && status !== 401 && status !== 429
    } catch {
      return false
    }
  }

  /** Ends the session on the server; at best effort. An API token has none, and stays good. */
  async end(): Promise<void> {
    if (!('apiToken' in this.#credentials)) await this.#post('logout').catch(() => {})
  }

  /** Undefined when the session is over. */
  async #renew(): Promise<Issued | undefined> {
    const credentials = this.#credentials
    const renews = 'apiToken' in credentials
    const response = renews ? await askForToken(credentials) : await this.#post('refresh')
    if (response.ok) return readIssued(response)
    if (renews && response.status !== 401) throw new Error(`the server answered ${response.status}`)
    const by = removedBy(await response.text())
    this.#isRemoved = by !== undefined
    if (by !== undefined) this.#tellRemoved(by)
    return undefined
  }

  /** Undefined when the device was removed: whoever did that does not want it back by itself. */
  async #signInAgain(): Promise<Issued | number | undefined> {
    return this.#isRemoved ? undefined : signIn(this.#credentials)
  }

  #post(what: string): Promise<Response> {
    const { cookie } = this.#issued
    return fetch(`${this.#credentials.url}/api/auth/${what}`, {
      method: 'POST',
      headers: cookie === '' ? {} : { cookie },
    })
  }
}

const answerOf = ({ token, expiresAt, serverTime }: Issued): TokenAnswer => ({
  kind: 'token',
  token,
  expiresAt,
  ...(serverTime !== null && { serverTime }),
})

/** Or the status of the refusal. */
const signIn = async (credentials: DeviceCredentials): Promise<Issued | number> => {
  const response = await ('apiToken' in credentials ? askForToken(credentials) : logIn(credentials))
  return response.ok ? readIssued(response) : response.status
}

const logIn = ({ url, ...rest }: DeviceCredentials & OwnPassword): Promise<Response> => {
  const { email, password, device, deviceName } = rest
  return fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password, device, deviceName }),
  })
}

/** The API token is shown each time: there is nothing to renew. */
const askForToken = ({ url, apiToken }: OwnApiToken): Promise<Response> =>
  fetch(`${url}/api/auth/token`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiToken}` },
  })

const removedBy = (body: string): RemovedBy | undefined => {
  switch (codeIn(body)) {
    case 'device-removed':
      return 'person'
    case 'device-removed-by-clinic':
    // An API token that was good a moment ago: the clinic ended it.
    case 'api-token-refused':
      return 'clinic'
  }
  return undefined
}

const codeIn = (body: string): unknown => {
  try {
    return JSON.parse(body).error?.code
  } catch {
    return undefined // A proxy's page, and nothing that the server said.
  }
}

const readIssued = async (response: Response): Promise<Issued> => {
  const { accessToken, expiresAt, user } = (await response.json()) as Record<string, unknown>
  const person = parsePerson(user)
  if (typeof accessToken !== 'string' || typeof expiresAt !== 'number' || person === undefined)
    throw new SignInError('The server answered with something else than a session.')
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const serverTime = serverTimeOf(response.headers.get('date'))
  const life = new TokenLife(systemTimers, expiresAt, serverTime)
  return { token: accessToken, expiresAt, serverTime, life, person, cookie }
}
