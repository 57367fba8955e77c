/** What a person is given of what the clinic has of them: as an archive, and as a folder. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writerFrom } from '@wardline/core/base/client-id'
import { type ChatId, monthOf, pageDoc } from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import { Page } from '@wardline/core/chat/page'
import { runAdmin } from '@wardline/sync-server/cli/admin-command'
import type { RunningServer } from '@wardline/sync-server/server'
import { deviceOf, pat } from '@wardline/sync-server/sync/sync-test-kit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Call, callerFor } from '../support/http-caller.ts'
import { unzip } from '../support/unzip.ts'
import { CHAT as DIRECT, FileCaller, sha256, textOf } from './files-kit.ts'
import { connect, makeDataDir, removeDataDir, start, until } from './sync-kit.ts'

const letter = textOf(5_000)
let dataDir: string
let target: string
let server: RunningServer
let admin: Call
let group: string

beforeAll(async () => {
  dataDir = await makeDataDir()
  target = await mkdtemp(join(tmpdir(), 'wardline-export-'))
  server = await start(dataDir)
  admin = await callerFor(server.url, 'admin@demo.clinic')
  const patient = await callerFor(server.url, 'pat@demo.clinic')
  const doctor = await callerFor(server.url, 'ada@demo.clinic')
  await patient('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
  for (let i = 1; i <= 105; i++)
    await patient('POST', `/api/chat/chats/${DIRECT}/messages`, { text: `message ${i}` })
  const memberIds = ['pat-morgan', 'sam-rivera']
  const made = await doctor('POST', '/api/chat/groups', { title: 'Ward', memberIds })
  group = made.body.chat.id
  await doctor('POST', `/api/chat/chats/${group}/messages`, { text: 'to everybody' })
  const other = await callerFor(server.url, 'sam@demo.clinic')
  await other('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
  await other('POST', '/api/chat/chats/dm.sam-rivera.dr-ada/messages', { text: 'of Sam alone' })
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
  await rm(target, { recursive: true, force: true })
})

/** The files below a folder, with what is in them. */
const below = async (folder: string): Promise<Record<string, string>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const read = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name)
    return [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const
  })
  return Object.fromEntries(await Promise.all(read))
}
const auditOf = async (action: string) => {
  const found = []
  for await (const { text } of server.store.readAudit()) {
    const line = JSON.parse(text)
    if (line.action === action) found.push(line)
  }
  return found
}

const expectPats = (files: Record<string, string>): void => {
  expect(JSON.parse(files['account.json'] ?? '')).toEqual({
    ...{ id: 'pat-morgan', name: 'Pat Morgan', roles: ['patient'], status: 'active' },
    ...{ birthDate: '1984-05-02', email: 'pat@demo.clinic' },
  })
  const messages = JSON.parse(files[`chats/${DIRECT}/messages.json`] ?? '')
  expect(messages.map(({ text }: { text: string }) => text)).toEqual(
    Array.from({ length: 105 }, (_, i) => `message ${105 - i}`),
  )
  const chat = JSON.parse(files[`chats/${group}/chat.json`] ?? '')
  expect(chat).toMatchObject({ title: 'Ward', members: [{}, {}, { name: 'Sam Rivera' }] })
  const all = Object.values(files).join()
  // Nothing of others that they may not know, nor anything to sign in with.
  for (const secret of ['1991-11-23', 'of Sam alone', 'argon2']) expect(all).not.toContain(secret)
  expect(all).toContain('to everybody')
}

it('is an archive over HTTP, which opens by its directory', async () => {
  const token = await callerToken()
  const response = await fetch(`${server.url}/api/admin/people/pat-morgan/export`, {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/zip')
  expectPats(unzip(Buffer.from(await response.arrayBuffer())))
  expect(await auditOf('person.exported')).toMatchObject([
    { actor: 'robin-shah', subject: 'pat-morgan' },
  ])
  expect((await admin('GET', '/api/admin/people/nobody/export')).body.error.code).toBe(
    'user-not-found',
  )
})

it('has the files of a chat', async () => {
  const files = await FileCaller.signIn(() => server.url, 'pat@demo.clinic')
  expect((await files.upload(letter)).status).toBe(204)
  await writeAbout(letter)
  const folder = join(target, 'with-files')
  const context = { env: { DATA_DIR: dataDir }, readInput: async () => '' }
  await server.close()
  const done = await runAdmin({ args: ['export-person', 'pat-morgan', folder], ...context })
  expect(done).toMatchObject({ ok: true })
  const written = await below(folder)
  const [name] = Object.keys(written).filter((path) => path.includes('/files/'))
  expect(name).toMatch(/^chats\/dm\.pat-morgan\.dr-ada\/files\/[0-9a-f]{12} letter\.txt$/)
  expect(written[name ?? '']).toBe(Buffer.from(letter).toString())
  expect((await stat(join(folder, 'account.json'))).mode & 0o777).toBe(0o600)
  // Once more into the same folder.
  const again = await runAdmin({ args: ['export-person', 'pat-morgan', folder], ...context })
  expect(again).toMatchObject({ ok: false, error: expect.stringContaining('not empty') })
  server = await start(dataDir)
})

/** A message of Pat's that has the file, as a device writes it. */
const writeAbout = async (bytes: Uint8Array): Promise<void> => {
  const wire = await connect(server, pat)
  wire.openDoc(1, pageDoc(DIRECT as ChatId, monthOf(Date.now())))
  const lane = new LaneWriter(1, writerFrom(new Uint8Array([1, 2, 3, 4, 5])), deviceOf(pat))
  const file = { hash: sha256(bytes), name: 'letter.txt', type: 'text/plain', size: bytes.length }
  const body = await sealBody({ text: 'See this', attachments: [file] })
  const entry = { at: Date.now(), kind: EntryKind.message, ref: null, body }
  const { update } = lane.entries([entry], new Page().frontier)
  wire.send({ type: 'update', channel: 1, update })
  await until(() => expect(wire.of('head').at(-1)?.accepted).toBe(1))
  wire.ws.close()
}

const callerToken = async (): Promise<string> => {
  const answer = await fetch(`${server.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'admin@demo.clinic', password: 'wardline-demo' }),
  })
  return ((await answer.json()) as { accessToken: string }).accessToken
}
