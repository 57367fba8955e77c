/** Messages over HTTP, and a device on the socket that sees them as they come. */

import { type ChatId, type Month, pageDoc, parseMonth } from '@wardline/core/base/ids'
import type { Conversation } from '@wardline/core/client/conversation/conversation'
import type { MessageView } from '@wardline/core/client/model/views'
import { Preferences } from '@wardline/sync-server/directory/preferences'
import type { RunningServer } from '@wardline/sync-server/server'
import { ada as adaId } from '@wardline/sync-server/sync/sync-test-kit'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ApiContract } from '../support/api-contract.ts'
import { type Call, caller, callerFor, type Witness } from '../support/http-caller.ts'
import { type NodeDevice, startDevice, until } from '../support/node-device.ts'
import { storedIn } from '../support/stored.ts'
import { countingWriters, WrittenPage } from '../support/written-page.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const CHAT = 'dm.pat-morgan.dr-ada' as ChatId
const MESSAGES = `/api/chat/chats/${CHAT}/messages`
const PAT = 'pat@demo.clinic'
const ADA = 'ada@demo.clinic'

let dataDir: string
let server: RunningServer
let pat: Call
let ada: Call
let ben: Call
const devices: NodeDevice[] = []
const contract = new ApiContract()

/** Every answer is one that the OpenAPI document has. */
const keepsContract: Witness = (method, path, answer) =>
  expect([method, path, contract.problem({ method, path, ...answer })]).toEqual([
    method,
    path,
    undefined,
  ])

const open = async (): Promise<void> => {
  server = await start(dataDir)
  ;[pat, ada, ben] = (await Promise.all(
    [PAT, ADA, 'ben@demo.clinic'].map((email) => callerFor(server.url, email, keepsContract)),
  )) as [Call, Call, Call]
}

const restart = async (): Promise<void> => {
  await server.close()
  await open()
}

const deviceOf = async (email: string): Promise<{ device: NodeDevice; view: Conversation }> => {
  const device = await startDevice({ url: server.url, email })
  devices.push(device)
  await until(device.client, () => device.client.shell().connection.phase === 'live')
  await until(device.client, () => device.client.shell().chats.some(({ id }) => id === CHAT))
  const view = await device.client.openConversation(CHAT)
  return { device, view: view! }
}

const shown = (view: Conversation): MessageView[] =>
  (view.view()?.items ?? []).flatMap((item) => (item.type === 'message' ? [item] : []))

const send = async (call: Call, text: string, headers?: Record<string, string>) =>
  (await call('POST', MESSAGES, { text }, headers)).body.message

/** Rows of every document: what a request stored. */
const heads = async (): Promise<unknown> =>
  [...(await server.store.changedSince([`chat/${CHAT}`, 'user/pat-morgan', 'user/dr-ada'], 0))]
    .map(({ doc, head }) => `${doc} ${head}`)
    .sort()

beforeAll(async () => {
  dataDir = await makeDataDir()
  await open()
  await pat('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
})
afterEach(() => {
  for (const { client } of devices.splice(0)) client.close()
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

describe('a message over HTTP', () => {
  it('shows at once on the devices of the other, with ticks that tell the truth', async () => {
    const { device, view } = await deviceOf(ADA)
    const sent = await pat('POST', MESSAGES, { text: 'Good morning' })
    expect(sent.status).toBe(201)
    expect(sent.body.message).toEqual({
      id: expect.stringMatching(/^dm\.pat-morgan\.dr-ada~\d{4}-\d\d~\d+\.1$/),
      chatId: CHAT,
      senderId: 'pat-morgan',
      text: 'Good morning',
      at: expect.any(Number),
      retracted: false,
      status: 'stored',
      deliveredTo: [],
      readBy: [],
      attachments: [],
    })
    await until(device.client, () => shown(view).at(-1)?.text === 'Good morning')
    const last = async () => (await pat('GET', `${MESSAGES}?limit=1`)).body.messages[0]
    await expect.poll(async () => (await last()).status).toBe('delivered')
    await device.client.markRead(CHAT, [shown(view).at(-1)!.key])
    await expect.poll(async () => (await last()).status).toBe('read')
    expect(await last()).toMatchObject({
      id: sent.body.message.id,
      deliveredTo: [{ userId: 'dr-ada', at: expect.any(Number) }],
      readBy: [{ userId: 'dr-ada', at: expect.any(Number) }],
    })
  })

  it('counts as delivered when it is fetched, and as read when that is said', async () => {
    const { device, view } = await deviceOf(PAT)
    await device.client.send(CHAT, 'When shall I come?')
    const status = () => shown(view).find(({ text }) => text === 'When shall I come?')?.status
    await until(device.client, () => status() === 'stored')
    const before = (await ada('GET', '/api/chat/chats')).body.chats[0]
    expect(before).toMatchObject({
      id: CHAT,
      unreadCount: expect.any(Number),
      lastMessage: { senderId: 'pat-morgan', text: 'When shall I come?', retracted: false },
    })
    expect(before.unreadCount).toBeGreaterThan(0)
    expect(status()).toBe('stored')
    const head = await ada('HEAD', MESSAGES)
    expect(head.status).toBe(200)
    expect(status()).toBe('stored')

    const { messages } = (await ada('GET', MESSAGES)).body
    expect(messages[0]).toMatchObject({ text: 'When shall I come?', senderId: 'pat-morgan' })
    await until(device.client, () => status() === 'delivered')
    const read = await ada('PUT', `/api/chat/chats/${CHAT}/read`)
    expect(read.body).toEqual({ chatId: CHAT, unreadCount: 0 })
    await until(device.client, () => status() === 'read')
    expect((await ada('GET', '/api/chat/chats')).body.chats[0].unreadCount).toBe(0)
  })

  it('stores nothing where there is nothing to change', async () => {
    const chat = 'dm.sam-rivera.dr-ben'
    const path = `/api/chat/chats/${chat}`
    const sam = await callerFor(server.url, 'sam@demo.clinic', keepsContract)
    await sam('POST', '/api/chat/chats', { doctorId: 'dr-ben' })
    const { id } = (await sam('POST', `${path}/messages`, { text: 'once' })).body.message
    const requests: [Call, string, string, unknown][] = [
      [sam, 'PUT', `/api/chat/messages/${id}`, { text: 'twice' }],
      [ben, 'GET', `${path}/messages`, undefined],
      [ben, 'PUT', `${path}/read`, {}],
      [sam, 'DELETE', `/api/chat/messages/${id}`, undefined],
    ]
    for (const [call, method, address, body] of requests) {
      const first = await call(method, address, body)
      const before = await storedIn(server.store)
      expect((await call(method, address, body)).body).toEqual(first.body)
      expect(await storedIn(server.store)).toEqual(before)
    }
  })

  it('is read up to a message and no further', async () => {
    const first = await send(pat, 'one')
    const second = await send(pat, 'two')
    await send(pat, 'three')
    const path = `/api/chat/chats/${CHAT}/read`
    expect((await ada('PUT', path, { upTo: first.id })).body.unreadCount).toBe(2)
    expect((await ada('PUT', path, { upTo: second.id })).body.unreadCount).toBe(1)
    expect((await ada('PUT', path, { upTo: first.id })).body.unreadCount).toBe(1)
    const texts = (await pat('GET', `${MESSAGES}?limit=3`)).body.messages
    expect(texts.map((m: { text: string; status: string }) => [m.text, m.status])).toEqual([
      ['three', 'stored'],
      ['two', 'read'],
      ['one', 'read'],
    ])
    expect((await ada('PUT', path)).body).toEqual({ chatId: CHAT, unreadCount: 0 })
  })

  it('is no reason to come back to the chat any more, on any device', async () => {
    const { device } = await deviceOf(ADA)
    const isMarked = () =>
      device.client.shell().chats.find(({ id }) => id === CHAT)?.markedUnread === true
    const isStored = async () => (await new Preferences(server.store).of(adaId, CHAT)).markedUnread
    const path = `/api/chat/chats/${CHAT}/read`
    for (let round = 0; round < 2; round++) {
      await device.client.setChatPrefs(CHAT, { markedUnread: true, pinned: true })
      await expect.poll(isStored).toBe(true)
      expect((await ada('PUT', path)).status).toBe(200)
      expect(await isStored()).toBe(false)
      await until(device.client, () => !isMarked())
      const before = await storedIn(server.store)
      await ada('PUT', path)
      expect(await storedIn(server.store)).toEqual(before)
    }
    expect(device.client.shell().chats[0]).toMatchObject({ id: CHAT, pinned: true })
  })

  it('answers another one', async () => {
    const question = await send(ada, 'Does it hurt?')
    const answer = await pat('POST', MESSAGES, { text: 'No', replyTo: question.id })
    expect(answer.body.message.replyTo).toBe(question.id)
    const { messages } = (await ada('GET', `${MESSAGES}?limit=1`)).body
    expect(messages[0]).toMatchObject({ text: 'No', replyTo: question.id })
    expect(messages[0].status).toBeUndefined()
  })

  it('is edited and taken back, for everybody', async () => {
    const { device, view } = await deviceOf(ADA)
    const { id } = await send(pat, 'Tuesdy')
    await until(device.client, () => shown(view).at(-1)?.text === 'Tuesdy')
    const edited = await pat('PUT', `/api/chat/messages/${id}`, { text: 'Tuesday' })
    expect(edited.status).toBe(200)
    expect(edited.body.message).toMatchObject({ id, text: 'Tuesday', editedAt: expect.any(Number) })
    await until(device.client, () => shown(view).at(-1)?.text === 'Tuesday')
    expect(shown(view).at(-1)).toMatchObject({ edited: true })
    const gone = await pat('DELETE', `/api/chat/messages/${id}`)
    expect(gone.status).toBe(200)
    expect(gone.body.message).toMatchObject({ id, text: '', retracted: true })
    await until(device.client, () => shown(view).at(-1)?.retracted === true)
    expect((await ada('GET', '/api/chat/chats')).body.chats[0].lastMessage).toMatchObject({
      id,
      text: '',
      retracted: true,
    })
    // Her device may say meanwhile that it has it.
    const again = (await pat('DELETE', `/api/chat/messages/${id}`)).body.message
    expect(again).toMatchObject({ id, text: '', retracted: true, at: gone.body.message.at })
    const late = await pat('PUT', `/api/chat/messages/${id}`, { text: 'again' })
    expect(late.body.error.code).toBe('message-not-editable')
  })

  it('changes what a device wrote, and a device changes what it wrote', async () => {
    const { device, view } = await deviceOf(PAT)
    await device.client.send(CHAT, 'from my phone')
    await until(device.client, () => {
      const last = shown(view).at(-1)
      return last?.text === 'from my phone' && last.status === 'stored'
    })
    const [{ id }] = (await pat('GET', `${MESSAGES}?limit=1`)).body.messages
    await pat('PUT', `/api/chat/messages/${id}`, { text: 'from my computer' })
    await until(device.client, () => shown(view).at(-1)?.text === 'from my computer')
    await device.client.retract(CHAT, shown(view).at(-1)!.key)
    await until(device.client, () => device.client.shell().waiting === 0)
    await expect
      .poll(async () => (await pat('GET', `${MESSAGES}?limit=1`)).body.messages[0].retracted)
      .toBe(true)
  })
})

describe('an Idempotency-Key', () => {
  it('sends once, however often and at once it comes, and after a restart', async () => {
    const key = { 'idempotency-key': 'visit-17' }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => pat('POST', MESSAGES, { text: 'only once' }, key)),
    )
    for (const { status, body } of answers) {
      expect(status).toBe(201)
      expect(body).toEqual(answers[0]!.body)
    }
    const texts = async () =>
      (await ada('GET', MESSAGES)).body.messages.filter(
        ({ text }: { text: string }) => text === 'only once',
      )
    expect(await texts()).toHaveLength(1)
    await restart()
    expect((await pat('POST', MESSAGES, { text: 'only once' }, key)).body).toEqual(answers[0]!.body)
    expect(await texts()).toHaveLength(1)
    // The key is Pat's: Ada's is another.
    expect((await ada('POST', MESSAGES, { text: 'me too' }, key)).status).toBe(201)
  })

  it('is for one request only', async () => {
    const key = { 'idempotency-key': 'visit-18' }
    const question = await send(ada, 'Well?')
    const first = await send(pat, 'as it was', key)
    const others = [{ text: 'something else' }, { text: 'as it was', replyTo: question.id }]
    for (const body of others) {
      const { status, body: answer } = await pat('POST', MESSAGES, body, key)
      expect([status, answer.error.code]).toEqual([422, 'idempotency-key-reused'])
    }
    await pat('PUT', `/api/chat/messages/${first.id}`, { text: 'as it is' })
    expect(await send(pat, 'as it was', key)).toEqual(first)
    await pat('DELETE', `/api/chat/messages/${first.id}`)
    const again = await pat('POST', MESSAGES, { text: 'as it was' }, key)
    expect(again.body.message).toMatchObject({ id: first.id, text: '', retracted: true })
  })

  it('makes one group, however often and at once it comes', async () => {
    const key = { 'idempotency-key': 'ward-3' }
    const group = { title: 'Ward 3', memberIds: ['pat-morgan', 'dr-ben'] }
    const make = (body: object, call = ada) => call('POST', '/api/chat/groups', body, key)
    const answers = await Promise.all(Array.from({ length: 8 }, () => make(group)))
    for (const { status, body } of answers) expect([status, body]).toEqual([201, answers[0]!.body])
    await restart()
    const again = await make({ ...group, memberIds: ['dr-ben', 'pat-morgan', 'dr-ben'] })
    expect([again.status, again.body]).toEqual([201, answers[0]!.body])
    const { chats } = (await ada('GET', '/api/chat/chats')).body
    expect(chats.filter(({ kind }: { kind: string }) => kind === 'group')).toHaveLength(1)

    for (const other of [
      { ...group, title: 'Ward 4' },
      { ...group, memberIds: ['dr-ben'] },
    ])
      expect((await make(other)).body.error.code).toBe('idempotency-key-reused')
    const sent = await ada('POST', MESSAGES, { text: 'hello' }, key)
    expect(sent.body.error.code).toBe('idempotency-key-reused')
    await send(ada, 'hello', { 'idempotency-key': 'visit-20' })
    const made = await ada('POST', '/api/chat/groups', group, { 'idempotency-key': 'visit-20' })
    expect(made.body.error.code).toBe('idempotency-key-reused')

    const { id } = answers[0]!.body.chat
    await ben('PATCH', `/api/chat/groups/${id}`, { title: 'Ward 5' })
    expect((await make(group)).body.chat).toMatchObject({ id, title: 'Ward 5' })
    expect((await make(group, ben)).body.chat.id).not.toBe(id)
    await ada('DELETE', `/api/chat/groups/${id}/members/dr-ada`)
    expect((await make(group)).body.error.code).toBe('chat-not-found')
  })

  it('leaves no content in its record', async () => {
    await send(pat, 'nothing of this', { 'idempotency-key': 'visit-19' })
    const records = await server.store.listRecords('idempotency/')
    expect(records.length).toBeGreaterThan(0)
    expect(JSON.stringify(records)).not.toMatch(/nothing of this|visit-19/)
  })
})

describe('the history', () => {
  it('goes back over the months', async () => {
    const chat = 'dm.sam-rivera.dr-ada' as ChatId
    const sam = await callerFor(server.url, 'sam@demo.clinic', keepsContract)
    await sam('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
    const writers = countingWriters()
    const months = ['2025-11', '2026-01', '2026-02'].map((text) => parseMonth(text)!)
    for (const month of months) await writeMonth(chat, month, new WrittenPage(month, writers), 30)
    const path = `/api/chat/chats/${chat}/messages`
    const all = []
    let before = ''
    for (;;) {
      const { messages, hasMore } = (await sam('GET', `${path}?limit=40${before}`)).body
      all.push(...messages)
      if (!hasMore) break
      expect(messages).toHaveLength(40)
      before = `&before=${messages.at(-1).id}`
    }
    expect(all).toHaveLength(90)
    expect(new Set(all.map(({ id }) => id)).size).toBe(90)
    const times = all.map(({ at }) => at)
    expect(times).toEqual([...times].sort((a, b) => b - a))
    const rest = await sam('GET', `${path}?limit=100&before=${all[89].id}`)
    expect(rest.body).toEqual({ messages: [], hasMore: false })
    const last = await sam('GET', `${path}?limit=30&before=${all[59].id}`)
    expect(last.body).toMatchObject({ hasMore: false })
    expect((await sam('GET', path)).body.messages).toHaveLength(50)
    const foreign = (await pat('GET', MESSAGES)).body.messages[0].id
    for (const id of [foreign, `${chat}~2026-02~1.1000`, `${chat}~2024-01~1.1`])
      expect((await sam('GET', `${path}?before=${id}`)).body.error.code).toBe('message-not-found')
  })

  const writeMonth = async (chat: ChatId, month: Month, page: WrittenPage, count: number) => {
    await server.sync.directory.registerPage(chat, month)
    const doc = pageDoc(chat, month)
    const appends = (await page.write(count)).map((update) => ({ doc, update }))
    await server.sync.commit({ appends })
  }
})

describe('what is refused', () => {
  it('is refused without a trace, and tells strangers nothing', async () => {
    const mine = await send(pat, 'mine')
    const unknownChat = 'dm.pat-morgan.dr-none'
    const unknown = `${CHAT}~2026-01~5.5`
    const rows = await heads()
    const tries: [Call, string, string, unknown, number, string][] = [
      [ben, 'GET', MESSAGES, undefined, 404, 'chat-not-found'],
      [ben, 'POST', MESSAGES, { text: 'x' }, 404, 'chat-not-found'],
      [ben, 'PUT', `/api/chat/chats/${CHAT}/read`, {}, 404, 'chat-not-found'],
      [ben, 'GET', `/api/chat/chats/${unknownChat}/messages`, undefined, 404, 'chat-not-found'],
      [
        ben,
        'POST',
        `/api/chat/chats/dm.pat-morgan.dr-ben/messages`,
        { text: 'x' },
        404,
        'chat-not-found',
      ],
      [ben, 'GET', '/api/chat/chats/nonsense/messages', undefined, 404, 'chat-not-found'],
      [ben, 'PUT', `/api/chat/messages/${mine.id}`, { text: 'x' }, 404, 'message-not-found'],
      [ben, 'DELETE', `/api/chat/messages/${mine.id}`, undefined, 404, 'message-not-found'],
      [ada, 'PUT', `/api/chat/messages/${mine.id}`, { text: 'x' }, 403, 'not-your-message'],
      [ada, 'DELETE', `/api/chat/messages/${mine.id}`, undefined, 403, 'not-your-message'],
      [pat, 'DELETE', `/api/chat/messages/${unknown}`, undefined, 404, 'message-not-found'],
      [pat, 'DELETE', '/api/chat/messages/nonsense', undefined, 404, 'message-not-found'],
      [pat, 'PUT', `/api/chat/messages/${unknown}`, { text: 'x' }, 404, 'message-not-found'],
      [pat, 'POST', MESSAGES, { text: 'x', replyTo: unknown }, 404, 'message-not-found'],
      [pat, 'PUT', `/api/chat/chats/${CHAT}/read`, { upTo: unknown }, 404, 'message-not-found'],
      [pat, 'PATCH', MESSAGES, {}, 405, 'method-not-allowed'],
      [pat, 'POST', `/api/chat/chats/${CHAT}/read`, {}, 405, 'method-not-allowed'],
      [pat, 'GET', `/api/chat/messages/${mine.id}`, undefined, 405, 'method-not-allowed'],
    ]
    for (const [call, method, path, body, status, code] of tries) {
      const answer = await call(method, path, body)
      expect([method, path, answer.status, answer.body.error.code]).toEqual([
        method,
        path,
        status,
        code,
      ])
    }
    expect(await heads()).toEqual(rows)
    const none = 'dm.pat-morgan.dr-ben' as ChatId
    expect(await server.sync.directory.chatOf(none)).toBeUndefined()
  })

  it.each([
    ['POST', MESSAGES, {}],
    ['POST', MESSAGES, { text: '' }],
    ['POST', MESSAGES, { text: '   ' }],
    ['POST', MESSAGES, { text: '\u200b\u3164\u2800\ufe0f\u202e' }],
    ['PUT', `/api/chat/messages/${CHAT}~2026-01~5.5`, { text: '\u3164' }],
    ['POST', MESSAGES, { text: '\ud800' }],
    ['POST', MESSAGES, { text: 'x', extra: 1 }],
    ['POST', MESSAGES, { text: 'x', replyTo: 'nonsense' }],
    ['POST', MESSAGES, []],
    ['PUT', `/api/chat/messages/${CHAT}~2026-01~5.5`, { text: 5 }],
    ['PUT', `/api/chat/chats/${CHAT}/read`, { upTo: 5 }],
    ['PUT', `/api/chat/chats/${CHAT}/read`, { all: true }],
    ['GET', `${MESSAGES}?limit=0`, undefined],
    ['GET', `${MESSAGES}?limit=101`, undefined],
    ['GET', `${MESSAGES}?limit=ten`, undefined],
    ['GET', `${MESSAGES}?limit=1&limit=2`, undefined],
    ['GET', `${MESSAGES}?before=nonsense`, undefined],
  ])('%s %s %j is a bad request', async (method, path, body) => {
    const answer = await pat(method, path, body)
    expect([answer.status, answer.body.error.code]).toEqual([400, 'bad-request'])
  })

  it('as a key is what is no key', async () => {
    for (const key of ['two words', 'x'.repeat(201), '']) {
      const headers = { 'idempotency-key': key }
      const answer = await pat('POST', MESSAGES, { text: 'x' }, headers)
      expect([key, answer.status]).toEqual([key, 400])
      const group = { title: 'x', memberIds: [] }
      expect((await ada('POST', '/api/chat/groups', group, headers)).status).toBe(400)
    }
  })

  it('needs a token, JSON and a size', async () => {
    const nobody = caller(server.url, undefined, keepsContract)
    expect((await nobody('GET', MESSAGES)).status).toBe(401)
    expect(
      (await caller(server.url, 'nonsense', keepsContract)('POST', MESSAGES, { text: 'x' })).status,
    ).toBe(401)
    const type = { 'content-type': 'text/plain' }
    expect((await pat('POST', MESSAGES, 'x', type)).status).toBe(415)
    expect((await pat('POST', MESSAGES, '{"text":')).body.error.code).toBe('bad-json')
  })

  it('takes the longest text that a message can hold, and says what is longer', async () => {
    // One is taken by a letter: line breaks alone are nothing to see.
    const room = 64 * 1024 - 1 - '{"text":""}'.length - 1
    const { id } = await send(pat, 'short')
    const tries = ['x', 'é', '€', '😀', '中', '\n', '"'].map((letter) => {
      const bytes = Buffer.byteLength(JSON.stringify(letter)) - 2
      return `x${letter.repeat(Math.floor(room / bytes))}`
    })
    for (const text of tries) {
      const sent = await pat('POST', MESSAGES, { text })
      expect([sent.status, sent.body]).toEqual([
        201,
        { message: expect.objectContaining({ text }) },
      ])
      expect((await pat('PUT', `/api/chat/messages/${id}`, { text })).body.message.text).toBe(text)
      for (const [method, path] of [
        ['POST', MESSAGES],
        ['PUT', `/api/chat/messages/${id}`],
      ] as const) {
        const answer = await pat(method, path, { text: `${text}xxxxxx` })
        expect([answer.status, answer.body.error.code]).toEqual([413, 'body-too-large'])
      }
      const { messages } = (await ada('GET', `${MESSAGES}?limit=1`)).body
      expect(messages[0].text).toBe(text)
    }
    // As programs write it that keep to ASCII.
    const chinese = '\\u4e2d'.repeat(20_000)
    const escaped = await pat('POST', MESSAGES, `{"text":"${chinese}"}`)
    expect(escaped.body.message.text).toBe('中'.repeat(20_000))
    for (const text of ['x'.repeat(70_000), '中'.repeat(25_000), '中'.repeat(90_000)])
      expect((await pat('POST', MESSAGES, { text })).body.error.code).toBe('body-too-large')
  })

  it('is who asks too often, and says how long', async () => {
    await server.close()
    server = await start(dataDir, { requestRate: { perSecond: 0.1, burst: 3 } })
    const hasty = await callerFor(server.url, PAT, keepsContract)
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => hasty('GET', MESSAGES)))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]!.body.error.code).toBe('too-many-requests')
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0)
    const other = await callerFor(server.url, ADA, keepsContract)
    expect((await other('GET', MESSAGES)).status).toBe(200)
    const group = { title: 'Team', memberIds: [] }
    const made = await Promise.all(
      [1, 2, 3, 4, 5].map(() => other('POST', '/api/chat/groups', group)),
    )
    expect(made.filter(({ status }) => status === 429).length).toBeGreaterThan(0)
    await restart()
  })
})
