/** What auditors ask for, from a real server: who read what, what was used, what was refused. */
import { createHash } from 'node:crypto'
import { monthOf, pageDoc } from '@wardline/core/base/ids'
import { connectDoc } from '@wardline/core/yjs/connect-doc'
import { findLines } from '@wardline/sync-server/audit/search'
import type { RunningServer } from '@wardline/sync-server/server'
import { verifyAudit } from '@wardline/sync-server/storage/audit'
import { chat } from '@wardline/sync-server/sync/sync-test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket as NodeSocket } from 'ws'
import * as Y from 'yjs'
import { type Call, callerFor } from '../support/http-caller.ts'
import { makeDataDir, removeDataDir, signIn, start } from './sync-kit.ts'

let dataDir: string
let server: RunningServer
let ada: Call
let ben: Call
let pat: Call

const signInAll = async (): Promise<void> => {
  const [first, second, third] = await Promise.all(
    ['ada', 'ben', 'pat'].map((name) => callerFor(server.url, `${name}@demo.clinic`)),
  )
  ada = first!
  ben = second!
  pat = third!
}

beforeEach(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  await signInAll()
  await pat('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
})
afterEach(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

const linesOf = async (action: string, about?: string) =>
  (await findLines(server.store, { action, ...(about && { about }) }, { limit: 100 })).lines
const tell = (call: Call, at = Date.now(), id: string = chat) =>
  call('POST', '/api/chat/openings', { openings: [{ chat: id, at }] })

describe('who opened whose chat', () => {
  it('is in the trail once for a device that says so, and after a restart and a sign-in once more', async () => {
    for (let i = 0; i < 3; i++) expect((await tell(ada)).status).toBe(204)
    expect(await linesOf('chat.read', 'pat-morgan')).toMatchObject([
      { actor: 'dr-ada', subject: chat, concerns: ['pat-morgan'], details: { way: 'app' } },
    ])
    await server.close()
    server = await start(dataDir)
    await signInAll()
    for (let i = 0; i < 2; i++) await tell(ada)
    expect(await linesOf('chat.read')).toHaveLength(2)
    expect(await verifyAudit(server.store)).toMatchObject({ kind: 'intact' })
  })

  it('says nothing of who is in no such chat', async () => {
    expect((await tell(ben)).status).toBe(204)
    expect((await tell(ada, Date.now(), 'dm.pat-morgan.dr-ben')).status).toBe(204)
    expect((await tell(ada, Date.now(), 'no chat')).status).toBe(204)
    expect(await linesOf('chat')).toMatchObject([{ action: 'chat.created' }])
  })

  it('is there for who reads over HTTP', async () => {
    const messages = `/api/chat/chats/${chat}/messages`
    for (let i = 0; i < 3; i++) expect((await ada('GET', messages)).status).toBe(200)
    await expect.poll(() => linesOf('chat.read')).toMatchObject([{ details: { way: 'api' } }])
    expect(await linesOf('api.used', 'dr-ada')).toMatchObject([
      { details: { operation: 'GET /api/chat/chats/:chatId/messages' } },
    ])
  })

  it('is there for a program that follows a document', async () => {
    const doc = new Y.Doc()
    const connection = connectDoc(doc, pageDoc(chat, monthOf(Date.now())), {
      server: server.url,
      getToken: async () => ({ kind: 'token', token: await signIn(server, 'dr-ada' as never) }),
      WebSocket: NodeSocket as unknown as typeof globalThis.WebSocket,
      betweenTabs: false,
    })
    await expect.poll(() => linesOf('chat.read')).toMatchObject([{ details: { way: 'sync' } }])
    connection.close()
  })

  it.each([
    ['nothing', {}],
    ['no opening', { openings: [] }],
    ['a time that is none', { openings: [{ chat, at: -1 }] }],
    ['too many', { openings: Array.from({ length: 101 }, () => ({ chat, at: 1 })) }],
  ])('refuses %s', async (_, body) => {
    expect((await ada('POST', '/api/chat/openings', body)).status).toBe(400)
  })
})

it('a download is a line', async () => {
  const bytes = Buffer.from('A letter')
  const hash = createHash('sha256').update(bytes).digest('hex')
  const metadata = Object.entries({ chat, hash, name: 'letter.txt', type: 'text/plain' })
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')
  const tus = { 'tus-resumable': '1.0.0' }
  const made = await pat('POST', '/api/files/uploads', undefined, {
    ...tus,
    'upload-length': String(bytes.length),
    'upload-metadata': metadata,
  })
  expect(made.status).toBe(201)
  const sent = await pat(
    'PATCH',
    new URL(made.headers.get('location')!, server.url).pathname,
    'A letter',
    {
      ...tus,
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
    },
  )
  expect(sent.status).toBe(204)
  for (let i = 0; i < 2; i++)
    expect((await ada('GET', `/api/files/${chat}/${hash}`)).body).toBe('A letter')
  expect((await ben('GET', `/api/files/${chat}/${hash}`)).status).toBe(404)
  await expect
    .poll(() => linesOf('file.read'))
    .toMatchObject([{ actor: 'dr-ada', subject: chat, details: { hash } }])
})

it('what is refused is a line, once, without what was asked for', async () => {
  for (let i = 0; i < 3; i++) {
    expect((await pat('GET', '/api/chat/patients?query=secret')).status).toBe(403)
    expect((await ben('GET', `/api/chat/chats/${chat}/messages`)).status).toBe(404)
  }
  await expect.poll(async () => (await linesOf('api.refused')).length).toBe(2)
  const lines = await linesOf('api.refused')
  expect(lines.map(({ actor, details }) => [actor, details]).sort()).toEqual([
    ['dr-ben', { operation: 'GET /api/chat/chats/:chatId/messages', code: 'chat-not-found' }],
    ['pat-morgan', { operation: 'GET /api/chat/patients', code: 'role-refused' }],
  ])
  expect(JSON.stringify(lines)).not.toContain('secret')
})

it.each([
  ['POST', '/api/people/invitations', { name: 'Somebody', birthDate: '1990-01-01' }],
  ['GET', '/api/people/sam-rivera/devices', undefined],
  ['POST', '/api/people/sam-rivera/way-in', { as: 'link' }],
  ['GET', '/api/admin/people', undefined],
])('who tries %s %s without the role for it is in the trail', async (method, path, body) => {
  expect((await pat(method, path, body)).status).toBe(403)
  await expect
    .poll(() => linesOf('api.refused', 'pat-morgan'))
    .toMatchObject([{ details: { code: 'role-refused' } }])
})
