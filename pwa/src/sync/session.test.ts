import { parseUserId, type UserId } from '@wardline/core/base/ids'
import { beforeEach, describe, expect, it } from 'vitest'
import { Session } from './session.ts'

const ada = { id: 'pat-ada', name: 'Ada', role: 'patient' }
const credentials = { email: 'ada@example.org', password: 'secret' }

let now: number
let elapsed: number
let replacedAt: number
let owner: UserId | null
let cookieOf: string | null
let removed: string[]
let renewed: object[]
let asked: string[]
let answers: (() => Response | Promise<Response>)[]

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify(body), { status, headers })
const failed = (status: number, code: string, headers = {}) =>
  json(status, { error: { code, message: `message of ${code}` } }, headers)
const signedIn = (token: string, life = 600_000, user: object = ada) =>
  json(200, { accessToken: token, expiresAt: now + life, user })
const offline = () => {
  throw new TypeError('Failed to fetch')
}

const session = () =>
  new Session({
    owner: () => owner,
    clock: { now: () => now, elapsed: () => elapsed },
    replaced: {
      at: () => replacedAt,
      note: (at) => {
        replacedAt = at
      },
      forget: () => {
        replacedAt = 0
      },
    },
    cookie: {
      user: () => cookieOf,
      note: (user) => {
        cookieOf = user
      },
    },
    removed: (by) => removed.push(by),
    renewed: (person) => renewed.push(person),
    exclusively: (task) => task(),
    send: async (path, { method, body }) => {
      asked.push(`${method} ${path}${body === undefined ? '' : ` ${body}`}`)
      return (answers.shift() ?? offline)()
    },
  })

beforeEach(() => {
  now = Date.UTC(2026, 0, 1)
  elapsed = 0
  replacedAt = 0
  owner = null
  cookieOf = null
  removed = []
  renewed = []
  asked = []
  answers = []
})

describe('signInBy', () => {
  it('gives the person, and a token without another request', async () => {
    answers = [signedIn('t1')]
    const it = session()
    expect(await it.signInBy('/api/auth/login', credentials)).toEqual({ ok: true, user: ada })
    expect(asked).toEqual([`POST /api/auth/login ${JSON.stringify(credentials)}`])
    expect(await it.getToken()).toEqual({ kind: 'token', token: 't1', expiresAt: now + 600_000 })
    expect(asked.length).toBe(1)
  })

  it.each([
    [failed(401, 'bad-credentials'), 'bad-credentials', /message of bad-credentials/],
    [failed(400, 'bad-request'), 'refused', /message of bad-request/],
    [failed(429, 'too-many-attempts', { 'Retry-After': '30' }), 'throttled', /30 seconds/],
    [failed(429, 'too-many-attempts', { 'Retry-After': '90' }), 'throttled', /2 minutes/],
    [failed(429, 'too-many-attempts'), 'throttled', /a while/],
    [failed(503, 'server-busy'), 'unreachable', /cannot be reached/],
    [offline, 'unreachable', /cannot be reached/],
    [() => new Response('<html>Hotel Wi-Fi</html>'), 'unreachable', /cannot be reached/],
    [json(200, { accessToken: 't1' }), 'unreachable', /cannot be reached/],
  ] as const)('tells in plain words why not (%#)', async (answer, code, message) => {
    answers = [answer]
    expect(await session().signInBy('/api/auth/login', credentials)).toMatchObject({
      ok: false,
      code,
      message: expect.stringMatching(message),
    })
  })

  it('says by which code the server refused', async () => {
    answers = [failed(403, 'account-inactive')]
    expect(await session().signInBy('/api/auth/login', credentials)).toMatchObject({
      ok: false,
      refusal: 'account-inactive',
    })
  })

  it('refuses another person than the one whose messages are here', async () => {
    owner = parseUserId('pat-eve')!
    answers = [signedIn('t1'), () => new Response(null, { status: 204 })]
    const it = session()
    expect(await it.signInBy('/api/auth/login', credentials)).toMatchObject({
      ok: false,
      code: 'other-person',
    })
    expect(asked[1]).toBe('POST /api/auth/logout')
    answers = [failed(401, 'session-ended')]
    expect(await it.getToken()).toEqual({ kind: 'signed-out' })
  })
})

describe('resume', () => {
  it('takes the session that began on another page, and leaves its cookie as it is', async () => {
    const one = session()
    answers = [signedIn('from elsewhere')]
    expect(await one.resume()).toMatchObject({ ok: true, user: { id: 'pat-ada' } })
    expect(asked).toEqual(['POST /api/auth/refresh?keep=true'])
    expect(await one.getToken()).toMatchObject({ kind: 'token', token: 'from elsewhere' })
  })

  it('ends that of somebody else than the one whose messages are here', async () => {
    owner = parseUserId('pat-other') ?? null
    answers = [signedIn('not theirs'), json(204, null)]
    expect(await session().resume()).toMatchObject({ ok: false, code: 'other-person' })
    expect(asked.at(-1)).toBe('POST /api/auth/logout')
  })

  it('says when there is none, or nobody answers', async () => {
    answers = [failed(401, 'session-ended'), offline]
    expect((await session().resume()).ok).toBe(false)
    expect(await session().resume()).toMatchObject({ ok: false, code: 'unreachable' })
  })
})

describe('getToken', () => {
  it('renews when the end is near, and not before', async () => {
    answers = [signedIn('t1', 600_000)]
    const it = session()
    await it.getToken()
    now += 520_000
    expect(await it.getToken()).toMatchObject({ token: 't1' })
    now += 10_000
    answers = [signedIn('t2')]
    expect(await it.getToken()).toMatchObject({ token: 't2' })
    expect(asked).toEqual(['POST /api/auth/refresh', 'POST /api/auth/refresh'])
  })

  it('leaves a cookie alone that is hardly on the disk yet', async () => {
    answers = [signedIn('t1'), signedIn('t2'), signedIn('t3')]
    await session().getToken()
    now += 2_000
    await session().getToken()
    now += 60_000
    await session().getToken()
    expect(asked).toEqual([
      'POST /api/auth/refresh',
      'POST /api/auth/refresh?keep=true',
      'POST /api/auth/refresh',
    ])
  })

  it('asks once for all who wait', async () => {
    answers = [signedIn('t1')]
    const it = session()
    const tokens = await Promise.all([it.getToken(), it.getToken(), it.getToken()])
    expect(tokens.map((answer) => answer.kind)).toEqual(['token', 'token', 'token'])
    expect(asked.length).toBe(1)
  })

  it('goes by the server’s clock', async () => {
    const server = now + 3_600_000
    const body = { accessToken: 't1', expiresAt: server + 600_000, user: ada }
    answers = [json(200, body, { Date: new Date(server).toUTCString() })]
    const it = session()
    expect(await it.getToken()).toMatchObject({ expiresAt: server + 600_000 })
    now += 530_000
    answers = [signedIn('t2')]
    expect(await it.getToken()).toMatchObject({ token: 't2' })
  })

  it('is misled by no clock that is set back: what elapses makes a token old', async () => {
    answers = [signedIn('t1'), signedIn('t2'), signedIn('t3')]
    const it = session()
    await it.getToken()
    now -= 3_600_000
    expect(await it.getToken()).toMatchObject({ token: 't1' })
    elapsed += 530_000
    expect(await it.getToken()).toMatchObject({ token: 't2' })
    it.dropToken()
    expect(await it.getToken()).toMatchObject({ token: 't3' })
  })

  it('tells a session that ended from a server that cannot answer', async () => {
    const it = session()
    answers = [failed(401, 'session-ended')]
    expect(await it.getToken()).toEqual({ kind: 'signed-out' })
    for (const answer of [offline, failed(500, 'internal'), failed(429, 'too-many-attempts')]) {
      answers = [answer]
      expect(await it.getToken()).toEqual({ kind: 'unreachable' })
    }
  })

  it('does not use the session of another person', async () => {
    owner = parseUserId('pat-eve')!
    answers = [signedIn('t1')]
    expect(await session().getToken()).toEqual({ kind: 'signed-out' })
  })

  it('tells who the person is by now, and nothing of anybody else', async () => {
    owner = parseUserId(ada.id)!
    const doctor = { ...ada, name: 'Dr Ada', role: 'doctor', roles: ['doctor', 'admin'] }
    answers = [signedIn('t1', 600_000, doctor)]
    await session().getToken()
    expect(renewed).toEqual([doctor])
    answers = [signedIn('t2', 600_000, { ...doctor, id: 'pat-bea' })]
    await session().getToken()
    expect(renewed).toEqual([doctor])
  })

  it('drops an answer that comes after signing out', async () => {
    const it = session()
    let arrive = (_response: Response) => {}
    answers = [
      () =>
        new Promise((resolve) => {
          arrive = resolve
        }),
      () => new Response(null, { status: 204 }),
    ]
    const early = signedIn('t1')()
    const token = it.getToken()
    await null
    expect(await it.signOut()).toBe(true)
    arrive(early)
    expect(await token).toEqual({ kind: 'unreachable' })
    answers = [failed(401, 'session-ended')]
    expect(await it.getToken()).toEqual({ kind: 'signed-out' })
  })
})

describe('signOut', () => {
  it('tells whether the server knows', async () => {
    answers = [offline, () => new Response(null, { status: 204 })]
    const it = session()
    expect(await it.signOut()).toBe(false)
    expect(await it.signOut()).toBe(true)
  })
})

describe('a device that was removed', () => {
  it.each([
    ['device-removed', ['person']],
    ['device-removed-by-clinic', ['clinic']],
    ['session-ended', []],
    ['session-reused', []],
  ])('says so when it renews: %s', async (code, told) => {
    owner = parseUserId('pat-ada') ?? null
    answers = [failed(401, code)]
    expect(await session().getToken()).toEqual({ kind: 'signed-out' })
    expect(removed).toEqual(told)
  })

  it('is not told by the cookie of somebody else, nor when it is nobody’s', async () => {
    owner = parseUserId('pat-ada') ?? null
    answers = [signedIn('t1', 600_000, { ...ada, id: 'pat-other' }), failed(401, 'device-removed')]
    const it = session()
    expect(await it.getToken()).toEqual({ kind: 'signed-out' })
    expect(await it.getToken()).toEqual({ kind: 'signed-out' })
    owner = null
    answers = [failed(401, 'device-removed')]
    await it.getToken()
    expect(removed).toEqual([])
  })
})
