/**
 * An account that is erased: what goes, and what stays, on the server's disk and on the devices of
 * the others.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ChatId, directChatId, parseUserId } from '@wardline/core/base/ids'
import { runDoctor } from '@wardline/sync-server/doctor/doctor'
import type { RunningServer } from '@wardline/sync-server/server'
import { LevelStore } from '@wardline/sync-server/storage/level-store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Call, callerFor } from '../support/http-caller.ts'
import { type NodeDevice, startDevice, until } from '../support/node-device.ts'
import { FileCaller, textOf } from './files-kit.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const pat = parseUserId('pat-morgan')!
const ada = parseUserId('dr-ada')!
const ben = parseUserId('dr-ben')!
const direct = directChatId(pat, ada)
const NAME = 'Pat Morgan'
const EMAIL = 'pat@demo.clinic'
const DIRECT = 'the biopsy was positive'
const ANSWER = 'we shall speak on Monday'
const IN_GROUP = 'my sister has it as well'
const OTHERS = 'blood pressure at noon'
const letter = textOf(5_000)

let dataDir: string
let server: RunningServer
let admin: Call
let doctor: Call
let group: ChatId

const begin = async (): Promise<void> => {
  server = await start(dataDir, {}, 0, { retentionDays: 0 })
  admin = await callerFor(server.url, 'admin@demo.clinic')
}
beforeEach(async () => {
  dataDir = await makeDataDir()
  await begin()
  doctor = await callerFor(server.url, 'ada@demo.clinic')
})
afterEach(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

/** Pat and Ada have a chat with a file; both are in a group, from which Ben was taken out. */
const converse = async (): Promise<void> => {
  const patient = await callerFor(server.url, EMAIL)
  await patient('POST', '/api/chat/chats', { doctorId: ada })
  const files = await FileCaller.signIn(() => server.url, EMAIL)
  expect((await files.upload(letter)).status).toBe(204)
  const path = (chat: string) => `/api/chat/chats/${chat}/messages`
  expect((await patient('POST', path(direct), { text: DIRECT })).status).toBe(201)
  await doctor('POST', path(direct), { text: ANSWER })
  const memberIds = [ben, pat, 'sam-rivera']
  const made = await doctor('POST', '/api/chat/groups', { title: 'Ward', memberIds })
  group = made.body.chat.id
  await patient('POST', path(group), { text: IN_GROUP })
  await doctor('POST', path(group), { text: OTHERS })
  await doctor('DELETE', `/api/chat/groups/${group}/members/${ben}`)
}
const step = async (what: string, user = 'pat-morgan', body?: object) =>
  admin('POST', `/api/admin/people/${user}/${what}`, body)
const erase = async (user = 'pat-morgan') => {
  expect((await step('close', user)).status).toBe(200)
  const { status, body } = await step('erase', user)
  expect([status, body.error]).toEqual([200, undefined])
}

/** Resolves when nothing is on the disk any more that was erased. */
const forgotten = () => expect.poll(() => server.store.toErase(), { timeout: 20_000 }).toEqual([])

/** Everything in the files of a folder. */
const onDisk = async (folder: string): Promise<Buffer> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Buffer.concat(
    await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name)))),
  )
}
/** What the database holds, in every document and record, once it has forgotten what it may. */
const inDatabase = async (): Promise<string> => {
  await server.close()
  const store = await LevelStore.open(dataDir, {})
  const parts: string[] = []
  try {
    expect(await store.toErase()).toEqual([])
    for (const doc of await store.documents()) {
      const { snapshot, tail } = await store.read(doc)
      for (const update of [...(snapshot?.updates ?? []), ...tail.map(({ update }) => update)])
        parts.push(Buffer.from(update).toString('latin1'))
    }
    for (const { value } of await store.listRecords('')) parts.push(JSON.stringify(value))
  } finally {
    await store.close()
  }
  const all = parts.join('\n')
  await begin()
  return all
}
const secrets = [NAME, EMAIL, '1984-05-02', DIRECT, ANSWER, IN_GROUP]

describe('a patient who is erased', () => {
  it('is gone from the database, with what only concerns them, and the group keeps the rest', async () => {
    await converse()
    const before = await inDatabase()
    expect(secretsIn(before)).toEqual(secrets)
    const folder = join(dataDir, 'files')
    expect((await onDisk(folder)).includes(Buffer.from(letter))).toBe(true)
    await erase()
    await forgotten()
    const after = await inDatabase()
    expect(secretsIn(after)).toEqual([])
    expect(after.includes(OTHERS)).toBe(true)
    expect(await server.store.listRecords('erasing/')).toEqual([])
    // The files of the chat are gone from the disk.
    expect((await onDisk(folder)).includes(Buffer.from(letter))).toBe(false)
    doctor = await callerFor(server.url, 'ada@demo.clinic')
    const { chats } = (await doctor('GET', '/api/chat/chats')).body
    expect(chats.map(({ id }: { id: string }) => id)).toEqual([group])
    const names = chats[0].members.map(({ name }: { name: string }) => name)
    expect(names).toContain('Erased account')
    const { messages } = (await doctor('GET', `/api/chat/chats/${group}/messages`)).body
    expect(messages.map(({ text }: { text: string }) => text).filter(Boolean)).toEqual([OTHERS])
    const account = (await admin('GET', '/api/admin/people/pat-morgan')).body
    expect(account).toMatchObject({ status: 'erased', name: 'Erased account', hasPassword: false })
    expect(account).not.toHaveProperty('email')
  }, 60_000)

  it('leaves a database that the doctor finds nothing wrong with', async () => {
    await converse()
    await erase()
    await forgotten()
    await server.close()
    const found = await runDoctor(dataDir)
    await begin()
    expect(found.ok ? '' : found.error).toBe('')
  }, 60_000)

  it('[DOC-10] is gone from the device of a doctor, list, pages and search, and from one that was away', async () => {
    await converse()
    const devices = await Promise.all(
      [1, 2].map(() => startDevice({ url: server.url, email: 'ada@demo.clinic' })),
    )
    const [here, away] = devices as [NodeDevice, NodeDevice]
    for (const { client } of devices) {
      await until(client, () => client.shell().chats.length === 2)
      const open = await client.openConversation(direct)
      await until(client, () => (open?.view()?.items.length ?? 0) === 2)
      open?.close()
      const group = client.shell().chats.find(({ kind }) => kind === 'group')
      const there = await client.openConversation(group?.id as ChatId)
      await until(client, () => JSON.stringify(there?.view()).includes(IN_GROUP))
      there?.close()
    }
    expect(textOfDevice(here).includes(DIRECT)).toBe(true)
    away.client.close()
    await erase()
    const back = await startDevice({
      ...{ url: server.url, email: 'ada@demo.clinic', database: away.database },
    })
    for (const { client } of [here, back]) {
      await until(client, () => client.shell().chats.length === 1)
      expect(client.shell().chats[0]?.kind).toBe('group')
      const open = await client.openConversation(group)
      await until(client, () => !JSON.stringify(open?.view()).includes(IN_GROUP))
      await until(client, () => JSON.stringify(open?.view()?.members).includes('Erased account'))
      expect(JSON.stringify(open?.view())).not.toContain(NAME)
      expect(JSON.stringify(open?.view())).toContain(OTHERS)
      open?.close()
    }
    for (const device of [here, back])
      await expect.poll(() => secretsIn(textOfDevice(device)), { timeout: 10_000 }).toEqual([])
    here.client.close()
    back.client.close()
  }, 60_000)

  it('is not erased before the time, nor while held, nor while in use', async () => {
    await converse()
    expect((await step('erase')).body.error.code).toBe('wrong-status')
    await step('close')
    await step('hold', 'pat-morgan', { reason: 'the court asked' })
    expect((await step('erase')).body.error.code).toBe('account-held')
    await step('release')
    await server.close()
    server = await start(dataDir, {}, 0, { retentionDays: 3_650 })
    admin = await callerFor(server.url, 'admin@demo.clinic')
    expect((await step('erase')).body.error.code).toBe('retention-runs')
    expect((await admin('GET', '/api/admin/people/pat-morgan')).body.name).toBe(NAME)
  }, 60_000)
})

describe('a doctor who is erased', () => {
  it('stays named in the record of a patient, and nowhere else', async () => {
    await converse()
    const made = await doctor('POST', '/api/chat/groups', { title: 'Rota', memberIds: [ben] })
    const rota = made.body.chat.id
    await doctor('POST', `/api/chat/chats/${rota}/messages`, { text: 'I am off on Friday' })
    await erase('dr-ada')
    await forgotten()
    const patient = await callerFor(server.url, EMAIL)
    const { messages } = (await patient('GET', `/api/chat/chats/${direct}/messages`)).body
    const texts = messages.map(({ text }: { text: string }) => text)
    expect(texts.sort()).toEqual([DIRECT, ANSWER].sort())
    const { chats } = (await patient('GET', '/api/chat/chats')).body
    expect(JSON.stringify(chats)).toContain('Dr Ada Osei')
    const asBen = await callerFor(server.url, 'ben@demo.clinic')
    const inRota = (await asBen('GET', `/api/chat/chats/${rota}/messages`)).body.messages
    expect(inRota.map(({ text }: { text: string }) => text).filter(Boolean)).toEqual([])
    expect(JSON.stringify((await asBen('GET', '/api/chat/chats')).body)).not.toContain('Ada Osei')
    const all = await inDatabase()
    const gone = ['ada@demo.clinic', 'I am off on Friday']
    expect(gone.filter((text) => all.includes(text))).toEqual([])
  }, 60_000)
})

/** All that a device has stored. */
const textOfDevice = ({ database }: NodeDevice): string => {
  const { docs, summaries, search, meta } = database
  const rows = [...docs.values()].flatMap((doc) =>
    JSON.stringify(doc, (_, value) =>
      value instanceof Uint8Array
        ? Buffer.from(value).toString('latin1')
        : value instanceof Map
          ? [...value]
          : value,
    ),
  )
  const rest = [[...summaries.values()], [...search.values()], meta]
  return [...rows, JSON.stringify(rest)].join('\n')
}
const secretsIn = (text: string): string[] => secrets.filter((secret) => text.includes(secret))
