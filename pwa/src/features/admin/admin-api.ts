/** What administration asks of the server, and what it is told. */
import type { BirthDate } from '@wardline/core/chat/birth-date'
import type { Role } from '@wardline/core/chat/role'
import type { Method } from '../../sync/http.ts'
import type { SignedInAnswer, SignedInRequests } from '../../sync/signed-in-request.ts'

export type Status = 'invited' | 'active' | 'disabled' | 'closed' | 'erased'

export interface Account {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly status: Status
  readonly specialty?: string
  readonly birthDate?: BirthDate
  readonly email?: string
  readonly hasPassword: boolean
  readonly createdAt: number
  readonly closedAt?: number
  readonly hold?: string
}

export interface PeopleQuery {
  readonly query: string
  readonly role: Role | ''
  readonly status: Status | ''
  readonly offset: number
}

export interface AccountChange {
  readonly name?: string
  readonly specialty?: string | null
  readonly birthDate?: string | null
  readonly email?: string | null
  readonly roles?: readonly Role[]
}

export interface DeviceOfPerson {
  readonly id: string
  readonly name: string | null
  readonly method: string
  readonly signedInAt: number
  readonly seenAt: number
}

export interface PasskeyOfPerson {
  readonly name: string
  readonly createdAt: number
  readonly usedAt: number | null
}

export interface AuditQuery {
  readonly about: string | null
  readonly action: string
  readonly from: number | null
  readonly until: number | null
  readonly before: string | null
}

export interface AuditLine {
  readonly n: number
  readonly at: number
  readonly actor: string
  readonly action: string
  readonly subject?: string
  readonly concerns?: readonly string[]
  readonly details?: Readonly<Record<string, unknown>>
}

export interface AuditPage {
  readonly lines: readonly AuditLine[]
  readonly next: string | null
  readonly names: Readonly<Record<string, string>>
}

export interface ServerHealth {
  readonly version: string
  readonly node: string
  readonly startedAt?: number
  readonly saves: {
    readonly ok: boolean
    readonly ms?: number
    readonly p50?: number
    readonly p99?: number
  }
  readonly storage?: { readonly database: number; readonly files: number; readonly free: number }
  readonly connections?: { readonly sockets: number; readonly people: number }
  readonly refusals: {
    readonly updates: number
    readonly requests: number
    readonly signIns: number
  }
  readonly pushWaiting?: number
  readonly backup: { readonly madeAt?: number; readonly failedAt?: number }
  readonly notes: readonly { readonly code: string; readonly count: number }[]
}

export interface ApiToken {
  readonly id: string
  readonly user: string
  readonly name: string
  readonly chats: 'all' | readonly string[]
  readonly createdAt: number
  readonly seenAt?: number
}

/** A link to sign in with; the link itself is told once only, when it is made. */
export interface ListedLink {
  readonly id: string
  readonly kind: string
  readonly user: { readonly id: string; readonly name: string }
  readonly createdAt: number
  readonly expiresAt: number
  /** Null: it is open. */
  readonly usedAt: number | null
}

/** What lets somebody in: the address of a link, or a code to read out. Each works once. */
export interface WayIn {
  readonly link?: { readonly path: string; readonly url?: string; readonly expiresAt: number }
  readonly code?: { readonly code: string; readonly expiresAt: number }
}

export interface NewPerson {
  readonly name: string
  readonly role: readonly Role[]
  readonly email?: string
  readonly specialty?: string
  readonly birthDate?: string
  /** Id of a doctor with whom a patient has a chat from the beginning. */
  readonly doctor?: string
}

/** Why there is no answer, in words for the person. */
export interface Problem {
  /** `offline`: no network, or no server. */
  readonly kind: 'offline' | 'signed-out' | 'refused'
  readonly code: string
  readonly message: string
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem }

const problemOf = (answer: Exclude<SignedInAnswer, { kind: 'answer' }>): Problem => {
  switch (answer.kind) {
    case 'refused':
      return { kind: 'refused', code: answer.code, message: wordsOf(answer.code, answer.message) }
    case 'signed-out':
      return { kind: 'signed-out', code: 'signed-out', message: 'Sign in again to go on.' }
    case 'throttled':
      return {
        kind: 'refused',
        code: 'throttled',
        message: 'That was often. Wait a moment and try again.',
      }
    case 'unreachable':
      return {
        kind: 'offline',
        code: 'offline',
        message: 'Administration needs the network. Nothing was changed.',
      }
  }
}

const words: Readonly<Record<string, string>> = {
  'role-refused': 'Your account may not do this any more.',
  'user-not-found': 'There is no such account.',
  'device-not-found': 'This device is signed out already.',
  'email-taken': 'Another account has this email address.',
  'last-admin': 'This is the only admin. Make somebody else an admin first.',
  'wrong-status': 'The account has changed meanwhile. Look at it again.',
  'account-inactive': 'The account is not in use. Enable it first.',
  'not-found': 'It is not there any more.',
  'account-held': 'The account is on hold. End the hold first.',
  'retention-runs':
    'It is too early. An account is erased once its time of retention is over, from the day that it was closed.',
  'server-busy': 'Somebody else changed it at the same time. Try again.',
}

/** What the server says more exactly than this list goes before it. */
const wordsOf = (code: string, message: string): string => {
  const text = words[code] ?? message
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}

const ofPerson = (id: string, rest = ''): string => `/people/${encodeURIComponent(id)}${rest}`

export const adminApi = ({ ask, download }: SignedInRequests) => {
  const call = async <T>(method: Method, path: string, body?: unknown): Promise<Answer<T>> => {
    const answer = await ask(method, `/api/admin${path}`, body)
    // The server's own schema of it is held by a test; what a proxy says in its place is no JSON.
    if (answer.kind === 'answer') return { ok: true, value: answer.body as T }
    return { ok: false, problem: problemOf(answer) }
  }
  const file = async (path: string): Promise<Answer<{ blob: Blob; name: string }>> => {
    const answer = await download(`/api/admin${path}`)
    if (answer.kind === 'file') return { ok: true, value: answer }
    return {
      ok: false,
      problem: problemOf(answer.kind === 'refused' ? { ...answer, code: 'refused' } : answer),
    }
  }
  return {
    people: ({ query, role, status, offset }: PeopleQuery) =>
      call<{ people: readonly Account[]; total: number }>(
        'GET',
        `/people?${params({ query, role, status, offset: String(offset) })}`,
      ),
    person: (id: string) => call<Account>('GET', ofPerson(id)),
    change: (id: string, change: AccountChange) => call<Account>('PATCH', ofPerson(id), change),
    act: (id: string, what: 'disable' | 'enable' | 'close' | 'release' | 'erase') =>
      call<Account>('POST', ofPerson(id, `/${what}`)),
    hold: (id: string, reason: string) => call<Account>('POST', ofPerson(id, '/hold'), { reason }),
    exportPerson: (id: string) => file(ofPerson(id, '/export')),
    passkeys: (id: string) =>
      call<{ passkeys: readonly PasskeyOfPerson[] }>('GET', ofPerson(id, '/passkeys')),
    devices: (id: string) =>
      call<{ devices: readonly DeviceOfPerson[] }>('GET', ofPerson(id, '/devices')),
    removeDevice: (id: string, device: string) =>
      call<null>('DELETE', ofPerson(id, `/devices/${encodeURIComponent(device)}`)),
    signOut: (id: string) => call<{ devices: number }>('POST', ofPerson(id, '/sign-out')),
    audit: (query: AuditQuery) => call<AuditPage>('GET', `/audit?${auditParams(query)}`),
    exportAudit: (query: AuditQuery, format: 'csv' | 'json') =>
      file(`/audit/export?${auditParams({ ...query, before: null })}&format=${format}`),
    settings: () => call<unknown>('GET', '/settings'),
    changeSettings: (change: object) => call<unknown>('PATCH', '/settings', change),
    health: () => call<ServerHealth>('GET', '/health'),
    invite: (person: NewPerson) =>
      call<{ user: { id: string; name: string }; link: NonNullable<WayIn['link']> }>(
        'POST',
        '/people',
        person,
      ),
    wayIn: (id: string, as: 'link' | 'code') =>
      call<WayIn>('POST', ofPerson(id, '/reset'), as === 'code' ? { code: true } : {}),
    links: () => call<{ invitations: readonly ListedLink[] }>('GET', '/invitations'),
    revokeLink: (id: string) => call<unknown>('DELETE', `/invitations/${encodeURIComponent(id)}`),
    tokens: () => call<{ tokens: readonly ApiToken[] }>('GET', '/api-tokens'),
    makeProgram: (name: string) =>
      call<{ id: string; name: string }>('POST', '/programs', { name }),
    makeToken: (user: string, name: string, chats: 'all' | readonly string[]) =>
      call<{ token: string }>('POST', '/api-tokens', { user, name, chats }),
    endToken: (id: string) => call<unknown>('DELETE', `/api-tokens/${encodeURIComponent(id)}`),
  }
}
export type AdminApi = ReturnType<typeof adminApi>

/** Without what is empty. */
const params = (fields: Readonly<Record<string, string>>): string =>
  new URLSearchParams(Object.entries(fields).filter(([, text]) => text !== '')).toString()

const auditParams = ({ about, action, from, until, before }: AuditQuery): string =>
  params({
    about: about ?? '',
    action,
    from: from === null ? '' : String(from),
    until: until === null ? '' : String(until),
    before: before ?? '',
  })
