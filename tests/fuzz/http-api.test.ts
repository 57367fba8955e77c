/**
 * Requests that the OpenAPI document allows, and requests that it does not, from people who may
 * and people who may not. Whatever comes: no 5xx, every answer is one of the document's, and what
 * is refused leaves nothing behind.
 *
 * FUZZ_SEED repeats a run, FUZZ_REQUESTS sets the number of requests.
 */
import { MESSAGE_ID } from '@wardline/sync-server/folds/message-id'
import type { RunningServer } from '@wardline/sync-server/server'
import { MemoryStore } from '@wardline/sync-server/storage/memory-store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { metadataOf } from '../integration/files-kit.ts'
import { makeDataDir, removeDataDir, start } from '../integration/sync-kit.ts'
import { ApiContract, type Route } from '../support/api-contract.ts'
import { type Call, callerFor } from '../support/http-caller.ts'
import { Random } from '../support/random.ts'
import { RandomJson } from '../support/random-json.ts'

const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))
const COUNT = Number(process.env.FUZZ_REQUESTS ?? 3000)
const CHAT = 'dm.pat-morgan.dr-ada'
const OCTETS = 'application/offset+octet-stream'

const contract = new ApiContract()
const random = new Random(SEED)
let dataDir: string
let server: RunningServer
/** Tokens: of the two people of the chat, of a stranger, and such as are none. */
let tokens: Record<'pat' | 'ada' | 'ben', string>
/** Messages of the chat, by their authors. */
const messages: { pat: string[]; ada: string[] } = { pat: [], ada: [] }
/** Uploads that were begun; some are given up since. */
const uploads: string[] = []

beforeAll(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir, {
    store: new MemoryStore(),
    requestRate: { perSecond: 1e6, burst: 1e6 },
  })
  tokens = { pat: await tokenOf('pat'), ada: await tokenOf('ada'), ben: await tokenOf('ben') }
  const pat = await callerFor(server.url, 'pat@demo.clinic')
  const ada = await callerFor(server.url, 'ada@demo.clinic')
  await pat('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
  for (let i = 0; i < 5; i++) {
    messages.pat.push(await send(pat, `from Pat, ${i}`))
    messages.ada.push(await send(ada, `from Ada, ${i}`))
  }
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

const tokenOf = async (who: keyof typeof tokens): Promise<string> => {
  let token = ''
  await callerFor(server.url, `${who}@demo.clinic`, (_method, _path, { body }) => {
    token = body.accessToken
  })
  return token
}

const send = async (call: Call, text: string): Promise<string> =>
  (await call('POST', `/api/chat/chats/${CHAT}/messages`, { text })).body.message.id

interface Shot {
  readonly route: Route
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string | undefined
  /** Whose token it carries. */
  readonly who: string
  /** Whether everything about it is as it should be. */
  readonly flawless: boolean
}

const oddTexts = [
  'nonsense',
  '%00',
  '%E0%A4%A',
  '..%2f..',
  'a'.repeat(3000),
  '~~',
  "'--",
  '%F0%9F%98%80',
]
const unknownMessage = `${CHAT}~2026-01~5.5`
const json = new RandomJson(random, contract.document.components.schemas, (pattern) => {
  if (pattern === MESSAGE_ID.source) return [...messages.pat, ...messages.ada]
  return pattern === undefined ? ['pat-morgan', 'dr-ada', 'sam-rivera', 'dr-ben'] : []
})

/** Headers of operations, as they should be and as they should not. */
const headerTexts: Readonly<Record<string, readonly string[]>> = {
  'Tus-Resumable': ['1.0.0', '1.0.0', '1.0.0', '1.0.0', '0.2.2'],
  'Upload-Length': ['24', '24', '24', '0', '-1', '1e3', String(2 ** 40)],
  'Upload-Metadata': [metadataOf(), metadataOf(), metadataOf({ chat: 'x' }), 'chat !', '__proto__'],
  'Upload-Offset': ['0', '0', '24', '-1', 'x'],
  'Content-Type': [OCTETS, OCTETS, OCTETS, 'text/plain'],
  Range: ['bytes=0-3', 'bytes=9-2', 'bytes=-1', 'lines=1'],
}
/** What no operation lists. */
const oddHeaders: readonly (readonly [string, string])[] = [
  ['upload-concat', 'partial'],
  ['upload-concat', 'final;/api/files/uploads/x'],
  ['upload-defer-length', '1'],
  ['x-forwarded-proto', 'gopher'],
]

const parameterText = (name: string, method: string): { text: string; right: boolean } => {
  if (name === 'id' && uploads.length > 0 && random.chance(0.7))
    return { text: random.pick(uploads), right: false }
  const mine = messages.pat[0] ?? ''
  const right: Record<string, string[]> = {
    chatId: [CHAT],
    chat: [CHAT],
    messageId: method === 'delete' ? [] : [mine],
    userId: ['dr-ben'],
    id: ['g.0123456789abcdef'],
    hash: ['e'.repeat(64)],
  }
  const good = right[name] ?? []
  if (good.length > 0 && random.chance(0.7)) return { text: random.pick(good), right: true }
  const other = [
    ...oddTexts,
    unknownMessage,
    ...messages.ada,
    'dm.sam-rivera.dr-ada',
    CHAT,
    'dr-ada',
  ]
  return { text: random.pick(other), right: false }
}

const shoot = (): Shot => {
  const route = random.pick(routes)
  const { operation } = route
  let flawless = true
  const spoil = (probability: number): boolean => {
    const spoiled = random.chance(probability)
    if (spoiled) flawless = false
    return spoiled
  }
  const method = spoil(0.05)
    ? random.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
    : route.method.toUpperCase()
  let path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const { text, right } = parameterText(name, route.method)
    if (!right) flawless = false
    return text
  })
  const query = operation.parameters
    .filter((parameter) => parameter.in === 'query' && random.chance(0.5))
    .map(({ name, schema }) => {
      const value = spoil(0.3) ? random.pick(['', '-1', '1e9', 'null', '%']) : json.valid(schema)
      return `${name}=${encodeURIComponent(String(value))}`
    })
  if (spoil(0.05)) query.push('limit=1', 'limit=2', 'before[]=x')
  if (query.length > 0) path += `?${query.join('&')}`

  const headers: Record<string, string> = {}
  const who = random.pick(['pat', 'pat', 'pat', 'ada', 'ben', 'broken', 'none'])
  if (who !== 'pat') flawless = false
  if (who === 'broken') headers.authorization = `Bearer ${tokens.pat.slice(0, -5)}AAAAA`
  else if (who !== 'none') headers.authorization = `Bearer ${tokens[who as keyof typeof tokens]}`
  if (random.chance(0.1))
    headers['idempotency-key'] = random.pick(['k1', 'k2', 'a b', 'x'.repeat(300)])
  if (headers['idempotency-key'] !== undefined) flawless = false
  for (const { name, in: place } of operation.parameters) {
    const texts = place === 'header' ? headerTexts[name] : undefined
    if (texts !== undefined && random.chance(0.9)) headers[name.toLowerCase()] = random.pick(texts)
  }
  if (spoil(0.03)) {
    const [name, text] = random.pick(oddHeaders)
    headers[name] = text
  }
  if (spoil(0.02)) headers.origin = 'https://evil.example'
  let body: string | undefined
  const content = operation.requestBody?.content['application/json']
  if (content !== undefined && method !== 'GET' && method !== 'HEAD') {
    const value = spoil(0.4) ? json.broken(content.schema) : json.valid(content.schema)
    body = spoil(0.05) ? random.pick(['{', '\u0000', 'null', '[]', '']) : JSON.stringify(value)
    headers['content-type'] = spoil(0.05)
      ? random.pick(['text/plain', 'application/json; charset=utf-7', 'application/xml'])
      : 'application/json'
  }
  if (headers['content-type'] === OCTETS && method !== 'GET' && method !== 'HEAD')
    body = random.pick(['', 'x', 'A letter, not too long.\n'])
  return { route, method, path, headers, body, who, flawless }
}

/** Signing in is slow on purpose. */
const routes = contract.routes().filter(({ path }) => path !== '/api/auth/login')

/**
 * How much was stored because somebody asked for it. That a chat is closed follows by itself, some
 * time after the setting that says so; and what was refused may be in the audit trail, alone.
 */
const storedOnDemand = (): (() => number) => {
  const { store } = server
  const commit = store.commit.bind(store)
  let followed = 0
  store.commit = async (change) => {
    const done = await commit(change)
    const { audit = [], records = [], appends = [] } = change
    const isTrailAlone = audit.length > 0 && records.length + appends.length === 0
    if (isTrailAlone || audit.some(({ action }) => action === 'chat.closed')) followed++
    return done
  }
  return () => store.lastSeq() - followed
}

it(`answers as documented, whatever comes (seed ${SEED}, ${COUNT} requests)`, {
  timeout: 600_000,
}, async () => {
  console.log(`FUZZ_SEED=${SEED} FUZZ_REQUESTS=${COUNT}`)
  const statuses = new Map<string, number>()
  let flawless = 0
  const stored = storedOnDemand()
  for (let i = 0; i < COUNT; i++) {
    const shot = shoot()
    const { method, path, headers, body } = shot
    const what = `FUZZ_SEED=${SEED} request ${i}: ${method} ${path} ${JSON.stringify({ ...headers, authorization: shot.who })} ${body?.slice(0, 300)}`
    const before = stored()
    const response = await fetch(server.url + path, {
      method,
      headers,
      ...(body !== undefined && { body }),
    })
    const text = await response.text()
    const { status } = response
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : text
    const seen = { method, path, status, headers: response.headers, body: parsed }
    const begun = status === 201 ? response.headers.get('location')?.split('/').at(-1) : undefined
    if (begun !== undefined) uploads.push(begun)
    const key = `${shot.route.method} ${shot.route.path} ${status}`
    statuses.set(key, (statuses.get(key) ?? 0) + 1)
    if (status >= 500) throw new Error(`${what} → ${status} ${text}`)
    const problem = contract.problem(seen)
    if (problem !== undefined)
      throw new Error(`${what} → ${status} ${text.slice(0, 300)}: ${problem}`)
    if (status >= 400 && stored() !== before)
      throw new Error(`${what} → ${status}, but something was stored`)
    if (status === 204 && path.split('?')[0]?.endsWith('/sign-out-everywhere') === true) {
      const who = shot.who as keyof typeof tokens
      tokens[who] = await tokenOf(who)
    }
    // One of the two may have asked for no more messages in the chat, which is right as well.
    const isClosed = status === 403 && text.includes('"chat-closed"')
    if (shot.flawless && !isClosed && mustSucceed.has(shot.route.operation.operationId)) {
      flawless++
      if (status >= 300)
        throw new Error(`${what} → ${status} ${text.slice(0, 300)}, though it is right`)
    }
  }
  expect(flawless).toBeGreaterThan(COUNT / 200)
  // Every operation was reached and refused.
  for (const { method, path } of routes.filter((route) => /^\/api\/(chat|files)/.test(route.path)))
    expect(
      [...statuses.keys()].filter((key) => key.startsWith(`${method} ${path} `)).length,
    ).toBeGreaterThan(1)
})

/** What a member may do in a chat that is there. */
const mustSucceed = new Set(['listChats', 'listMessages', 'sendMessage', 'markRead', 'listDoctors'])
