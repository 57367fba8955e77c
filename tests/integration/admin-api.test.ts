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
