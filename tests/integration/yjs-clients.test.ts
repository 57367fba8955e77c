/** `core/yjs`: stock Yjs clients, with y-websocket's provider as it is, on a real server. */
import type { MemberIndex } from '@wardline/core/base/client-id'
import { type DeviceId, type DocName, monthOf, pageDoc, type UserId } from '@wardline/core/base/ids'
import { openBody } from '@wardline/core/chat/body'
import { statusOf } from '@wardline/core/chat/status'
import { connectDoc, type DocConnection } from '@wardline/core/yjs/connect-doc'
import { LivePage } from '@wardline/core/yjs/live-page'
import { newWriter } from '@wardline/core/yjs/new-writer'
import { OwnLane } from '@wardline/core/yjs/own-lane'
import type { ClosedEvent, TokenSource } from '@wardline/core/yjs/renew-token'
import { StoredEntries } from '@wardline/core/yjs/stored-entries'
import type { RunningServer } from '@wardline/sync-server/server'
import { ada, ben, chat, pat } from '@wardline/sync-server/sync/sync-test-kit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket as NodeSocket } from 'ws'
import * as Y from 'yjs'
import { makeDataDir, removeDataDir, signIn, start, until } from './sync-kit.ts'

const WebSocket = NodeSocket as unknown as typeof globalThis.WebSocket
let dataDir: string
let server: RunningServer
let ends: (() => void)[]

beforeEach(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  ends = []
})
afterEach(async () => {
  for (const end of ends) end()
  await server.close()
  await removeDataDir(dataDir)
})

const month = monthOf(Date.now())
const name = pageDoc(chat, month)

const open = (
  doc: Y.Doc,
  getToken: TokenSource,
  refused: ClosedEvent[] = [],
  page: DocName = name,
): DocConnection => {
  const connection = connectDoc(doc, page, {
    server: server.url,
    getToken,
    WebSocket,
    betweenTabs: false,
    onRefused: (event) => refused.push(event),
  })
  ends.push(connection.close)
  return connection
}

const tokensOf =
  (user: UserId): TokenSource =>
  async () => ({ kind: 'token', token: await signIn(server, user) })

const comeIn = (user: UserId, index: MemberIndex, getToken = tokensOf(user), doc = new Y.Doc()) => {
  const page = new LivePage(doc)
  const lane = new OwnLane({
    page,
    month,
    index,
    writer: newWriter(),
    device: `device0${index}` as DeviceId,
  })
  const connection = open(doc, getToken)
  const connect = (copy: Y.Doc) => open(copy, getToken)
  const stored = new StoredEntries({ page, index, connect })
  ends.push(() => stored.close())
  return { doc, page, lane, stored, ...connection }
}

const said = async (page: LivePage): Promise<string[]> => {
  const bodies = await Promise.all(page.messages.map(({ body }) => body && openBody(body)))
  return bodies.map((body) => (body?.kind === 'content' ? body.content.text : ''))
}

it('[PLAIN-6] talk, and know what is stored, delivered and read', async () => {
  const patient = comeIn(pat, 1)
  const doctor = comeIn(ada, 2)
  const question = await patient.lane.send({ text: 'May I come at ten?' }, Date.now())
  expect(patient.stored.has(question)).toBe(false)
  await until(() => expect(patient.stored.has(question)).toBe(true))
  await until(() => expect(doctor.page.messages).toHaveLength(1))
  const status = () =>
    statusOf(question.writer, question.n, true, [patient.page.page.receiptsOf(2)])
  doctor.lane.noteDelivered(Date.now())
  await until(() => expect(status()).toBe('delivered'))
  doctor.lane.noteRead(Date.now())
  await until(() => expect(status()).toBe('read'))
  await doctor.lane.send({ text: 'At ten.' }, Date.now(), question)
  await until(async () =>
    expect(await said(patient.page)).toEqual(['May I come at ten?', 'At ten.']),
  )
})

it('[PLAIN-7] come back with a new token when the server takes theirs no more', async () => {
  const good = await signIn(server, pat)
  const asked: (string | undefined)[] = []
  const patient = comeIn(pat, 1, async (refused) => {
    asked.push(refused)
    return { kind: 'token', token: refused === undefined ? 'a.b.c' : good }
  })
  const message = await patient.lane.send({ text: 'Written before it was let in' }, Date.now())
  await until(() => expect(patient.stored.has(message)).toBe(true))
  expect(asked).toContain('a.b.c')
  expect(patient.provider.protocols).toEqual(['wardline.sync', `bearer.${good}`])
})

it('send what was written before a reload, as another writer after it', async () => {
  const before = new Y.Doc()
  const page = new LivePage(before)
  const device = 'device01' as DeviceId
  const lane = new OwnLane({ page, month, index: 1, writer: newWriter(), device })
  await lane.send({ text: 'Without a network' }, Date.now())
  const doc = new Y.Doc()
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(before))
  const patient = comeIn(pat, 1, tokensOf(pat), doc)
  await patient.lane.send({ text: 'With one' }, Date.now())
  await until(() => expect(patient.stored.waiting).toEqual([]))
  const doctor = comeIn(ada, 2)
  await until(async () =>
    expect(await said(doctor.page)).toEqual(['Without a network', 'With one']),
  )
})

it('are told when they are refused for good', async () => {
  const refused: ClosedEvent[] = []
  const { provider } = open(new Y.Doc(), tokensOf(ben), refused)
  await until(() => expect(refused).toMatchObject([{ code: 4403 }]))
  expect(provider.shouldConnect).toBe(false)
})
