import {
  type ChatId,
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
import { beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import type { JsonObject } from '../base/json.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import type { Change } from '../storage/store.ts'
import { afterRead } from '../storage/test-meanwhile.ts'
import { chatKey } from './chat-record.ts'
import { Directory } from './directory.ts'

const user = (id: string): UserId => parseUserId(id)!
const [ada, ben, pat, sam] = [
  user('dr-ada'),
  user('dr-ben'),
  user('pat-morgan'),
  user('sam-rivera'),
]
const by = { actor: 'dr-boss' }
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
    expect(await directory.profiles.change(pat, { birthDate: born }, by)).toMatchObject({
      ok: true,
    })
    for (const id of [pat, ada])
      expect((await known(id))[0]?.members[0]).toMatchObject({ userId: pat, birthDate: born })
    const chat = directChatId(pat, ada)
    const { entries } = await entriesOf(chatDoc(chat))
    expect(readChatSys(entries).members[0]).toMatchObject({ userId: pat, birthDate: born })
    expect((await directory.getUser(pat))?.birthDate).toBe(born)
    expect((await new Directory({ store }).chatOf(chat))?.members[0]?.birthDate).toBe(born)
    // Once more with the same: no chat is written anew.
    const seq = (await store.getRecord(chatKey(chat)))?.version
    await directory.profiles.change(pat, { birthDate: born }, by)
    expect((await store.getRecord(chatKey(chat)))?.version).toBe(seq)
  })

  it('reaches the doctors of a group, and nobody else in it', async () => {
    const id = await group([ben, pat, sam])
    await directory.profiles.change(pat, { birthDate: born }, by)
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
    expect(await directory.profiles.change(ada, { birthDate: born }, by)).toMatchObject({
      error: 'bad-birth-date',
    })
    const nobody = user('nobody')
    expect(await directory.profiles.change(nobody, { birthDate: born }, by)).toEqual({
      ok: false,
      error: 'user-not-found',
    })
    const unborn = parseBirthDate('2999-01-01')!
    expect(await directory.profiles.change(pat, { birthDate: unborn }, by)).toMatchObject({
      error: 'bad-birth-date',
    })
  })
})

it('groups of before get the dates once, and their patients hear nothing of it', async () => {
  await directory.profiles.change(pat, { birthDate: born }, by)
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
  expect(await later.open()).toEqual({ filledGroups: 1 })
  expect((await later.chatOf(id))?.members[2]?.birthDate).toBe(born)
  expect((await known(ben))[0]?.members[2]).toMatchObject({ userId: pat, birthDate: born })
  expect(await heads()).toEqual(before)
  expect(await later.open()).toEqual({ filledGroups: 0 })
})

const auditOf = async (): Promise<readonly unknown[]> => {
  const lines: unknown[] = []
  for await (const { text } of store.readAudit()) lines.push(JSON.parse(text))
  return lines
}

describe('a name, a specialty and roles that change', () => {
  it('are followed by the direct chat: record, its document, and those of both', async () => {
    await directory.registerDirectChat(pat, ada, pat)
    const chat = directChatId(pat, ada)
    const changes = { name: ' Dr Ada Osei-Kyei ', specialty: 'Heart' }
    expect(await directory.profiles.change(ada, changes, by)).toMatchObject({
      ok: true,
      value: { name: 'Dr Ada Osei-Kyei', specialty: 'Heart' },
    })
    const shown = { userId: ada, name: 'Dr Ada Osei-Kyei', specialty: 'Heart', role: 'doctor' }
    for (const id of [pat, ada]) expect((await known(id))[0]?.members[1]).toMatchObject(shown)
    expect(readChatSys((await entriesOf(chatDoc(chat))).entries).members[1]).toMatchObject(shown)
    for (const one of [directory, new Directory({ store })])
      expect((await one.chatOf(chat))?.members[1]).toMatchObject(shown)
    expect((await auditOf()).at(-1)).toMatchObject({
      actor: 'dr-boss',
      action: 'user.changed',
      subject: ada,
      details: { fields: ['name', 'specialty'] },
    })
    expect(JSON.stringify(await auditOf())).not.toContain('Kyei')
  })

  it('are followed by every group, those that they are out of too', async () => {
    const id = await group([ben, pat, sam])
    await directory.groups.remove(id, ada, sam)
    await directory.profiles.change(sam, { name: 'Sam Rivera-Lee' }, by)
    await directory.profiles.change(ben, { roles: ['staff', 'admin'] }, by)
    const { members } = readChatSys((await entriesOf(chatDoc(id))).entries)
    expect(members[1]).toMatchObject({ userId: ben, role: 'staff' })
    expect(members[3]).toMatchObject({ userId: sam, name: 'Sam Rivera-Lee', left: true })
    for (const one of [ada, ben, pat])
      expect((await known(one))[0]?.members[1]).toMatchObject({ userId: ben, role: 'staff' })
    // Taken in again, as before.
    await directory.groups.add(id, ada, sam)
    expect((await known(sam))[0]).toMatchObject({ members: [{}, {}, {}, { userId: sam }] })
    expect((await store.listRecords('former/')).length).toBe(0)
  })

  it('are known of groups of before that somebody is out of', async () => {
    const id = await group([ben, pat, sam])
    await directory.groups.remove(id, ada, sam)
    const records = [{ key: `former/${sam}/${id}`, value: null }]
    await store.commit({ records: [...records, { key: 'done/former-members', value: null }] })
    const later = new Directory({ store })
    await later.open()
    await later.profiles.change(sam, { name: 'Sam Rivera-Lee' }, by)
    const { members } = readChatSys((await entriesOf(chatDoc(id))).entries)
    expect(members[3]).toMatchObject({ name: 'Sam Rivera-Lee' })
  })

  it('are known to those who may know a birth date afterwards', async () => {
    await directory.profiles.change(pat, { birthDate: born }, by)
    const id = await group([ben, pat, sam])
    await directory.profiles.change(ben, { roles: ['staff'] }, by)
    expect((await known(ben))[0]?.members[2]).toMatchObject({ userId: pat, birthDate: born })
    for (const doc of [userDoc(sam), chatDoc(id)]) expect(await bytes(doc), doc).not.toContain(born)
  })

  it('leave no line and no version when there is nothing new', async () => {
    await directory.registerDirectChat(pat, ada, pat)
    const before = [(await auditOf()).length, store.lastSeq()]
    expect(await directory.profiles.change(ada, { name: ada }, by)).toMatchObject({ ok: true })
    expect([(await auditOf()).length, store.lastSeq()]).toEqual(before)
  })

  it.each([
    [{ name: '\u202e' }, 'bad-name'],
    [{ roles: [] }, 'bad-roles'],
    [{ roles: ['doctor', 'nurse'] }, 'bad-roles'],
    [{ roles: ['patient'] }, 'role-kind'],
    [{ roles: ['service'] }, 'role-kind'],
    [{ email: 'no address' }, 'bad-email'],
    [{ email: 'PAT-morgan@demo.clinic' }, 'email-taken'],
    [{ specialty: '' }, 'bad-specialty'],
    [{ roles: ['staff'], specialty: 'Heart' }, 'bad-specialty'],
    [{ hold: ' ' }, 'bad-hold'],
    [{ hold: 'x'.repeat(201) }, 'bad-hold'],
  ])('are refused: %j', async (change, problem) => {
    const before = store.lastSeq()
    expect(await directory.profiles.change(ada, change, by)).toEqual({ ok: false, error: problem })
    expect(store.lastSeq()).toBe(before)
  })

  it('make access tokens of before void, and say so, but not for a new name', async () => {
    const stamped: UserId[] = []
    const here = new Directory({ store, stamped: (id) => stamped.push(id) })
    await here.profiles.change(ada, { name: 'Ada' }, by)
    expect([here.stampOf(ada), stamped]).toEqual([0, []])
    await here.profiles.change(ada, { roles: ['doctor', 'admin'] }, by)
    expect([here.stampOf(ada), stamped]).toEqual([1, [ada]])
    expect((await here.getUser(ada))?.stamp).toBe(1)
    const later = new Directory({ store })
    await later.open()
    expect([later.stampOf(ada), later.stampOf(ben)]).toEqual([1, 0])
  })

  it('take an address with them, and give the one before free', async () => {
    await directory.profiles.change(ada, { email: 'Ada@New.Example' }, by)
    expect((await directory.findByEmail('ada@new.example'))?.id).toBe(ada)
    expect(await directory.findByEmail('dr-ada@demo.clinic')).toBeUndefined()
    await directory.profiles.change(ben, { email: 'dr-ada@demo.clinic' }, by)
    expect((await directory.findByEmail('dr-ada@demo.clinic'))?.id).toBe(ben)
    await directory.profiles.change(ben, { email: null }, by)
    expect(await directory.findByEmail('dr-ada@demo.clinic')).toBeUndefined()
  })

  it('let one of two have an address for which both ask at once', async () => {
    const both = [ada, ben].map((id) =>
      directory.profiles.change(id, { email: 'same@demo.clinic' }, by),
    )
    const answers = await Promise.all(both)
    expect(answers.filter(({ ok }) => ok).length).toBe(1)
    expect(answers.find(({ ok }) => !ok)).toEqual({ ok: false, error: 'email-taken' })
  })

  it('lose nothing of what both change at once', async () => {
    await directory.registerDirectChat(pat, ada, pat)
    await Promise.all([
      directory.profiles.change(ada, { name: 'Ada' }, by),
      directory.profiles.change(ada, { specialty: 'Heart' }, by),
      directory.profiles.change(pat, { name: 'Pat' }, by),
      directory.closeChat(directChatId(pat, ada), [1]),
    ])
    const chat = await directory.chatOf(directChatId(pat, ada))
    expect(chat).toMatchObject({
      members: [{ name: 'Pat' }, { name: 'Ada', specialty: 'Heart' }],
      closing: { by: [1] },
    })
    expect((await known(pat))[0]).toMatchObject({
      members: [{ name: 'Pat' }, { name: 'Ada', specialty: 'Heart' }],
      closedBy: [1],
    })
  })
})

describe('the last who administers the clinic', () => {
  const strip = (id: UserId) => directory.profiles.change(id, { roles: ['doctor'] }, by)
  const admin = (id: UserId) => directory.profiles.change(id, { roles: ['doctor', 'admin'] }, by)

  it('stays one, and active', async () => {
    await admin(ada)
    expect(await strip(ada)).toEqual({ ok: false, error: 'last-admin' })
    for (const status of ['disabled', 'closed'] as const)
      expect(await directory.profiles.change(ada, { status }, by)).toEqual({
        ok: false,
        error: 'last-admin',
      })
    await admin(ben)
    expect(await strip(ada)).toMatchObject({ ok: true })
    expect(await strip(ben)).toEqual({ ok: false, error: 'last-admin' })
  })

  it('is left when two take it from each other at once', async () => {
    await admin(ada)
    await admin(ben)
    const answers = await Promise.all([strip(ada), strip(ben)])
    expect(answers.filter(({ ok }) => ok).length).toBe(1)
    expect(answers).toContainEqual({ ok: false, error: 'last-admin' })
  })

  it('is counted anew from the accounts, should the count be lost', async () => {
    await admin(ada)
    await store.commit({ records: [{ key: 'admins', value: null }] })
    await directory.open()
    expect(await strip(ada)).toEqual({ ok: false, error: 'last-admin' })
  })

  it('is nobody who was only invited', async () => {
    await admin(ada)
    const kim = user('dr-kim')
    await directory.createUser({ id: kim, name: 'Kim', roles: ['admin'], status: 'invited' })
    expect(await strip(ada)).toEqual({ ok: false, error: 'last-admin' })
    await directory.profiles.change(kim, { status: 'active', passwordHash: 'x' }, by)
    expect(await strip(ada)).toMatchObject({ ok: true })
  })
})

it('reaches all chats of somebody who has more than one commit holds, and after a crash', async () => {
  const ids: ChatId[] = []
  for (let i = 0; i < 3; i++) ids.push(await group([ben, pat, sam]))
  const commits: Change[] = []
  let crash = true
  const here = new Directory({
    store,
    atOnce: 1,
    async commit(change) {
      if (crash && commits.length === 1) return new Promise(() => {})
      commits.push(change)
      return store.commit(change)
    },
  })
  await here.profiles.change(ben, { name: 'Ben Laurent' }, by)
  const names = await Promise.all(
    ids.map(async (id) => (await here.chatOf(id))?.members[1]?.name ?? ''),
  )
  expect(names.sort()).toEqual(['Ben Laurent', ben, ben])
  crash = false
  const later = new Directory({ store, atOnce: 1 })
  await later.open()
  for (const id of ids) {
    expect((await later.chatOf(id))?.members[1]?.name).toBe('Ben Laurent')
    const { members } = readChatSys((await entriesOf(chatDoc(id))).entries)
    expect(members[1]?.name).toBe('Ben Laurent')
  }
  expect(await store.listRecords('faces-due/')).toEqual([])
})

describe('a chat that is made while somebody in it changes shows them as they are then', () => {
  const nameIn = async (id: ChatId, who: UserId) =>
    (await directory.chatOf(id))?.members.find(({ userId }) => userId === who)?.name
  const becomeKim = () => directory.profiles.change(pat, { name: 'Kim Novak' }, by)

  it('where the change is stored first', async () => {
    const wasRead = afterRead(store, `user/${pat}`, 1, becomeKim)
    await directory.registerDirectChat(pat, ada, ada)
    expect(await wasRead()).toBe(true)
    expect(await nameIn(directChatId(pat, ada), pat)).toBe('Kim Novak')
  })

  it('where the chat is', async () => {
    let made: Promise<unknown> | undefined
    const read = store.listRecords.bind(store)
    // Right after the change has looked which chats there are.
    store.listRecords = async (prefix) => {
      const found = await read(prefix)
      if (prefix.startsWith('member/') || prefix.includes(pat)) {
        made ??= directory.registerDirectChat(pat, ada, ada)
        await made
      }
      return found
    }
    await becomeKim()
    expect(made).toBeDefined()
    store.listRecords = read
    await vi.waitFor(async () =>
      expect(await nameIn(directChatId(pat, ada), pat)).toBe('Kim Novak'),
    )
  })

  it('a group too', async () => {
    const wasRead = afterRead(store, `user/${pat}`, 1, becomeKim)
    const made = await directory.groups.create(ada, 'Ward', [ben, pat])
    expect(await wasRead()).toBe(true)
    expect(made.ok && (await nameIn(made.value.id, pat))).toBe('Kim Novak')
  })
})
