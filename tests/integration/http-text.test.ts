/** Text over HTTP is taken as it was sent, or not at all. */
import type { RunningServer } from '@wardline/sync-server/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiContract } from '../support/api-contract.ts'
import { type Call, callerFor, type Witness } from '../support/http-caller.ts'
import { metadataOf } from './files-kit.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const CHAT = 'dm.pat-morgan.dr-ada'
const MESSAGES = `/api/chat/chats/${CHAT}/messages`
const TEXT = 'Grüße, 5 µg um 8 Uhr – ½ Tablette'

let dataDir: string
let server: RunningServer
let pat: Call
let ada: Call
let group: string
let message: string
const contract = new ApiContract()
const keepsContract: Witness = (method, path, answer) =>
  expect([method, path, contract.problem({ method, path, ...answer })]).toEqual([
    method,
    path,
    undefined,
  ])

beforeAll(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir, { requestRate: { perSecond: 1e6, burst: 1e6 } })
  pat = await callerFor(server.url, 'pat@demo.clinic', keepsContract)
  ada = await callerFor(server.url, 'ada@demo.clinic', keepsContract)
  await pat('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
  message = (await ada('POST', MESSAGES, { text: 'before' })).body.message.id
  group = (await ada('POST', '/api/chat/groups', { title: 'Before', memberIds: [] })).body.chat.id
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

/** All endpoints that take JSON, with a text in the place where one can be. */
const places = (text: string): readonly (readonly [string, string, object])[] => [
  ['POST', MESSAGES, { text }],
  ['PUT', `/api/chat/messages/${message}`, { text }],
  ['PUT', `/api/chat/chats/${CHAT}/read`, { upTo: text }],
  ['POST', '/api/chat/chats', { patientId: text }],
  ['POST', '/api/chat/groups', { title: text, memberIds: [] }],
  ['PATCH', `/api/chat/groups/${group}`, { title: text }],
  ['POST', `/api/chat/groups/${group}/members`, { userId: text }],
  ['POST', '/api/auth/login', { email: text, password: text }],
  [
    'PUT',
    '/api/push/subscription',
    { endpoint: `https://push.example/${text}`, keys: { p256dh: text, auth: text } },
  ],
]

const tokenOf = async (): Promise<string> => {
  let token = ''
  await callerFor(server.url, 'ada@demo.clinic', (_method, _path, { body }) => {
    token = body.accessToken
  })
  return token
}

/** Nothing became of it: the head of every document that could have changed. */
const heads = async (): Promise<unknown> =>
  [...(await server.store.changedSince([`chat/${CHAT}`, `chat/${group}`, 'user/dr-ada'], 0))].map(
    ({ doc, head }) => `${doc} ${head}`,
  )

const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16()
const encodings: readonly (readonly [string, string, (json: string) => Buffer])[] = [
  ['Latin-1', 'application/json', (json) => Buffer.from(json, 'latin1')],
  [
    'Latin-1, declared',
    'application/json; charset=iso-8859-1',
    (json) => Buffer.from(json, 'latin1'),
  ],
  ['UTF-16', 'application/json', (json) => Buffer.from(`\ufeff${json}`, 'utf16le')],
  [
    'UTF-16, declared',
    'application/json; charset=utf-16',
    (json) => Buffer.from(`\ufeff${json}`, 'utf16le'),
  ],
  [
    'UTF-16LE, declared',
    'application/json; charset="UTF-16LE"',
    (json) => Buffer.from(json, 'utf16le'),
  ],
  [
    'UTF-16BE, declared',
    'application/json;charset=utf-16be',
    (json) => swapped(Buffer.from(json, 'utf16le')),
  ],
  ['UTF-32, declared', 'application/json; charset=utf-32', (json) => Buffer.from(json, 'utf16le')],
  ['UTF-7, declared', 'application/json; charset=utf-7', (json) => Buffer.from(json, 'latin1')],
  ['UTF-8 that is none', 'application/json; charset=utf-8', (json) => Buffer.from(json, 'latin1')],
  ['a torn letter', 'application/json', (json) => cut(json, [0xe2, 0x82])],
  ['a byte that is never there', 'application/json', (json) => cut(json, [0xff])],
  ['an overlong slash', 'application/json', (json) => cut(json, [0xc0, 0xaf])],
  ['an encoded surrogate', 'application/json', (json) => cut(json, [0xed, 0xa0, 0x80])],
  ['beyond Unicode', 'application/json', (json) => cut(json, [0xf4, 0x90, 0x80, 0x80])],
]
/** With these bytes in the place of the first letter beyond ASCII. */
const cut = (json: string, bytes: readonly number[]): Buffer => {
  const [before = '', after = ''] = json.split('ü', 2)
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])
}

describe('bytes that are no UTF-8', () => {
  it.each(encodings)('are refused everywhere: %s', async (_name, type, encode) => {
    const before = await heads()
    const authorization = `Bearer ${await tokenOf()}`
    for (const [method, path, body] of places(TEXT)) {
      const answer = await fetch(server.url + path, {
        method,
        headers: { authorization, 'content-type': type },
        body: new Uint8Array(encode(JSON.stringify(body))),
      })
      const { error } = (await answer.json()) as { error: { code: string } }
      expect([path, answer.status, error.code]).toEqual([path, 415, 'unsupported-media-type'])
    }
    expect(await heads()).toEqual(before)
  })

  it('are told from those that are', async () => {
    const authorization = `Bearer ${await tokenOf()}`
    for (const [type, lead] of [
      ['application/json', ''],
      ['application/json; charset=utf-8', ''],
      ['application/json; charset="UTF-8"', ''],
      ['application/json', '\ufeff'],
    ] as const) {
      const answer = await fetch(server.url + MESSAGES, {
        method: 'POST',
        headers: { authorization, 'content-type': type },
        body: `${lead}${JSON.stringify({ text: TEXT })}`,
      })
      const { message } = (await answer.json()) as { message: { text: string } }
      expect([type, answer.status, message.text]).toEqual([type, 201, TEXT])
    }
  })
})

describe('half of a surrogate pair', () => {
  it.each(['\ud800', 'a\udc00b', '\udc00\ud800', '🩺\ud83e'])(
    'is refused everywhere: %j',
    async (text) => {
      const before = await heads()
      for (const [method, path, body] of places(text)) {
        const answer = await ada(method, path, body)
        expect([path, answer.status, answer.body.error.code]).toEqual([path, 400, 'bad-request'])
      }
      expect(await heads()).toEqual(before)
    },
  )
})

describe('a text that shows nothing', () => {
  it.each(['   ', '\u200b', '\u3164', '\u2800', '\ufe0f', '\u202e\u2066', '\n\t\u00ad'])(
    'is no message and no title: %j',
    async (text) => {
      const before = await heads()
      for (const [method, path, body] of places(text)) {
        if (!('text' in body || 'title' in body)) continue
        const answer = await ada(method, path, body)
        expect([path, answer.status, answer.body.error.code]).toEqual([path, 400, 'bad-request'])
      }
      expect(await heads()).toEqual(before)
    },
  )
})

describe('a text', () => {
  it.each([
    '  8:00   1 tablet\n 12:00  ½ tablet  \n',
    '\n\n\tindented\u00a0\u3000',
    '\u200bzero width in front',
    'e\u0301 and \u00e9 stay two ways to write it',
    'نص عربي \u202bوترقيم\u202c',
    '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 \u{1f600}',
    '\ufeffmark in front',
    '"quoted" \\ud800 \\ \u0000\u0007\u007f',
    '\r\nDOS\rand old\n',
  ])('comes back as it was sent, also of an edit: %j', async (text) => {
    const sent = await pat('POST', MESSAGES, { text })
    expect(sent.body.message?.text).toBe(text)
    const edited = await ada('PUT', `/api/chat/messages/${message}`, { text })
    expect(edited.body.message.text).toBe(text)
    const { messages } = (await ada('GET', `${MESSAGES}?limit=1`)).body
    expect(messages[0].text).toBe(text)
  })

  it('is cut in a list between two characters', async () => {
    const family = '👨‍👩‍👧‍👦'
    for (let pad = 180; pad <= 200; pad++) {
      await pat('POST', MESSAGES, { text: `${'x'.repeat(pad)}${family}${family}` })
      const { chats } = (await ada('GET', '/api/chat/chats')).body
      const { text } = chats.find(({ id }: { id: string }) => id === CHAT).lastMessage
      expect(text).toBe('x'.repeat(pad) + family.repeat(pad + family.length <= 200 ? 1 : 0))
    }
  })
})

describe('a title', () => {
  it.each(['Familie 👨‍👩‍👧‍👦', 'Team 🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'علی‌رضا'])(
    'may have what joins letters: %s',
    async (title) => {
      const made = await ada('POST', '/api/chat/groups', { title, memberIds: [] })
      expect(made.body.chat.title).toBe(title)
    },
  )
})

describe('an address', () => {
  it.each([
    '/api/chat/doctors?query=%ff',
    '/api/chat/doctors?query=%C3',
    '/api/chat/doctors?query=%ED%A0%80',
    '/api/chat/doctors?query=100%',
    '/api/chat/doctors?%zz=1',
    '/api/chat/chats/%c3%28/messages',
    '/api/chat/messages/%ff',
  ])('that is no percent-encoded UTF-8 is refused: %s', async (path) => {
    for (const method of path.includes('messages/') ? ['DELETE'] : ['GET']) {
      const answer = await ada(method, path)
      expect([answer.status, answer.body.error.code]).toEqual([400, 'bad-request'])
    }
  })

  it('finds what is encoded rightly', async () => {
    const found = await ada(
      'GET',
      `/api/chat/doctors?${new URLSearchParams({ query: 'Ada Osei' })}`,
    )
    expect(found.body.doctors).toHaveLength(1)
    expect((await ada('GET', '/api/chat/doctors?query=%C3%A4%26%2B+%25')).body.doctors).toEqual([])
  })
})

describe('what is said about an upload', () => {
  it.each([
    ['Latin-1', Buffer.from('März.pdf', 'latin1')],
    ['UTF-16', Buffer.from('März.pdf', 'utf16le')],
    ['an encoded surrogate', Buffer.from([0xed, 0xa0, 0x80])],
  ])('is UTF-8, or refused: %s', async (_name, bytes) => {
    const name = metadataOf().replace(/name [^,]*/, `name ${bytes.toString('base64')}`)
    const answer = await pat('POST', '/api/files/uploads', undefined, {
      'tus-resumable': '1.0.0',
      'upload-length': '24',
      'upload-metadata': name,
    })
    expect([answer.status, answer.body.error?.code]).toEqual([400, 'bad-request'])
  })
})
