import {
  chatDoc,
  type DocName,
  directChatId,
  parseUserId,
  type UserId,
  userDoc,
} from '@wardline/core/base/ids'
import { parseBirthDate } from '@wardline/core/chat/birth-date'
import { SYS } from '@wardline/core/chat/lanes'
import { readChatSys, readUserSys } from '@wardline/core/chat/sys'
import { beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { JsonObject } from '../base/json.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { chatKey } from './chat-record.ts'
import { Directory } from './directory.ts'

const user = (id: string): UserId => parseUserId(id)!
const [ada, ben, pat, sam] = [
  user('dr-ada'),
  user('dr-ben'),
  user('pat-morgan'),
  user('sam-rivera'),
]
const born = parseBirthDate('1984-05-02')!

let store: MemoryStore
let directory: Directory

beforeEach(async () => {
  store = new MemoryStore()
  directory = new Directory({ store })
  for (const id of [ada, ben, pat, sam])
    await directory.createUser({
      id,
      email: `${id}@demo.clinic`,
      name: id,
      roles: [id.startsWith('dr-') ? 'doctor' : 'patient'],
      passwordHash: 'x',
    })
})

const entriesOf = async (name: DocName) => {
  const doc = new Y.Doc()
  for (const { update } of (await store.read(name)).tail) Y.applyUpdate(doc, update)
  return { entries: doc.getMap<unknown>(SYS).entries(), text: JSON.stringify(doc.toJSON()), doc }
}
const known = async (id: UserId) => [
  ...readUserSys((await entriesOf(userDoc(id))).entries).values(),
]
const bytes = async (name: DocName): Promise<string> => {
  const { doc } = await entriesOf(name)
  return Buffer.from(Y.encodeStateAsUpdate(doc)).toString('latin1')
}
const group = async (members: readonly UserId[]) => {
  const made = await directory.groups.create(ada, 'Ward 3', members)
  if (!made.ok) throw new Error(made.error.code)
  return made.value.id
}

describe('a birth date that is given late', () => {
  it('reaches the direct chat, and what opens it', async () => {
    await directory.registerDirectChat(pat, ada, pat)
    expect(await directory.birthDates.set(pat, born)).toEqual({ ok: true, value: undefined })
    for (const id of [pat, ada])
      expect((await known(id))[0]?.members[0]).toMatchObject({ userId: pat, birthDate: born })
    const chat = directChatId(pat, ada)
    const { entries } = await entriesOf(chatDoc(chat))
    expect(readChatSys(entries).members[0]).toMatchObject({ userId: pat, birthDate: born })
    expect((await directory.getUser(pat))?.birthDate).toBe(born)
    expect((await new Directory({ store }).chatOf(chat))?.members[0]?.birthDate).toBe(born)
    // Once more with the same: no chat is written anew.
    const seq = (await store.getRecord(chatKey(chat)))?.version
    await directory.birthDates.set(pat, born)
    expect((await store.getRecord(chatKey(chat)))?.version).toBe(seq)
  })

  it('reaches the doctors of a group, and nobody else in it', async () => {
    const id = await group([ben, pat, sam])
    await directory.birthDates.set(pat, born)
    for (const doctor of [ada, ben])
      expect((await known(doctor))[0]?.members[2]).toMatchObject({ userId: pat, birthDate: born })
    for (const doc of [userDoc(sam), userDoc(pat), chatDoc(id)])
      expect(await bytes(doc), doc).not.toContain(born)
    // Whatever is changed afterwards.
    await directory.groups.rename(id, ada, 'Ward 4')
    await directory.groups.remove(id, ada, pat)
    await directory.groups.add(id, ben, pat)
    expect((await known(ben))[0]).toMatchObject({ title: 'Ward 4', version: 8 })
    expect((await known(ben))[0]?.members[2]).toMatchObject({ userId: pat, birthDate: born })
    for (const doc of [userDoc(sam), userDoc(pat), chatDoc(id)])
      expect(await bytes(doc), doc).not.toContain(born)
  })

  it('is refused of a doctor, of nobody, and of tomorrow', async () => {
    expect(await directory.birthDates.set(ada, born)).toMatchObject({ error: 'user-not-found' })
    expect(await directory.birthDates.set(user('nobody'), born)).toMatchObject({ ok: false })
    const unborn = parseBirthDate('2999-01-01')!
    expect(await directory.birthDates.set(pat, unborn)).toMatchObject({ error: 'bad-birth-date' })
  })
})

it('groups of before get the dates once, and their patients hear nothing of it', async () => {
  await directory.birthDates.set(pat, born)
  const id = await group([ben, pat, sam])
  // As it was stored before: without dates.
  const record = (await store.getRecord(chatKey(id)))!
  const value = JSON.parse(JSON.stringify(record.value)) as JsonObject & { members: JsonObject[] }
  const members = value.members.map(({ birthDate: _, ...member }) => member)
  await store.commit({ records: [{ key: chatKey(id), value: { ...value, members } }] })
  const heads = async () =>
    Promise.all([userDoc(sam), userDoc(pat), chatDoc(id)].map((doc) => store.head(doc)))
  const before = await heads()
  const later = new Directory({ store })
  expect(await later.birthDates.fillGroups()).toBe(1)
  expect((await later.chatOf(id))?.members[2]?.birthDate).toBe(born)
  expect((await known(ben))[0]?.members[2]).toMatchObject({ userId: pat, birthDate: born })
  expect(await heads()).toEqual(before)
  expect(await later.birthDates.fillGroups()).toBe(0)
})
