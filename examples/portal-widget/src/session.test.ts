import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LocalNotes } from './local-notes.ts'
import type { PortalTokens } from './portal-tokens.ts'
import { Session } from './session.ts'

const server = 'https://chat.example'
let asked: string[]
let answers: (Response | Error)[]
let notes: LocalNotes
let session: Session

beforeEach(() => {
  asked = []
  answers = []
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  notes = new LocalNotes(server, storage as unknown as Storage)
  session = new Session(server, notes)
  vi.stubGlobal('navigator', {})
  vi.stubGlobal('fetch', async (url: string, { credentials }: RequestInit) => {
    asked.push(`${url.slice(server.length)} ${credentials}`)
    const answer = answers.shift() ?? new Error('no network')
    if (answer instanceof Error) throw answer
    return answer
  })
})
afterEach(() => vi.unstubAllGlobals())

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })
const signedIn = (accessToken: string, id = 'pat-morgan') =>
  json(200, { accessToken, user: { id, name: 'Pat', role: 'patient' } })

it('hands out a token until it is refused, and asks once for all who want another', async () => {
  answers = [signedIn('a'), signedIn('b')]
  expect(await session.signIn('pat@demo.clinic', 'secret')).toBeUndefined()
  expect(notes.owner).toEqual({ id: 'pat-morgan', name: 'Pat' })
  expect(await session.getToken()).toEqual({ kind: 'token', token: 'a' })
  const both = await Promise.all([session.getToken('a'), session.getToken('a')])
  expect(both).toEqual([1, 2].map(() => ({ kind: 'token', token: 'b' })))
  expect(await session.getToken('a')).toEqual({ kind: 'token', token: 'b' })
  expect(asked).toEqual(['/api/auth/login include', '/api/auth/refresh?keep=true include'])
})

it('tells an ended session from a server that cannot be reached', async () => {
  answers = [json(401, { error: { code: 'session-ended', message: 'Sign in.' } })]
  expect(await session.getToken()).toEqual({ kind: 'signed-out' })
  expect(await session.getToken()).toEqual({ kind: 'unreachable' })
  answers = [json(503, { error: {} }), new Response('<html>', { status: 200 }), json(200, {})]
  for (let i = 0; i < 3; i++) expect(await session.getToken()).toEqual({ kind: 'unreachable' })
})

it('says that this browser was removed, and by whom', async () => {
  const removed: string[] = []
  session = new Session(server, notes, (by) => removed.push(by))
  for (const code of ['device-removed', 'device-removed-by-clinic', 'session-ended']) {
    answers = [json(401, { error: { code, message: 'Removed.' } })]
    expect(await session.getToken()).toEqual({ kind: 'signed-out' })
  }
  expect(removed).toEqual(['person', 'clinic'])
})

it('shows nobody the messages of another person', async () => {
  notes.owner = { id: 'pat-morgan', name: 'Pat' } as NonNullable<LocalNotes['owner']>
  answers = [signedIn('a', 'sam-rivera'), new Response(null, { status: 204 })]
  expect(await session.signIn('sam@demo.clinic', 'secret')).toContain('another person')
  expect(asked.at(-1)).toBe('/api/auth/logout include')
  answers = [signedIn('b', 'sam-rivera')]
  expect(await session.getToken()).toEqual({ kind: 'signed-out' })
})

it('says what the server says of a wrong password, and signs out', async () => {
  answers = [json(401, { error: { code: 'bad-credentials', message: 'That is not right.' } })]
  expect(await session.signIn('pat@demo.clinic', 'wrong')).toBe('That is not right.')
  expect(await session.signIn('pat@demo.clinic', 'wrong')).toContain('cannot be reached')
  expect(await session.signOut()).toBe(false)
  answers = [new Response(null, { status: 204 })]
  expect(await session.signOut()).toBe(true)
})

it('asks the portal who it is, where that is whose word counts, and again for each token', async () => {
  const jwt = (n: number) => `h.${btoa(JSON.stringify({ sid: `session-${n}` }))}.s`
  let word: Awaited<ReturnType<PortalTokens>> = { kind: 'portal-token', token: 'portal 1' }
  session = new Session(server, notes, undefined, async () => word)
  answers = [
    signedIn(jwt(1)),
    signedIn(jwt(2)),
    json(429, { error: { code: 'too-many-requests' } }),
    json(401, { error: {} }),
  ]
  expect(await session.enter()).toBe(true)
  expect(notes.owner?.id).toBe('pat-morgan')
  expect(await session.getToken()).toEqual({ kind: 'token', token: jwt(1) })
  expect(await session.getToken(jwt(1))).toEqual({ kind: 'token', token: jwt(2) })
  expect(await session.getToken(jwt(2))).toEqual({ kind: 'unreachable' })
  expect(await session.getToken(jwt(2))).toEqual({ kind: 'signed-out' })
  word = { kind: 'signed-out' }
  expect(await session.getToken(jwt(2))).toEqual({ kind: 'signed-out' })
  word = { kind: 'unreachable' }
  expect(await session.getToken(jwt(2))).toEqual({ kind: 'unreachable' })
  expect(await session.enter()).toBeUndefined()
  answers = [new Response(null, { status: 204 })]
  expect(await session.signOut()).toBe(true)
  expect(asked.at(-1)).toBe('/api/auth/devices/session-2 undefined')
  expect(new Set(asked.slice(0, -1))).toEqual(new Set(['/api/auth/exchange include']))
})

it('does not let the portal’s other user to the messages of this one', async () => {
  notes.owner = { id: 'pat-morgan', name: 'Pat' } as NonNullable<LocalNotes['owner']>
  session = new Session(server, notes, undefined, async () => ({
    kind: 'portal-token',
    token: 't',
  }))
  answers = [signedIn('a', 'sam-rivera'), signedIn('b', 'sam-rivera')]
  expect(await session.enter()).toBe(false)
  expect(await session.getToken()).toEqual({ kind: 'signed-out' })
})
