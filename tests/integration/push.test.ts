import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { clientIdOf, writerFrom } from '@wardline/core/base/client-id'
import { directChatId, parseUserId, userDoc } from '@wardline/core/base/ids'
import { PREFS } from '@wardline/core/chat/lanes'
import { prefKey } from '@wardline/core/chat/prefs'
import { DEMO_PASSWORD, demoUsers } from '@wardline/sync-server/cli/demo-clinic'
import { PACE_MS, UNHEARD_MS } from '@wardline/sync-server/push/notifier'
import type { RunningServer } from '@wardline/sync-server/server'
import {
  ada,
  ben,
  chat,
  deviceOf,
  pat,
  TestLaneWriter,
} from '@wardline/sync-server/sync/sync-test-kit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { type Call, caller } from '../support/http-caller.ts'
import {
  type BrowserKeys,
  checkVapid,
  decryptPush,
  newBrowserKeys,
  PushReceiver,
} from '../support/push-receiver.ts'
import { connect, makeDataDir, removeDataDir, start, until, type Wire } from './sync-kit.ts'

const sam = parseUserId('sam-rivera')!
const samsChat = directChatId(sam, ada)

let dataDir: string
let server: RunningServer
let service: PushReceiver
let log: string[]

const open = async (): Promise<void> => {
  server = await start(dataDir, {
    log: (severity, event, fields) => log.push(`${severity} ${event} ${JSON.stringify(fields)}`),
  })
}
beforeEach(async () => {
  log = []
  dataDir = await makeDataDir()
  service = await PushReceiver.start()
  await open()
})
afterEach(async () => {
  await server.close()
  await service.close()
  await removeDataDir(dataDir)
})

interface Browser {
  readonly call: Call
  readonly cookie: string
  readonly keys: BrowserKeys
  readonly target: { endpoint: string; keys: { p256dh: string; auth: string } }
}

/** A browser of a person, signed in, on a device of its own. */
const browser = async (user: typeof pat, name: string, device?: string): Promise<Browser> => {
  const email = demoUsers.find(({ id }) => id === user)?.email
  const login = await caller(server.url, undefined)('POST', '/api/auth/login', {
    email,
    password: DEMO_PASSWORD,
    ...(device !== undefined && { device }),
  })
  const keys = newBrowserKeys()
  return {
    call: caller(server.url, login.body.accessToken),
    cookie: login.headers.get('set-cookie')?.split(';')[0] ?? '',
    keys,
    target: { endpoint: `${service.origin}/push/${name}`, keys: keys.json },
  }
}

/** The same, with a subscription. */
const subscribed = async (user: typeof pat, name: string, device?: string): Promise<Browser> => {
  const made = await browser(user, name, device)
  const answer = await made.call('PUT', '/api/push/subscription', made.target)
  expect(answer.status).toBe(204)
  return made
}

/** Pat at a socket, who can write. */
const writer = async (): Promise<{
  laneWriter: TestLaneWriter
  wire: Wire
  say: (text: string) => Promise<void>
}> => {
  const laneWriter = new TestLaneWriter(pat, 1, Date.now())
  const wire = await connect(server, pat)
  wire.openDoc(1, laneWriter.page())
  let sent = 0
  const say = async (text: string) => {
    wire.send({ type: 'update', channel: 1, update: laneWriter.message(text) })
    sent++
    await until(() => {
      const accepted = wire.of('head').at(-1)?.accepted ?? 0
      if (accepted < sent) throw new Error('not accepted yet')
    })
  }
  return { laneWriter, wire, say }
}

const pathsOnceThere = (count: number): Promise<string[]> =>
  until(() => {
    if (service.delivered.length < count) throw new Error(`${service.delivered.length} came`)
    return service.delivered.map(({ path }) => path)
  })
/** A message to Ada in another chat, which is announced after all that was stored before. */
const samSpeaks = async (): Promise<void> => {
  const { call } = await browser(sam, 'sam')
  const made = await call('POST', '/api/chat/chats', { doctorId: ada })
  const { id } = made.body.chat
  expect(id).toBe(samsChat)
  const sent = await call('POST', `/api/chat/chats/${id}/messages`, { text: 'It is me' })
  expect(sent.status).toBe(201)
}
/** The chats that a browser was told of. */
const chatsFor = ({ keys, target }: Browser): unknown[] =>
  service.delivered
    .filter(({ path }) => target.endpoint.endsWith(path))
    .map(({ body }) => JSON.parse(decryptPush(keys, body)).chat)

describe('a notification', () => {
  it('says which chat and nothing else, encrypted, signed and marked', async () => {
    const { keys, call } = await subscribed(ada, 'ada')
    const { publicKey } = (await call('GET', '/api/push/key')).body
    const { say } = await writer()
    await say('the biopsy was positive')
    await pathsOnceThere(1)
    const [{ headers, body } = expect.fail()] = service.delivered
    expect(decryptPush(keys, body)).toBe(JSON.stringify({ type: 'message', chat }))
    expect(headers).toMatchObject({
      'content-encoding': 'aes128gcm',
      ttl: '86400',
      urgency: 'high',
      topic: expect.stringMatching(/^[\w-]{32}$/),
    })
    const claims = checkVapid(headers.authorization ?? '', publicKey)
    expect(claims).toMatchObject({ aud: service.origin, sub: expect.stringMatching(/^mailto:/) })
    expect(claims.exp).toBeGreaterThan(Date.now() / 1000)
    expect(claims.exp).toBeLessThan(Date.now() / 1000 + 24 * 3600 + 60)
    const outside = `${JSON.stringify(headers)}${body.toString('latin1')}`
    for (const word of [chat, 'biopsy', 'pat', 'ada']) expect(outside).not.toContain(word)
  })

  it('comes for a message over HTTP as well, and for none of its changes', async () => {
    await subscribed(ada, 'ada')
    const { call } = await browser(pat, 'pat')
    expect((await call('POST', '/api/chat/chats', { doctorId: ada })).status).toBe(201)
    const sent = await call('POST', `/api/chat/chats/${chat}/messages`, { text: 'hello' })
    expect(sent.status).toBe(201)
    await pathsOnceThere(1)
    // One that nothing was sent to yet: what is announced to it comes at once.
    const late = await subscribed(ada, 'late')
    const path = `/api/chat/messages/${sent.body.message.id}`
    expect((await call('PUT', path, { text: 'Hello' })).status).toBe(200)
    expect((await call('DELETE', path)).status).toBe(200)
    await samSpeaks()
    await until(() => expect(chatsFor(late)).toContain(samsChat))
    expect(chatsFor(late)).toEqual([samsChat])
  })

  it('goes to every device of the other that is not connected, and once in five seconds', async () => {
    await subscribed(ada, 'desk', 'deskdevice')
    await subscribed(ada, 'phone', deviceOf(ada))
    await subscribed(pat, 'own')
    await subscribed(ben, 'stranger')
    await connect(server, ada) // The phone.
    const { say } = await writer()
    await say('one')
    await say('two')
    await say('three')
    expect(await pathsOnceThere(2)).toEqual(['/push/desk', '/push/desk'])
    const [first = Number.NaN, second] = service.delivered.map(({ at }) => at)
    expect(second).toBeGreaterThan(first + PACE_MS - 500)
    const topics = service.delivered.map(({ headers }) => headers.topic)
    expect(new Set(topics).size).toBe(1)
  })

  it('goes after all to a device whose connection says nothing', async () => {
    await subscribed(ada, 'asleep', deviceOf(ada))
    await connect(server, ada)
    const { say } = await writer()
    const before = Date.now()
    await say('are you there?')
    await vi.waitFor(() => expect(service.delivered.length).toBe(1), {
      timeout: UNHEARD_MS + 20_000,
    })
    expect(Date.now() - before).toBeGreaterThanOrEqual(UNHEARD_MS)
  })

  it('does not come for a chat that is muted', async () => {
    const phone = await subscribed(ada, 'ada')
    const wire = await connect(server, ada)
    const doc = new Y.Doc()
    doc.clientID = clientIdOf(1, writerFrom(new Uint8Array([9, 9, 9, 9, 9])))
    doc.getMap(PREFS).set(prefKey('muted', chat), true)
    wire.openDoc(1, userDoc(ada))
    wire.send({ type: 'update', channel: 1, update: Y.encodeStateAsUpdate(doc) })
    await until(() => expect(wire.of('head').at(-1)?.accepted).toBe(1))
    wire.ws.close()
    await wire.end()
    const { say } = await writer()
    await say('psst')
    await samSpeaks()
    await until(() => expect(chatsFor(phone)).toContain(samsChat))
    expect(chatsFor(phone)).toEqual([samsChat])

    const again = await connect(server, ada)
    doc.getMap(PREFS).set(prefKey('muted', chat), false)
    again.openDoc(1, userDoc(ada))
    again.send({ type: 'update', channel: 1, update: Y.encodeStateAsUpdate(doc) })
    await until(() => expect(again.of('head').at(-1)?.accepted).toBe(1))
    again.ws.close()
    await again.end()
    await say('hello')
    await until(() => expect(chatsFor(phone)).toEqual([samsChat, chat]))
  })

  it('is tried again when the service is busy, and no secret is logged', async () => {
    await subscribed(ada, 'ada-secret')
    service.answers.push(503)
    const { say } = await writer()
    await say('hello')
    await pathsOnceThere(2)
    expect(log.filter((line) => line.includes('push.not-sent')).length).toBe(1)
    expect(log.join()).not.toContain('ada-secret')
  })
})

describe('a subscription', () => {
  const count = async (): Promise<number> => (await server.store.listRecords('push/')).length

  it('outlives a restart, with the keys that it was made for', async () => {
    const { keys, call } = await subscribed(ada, 'ada')
    const { publicKey } = (await call('GET', '/api/push/key')).body
    const path = join(dataDir, 'vapid-keys.json')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const kept = await readFile(path, 'utf8')
    await server.close()
    await open()
    expect(await readFile(path, 'utf8')).toBe(kept)
    const { say } = await writer()
    await say('good morning')
    await pathsOnceThere(1)
    const [{ headers, body } = expect.fail()] = service.delivered
    checkVapid(headers.authorization ?? '', publicKey)
    expect(JSON.parse(decryptPush(keys, body))).toEqual({ type: 'message', chat })
  })

  it('is removed when the service says that the browser has gone', async () => {
    await subscribed(ada, 'ada')
    service.answers.push(410)
    const { say } = await writer()
    await say('hello')
    await until(async () => expect(await count()).toBe(0))
    expect(await server.store.listRecords('push-endpoint/')).toEqual([])
  })

  it('ends with its session, and a token that is left makes no other', async () => {
    const { call, cookie, target } = await subscribed(ada, 'ada')
    expect((await call('POST', '/api/auth/logout', undefined, { cookie })).status).toBe(204)
    await until(async () => expect(await count()).toBe(0))
    const late = await call('PUT', '/api/push/subscription', target)
    expect([late.status, late.body.error.code]).toEqual([401, 'session-ended'])
    expect(await count()).toBe(0)
  })

  it('can be given up, and taken again', async () => {
    const { call, target } = await subscribed(ada, 'ada')
    expect((await call('DELETE', '/api/push/subscription')).status).toBe(204)
    expect((await call('DELETE', '/api/push/subscription')).status).toBe(204)
    expect(await count()).toBe(0)
    expect((await call('PUT', '/api/push/subscription', target)).status).toBe(204)
    expect(await count()).toBe(1)
  })

  it('is taken from nobody who is not signed in, and to no place it must not go', async () => {
    const { call, target } = await browser(ada, 'ada')
    const anybody = caller(server.url, undefined)
    expect((await anybody('GET', '/api/push/key')).status).toBe(401)
    expect((await anybody('PUT', '/api/push/subscription', target)).status).toBe(401)
    expect((await anybody('DELETE', '/api/push/subscription')).status).toBe(401)
    expect((await call('POST', '/api/push/subscription', target)).status).toBe(405)
    for (const endpoint of ['http://192.168.0.1/x', 'file:///etc/passwd', 'x', '', 7, undefined])
      expect((await call('PUT', '/api/push/subscription', { ...target, endpoint })).status).toBe(
        400,
      )
    for (const keys of [undefined, {}, { ...target.keys, p256dh: 'AAAA' }])
      expect((await call('PUT', '/api/push/subscription', { ...target, keys })).status).toBe(400)
    expect(await count()).toBe(0)
  })
})
