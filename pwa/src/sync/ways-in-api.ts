/** Links, codes and invitations: all of it is the server's, and needs the network. */
import { browserFetch, type HttpAnswer, type Method, request } from './http.ts'
import { type SignedInOptions, signedInRequests } from './signed-in-request.ts'

/** How somebody opens a link. */
export type LinkSecret = { token: string } | { code: string }

type LinkKind = 'invitation' | 'first-admin' | 'reset' | 'carry'

export interface LinkView {
  kind: LinkKind
  user: { id: string; name: string }
  clinic: string
  needs: { credential: boolean; passkey: boolean; email: boolean; name: boolean }
}

export interface NewLink {
  kind: LinkKind
  url: string
  /** ms. */
  expiresAt: number
  mailed: boolean
}

export interface NewCode {
  code: string
  /** ms. */
  expiresAt: number
}

export interface Passkey {
  id: string
  name: string
  /** ms. */
  createdAt: number
  /** ms; null for never. */
  usedAt: number | null
}

/** `code` is the server's, or `unreachable`, `signed-out`, `throttled`. */
interface Problem {
  ok: false
  code: string
  /** Plain words for the person. */
  message: string
}
export type Outcome<T> = { ok: true; value: T } | Problem

export interface NewPatient {
  name: string
  birthDate?: string
  email?: string
  doctorId?: string
}

export interface WaysInApi {
  look: (secret: LinkSecret) => Promise<Outcome<LinkView>>
  /** What to ask the browser for, to use a link with a passkey. */
  linkPasskeyOptions: (secret: LinkSecret) => Promise<Outcome<object>>
  passkeySignInOptions: () => Promise<Outcome<object>>
  requestReset: (email: string) => Promise<Outcome<null>>
  /** Whether a mail can be asked for. */
  hasMail: () => Promise<boolean>
  carry: () => Promise<Outcome<NewCode>>
  invite: (patient: NewPatient) => Promise<Outcome<{ id: string; link: NewLink }>>
  /** A link or a code for somebody who has an account. */
  linkFor: (id: string) => Promise<Outcome<NewLink>>
  codeFor: (id: string) => Promise<Outcome<NewCode>>
  passkeys: () => Promise<Outcome<readonly Passkey[]>>
  passkeyOptions: () => Promise<Outcome<object>>
  addPasskey: (answer: object, name: string) => Promise<Outcome<null>>
  renamePasskey: (id: string, name: string) => Promise<Outcome<null>>
  removePasskey: (id: string) => Promise<Outcome<null>>
}

/** Nothing rejects. */
export const waysInApi = (options: SignedInOptions): WaysInApi => {
  const { send = browserFetch } = options

  const ask = async (path: string, body?: object): Promise<Outcome<unknown>> =>
    outcomeOf(await request(send, 'POST', `/api/auth/${path}`, { ...(body && { body }) }))

  const requests = signedInRequests(options)
  const askAs = async (method: Method, path: string, body?: object): Promise<Outcome<unknown>> => {
    const answer = await requests.ask(method, `/api/${path}`, body)
    return answer.kind === 'signed-out' ? signedOut : outcomeOf(answer)
  }

  return {
    look: async (secret) => read(await ask('links/look', secret), linkViewOf),
    linkPasskeyOptions: async (secret) =>
      read(await ask('links/passkey-options', secret), objectOf),
    passkeySignInOptions: async () => read(await ask('passkeys/sign-in/options'), objectOf),
    requestReset: async (email) => read(await ask('reset-request', { email }), nothing),
    hasMail: async () => {
      const answer = await request(send, 'GET', '/api/auth/methods')
      return answer.kind === 'answer' && fieldsOf(answer.body).mail === true
    },
    carry: async () => read(await askAs('POST', 'auth/carry'), codeOf),
    invite: async (patient) =>
      read(await askAs('POST', 'people/invitations', patient), (body) => {
        const link = linkOf(fieldsOf(body).link)
        const { id } = fieldsOf(fieldsOf(body).user)
        return link !== undefined && typeof id === 'string' ? { id, link } : undefined
      }),
    linkFor: async (id) =>
      read(await askAs('POST', wayInPath(id), { as: 'link' }), (body) =>
        linkOf(fieldsOf(body).link),
      ),
    codeFor: async (id) =>
      read(await askAs('POST', wayInPath(id), { as: 'code' }), (body) =>
        codeOf(fieldsOf(body).code),
      ),
    passkeys: async () =>
      read(await askAs('GET', 'auth/passkeys'), (body) => {
        const { passkeys } = fieldsOf(body)
        return Array.isArray(passkeys) ? passkeys.flatMap((each) => passkeyOf(each)) : undefined
      }),
    passkeyOptions: async () => read(await askAs('POST', 'auth/passkeys/options'), objectOf),
    addPasskey: async (answer, name) =>
      read(await askAs('POST', 'auth/passkeys/register', { answer, name }), nothing),
    renamePasskey: async (id, name) =>
      read(await askAs('PATCH', `auth/passkeys/${encodeURIComponent(id)}`, { name }), nothing),
    removePasskey: async (id) =>
      read(await askAs('DELETE', `auth/passkeys/${encodeURIComponent(id)}`), nothing),
  }
}

const wayInPath = (id: string): string => `people/${encodeURIComponent(id)}/way-in`

const unreachable: Problem = {
  ok: false,
  code: 'unreachable',
  message: 'There is no connection. Try again when you are online.',
}
const signedOut: Problem = {
  ok: false,
  code: 'signed-out',
  message: 'Sign in again to do this.',
}

const outcomeOf = (answer: HttpAnswer): Outcome<unknown> => {
  switch (answer.kind) {
    case 'answer':
      return { ok: true, value: answer.body }
    case 'unreachable':
      return unreachable
    case 'throttled':
      return { ok: false, code: 'throttled', message: waitText(answer.retryAfter) }
    case 'unauthorized':
    case 'refused':
      return { ok: false, code: answer.code, message: inPlainWords(answer.code, answer.message) }
  }
}

const waitText = (seconds: number | null): string =>
  seconds === null || seconds > 90
    ? 'Too many attempts. Wait some minutes and try again.'
    : 'Too many attempts. Wait a minute and try again.'

/** Where the server speaks to builders rather than to people. */
const wordsFor: ReadonlyMap<string, string> = new Map([
  ['passkey-refused', 'This passkey does not work here. Try again, or use another way.'],
  ['last-way-in', 'It is the only way into your account. Add another passkey first.'],
  ['too-many-passkeys', 'You have as many passkeys as one can have. Remove one first.'],
  ['email-taken', 'Somebody else has this email address here already.'],
  ['passkey-required', 'Your clinic asks for a passkey. Choose that instead of a password.'],
  ['password-too-short', 'A password has at least 10 characters.'],
  [
    'password-easy-to-guess',
    'This password is easy to guess. Take words that nobody would connect with you.',
  ],
  ['email-needed', 'Enter your email: you sign in with it.'],
  ['bad-request', 'Something in it is not right. Look at it again.'],
])

/** @param message what the server says, where that is for people */
export const inPlainWords = (code: string | undefined, message: string): string =>
  wordsFor.get(code ?? '') ?? message

const read = <T>(
  outcome: Outcome<unknown>,
  parse: (body: unknown) => T | undefined,
): Outcome<T> => {
  if (!outcome.ok) return outcome
  const value = parse(outcome.value)
  // What is no answer of this server: a captive portal, another version.
  return value === undefined ? unreachable : { ok: true, value }
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const objectOf = (value: unknown): object | undefined =>
  typeof value === 'object' && value !== null ? value : undefined

const nothing = (): null => null

const kinds: readonly string[] = ['invitation', 'first-admin', 'reset', 'carry']
const isKind = (kind: unknown): kind is LinkKind => typeof kind === 'string' && kinds.includes(kind)

const linkViewOf = (body: unknown): LinkView | undefined => {
  const { kind, user, clinic, needs } = fieldsOf(body)
  const { id, name } = fieldsOf(user)
  if (!isKind(kind) || typeof id !== 'string' || typeof name !== 'string') return undefined
  if (typeof clinic !== 'string') return undefined
  const asks = fieldsOf(needs)
  return {
    kind,
    user: { id, name },
    clinic,
    needs: {
      credential: asks.credential !== false,
      passkey: asks.passkey === true,
      email: asks.email === true,
      name: asks.name === true,
    },
  }
}

const linkOf = (value: unknown): NewLink | undefined => {
  const { kind, url, expiresAt, mailed } = fieldsOf(value)
  if (!isKind(kind) || typeof url !== 'string' || typeof expiresAt !== 'number') return undefined
  return { kind, url, expiresAt, mailed: mailed === true }
}

const codeOf = (value: unknown): NewCode | undefined => {
  const { code, expiresAt } = fieldsOf(value)
  if (typeof code !== 'string' || typeof expiresAt !== 'number') return undefined
  // As people read it out, in two halves.
  const plain = code.replace('-', '')
  return { code: `${plain.slice(0, 4)}-${plain.slice(4)}`, expiresAt }
}

const passkeyOf = (value: unknown): Passkey[] => {
  const { id, name, createdAt, usedAt } = fieldsOf(value)
  if (typeof id !== 'string' || typeof name !== 'string' || typeof createdAt !== 'number') return []
  return [{ id, name, createdAt, usedAt: typeof usedAt === 'number' ? usedAt : null }]
}
