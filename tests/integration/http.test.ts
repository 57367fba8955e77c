import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChatId, parseMonth, parseUserId, userDoc } from '@wardline/core/base/ids'
import { SYS } from '@wardline/core/chat/lanes'
import { readUserSys } from '@wardline/core/chat/sys'
import { openMessagesApi } from '@wardline/sync-server/api/messages-api'
import { Openings } from '@wardline/sync-server/audit/openings'
import { Usage } from '@wardline/sync-server/audit/usage'
import { Auth } from '@wardline/sync-server/auth/auth'
import { DEMO_PASSWORD, openDemoClinic } from '@wardline/sync-server/cli/demo-clinic'
import { Clinic } from '@wardline/sync-server/clinic/clinic'
import { createLogger } from '@wardline/sync-server/config/logger'
import { Directory } from '@wardline/sync-server/directory/directory'
import { Preferences } from '@wardline/sync-server/directory/preferences'
import { type ErrorCode, errorCatalogue, errorCodes } from '@wardline/sync-server/errors/catalogue'
import { createApp } from '@wardline/sync-server/http/app'
import { CONTENT_SECURITY_POLICY } from '@wardline/sync-server/http/security-headers'
import { openWaysIn } from '@wardline/sync-server/links/ways-in'
import { People } from '@wardline/sync-server/people/people'
import { openExport } from '@wardline/sync-server/person-export/open-export'
import { verifyAudit } from '@wardline/sync-server/storage/audit'
import { LevelStore } from '@wardline/sync-server/storage/level-store'
import { MemoryDisk, MemoryStore } from '@wardline/sync-server/storage/memory-store'
import type { Store } from '@wardline/sync-server/storage/store'
import { StoreError } from '@wardline/sync-server/storage/store-error'
import { Documents } from '@wardline/sync-server/sync/documents'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { ApiContract } from '../support/api-contract.ts'
import { storedIn } from '../support/stored.ts'

const SECRET = 'a secret of thirty-two characters!'
const CLIENT_URL = 'http://app.example:5173'
const DAY = 24 * 3_600_000
const contract = new ApiContract()

/** A clinic on disk is made once: hashing passwords is slow on purpose. */
let clinic: MemoryDisk
let webRoot = ''
let time = 0
let disk: MemoryDisk
let store: Store
let failing = false
let held: Promise<void> | undefined
let lines: string[]
let directory: Directory
let clinicSettings: Clinic
let server: Server
let base = ''
/** Codes that any test of this file got from the server. */
const seen = new Set<string>()

beforeAll(async () => {
  clinic = new MemoryDisk()
  const fresh = new MemoryStore({ disk: clinic })
  await openDemoClinic(fresh, new Directory({ store: fresh }))
  webRoot = await mkdtemp(join(tmpdir(), 'wardline-web-'))
  await mkdir(join(webRoot, 'dist', 'assets'), { recursive: true })
  const files = {
    'secret.txt': 'outside',
    'dist/index.html': '<!doctype html><title>Wardline</title>',
    'dist/sw.js': '// worker',
    'dist/manifest.webmanifest': '{}',
    'dist/.env': 'hidden',
    'dist/assets/index-BxK3_a9-.js': '// app',
    'dist/assets/logo.svg': '<svg/>',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(webRoot, name), text)
})
afterAll(() => rm(webRoot, { recursive: true, force: true }))

beforeEach(async () => {
  time = Date.UTC(2026, 0, 31, 12)
  failing = false
  held = undefined
  lines = []
  disk = new MemoryDisk()
  disk.seq = clinic.seq
  for (const [key, record] of clinic.records) disk.records.set(key, record)
  await start()
})
afterEach(() => stop())

interface Options {
  readonly trustedProxies?: number
  readonly hashing?: { concurrency: number; maxWaiting: number }
  readonly web?: boolean
  /** Instead of a store in memory. */
  readonly on?: Store
}

const start = async ({
  trustedProxies = 0,
  hashing,
  web = true,
  on,
}: Options = {}): Promise<void> => {
  const now = (): number => time
  const clock = { now, elapsed: now }
  store =
    on ??
    new MemoryStore({
      disk,
      async beforeCommit() {
        await held
        if (failing) throw new StoreError('STORE_UNAVAILABLE', 'disk full')
      },
    })
  const settings = new Clinic({ store, now })
  clinicSettings = settings
  directory = new Directory({
    store,
    clock,
    mayStart: async (start) => (await settings.settings()).mayStart[start],
  })
  const auth = new Auth({
    store,
    directory,
    clock,
    secrets: [SECRET],
    ...(hashing && { hashing }),
  })
  await auth.open()
  const people = new People({
    store,
    directory,
    auth,
    commit: (change) => store.commit(change),
    now,
  })
  const waysIn = openWaysIn({
    ...{ store, clock, auth, directory, secret: SECRET },
    clinic: async () => (await settings.settings()).name,
  })
  const exports = openExport({ store, directory, dataDir: webRoot, now })
  const app = createApp({
    auth,
    admin: (actor) => ({
      exports,
      store,
      directory,
      auth,
      people,
      waysIn,
      clinic: settings,
      clock,
      actor,
    }),
    directory,
    clinic: settings,
    waysIn,
    store,
    openings: new Openings({ store, chatOf: (id) => directory.chatOf(id), now }),
    usage: new Usage({ store, now, onError: () => {} }),
    messagesApi: openMessagesApi({
      store,
      documents: new Documents(store),
      directory,
      prefs: new Preferences(store),
      now,
    }),
    clock,
    log: createLogger('info', (line) => lines.push(line)),
    origins: { clientUrl: CLIENT_URL, trustedProxies },
    webRoot: web ? join(webRoot, 'dist') : undefined,
  })
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const stop = async (): Promise<void> => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}

const restart = async (options: Options): Promise<void> => {
  await stop()
  await start(options)
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
  /** The body as it came. */
  readonly text: string
}

/** What any of the answers may hold. */
interface Body {
  readonly error?: { readonly code: ErrorCode }
  readonly accessToken: string
  readonly chat: ChatBody
  readonly chats: readonly ChatBody[]
  readonly doctors: readonly { readonly id: string }[]
}

interface ChatBody {
  readonly id: ChatId
  readonly docs: { readonly pages: readonly string[] }
  readonly members: readonly { readonly birthDate?: string }[]
}

const call = async (method: string, path: string, init: RequestInit = {}): Promise<Answer> => {
  const response = await fetch(base + path, { method, redirect: 'manual', ...init })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  const body: Body = JSON.parse(isJson ? text : '{}')
  if (body.error !== undefined) {
    const { code } = body.error
    seen.add(code)
    const { status, meaning } = errorCatalogue[code]
    expect(response.status).toBe(status)
    expect(body).toEqual({ error: { code, message: meaning } })
  }
  const { status, headers } = response
  const isApi = path.startsWith('/api/') && !path.startsWith('/api/files')
  const seenBody = isJson ? body : text
  if (isApi)
    expect(contract.problem({ method, path, status, headers, body: seenBody })).toBe(undefined)
  return { status, headers, body, text }
}
const code = ({ body }: Answer): ErrorCode | undefined => body.error?.code

const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  call('POST', path, {
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
  })

const login = (email: string, password = DEMO_PASSWORD, headers: Record<string, string> = {}) =>
  post('/api/auth/login', { email, password }, headers)

const bearer = async (email: string): Promise<Record<string, string>> => ({
  authorization: `Bearer ${(await login(email)).body.accessToken}`,
})
const asPat = () => bearer('pat@demo.clinic')
const asAda = () => bearer('ada@demo.clinic')
const get = (path: string, headers: Record<string, string> = {}) => call('GET', path, { headers })

/** The cookie that an answer sets, as a browser sends it back. */
const cookieOf = ({ headers }: Answer): string => headers.getSetCookie()[0]?.split(';')[0] ?? ''

describe('POST /api/auth/login', () => {
  it('answers with an access token, the user, and a cookie', async () => {
    const answer = await login('Pat@demo.clinic')
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      accessToken: expect.any(String),
      expiresAt: time + 600_000,
      user: { id: 'pat-morgan', name: 'Pat Morgan', role: 'patient', roles: ['patient'] },
    })
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^wardline-refresh=[\w.-]+; Max-Age=2592000; Path=\/api\/auth; HttpOnly; SameSite=Strict$/,
      ),
    ])
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('refuses an account that is disabled', async () => {
    const found = await store.getRecord('user/pat-morgan')
    const value = { ...(found?.value as object), status: 'disabled' }
    await store.commit({ records: [{ key: 'user/pat-morgan', value }] })
    expect(code(await login('pat@demo.clinic'))).toBe('account-inactive')
    expect(code(await login('pat@demo.clinic', 'wrong'))).toBe('bad-credentials')
  })

  it('uses a secure cookie behind a trusted proxy that speaks https', async () => {
    await restart({ trustedProxies: 1 })
    const https = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '9.9.9.9' }
    const answer = await login('pat@demo.clinic', DEMO_PASSWORD, https)
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Secure-wardline-refresh=.*; HttpOnly; Secure; SameSite=Strict$/),
    ])
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
    const refresh = await post('/api/auth/refresh', undefined, {
      ...https,
      cookie: cookieOf(answer),
    })
    expect(refresh.status).toBe(200)
    expect(code(await post('/api/auth/refresh', undefined, { cookie: cookieOf(answer) }))).toBe(
      'session-ended',
    )
  })

  it('believes no proxy that is not trusted', async () => {
    const answer = await login('pat@demo.clinic', DEMO_PASSWORD, { 'x-forwarded-proto': 'https' })
    expect(cookieOf(answer)).toMatch(/^wardline-refresh=/)
    expect(answer.headers.get('strict-transport-security')).toBeNull()
  })

  it('answers alike for a wrong password and an unknown account', async () => {
    const [wrong, unknown] = await Promise.all([
      login('pat@demo.clinic', 'wrong'),
      login('nobody@demo.clinic', 'wrong'),
    ])
    expect(code(wrong)).toBe('bad-credentials')
    expect(unknown.body).toEqual(wrong.body)
    expect(wrong.headers.getSetCookie()).toEqual([])
  })

  it('slows down guessing, and says how long', async () => {
    for (let i = 0; i < 10; i++) await login('pat@demo.clinic', `guess ${i}`)
    const refused = await login('pat@demo.clinic')
    expect(code(refused)).toBe('too-many-attempts')
    expect(refused.headers.get('retry-after')).toBe('90')
    expect((await login('ada@demo.clinic')).status).toBe(200)
    time += 90_000
    expect((await login('pat@demo.clinic')).status).toBe(200)
  })

  it('never slows down who knows the password', async () => {
    const emails = ['ada', 'ben', 'pat', 'sam'].map((name) => `${name}@demo.clinic`)
    for (let i = 0; i < 15; i++) {
      const answers = await Promise.all(emails.map((email) => login(email)))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    }
  })

  it('turns away more than it can hash', async () => {
    await restart({ hashing: { concurrency: 1, maxWaiting: 0 } })
    const answers = await Promise.all([login('pat@demo.clinic'), login('sam@demo.clinic')])
    const busy = answers.find(({ status }) => status === 503)
    expect(busy && code(busy)).toBe('server-busy')
    expect(busy?.headers.get('retry-after')).toBe('1')
  })

  it.each([
    [{}],
    [{ email: 'pat@demo.clinic' }],
    [{ email: 1, password: 'x' }],
    [{ email: 'pat@demo.clinic', password: 'x'.repeat(257) }],
    [{ email: `${'x'.repeat(250)}@demo.clinic`, password: 'x' }],
    [{ email: 'pat@demo.clinic', password: DEMO_PASSWORD, device: '../..' }],
    [[]],
  ])('refuses the body %j', async (body) => {
    expect(code(await post('/api/auth/login', body))).toBe('bad-request')
  })

  it('puts the device into the token', async () => {
    const { body } = await post('/api/auth/login', {
      email: 'pat@demo.clinic',
      password: DEMO_PASSWORD,
      device: 'laptop01',
    })
    const claims = JSON.parse(Buffer.from(body.accessToken.split('.')[1]!, 'base64url').toString())
    expect(claims).toMatchObject({ sub: 'pat-morgan', did: 'laptop01', role: 'patient' })
  })
})

describe('POST /api/auth/refresh', () => {
  it('exchanges the cookie for a new one and a fresh token', async () => {
    const first = await login('pat@demo.clinic')
    time += 60_000
    const second = await post('/api/auth/refresh', undefined, { cookie: cookieOf(first) })
    expect(second.status).toBe(200)
    expect(second.body).toMatchObject({ expiresAt: time + 600_000, user: { id: 'pat-morgan' } })
    expect(cookieOf(second)).not.toBe(cookieOf(first))
  })

  it('lets two tabs race', async () => {
    const cookie = cookieOf(await login('pat@demo.clinic'))
    const answers = await Promise.all(
      [1, 2, 3].map(() => post('/api/auth/refresh', {}, { cookie })),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(answers.map(cookieOf)).size).toBe(1)
  })

  it('ends the session when a token is used twice', async () => {
    const first = cookieOf(await login('pat@demo.clinic'))
    const second = cookieOf(await post('/api/auth/refresh', undefined, { cookie: first }))
    const third = cookieOf(await post('/api/auth/refresh', undefined, { cookie: second }))
    time += 11_000
    const reused = await post('/api/auth/refresh', undefined, { cookie: first })
    expect(code(reused)).toBe('session-reused')
    const after = await post('/api/auth/refresh', undefined, { cookie: third })
    expect(code(after)).toBe('session-ended')
  })

  it('needs a cookie that is known', async () => {
    expect(code(await post('/api/auth/refresh'))).toBe('session-ended')
    const cookie = `wardline-refresh=${'a'.repeat(22)}.${'b'.repeat(43)}`
    expect(code(await post('/api/auth/refresh', undefined, { cookie }))).toBe('session-ended')
  })

  it('is over after thirty days', async () => {
    const cookie = cookieOf(await login('pat@demo.clinic'))
    time += 30 * DAY
    expect(code(await post('/api/auth/refresh', undefined, { cookie }))).toBe('session-ended')
  })

  it('is not for other pages', async () => {
    const cookie = cookieOf(await login('pat@demo.clinic'))
    const strangers = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: base.replace(/\d+$/, '1') },
      { origin: `${base}.evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of strangers) {
      const answer = await post('/api/auth/refresh', undefined, { cookie, ...headers })
      expect(code(answer)).toBe('origin-refused')
    }
    for (const origin of [base, CLIENT_URL]) {
      time += 1000
      const answer = await post('/api/auth/refresh', undefined, { cookie, origin })
      expect(answer.status).toBe(200)
    }
  })
})

describe('POST /api/auth/logout', () => {
  it('ends the session and clears the cookie', async () => {
    const cookie = cookieOf(await login('pat@demo.clinic'))
    const answer = await post('/api/auth/logout', undefined, { cookie })
    expect(answer.status).toBe(204)
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^wardline-refresh=; Max-Age=0; Path=\/api\/au/,
    )
    // Not what the device keeps: it may hold what another person has not sent yet.
    expect(answer.headers.get('clear-site-data')).toBe('"cache"')
    expect(code(await post('/api/auth/refresh', undefined, { cookie }))).toBe('session-ended')
  })

  it('is content without a session', async () => {
    expect((await post('/api/auth/logout')).status).toBe(204)
  })
})

describe('/api/chat/chats', () => {
  it('starts a chat, or finds it, whoever asks', async () => {
    const pat = await asPat()
    const created = await post('/api/chat/chats', { doctorId: 'dr-ada' }, pat)
    expect(created.status).toBe(201)
    const chat = {
      id: 'dm.pat-morgan.dr-ada',
      kind: 'direct',
      createdAt: time,
      memberIndex: 1,
      members: [
        {
          index: 1,
          userId: 'pat-morgan',
          name: 'Pat Morgan',
          role: 'patient',
          birthDate: '1984-05-02',
          since: time,
        },
        {
          index: 2,
          userId: 'dr-ada',
          name: 'Dr Ada Osei',
          role: 'doctor',
          specialty: 'General practice',
          since: time,
        },
      ],
      docs: {
        chat: 'chat/dm.pat-morgan.dr-ada',
        pages: ['chat/dm.pat-morgan.dr-ada/2026-01'],
      },
    }
    expect(created.body).toEqual({ chat })
    const found = await post('/api/chat/chats', { patientId: 'pat-morgan' }, await asAda())
    expect(found.status).toBe(200)
    expect(found.body).toEqual({ chat: { ...chat, memberIndex: 2 } })
    expect((await get('/api/chat/chats', pat)).body).toEqual({
      chats: [{ ...chat, lastMessage: null, unreadCount: 0 }],
      userDoc: 'user/pat-morgan',
    })
    expect((await get('/api/chat/chats', await bearer('sam@demo.clinic'))).body.chats).toEqual([])
  })

  it('writes what clients sync', async () => {
    await post('/api/chat/chats', { doctorId: 'dr-ada' }, await asPat())
    const doc = new Y.Doc()
    for (const { update } of (await store.read(userDoc(parseUserId('dr-ada')!))).tail)
      Y.applyUpdate(doc, update)
    expect([...readUserSys(doc.getMap(SYS).entries()).keys()]).toEqual(['dm.pat-morgan.dr-ada'])
  })

  it('lists the newest page first, and always the current month', async () => {
    const pat = await asPat()
    const { body } = await post('/api/chat/chats', { doctorId: 'dr-ada' }, pat)
    for (const month of ['2025-11', '2026-01', '2025-12'])
      await directory.registerPage(body.chat.id, parseMonth(month)!)
    time += 5 * 60_000
    const pages = async () => (await get('/api/chat/chats', pat)).body.chats[0]?.docs.pages
    const prefix = 'chat/dm.pat-morgan.dr-ada/'
    expect(await pages()).toEqual(['2026-01', '2025-12', '2025-11'].map((m) => prefix + m))
    time = Date.UTC(2026, 1, 1)
    const later = (await get('/api/chat/chats', await asPat())).body.chats[0]?.docs.pages
    expect(later?.[0]).toBe(`${prefix}2026-02`)
  })

  it('refuses the wrong role and unknown people', async () => {
    const [pat, ada] = [await asPat(), await asAda()]
    const attempts: [object, Record<string, string>, ErrorCode][] = [
      [{ patientId: 'sam-rivera' }, pat, 'role-refused'],
      [{ doctorId: 'dr-ben' }, ada, 'role-refused'],
      [{ doctorId: 'sam-rivera' }, pat, 'user-not-found'],
      [{ doctorId: 'dr-nobody' }, pat, 'user-not-found'],
      [{ patientId: 'dr-ben' }, ada, 'user-not-found'],
      [{ doctorId: 'pat-morgan' }, pat, 'user-not-found'],
      [{ doctorId: 'Not/An Id' }, pat, 'bad-request'],
      [{ doctorId: 'dr-ada', patientId: 'sam-rivera' }, pat, 'bad-request'],
      [{}, pat, 'bad-request'],
    ]
    for (const [body, who, expected] of attempts)
      expect(code(await post('/api/chat/chats', body, who))).toBe(expected)
    expect(await store.listRecords('chat/')).toEqual([])
  })
})

describe('/api/clinic', () => {
  it('is for everybody, and is sent again only when it is another', async () => {
    const first = await get('/api/clinic')
    expect([first.status, first.body]).toMatchObject([200, { emergencyNumber: '112', notes: '' }])
    const tag = first.headers.get('etag') ?? ''
    expect(first.headers.get('cache-control')).toBe('no-cache')
    const same = await get('/api/clinic', { 'if-none-match': tag })
    expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', tag])
    await clinicSettings.change({ emergencyNumber: '999' }, 'server')
    const next = await get('/api/clinic', { 'if-none-match': tag })
    expect([next.status, next.body]).toMatchObject([200, { emergencyNumber: '999' }])
  })

  it('says who may begin chats; those that are there go on', async () => {
    const [pat, ada] = [await asPat(), await asAda()]
    const withAda = { doctorId: 'dr-ada' }
    expect((await post('/api/chat/chats', withAda, pat)).status).toBe(201)
    const nobody = { patientToDoctor: false, doctorToPatient: false, groups: false }
    await clinicSettings.change({ mayStart: nobody }, 'server')
    const start = (body: object, who: Record<string, string>) => post('/api/chat/chats', body, who)
    expect(code(await start({ doctorId: 'dr-ben' }, pat))).toBe('start-refused')
    expect(code(await start({ patientId: 'sam-rivera' }, ada))).toBe('start-refused')
    const group = { title: 'Ward', memberIds: [] }
    expect(code(await post('/api/chat/groups', group, ada))).toBe('start-refused')
    expect((await start(withAda, pat)).status).toBe(200)
    await clinicSettings.change({ mayStart: { ...nobody, doctorToPatient: true } }, 'server')
    expect(code(await start({ doctorId: 'dr-ben' }, pat))).toBe('start-refused')
    expect((await start({ patientId: 'sam-rivera' }, ada)).status).toBe(201)
  })
})

describe('/api/chat/groups', () => {
  const json = { 'content-type': 'application/json' }
  const patch = (path: string, body: object, headers: Record<string, string>) =>
    call('PATCH', path, { body: JSON.stringify(body), headers: { ...json, ...headers } })
  const remove = (path: string, headers: Record<string, string>) =>
    call('DELETE', path, { headers })

  it('makes, changes and lists a group', async () => {
    const [ada, ben, pat] = [await asAda(), await bearer('ben@demo.clinic'), await asPat()]
    const memberIds = ['dr-ben', 'pat-morgan']
    const made = await post('/api/chat/groups', { title: ' Care team ', memberIds }, ada)
    expect(made.status).toBe(201)
    expect(made.body.chat).toMatchObject({
      kind: 'group',
      title: 'Care team',
      memberIndex: 1,
      members: [{ userId: 'dr-ada' }, { userId: 'dr-ben' }, { userId: 'pat-morgan', since: time }],
    })
    const { id } = made.body.chat
    expect(id).toMatch(/^g\.[a-z0-9]{16,32}$/)
    const path = `/api/chat/groups/${id}`
    // The doctors of a group are told its patients' birth dates, and the patients are not.
    const { members, ...group } = made.body.chat
    expect(members).toMatchObject([{}, {}, { birthDate: '1984-05-02' }])
    const ofPat = (await get('/api/chat/chats', pat)).body.chats
    expect(ofPat).toMatchObject([
      {
        ...group,
        memberIndex: 3,
        members: members.map(({ birthDate: _, ...member }) => member),
      },
    ])
    expect(JSON.stringify(ofPat)).not.toContain('1984-05-02')
    expect((await patch(path, { title: 'Ward 3' }, ben)).body.chat).toMatchObject({
      title: 'Ward 3',
      memberIndex: 2,
    })
    const added = await post(`${path}/members`, { userId: 'sam-rivera' }, ada)
    expect(added.status).toBe(200)
    expect(await post(`${path}/members`, { userId: 'sam-rivera' }, ada)).toMatchObject({
      status: 200,
      body: added.body,
    })
    expect((await remove(`${path}/members/sam-rivera`, ada)).status).toBe(204)
    expect((await remove(`${path}/members/sam-rivera`, ada)).status).toBe(204)
    expect((await remove(`${path}/members/pat-morgan`, pat)).status).toBe(204)
    expect((await get('/api/chat/chats', pat)).body.chats).toEqual([])
    expect((await get('/api/chat/chats', ben)).body.chats).toMatchObject([{ title: 'Ward 3' }])
  })

  it('refuses who may not, and what is none, and changes nothing', async () => {
    const [ada, pat, ben] = [await asAda(), await asPat(), await bearer('ben@demo.clinic')]
    const { body } = await post(
      '/api/chat/groups',
      { title: 'Ward', memberIds: ['pat-morgan'] },
      ada,
    )
    const path = `/api/chat/groups/${body.chat.id}`
    const before = await storedIn(store)
    const group = { title: 'x', memberIds: [] }
    const attempts: [() => Promise<Answer>, ErrorCode][] = [
      [() => post('/api/chat/groups', group), 'unauthenticated'],
      [() => post('/api/chat/groups', group, pat), 'role-refused'],
      [() => post('/api/chat/groups', { ...group, title: ' ' }, ada), 'bad-request'],
      [() => post('/api/chat/groups', { ...group, title: 'x'.repeat(81) }, ada), 'bad-request'],
      [() => post('/api/chat/groups', { ...group, title: 'a\u202eb' }, ada), 'bad-request'],
      [() => post('/api/chat/groups', { ...group, memberIds: ['no id!'] }, ada), 'bad-request'],
      [
        () => post('/api/chat/groups', { ...group, memberIds: ['dr-nobody'] }, ada),
        'user-not-found',
      ],
      [
        () =>
          post(
            '/api/chat/groups',
            { ...group, memberIds: Array.from({ length: 100 }, (_, i) => `pat-${i}`) },
            ada,
          ),
        'group-full',
      ],
      [() => patch(path, { title: 'x' }, {}), 'unauthenticated'],
      [() => patch(path, { title: 'x' }, ben), 'chat-not-found'],
      [() => patch(path, { title: 'x' }, pat), 'role-refused'],
      [() => patch(path, {}, ada), 'bad-request'],
      [() => patch('/api/chat/groups/g.0123456789abcdef', { title: 'x' }, ada), 'chat-not-found'],
      [() => patch('/api/chat/groups/%2e%2e', { title: 'x' }, ada), 'not-found'],
      [() => post(`${path}/members`, { userId: 'dr-ben' }, ben), 'chat-not-found'],
      [() => post(`${path}/members`, { userId: 'dr-ben' }, pat), 'role-refused'],
      [() => post(`${path}/members`, { userId: 'dr-nobody' }, ada), 'user-not-found'],
      [() => remove(`${path}/members/dr-ada`, pat), 'role-refused'],
      [() => remove(`${path}/members/pat-morgan`, ben), 'chat-not-found'],
      [() => remove(`${path}/members/dr-ada`, ada), 'last-doctor'],
      [() => remove(`${path}/members/NO`, ada), 'bad-request'],
      [() => get(path, ada), 'method-not-allowed'],
      [() => get(`${path}/members`, ada), 'method-not-allowed'],
      [() => get(`${path}/members/dr-ada`, ada), 'method-not-allowed'],
      [() => get('/api/chat/groups', ada), 'method-not-allowed'],
    ]
    for (const [attempt, expected] of attempts) expect(code(await attempt())).toBe(expected)
    expect(await storedIn(store)).toEqual(before)
  })
})

describe('people', () => {
  it('lists doctors for everybody, searched by words', async () => {
    const pat = await asPat()
    expect((await get('/api/chat/doctors', pat)).body).toEqual({
      doctors: [
        { id: 'dr-ada', name: 'Dr Ada Osei', role: 'doctor', specialty: 'General practice' },
        { id: 'dr-ben', name: 'Dr Ben Laurent', role: 'doctor', specialty: 'Cardiology' },
      ],
    })
    const found = await get('/api/chat/doctors?query=CARDIO%20laur', pat)
    expect(found.body.doctors.map(({ id }) => id)).toEqual(['dr-ben'])
  })

  it('lists patients for doctors only', async () => {
    expect((await get('/api/chat/patients?query=rivera', await asAda())).body).toEqual({
      patients: [
        { id: 'sam-rivera', name: 'Sam Rivera', role: 'patient', birthDate: '1991-11-23' },
      ],
    })
    expect(code(await get('/api/chat/patients', await asPat()))).toBe('role-refused')
  })

  it('refuses a query that is none', async () => {
    const ada = await asAda()
    expect(code(await get('/api/chat/doctors?query=a&query=b', ada))).toBe('bad-request')
    const long = `/api/chat/patients?query=${'x'.repeat(101)}`
    expect(code(await get(long, ada))).toBe('bad-request')
  })
})

describe('access', () => {
  const paths = ['/api/chat/chats', '/api/chat/doctors', '/api/chat/patients']

  it('needs a token', async () => {
    for (const path of paths) {
      const answer = await get(path)
      expect(code(answer)).toBe('unauthenticated')
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
    for (const authorization of ['Bearer x', 'Bearer', 'Basic cGF0', `Bearer ${'a.'.repeat(4000)}`])
      expect(code(await get('/api/chat/chats', { authorization }))).toBe('unauthenticated')
  })

  it('never comes from a cookie or the address', async () => {
    const answer = await login('pat@demo.clinic')
    expect(code(await get('/api/chat/chats', { cookie: cookieOf(answer) }))).toBe('unauthenticated')
    const path = `/api/chat/chats?access_token=${answer.body.accessToken}`
    expect(code(await get(path))).toBe('unauthenticated')
  })

  it('ends with the token', async () => {
    const pat = await asPat()
    time += 600_000
    expect(code(await get('/api/chat/chats', pat))).toBe('token-expired')
  })
})

describe('other origins', () => {
  it('are refused, but for the one that is named', async () => {
    const refused = await get('/api/chat/doctors', { origin: 'https://evil.example' })
    expect(code(refused)).toBe('origin-refused')
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
    const own = await get('/api/chat/doctors', { origin: base, ...(await asPat()) })
    expect(own.status).toBe(200)
    expect(own.headers.get('access-control-allow-origin')).toBeNull()
    const named = await get('/api/chat/doctors', { origin: CLIENT_URL, ...(await asPat()) })
    expect(named.status).toBe(200)
    expect(named.headers.get('access-control-allow-origin')).toBe(CLIENT_URL)
    expect(named.headers.get('access-control-allow-credentials')).toBe('true')
    expect(named.headers.get('vary')).toContain('Origin')
  })

  it('may ask first', async () => {
    const ask = (origin: string) =>
      call('OPTIONS', '/api/chat/chats', {
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    const allowed = await ask(CLIENT_URL)
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-headers')).toBe(
      'Authorization, Content-Type, Idempotency-Key, Range, Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata',
    )
    expect(code(await ask('https://evil.example'))).toBe('origin-refused')
  })
})

describe('requests that are wrong', () => {
  const json = { 'content-type': 'application/json' }
  const send = (body: string, headers: Record<string, string>) =>
    call('POST', '/api/auth/login', { body, headers })

  it('get a code each', async () => {
    expect(code(await send('{"email":', json))).toBe('bad-json')
    expect(code(await send('"text"', json))).toBe('bad-json')
    expect(code(await send(JSON.stringify({ x: 'x'.repeat(65_536) }), json))).toBe('body-too-large')
    const form = { 'content-type': 'text/plain' }
    expect(code(await send('{"email":"a","password":"b"}', form))).toBe('unsupported-media-type')
    const latin = { 'content-type': 'application/json; charset=latin1' }
    expect(code(await send('{}', latin))).toBe('unsupported-media-type')
  })

  it('at unknown addresses', async () => {
    for (const path of ['/api', '/api/nothing', '/api/chat/chats/x', '/API/nothing', '/sync/x'])
      expect(code(await get(path, { accept: 'text/html' }))).toBe('not-found')
  })

  it('with methods that are not there', async () => {
    const attempts = [
      ['GET', '/api/auth/login', 'POST'],
      ['PUT', '/api/auth/refresh', 'POST'],
      ['GET', '/api/auth/logout', 'POST'],
      ['DELETE', '/api/chat/chats', 'GET, HEAD, POST'],
      ['POST', '/api/chat/doctors', 'GET, HEAD'],
      ['POST', '/api/chat/patients', 'GET, HEAD'],
      ['POST', '/healthz', 'GET, HEAD'],
      ['POST', '/', 'GET, HEAD'],
    ] as const
    for (const [method, path, allow] of attempts) {
      const answer = await call(method, path)
      expect(code(answer)).toBe('method-not-allowed')
      expect(answer.headers.get('allow')).toBe(allow)
    }
  })

  it('never learn what went wrong inside', async () => {
    const ada = await asAda()
    disk.records.set('user/sam-rivera', { text: '{"secret":"value"}', version: 1 })
    const answer = await get('/api/chat/patients', ada)
    expect(code(answer)).toBe('internal')
    const id = answer.headers.get('x-request-id')
    expect(lines.some((line) => line.includes('request-failed') && line.includes(id!))).toBe(true)
  })
})

describe('when nothing can be saved', () => {
  it('says so', async () => {
    const pat = await asPat()
    expect((await get('/healthz')).body).toEqual({ status: 'ok' })
    failing = true
    expect((await get('/healthz')).body).toEqual({ status: 'ok' })
    time += 1000
    expect(code(await get('/healthz'))).toBe('store-unavailable')
    expect(code(await login('pat@demo.clinic'))).toBe('store-unavailable')
    const chat = { doctorId: 'dr-ada' }
    expect(code(await post('/api/chat/chats', chat, pat))).toBe('store-unavailable')
    failing = false
    time += 1000
    expect((await get('/healthz')).status).toBe(200)
    expect((await post('/api/chat/chats', chat, pat)).status).toBe(201)
  })

  it('answers only after the write', async () => {
    const pat = await asPat()
    let release = (): void => {}
    held = new Promise((resolve) => {
      release = resolve
    })
    let answered = false
    const answer = post('/api/chat/chats', { doctorId: 'dr-ada' }, pat).then((result) => {
      answered = true
      return result
    })
    expect((await get('/api/chat/chats', pat)).body.chats).toEqual([])
    expect(answered).toBe(false)
    release()
    expect((await answer).status).toBe(201)
  })
})

describe('the app', () => {
  const page = { accept: 'text/html,*/*' }

  it('is served with its caching rules', async () => {
    const rules = {
      '/': 'no-cache',
      '/index.html': 'no-cache',
      '/sw.js': 'no-cache',
      '/manifest.webmanifest': 'no-cache',
      '/assets/index-BxK3_a9-.js': 'public, max-age=31536000, immutable',
      '/assets/logo.svg': 'no-cache',
    }
    for (const [path, rule] of Object.entries(rules)) {
      const answer = await get(path)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('cache-control')).toBe(rule)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('answers navigations with its page, and only these', async () => {
    for (const path of ['/chats/dm.pat-morgan.dr-ada', '/settings', '/apiary']) {
      const answer = await get(path, page)
      expect(answer.text).toContain('<title>Wardline</title>')
      expect(answer.headers.get('cache-control')).toBe('no-cache')
    }
    expect(code(await get('/settings', { accept: '*/*' }))).toBe('not-found')
    expect(code(await get('/assets/gone-12345678.js', page))).toBe('not-found')
    for (const path of ['/api', '/api/x', '/sync', '/sync/user/x', '/socket', '/SOCKET/x'])
      expect(code(await get(path, page))).toBe('not-found')
  })

  it('gives out nothing else', async () => {
    const paths = ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/..%5c..%5c']
    for (const path of [...paths, '/.env', '/assets/%00', '/%E0%A4%A']) {
      const { status, text } = await rawGet(path)
      expect([400, 403, 404]).toContain(status)
      expect(text).not.toMatch(/outside|hidden|at .*\.js|\/tmp/)
      expect(JSON.parse(text).error.code).toMatch(/^(not-found|bad-request)$/)
    }
  })

  it('may be absent', async () => {
    await restart({ web: false })
    expect(code(await get('/', page))).toBe('not-found')
    expect((await login('pat@demo.clinic')).status).toBe(200)
  })
})

/** Sends the path as it is; `fetch` would tidy it up. */
const rawGet = (path: string): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base)
    const request = httpRequest({ hostname, port, path }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    request.on('error', reject).end()
  })

describe('every answer', () => {
  it('carries the security headers', async () => {
    for (const path of ['/', '/api/chat/chats', '/healthz', '/nothing']) {
      const { headers } = await get(path)
      expect(headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY)
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-powered-by')).toBeNull()
      expect(headers.get('strict-transport-security')).toBeNull()
    }
    expect(CONTENT_SECURITY_POLICY).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types wardline",
    )
  })

  it('of the interface is never cached', async () => {
    for (const path of ['/api/chat/chats', '/api/nothing', '/healthz'])
      expect((await get(path)).headers.get('cache-control')).toBe('no-store')
  })

  it('is logged without content or tokens', async () => {
    const answer = await login('pat@demo.clinic')
    const { accessToken } = answer.body
    const authorization = `Bearer ${accessToken}`
    const listed = await get('/api/chat/doctors?query=heartache', { authorization })
    await get('/api/chat/heartache', { authorization })
    await login('pat@demo.clinic', 'heartache')
    await stop()
    const log = lines.join('')
    for (const part of ['heartache', DEMO_PASSWORD, accessToken, cookieOf(answer), '@demo.clinic'])
      expect(log).not.toContain(part)
    const entry = lines.map((line) => JSON.parse(line)).find(({ route }) => /doctors/.test(route))
    expect(entry).toEqual({
      time: expect.any(String),
      severity: 'info',
      event: 'request',
      id: listed.headers.get('x-request-id'),
      method: 'GET',
      route: '/api/chat/doctors',
      status: 200,
      ms: expect.any(Number),
      user: 'pat-morgan',
    })
    await start()
  })
})

it('works on a store on disk, and goes on after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wardline-data-'))
  const serve = async (): Promise<Store> => {
    await stop()
    const level = await LevelStore.open(folder, { create: true })
    await start({ on: level })
    return level
  }
  let level = await serve()
  expect(await openDemoClinic(level, directory)).toBe(true)
  const session = await login('pat@demo.clinic')
  const authorization = `Bearer ${session.body.accessToken}`
  const created = await post('/api/chat/chats', { doctorId: 'dr-ada' }, { authorization })
  expect(created.status).toBe(201)
  expect((await get('/healthz')).status).toBe(200)
  await level.close()
  time += 1000
  expect(code(await get('/healthz'))).toBe('store-unavailable')
  expect(code(await login('pat@demo.clinic'))).toBe('store-unavailable')
  level = await serve()
  const renewed = await post('/api/auth/refresh', undefined, { cookie: cookieOf(session) })
  expect(renewed.status).toBe(200)
  const { chats } = (await get('/api/chat/chats', { authorization })).body
  expect(chats).toMatchObject([created.body.chat])
  expect(await verifyAudit(level)).toMatchObject({ kind: 'intact' })
  await level.close()
  await rm(folder, { recursive: true })
})

describe('the error catalogue', () => {
  it('holds no code that the tests above, or those of files and messages, did not get', () => {
    const elsewhere = [
      'chat-closed',
      'group-changed-often',
      'too-many-groups',
      'idempotency-key-reused',
      'message-not-editable',
      'message-not-found',
      'not-your-message',
      'quota-full',
      'too-many-requests',
      'file-too-large',
      'files-unavailable',
      'file-type-refused',
      'file-damaged',
      'file-lost',
      'range-not-there',
      'too-many-uploads',
      'upload-offset',
      'upload-version',
      'provider-refused',
      'provider-unavailable',
      'outside-token-refused',
      'outside-token-expired',
      'api-token-refused',
      'too-many-api-tokens',
      'account-missing',
      'account-conflict',
      'role-missing',
      'profile-incomplete',
      'email-unverified',
      'sign-in-lapsed',
      'email-taken',
      'last-admin',
      'wrong-status',
      'account-held',
      'retention-runs',
      'device-removed',
      'device-removed-by-clinic',
      'device-not-found',
      'wrong-password',
      'password-too-short',
      'password-easy-to-guess',
      'link-invalid',
      'passkey-refused',
      'passkey-required',
      'too-many-passkeys',
      'last-way-in',
      'email-needed',
      'email-taken',
    ]
    const here = errorCodes.filter((known) => !elsewhere.includes(known))
    expect(here.filter((known) => !seen.has(known))).toEqual([])
  })

  it('is documented in full', async () => {
    const path = join(import.meta.dirname, '../../docs/http-api.md')
    const rows = [...(await readFile(path, 'utf8')).matchAll(/^\| `([\w-]+)` +\| (\d{3}) +\|/gm)]
    expect(Object.fromEntries(rows.map(([, name, status]) => [name, Number(status)]))).toEqual(
      Object.fromEntries(errorCodes.map((name) => [name, errorCatalogue[name].status])),
    )
  })
})
