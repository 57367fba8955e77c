/** A patient's birth date is for doctors they share a chat with: nobody else gets a byte of it. */

import {
  chatDoc,
  type DocName,
  directChatId,
  monthOf,
  pageDoc,
  parseChatId,
  parseUserId,
  type UserId,
  userDoc,
} from '@wardline/core/base/ids'
import { parseBirthDate } from '@wardline/core/chat/birth-date'
import type { RunningServer } from '@wardline/sync-server/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ApiContract } from '../support/api-contract.ts'
import { type Call, callerFor } from '../support/http-caller.ts'
import { startDevice, until } from '../support/node-device.ts'
import { connect, makeDataDir, removeDataDir, start } from './sync-kit.ts'

const BORN = '1984-05-02'
const pat = parseUserId('pat-morgan')!
const sam = parseUserId('sam-rivera')!
const ada = parseUserId('dr-ada')!
const ben = parseUserId('dr-ben')!
const direct = directChatId(pat, ada)
const group = { chat: '' as DocName, page: '' as DocName, answers: '' }

let dataDir: string
let server: RunningServer
const contract = new ApiContract()
const problems: string[] = []
const as = (email: string): Promise<Call> =>
  callerFor(server.url, email, (method, path, answer) => {
    const problem = contract.problem({ method, path, ...answer })
    if (problem !== undefined) problems.push(`${method} ${path}: ${problem}`)
  })

/** Pat and Ada have a chat; Ada, Ben, Pat and Sam a group, out of which and into which Pat went. */
beforeAll(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  const patient = await as('pat@demo.clinic')
  await patient('POST', '/api/chat/chats', { doctorId: ada })
  const doctor = await as('ada@demo.clinic')
  const made = await doctor('POST', '/api/chat/groups', {
    title: 'Ward 3',
    memberIds: [ben, pat, sam],
  })
  const id = parseChatId(made.body.chat.id)!
  const members = `/api/chat/groups/${id}/members`
  await doctor('DELETE', `${members}/${pat}`)
  const added = await doctor('POST', members, { userId: pat })
  const renamed = await doctor('PATCH', `/api/chat/groups/${id}`, { title: 'Ward 4' })
  await doctor('POST', `/api/chat/chats/${id}/messages`, { text: 'Good morning' })
  group.chat = chatDoc(id)
  group.page = pageDoc(id, monthOf(Date.now()))
  group.answers = JSON.stringify([made.body, added.body, renamed.body])
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
  expect(problems).toEqual([])
})

/** Whether anything that comes to somebody who opens these documents holds the date. */
const hears = async (user: UserId, docs: readonly DocName[], born = BORN): Promise<boolean> => {
  const wire = await connect(server, user)
  const came: Buffer[] = []
  wire.ws.on('message', (data: Buffer) => came.push(data))
  for (const [i, doc] of docs.entries()) wire.openDoc(i + 1, doc)
  await wire.one('head', docs.length)
  wire.ws.close()
  expect(came.length).toBeGreaterThanOrEqual(2 * docs.length)
  return came.some((data) => data.includes(born))
}

it('[DOC-8] is in the direct chat, for the two who are in it', async () => {
  for (const user of [ada, pat])
    for (const doc of [chatDoc(direct), userDoc(user)])
      expect(await hears(user, [doc]), doc).toBe(true)
  for (const email of ['ada@demo.clinic', 'pat@demo.clinic']) {
    const { chats } = (await (await as(email))('GET', '/api/chat/chats')).body
    const members = chats.find(({ id }: { id: string }) => id === direct).members
    expect(members).toMatchObject([{ userId: pat, birthDate: BORN }, { userId: ada }])
    expect(members[1]).not.toHaveProperty('birthDate')
  }
})

it('[DOC-8] is in a group for its doctors alone, in their own documents', async () => {
  expect(await hears(ben, [userDoc(ben)])).toBe(true)
  expect(await hears(sam, [userDoc(sam), group.chat, group.page])).toBe(false)
  for (const user of [ada, ben, pat])
    expect(await hears(user, [group.chat, group.page]), user).toBe(false)
  expect(group.answers).toContain(BORN)
  const { chats } = (await (await as('sam@demo.clinic'))('GET', '/api/chat/chats')).body
  expect(chats).toHaveLength(1)
  expect(JSON.stringify(chats)).not.toContain('birthDate')
  const mine = (await (await as('ben@demo.clinic'))('GET', '/api/chat/chats')).body
  expect(JSON.stringify(mine)).toContain(BORN)
})

it('[DOC-8] given or mended late, it reaches the chats that there are', async () => {
  const { directory } = server.sync
  const by = { actor: 'server' }
  const late = '1991-12-24'
  const done = await directory.profiles.change(sam, { birthDate: parseBirthDate(late)! }, by)
  expect(done).toMatchObject({ ok: true })
  for (const user of [ada, ben]) expect(await hears(user, [userDoc(user)], late), user).toBe(true)
  for (const user of [pat, sam])
    expect(await hears(user, [userDoc(user), group.chat], late), user).toBe(false)
  const found = await (await as('ben@demo.clinic'))('GET', '/api/chat/patients?query=rivera')
  expect(found.body.patients).toMatchObject([{ id: sam, birthDate: late }])
  const later = '1984-05-03'
  await directory.profiles.change(pat, { birthDate: parseBirthDate(later)! }, by)
  for (const user of [ada, pat])
    for (const doc of [chatDoc(direct), userDoc(user)])
      expect(await hears(user, [doc], later), doc).toBe(true)
  const { client } = await startDevice({ url: server.url, email: 'ada@demo.clinic' })
  const chats = () => client.shell().chats
  await until(client, () => chats().length === 2)
  expect(chats().find(({ id }) => id === direct)?.peer?.birthDate).toBe(later)
  expect(chats().find(({ kind }) => kind === 'group')?.patients).toMatchObject([
    { id: pat, birthDate: later },
    { id: sam, birthDate: late },
  ])
  client.close()
  await directory.profiles.change(pat, { birthDate: parseBirthDate(BORN)! }, by)
  await directory.profiles.change(sam, { birthDate: parseBirthDate('1991-11-23')! }, by)
})

it('tells doctors who look for a patient, and nobody else', async () => {
  const found = await (await as('ben@demo.clinic'))('GET', '/api/chat/patients?query=morgan')
  expect(found.body.patients).toEqual([
    { id: pat, name: 'Pat Morgan', role: 'patient', birthDate: BORN },
  ])
  const other = await as('sam@demo.clinic')
  for (const path of ['/api/chat/patients', '/api/chat/doctors', '/api/chat/chats']) {
    const { body } = await other('GET', path)
    expect(JSON.stringify(body), path).not.toContain(BORN)
  }
})

it('is on the doctor’s screen, and on no patient’s', async () => {
  for (const [email, shown] of [
    ['ada@demo.clinic', BORN],
    ['pat@demo.clinic', undefined],
    ['sam@demo.clinic', undefined],
  ] as const) {
    const { client } = await startDevice({ url: server.url, email })
    const chats = () => client.shell().chats
    await until(client, () => chats().length === (email.startsWith('sam') ? 1 : 2))
    expect(chats().find(({ id }) => id === direct)?.peer?.birthDate).toBe(shown)
    expect(JSON.stringify(client.shell()).includes(BORN)).toBe(shown !== undefined)
    client.close()
  }
})
