/**
 * Values in the server's database that are not what was written: damage stays with its document, is
 * told, and what people wrote comes back from their devices.
 */
import {
  type ChatId,
  chatDoc,
  directChatId,
  monthOf,
  pageDoc,
  userDoc,
} from '@wardline/core/base/ids'
import { DEMO_PASSWORD } from '@wardline/sync-server/cli/demo-clinic'
import type { RunningServer } from '@wardline/sync-server/server'
import { compactDoc } from '@wardline/sync-server/storage/compaction'
import {
  docKey,
  recordKey,
  rowKey,
  scopeKey,
  snapshotKey,
} from '@wardline/sync-server/storage/level-layout'
import { LevelStore } from '@wardline/sync-server/storage/level-store'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type NodeDevice, startDevice } from '../support/node-device.ts'
import { ada, ben, pat } from '../support/world.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const chat = directChatId(pat.id, ada.id)
const other = directChatId(pat.id, ben.id)
const page = pageDoc(chat, monthOf(Date.now()))

let dataDir = ''
let server: RunningServer
let devices: NodeDevice[]
let log: string[]

const open = async (port = 0): Promise<void> => {
  const note = (severity: string, event: string, fields?: object): void => {
    log.push(`${severity} ${event} ${JSON.stringify(fields)}`)
  }
  server = await start(dataDir, { log: note }, port)
}
const device = async (email: string): Promise<NodeDevice> => {
  const started = await startDevice({ url: server.url, email })
  devices.push(started)
  return started
}
const textsOf = async ({ client }: NodeDevice, id: ChatId): Promise<string[]> => {
  const conversation = await client.openConversation(id)
  await client.idle()
  const items = conversation?.view()?.items ?? []
  return items.flatMap((item) => (item.type === 'message' ? [item.text] : []))
}
const eventually = (look: () => Promise<void>): Promise<void> =>
  vi.waitFor(look, { timeout: 30_000, interval: 100 })

beforeEach(async () => {
  log = []
  devices = []
  dataDir = await makeDataDir()
  await open()
})
afterEach(async () => {
  for (const { client } of devices) client.close()
  await server.close()
  await removeDataDir(dataDir)
})

/** One bit of what lies under each key is another one. */
const flip = async (...keys: string[]): Promise<void> => {
  const { port } = server
  await server.close()
  const level = new ClassicLevel<string, Uint8Array>(dataDir, { valueEncoding: 'view' })
  for (const key of keys) {
    const value = Uint8Array.from((await level.get(key)) ?? [])
    expect(value.length, key).toBeGreaterThan(6)
    const at = value.length - 1 - Math.floor(value.length / 3)
    value[at] = (value[at] ?? 0) ^ 2
    await level.put(key, value)
  }
  await level.close()
  await open(port)
}

const said = ['The first of them.', 'And an answer.', 'Take one 5 mg tablet.', 'Thank you.']
const talk = async (): Promise<{ phone: NodeDevice; desk: NodeDevice; bens: NodeDevice }> => {
  const phone = await device('pat@demo.clinic')
  const desk = await device('ada@demo.clinic')
  const bens = await device('ben@demo.clinic')
  phone.client.startChat(ada)
  phone.client.startChat(ben)
  for (const [i, text] of said.entries()) {
    const from = i % 2 === 0 ? phone : desk
    await eventually(async () => expect(await textsOf(from, chat)).toEqual(said.slice(0, i)))
    await from.client.send(chat, text)
  }
  await phone.client.send(other, 'Something else.')
  for (const each of [phone, desk])
    await eventually(async () => expect(await textsOf(each, chat)).toEqual(said))
  await eventually(async () => expect(await textsOf(bens, other)).toEqual(['Something else.']))
  await eventually(async () => expect(phone.client.shell().waiting).toBe(0))
  return { phone, desk, bens }
}

const compacted = async (): Promise<void> => {
  const { port } = server
  await server.close()
  const store = await LevelStore.open(dataDir)
  expect((await compactDoc(store, page, 0)).kind).toBe('compacted')
  await store.close()
  await open(port)
}

describe.each([
  ['a row', () => [rowKey(page, 2)]],
  ['its first row', () => [rowKey(page, 1)]],
  ['its last and another row', () => [rowKey(page, 3), rowKey(page, 4)]],
  ['its head', () => [docKey(page)]],
  ['its head and rows', () => [docKey(page), rowKey(page, 1), rowKey(page, 2)]],
])('a page with damage in %s', (_, keys) => {
  it('[DAMAGE-1] [DAMAGE-2] comes back from the devices, and nothing else is disturbed', async () => {
    const { phone, desk, bens } = await talk()
    await flip(...keys())
    await phone.client.send(other, 'And another.')
    await eventually(async () =>
      expect(await textsOf(bens, other)).toEqual(['Something else.', 'And another.']),
    )
    // Each opens it, as the screen does.
    await textsOf(phone, chat)
    await textsOf(desk, chat)
    const fresh = await device('ada@demo.clinic')
    await eventually(async () => expect(await textsOf(fresh, chat)).toEqual(said))
    await phone.client.send(chat, 'Still there?')
    await eventually(async () =>
      expect(await textsOf(fresh, chat)).toEqual([...said, 'Still there?']),
    )
    expect(log.some((line) => line.startsWith(`error doc.damaged {"doc":"${page}"`))).toBe(true)
    expect(log.filter((line) => line.includes('doc.begun-anew'))).toHaveLength(1)
    const health = await (await fetch(`${server.url}/healthz`)).json()
    expect(health).toMatchObject({ notes: [{ code: 'documents-begun-anew', count: 1 }] })
  })
})

it('[DAMAGE-1] a damaged snapshot comes back from the devices', async () => {
  const { phone, desk } = await talk()
  await compacted()
  await flip(snapshotKey(page))
  await textsOf(phone, chat)
  await textsOf(desk, chat)
  const fresh = await device('pat@demo.clinic')
  await eventually(async () => expect(await textsOf(fresh, chat)).toEqual(said))
})

it.each([
  ["a chat's document", () => [docKey(chatDoc(chat)), rowKey(chatDoc(chat), 1)]],
  ["a person's document", () => [docKey(userDoc(pat.id)), rowKey(userDoc(pat.id), 1)]],
  ['what says when a chat changed', () => [scopeKey(`chat/${chat}`)]],
])('[DAMAGE-3] %s is made again of the records', async (_, keys) => {
  await talk()
  await flip(...keys())
  const fresh = await device('pat@demo.clinic')
  await eventually(async () => expect(await textsOf(fresh, chat)).toEqual(said))
  await eventually(async () => expect(await textsOf(fresh, other)).toEqual(['Something else.']))
  await fresh.client.send(chat, 'From a new phone.')
  await eventually(async () => expect(fresh.client.shell().waiting).toBe(0))
})

it('[DAMAGE-4] a damaged account concerns nobody else', async () => {
  await talk()
  await flip(recordKey(`user/${ben.id}`))
  const login = async (email: string): Promise<number> => {
    const response = await fetch(`${server.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email, password: DEMO_PASSWORD }),
    })
    return response.status
  }
  expect(await login('pat@demo.clinic')).toBe(200)
  expect(await login('ben@demo.clinic')).toBeGreaterThanOrEqual(500)
  const fresh = await device('ada@demo.clinic')
  await eventually(async () => expect(await textsOf(fresh, chat)).toEqual(said))
  expect(log.some((line) => line.startsWith('error record.damaged'))).toBe(true)
})
