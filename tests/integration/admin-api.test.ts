/** `/api/admin`: what the hospital's own tools build on. */
import type { RunningServer } from '@wardline/sync-server/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiContract } from '../support/api-contract.ts'
import { type Call, callerFor } from '../support/http-caller.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const SECRET = 'the biopsy was positive'
const contract = new ApiContract()
let dataDir: string
let server: RunningServer
let admin: Call
let pat: Call

beforeAll(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  const witness: Parameters<typeof callerFor>[2] = (method, path, answer) =>
    expect(contract.problem({ method, path, ...answer }), `${method} ${path}`).toBeUndefined()
  admin = await callerFor(server.url, 'admin@demo.clinic', witness)
  pat = await callerFor(server.url, 'pat@demo.clinic', witness)
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

const names = (people: readonly { name: string }[]): string[] => people.map(({ name }) => name)

describe('people', () => {
  it('lists people a page at a time', async () => {
    const all = await admin('GET', '/api/admin/people')
    expect(names(all.body.people)).toEqual([
      'Dr Ada Osei',
      'Dr Ben Laurent',
      'Pat Morgan',
      'Robin Shah',
      'Sam Rivera',
    ])
    const second = await admin('GET', '/api/admin/people?offset=2&limit=2')
    expect([names(second.body.people), second.body.total]).toEqual([
      ['Pat Morgan', 'Robin Shah'],
      5,
    ])
    for (const query of ['limit=101', 'limit=0', 'offset=-1', `query=${'x'.repeat(101)}`, 'page=2'])
      expect((await admin('GET', `/api/admin/people?${query}`)).status).toBe(400)
  })

  it('finds them by name, specialty, birth date and e-mail address, role and status', async () => {
    const find = async (query: string) =>
      names((await admin('GET', `/api/admin/people?${query}`)).body.people)
    expect(await find('query=morgan+pat')).toEqual(['Pat Morgan'])
    expect(await find('query=cardiology')).toEqual(['Dr Ben Laurent'])
    expect(await find('query=1991-11-23')).toEqual(['Sam Rivera'])
    expect(await find('query=sam@demo')).toEqual(['Sam Rivera'])
    expect(await find('role=doctor')).toEqual(['Dr Ada Osei', 'Dr Ben Laurent'])
    expect(await find('role=doctor&query=ada')).toEqual(['Dr Ada Osei'])
    expect(await find('status=disabled')).toEqual([])
  })

  it('shows one of them, and no secret of theirs', async () => {
    const { body } = await admin('GET', '/api/admin/people/pat-morgan')
    expect(body).toMatchObject({
      id: 'pat-morgan',
      roles: ['patient'],
      status: 'active',
      hasPassword: true,
    })
    expect(JSON.stringify(body)).not.toContain('argon2')
    expect((await admin('GET', '/api/admin/people/no-one')).status).toBe(404)
    expect((await admin('GET', '/api/admin/people/no%20id')).status).toBe(400)
  })
})

describe('settings', () => {
  it('change one by one, and everybody is told', async () => {
    const changed = await admin('PATCH', '/api/admin/settings', { name: 'Hillside Practice' })
    expect(changed.body).toMatchObject({ name: 'Hillside Practice', emergencyNumber: '112' })
    expect((await pat('GET', '/api/clinic')).body).toEqual(changed.body)
    expect((await admin('GET', '/api/admin/settings')).body).toEqual(changed.body)
  })

  it('stay as they are when one of them makes no sense', async () => {
    const before = (await admin('GET', '/api/admin/settings')).body
    const wrong = { emergencyNumber: '999', accent: 'red' }
    expect((await admin('PATCH', '/api/admin/settings', wrong)).status).toBe(400)
    expect((await admin('GET', '/api/admin/settings')).body).toEqual(before)
  })
})

describe('devices', () => {
  it('are listed, and one that is removed is out at once', async () => {
    const ben = await callerFor(server.url, 'ben@demo.clinic')
    const { body } = await admin('GET', '/api/admin/people/dr-ben/devices')
    expect(body.devices).toMatchObject([{ method: 'password' }])
    expect((await ben('GET', '/api/chat/chats')).status).toBe(200)
    const path = `/api/admin/people/dr-ben/devices/${body.devices[0].id}`
    // Nobody's device is removed by way of somebody else.
    const astray = path.replace('dr-ben', 'dr-ada')
    expect((await admin('DELETE', astray)).status).toBe(404)
    expect((await admin('DELETE', path)).status).toBe(204)
    expect((await admin('DELETE', path)).status).toBe(404)
    expect((await ben('GET', '/api/chat/chats')).status).toBe(401)
    expect((await admin('GET', '/api/admin/people/dr-ben/devices')).body.devices).toEqual([])
  })

  it('have no passkeys beside them until somebody adds one', async () => {
    const { body } = await admin('GET', '/api/admin/people/dr-ben/passkeys')
    expect(body).toEqual({ passkeys: [] })
    expect((await admin('GET', '/api/admin/people/no-one/passkeys')).status).toBe(404)
  })

  it('are all left by who is signed out everywhere', async () => {
    const devices = await Promise.all([1, 2].map(() => callerFor(server.url, 'ben@demo.clinic')))
    const { body } = await admin('POST', '/api/admin/people/dr-ben/sign-out')
    expect(body).toEqual({ devices: 2 })
    for (const ben of devices) expect((await ben('GET', '/api/chat/chats')).status).toBe(401)
  })
})

describe('the audit trail', () => {
  it('is read by person, kind and time, a page at a time, with names', async () => {
    await admin('PATCH', '/api/admin/settings', { emergencyNumber: '999' })
    const { body } = await admin('GET', '/api/admin/audit?action=settings.changed&limit=1')
    expect(body.lines).toMatchObject([
      { actor: 'robin-shah', action: 'settings.changed', details: { fields: ['emergencyNumber'] } },
    ])
    expect(body.names).toEqual({ 'robin-shah': 'Robin Shah' })
    expect(body.next).not.toBeNull()
    const older = await admin('GET', `/api/admin/audit?action=settings&before=${body.next}`)
    expect(older.body.lines.every(({ n }: { n: number }) => n < body.lines[0].n)).toBe(true)
    const ofBen = await admin('GET', '/api/admin/audit?about=dr-ben')
    expect(ofBen.body.lines.length).toBeGreaterThan(2)
    const later = Date.now() + 60_000
    expect((await admin('GET', `/api/admin/audit?from=${later}`)).body.lines).toEqual([])
    for (const query of ['limit=201', 'before=x', 'action=DROP', 'from=yesterday'])
      expect((await admin('GET', `/api/admin/audit?${query}`)).status).toBe(400)
  })

  it('is taken along as CSV and JSON, which is a line itself', async () => {
    const csv = await admin('GET', '/api/admin/audit/export?format=csv&action=settings')
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-.*\.csv"$/)
    expect(csv.body).toMatch(/^n,time,actor,action,subject,concerns,details\r\n/)
    expect(csv.body).toContain('settings.changed')
    const json = await admin('GET', '/api/admin/audit/export?format=json&action=audit.exported')
    expect(json.body).toMatchObject([
      { actor: 'robin-shah', action: 'audit.exported', details: { format: 'json' } },
      { actor: 'robin-shah', details: { format: 'csv', action: 'settings' } },
    ])
    expect((await admin('GET', '/api/admin/audit/export?format=pdf')).status).toBe(400)
    expect((await admin('GET', '/api/admin/audit/export')).status).toBe(400)
  })
})

it('tells how the server does', async () => {
  const { body } = await admin('GET', '/api/admin/health')
  expect(body).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    saves: { ok: true, p50: expect.any(Number), p99: expect.any(Number) },
    connections: { sockets: 0, people: 0 },
    pushWaiting: 0,
    backup: {},
  })
  expect(body.storage.database).toBeGreaterThan(1_000)
  expect(body.storage.free).toBeGreaterThan(0)
  await pat('GET', '/api/admin/health')
  const refused = (await admin('GET', '/api/admin/health')).body.refusals
  expect(refused.requests).toBeGreaterThan(0)
})

it('never has the text of a message in an answer', async () => {
  await pat('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
  const chat = 'dm.pat-morgan.dr-ada'
  const sent = await pat('POST', `/api/chat/chats/${chat}/messages`, { text: SECRET })
  expect(sent.status).toBe(201)
  const reads = contract
    .routes()
    .filter(({ path, method }) => path.startsWith('/api/admin') && method === 'get')
  expect(reads.length).toBeGreaterThan(2)
  for (const { path } of reads) {
    const { body } = await admin('GET', path.replace('{user}', 'pat-morgan'))
    expect(JSON.stringify(body)).not.toContain(SECRET)
  }
  // Nor by the way of those who are in a chat.
  expect((await admin('GET', `/api/chat/chats/${chat}/messages`)).status).toBe(404)
})
