import {
  type ChatId,
  chatDoc,
  type DocName,
  directChatId,
  monthOf,
  parseChatId,
  parseMonth,
  parseUserId,
  userDoc,
} from '@wardline/core/base/ids'
import { SYS } from '@wardline/core/chat/lanes'
import { readChatSys, readUserSys } from '@wardline/core/chat/sys'
import { beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { MemoryDisk, MemoryStore } from '../storage/memory-store.ts'
import type { Change } from '../storage/store.ts'
import { Directory, newUserId, takenOf } from './directory.ts'
import type { NewUser } from './new-user.ts'
import { userKey } from './user.ts'

const pat = parseUserId('pat-morgan')!
const ada = parseUserId('dr-ada')!
const chatId = directChatId(pat, ada)
const month = parseMonth('2026-01')!
const users: NewUser[] = [
  {
    id: pat,
    email: ' Pat@Demo.Clinic',
    name: 'Pat Morgan',
    roles: ['patient'],
    birthDate: '1984-05-02',
    passwordHash: 'x',
  },
  {
    id: ada,
    email: 'ada@demo.clinic',
    name: 'Dr Ada Osei',
    roles: ['doctor'],
    specialty: 'General practice',
    passwordHash: 'y',
  },
]

let time = 0
let disk: MemoryDisk
let store: MemoryStore
let changes: Change[]
let directory: Directory

const open = (): Directory =>
  new Directory({
    store,
    clock: { now: () => time, elapsed: () => time },
    commit: (change) => {
      changes.push(change)
      return store.commit(change)
    },
  })

beforeEach(async () => {
  time = Date.UTC(2026, 0, 15)
  disk = new MemoryDisk()
  store = new MemoryStore({ disk })
  changes = []
  directory = open()
  for (const user of users) await directory.createUser(user)
})

const load = async (name: DocName): Promise<Y.Map<unknown>> => {
  const doc = new Y.Doc()
  for (const { update } of (await store.read(name)).tail) Y.applyUpdate(doc, update)
  return doc.getMap(SYS)
}
const auditActions = async (): Promise<string[]> => {
  const found: string[] = []
  for await (const { text } of store.readAudit()) {
    const { action, actor, subject } = JSON.parse(text)
    found.push(`${actor} ${action} ${subject}`)
  }
  return found
}

describe('accounts', () => {
  it('are found by any spelling of their address', async () => {
    expect(await directory.findByEmail('PAT@demo.clinic ')).toEqual({
      ...users[0],
      email: 'pat@demo.clinic',
      role: 'patient',
      status: 'active',
      stamp: 0,
    })
    expect(await directory.findByEmail('nobody@demo.clinic')).toBeUndefined()
    expect(await directory.getUser(ada)).toEqual({
      ...users[1],
      role: 'doctor',
      status: 'active',
      stamp: 0,
    })
  })

  it('are unique in address and id', async () => {
    const again = { ...users[0]!, id: newUserId() }
    expect(await directory.createUser(again)).toEqual({ ok: false, error: 'email-taken' })
    const other = { ...users[0]!, email: 'other@demo.clinic' }
    expect(await directory.createUser(other)).toEqual({ ok: false, error: 'id-taken' })
  })

  it.each([
    [{ email: 'no address' }, 'bad-email'],
    [{ name: ' ' }, 'bad-name'],
    [{ name: 'Pat\u202eMorgan' }, 'bad-name'],
    [{ name: 'x'.repeat(81) }, 'bad-name'],
    [{ specialty: 'Patience' }, 'bad-specialty'],
    [{ birthDate: '1984-02-30' }, 'bad-birth-date'],
    [{ birthDate: '' }, 'bad-birth-date'],
    [{ birthDate: '2026-01-16' }, 'bad-birth-date'],
    [{ roles: ['doctor'] as const }, 'bad-birth-date'],
    [{ roles: [] }, 'bad-roles'],
    [{ roles: ['patient', 'doctor'] as const }, 'bad-roles'],
  ])('refuse %j', async (part, problem) => {
    const user = { ...users[0]!, id: newUserId(), email: 'new@demo.clinic', ...part }
    expect(await directory.createUser(user)).toEqual({ ok: false, error: problem })
  })

  it('need no address and no password', async () => {
    const id = newUserId()
    const made = await directory.createUser({
      id,
      name: 'Kim',
      roles: ['patient'],
      status: 'invited',
    })
    expect(made.ok).toBe(true)
    const kim = {
      id,
      name: 'Kim',
      role: 'patient',
      roles: ['patient'],
      status: 'invited',
      stamp: 0,
    }
    expect(await directory.getUser(id)).toEqual(kim)
  })

  it('can be in a chat before the first sign-in, which a doctor begins', async () => {
    const id = newUserId()
    await directory.createUser({ id, name: 'Kim', roles: ['patient'], status: 'invited' })
    const made = await directory.registerDirectChat(id, ada, ada)
    expect(made).toMatchObject({ ok: true, value: { created: true } })
    expect(await directory.chatsOf(id)).toHaveLength(1)
  })

  it('are made in one change with what else there is to write', async () => {
    const id = newUserId()
    const prepared = await directory.prepareUser({
      ...{ id, name: 'Kim', email: 'pat@demo.clinic', roles: ['patient'] },
    })
    if (!prepared.ok) throw new Error(prepared.error)
    const { records } = prepared.value
    const commit = await store.commit({ records: [...records, { key: 'other/1', value: 1 }] })
    expect(commit).toMatchObject({ kind: 'conflict' })
    expect(commit.kind === 'conflict' && takenOf(records[commit.index])).toBe('email-taken')
    expect(await store.getRecord('other/1')).toBeUndefined()
  })

  it('are in no search unless they are active', async () => {
    await directory.createUser({
      id: newUserId(),
      name: 'Kim',
      roles: ['patient'],
      status: 'invited',
    })
    await directory.createUser({ id: newUserId(), name: 'Boss', roles: ['admin'] })
    await directory.createUser({ id: newUserId(), name: 'Robot', roles: ['service'] })
    await directory.createUser({ id: newUserId(), name: 'Nurse', roles: ['staff', 'admin'] })
    expect((await directory.listStaff('')).map(({ name }) => name)).toEqual(['Nurse'])
    expect((await directory.listPatients('')).map(({ name }) => name)).toEqual(['Pat Morgan'])
    expect((await directory.listDoctors('')).map(({ name }) => name)).toEqual(['Dr Ada Osei'])
  })

  it('of a version without roles and status are what they were', async () => {
    const id = newUserId()
    const value = {
      ...{ id, email: 'old@demo.clinic', name: 'Old', role: 'doctor', specialty: null },
      ...{ passwordHash: 'x', createdAt: 1 },
    }
    await store.commit({ records: [{ key: userKey(id), value }] })
    expect(await directory.getUser(id)).toEqual({
      ...{ id, email: 'old@demo.clinic', name: 'Old', role: 'doctor', roles: ['doctor'] },
      ...{ status: 'active', passwordHash: 'x', stamp: 0 },
    })
  })

  it('are searched by name and specialty, without their secrets', async () => {
    const { id, name, specialty } = users[1]!
    const doctor = { id, name, role: 'doctor', specialty }
    expect(await directory.listDoctors('')).toEqual([doctor])
    expect(await directory.listDoctors('PRACTICE ädä')).toEqual([doctor])
    expect(await directory.listDoctors('morgan')).toEqual([])
    expect(await directory.listPatients('mor')).toEqual([
      { id: pat, name: 'Pat Morgan', role: 'patient', birthDate: '1984-05-02' },
    ])
  })

  it('show up in searches at once here, and soon elsewhere', async () => {
    const elsewhere = open()
    expect((await elsewhere.listPatients('')).length).toBe(1)
    const sam = { ...users[0]!, id: newUserId(), email: 'sam@demo.clinic', name: 'Sam' }
    await directory.createUser(sam)
    expect((await directory.listPatients('')).length).toBe(2)
    expect((await elsewhere.listPatients('')).length).toBe(1)
    time += 5_000
    expect((await elsewhere.listPatients('')).length).toBe(2)
  })
})

describe('a direct chat', () => {
  it('is registered in one commit: records, documents, audit', async () => {
    changes.length = 0
    const result = await directory.registerDirectChat(pat, ada, ada)
    expect(result).toMatchObject({ ok: true, value: { created: true, chat: { id: chatId } } })
    expect(changes.length).toBe(1)
    expect((await auditActions()).at(-1)).toBe(`dr-ada chat.created ${chatId}`)
    const sys = readChatSys((await load(chatDoc(chatId))).entries())
    expect(sys.kind).toBe('direct')
    expect(sys.members).toEqual([
      {
        index: 1,
        userId: pat,
        name: 'Pat Morgan',
        role: 'patient',
        birthDate: '1984-05-02',
        at: time,
      },
      {
        index: 2,
        userId: ada,
        name: 'Dr Ada Osei',
        role: 'doctor',
        specialty: 'General practice',
        at: time,
      },
    ])
    expect(sys.events.map(({ name }) => name)).toEqual(['Pat Morgan', 'Dr Ada Osei'])
    for (const user of [pat, ada]) {
      const chats = readUserSys((await load(userDoc(user))).entries())
      expect([...chats.keys()]).toEqual([chatId])
      expect(chats.get(chatId)?.members.map(({ userId }) => userId)).toEqual([pat, ada])
    }
  })

  it('[DOC-8] tells the doctor when the patient was born, and a group its doctors alone', async () => {
    const bornIn = async (id: ChatId) => {
      const known = readUserSys((await load(userDoc(ada))).entries()).get(id)
      const { members } = readChatSys((await load(chatDoc(id))).entries())
      const kept = (await open().chatOf(id))?.members
      return [known?.members, members, kept].map((list) =>
        list?.map(({ userId, birthDate }) => [userId, birthDate]),
      )
    }
    await directory.registerDirectChat(pat, ada, pat)
    const told = [
      [pat, '1984-05-02'],
      [ada, undefined],
    ]
    expect(await bornIn(chatId)).toEqual([told, told, told])
    const group = await directory.groups.create(ada, 'Ward 3', [pat])
    const known = [
      [ada, undefined],
      [pat, '1984-05-02'],
    ]
    const silent = [
      [ada, undefined],
      [pat, undefined],
    ]
    // The doctor's own document, the chat's, and the record.
    expect(group.ok && (await bornIn(group.value.id))).toEqual([known, silent, known])
  })

  it('[DOC-2] is one chat, whoever starts it and however often', async () => {
    const results = await Promise.all([
      directory.registerDirectChat(pat, ada, pat),
      open().registerDirectChat(pat, ada, ada),
    ])
    const again = await directory.registerDirectChat(pat, ada, pat)
    const created = [...results, again].map((result) => result.ok && result.value.created)
    expect(created.filter(Boolean).length).toBe(1)
    expect((await store.read(chatDoc(chatId))).head).toBe(1)
    expect((await store.read(userDoc(pat))).head).toBe(1)
  })

  it('needs a patient and a doctor', async () => {
    const nobody = parseUserId('nobody')!
    for (const [patient, doctor] of [
      [ada, pat],
      [pat, pat],
      [pat, nobody],
      [nobody, ada],
    ] as const) {
      const result = await directory.registerDirectChat(patient, doctor, pat)
      expect(result).toEqual({ ok: false, error: { code: 'user-not-found' } })
    }
  })

  it('is known with its members after a restart', async () => {
    await directory.registerDirectChat(pat, ada, pat)
    const later = open()
    expect(await later.chatOf(chatId)).toMatchObject({ createdAt: time, pages: [] })
    expect(await later.memberOf(chatId, ada)).toMatchObject({ index: 2, since: time })
    expect(await later.memberOf(chatId, parseUserId('dr-ben')!)).toBeUndefined()
    expect(await later.memberOf(parseChatId('dm.pat-morgan.dr-ben')!, pat)).toBeUndefined()
  })

  it('is listed for its members with the commit that made them so', async () => {
    const before = store.lastSeq()
    await directory.registerDirectChat(pat, ada, pat)
    const [membership, ...rest] = await directory.chatsOf(pat)
    expect(rest).toEqual([])
    expect(membership).toMatchObject({ index: 1, chat: { id: chatId }, joinedSeq: before + 1 })
    await directory.registerPage(chatId, month)
    expect((await directory.chatsOf(pat))[0]?.joinedSeq).toBe(before + 1)
    expect(await directory.chatsOf(parseUserId('dr-ben')!)).toEqual([])
    expect(await directory.chatsOf(parseUserId('pat-morga')!)).toEqual([])
  })
})

describe('a page', () => {
  it('is registered once', async () => {
    await directory.registerDirectChat(pat, ada, pat)
    const elsewhere = open()
    await elsewhere.chatOf(chatId)
    const results = await Promise.all([
      directory.registerPage(chatId, month),
      elsewhere.registerPage(chatId, month),
      directory.registerPage(chatId, parseMonth('2025-12')!),
    ])
    expect(results.every(({ ok }) => ok)).toBe(true)
    await directory.registerPage(chatId, month)
    expect((await open().chatOf(chatId))?.pages).toEqual(['2025-12', '2026-01'])
    expect(readChatSys((await load(chatDoc(chatId))).entries()).pages).toEqual([
      '2026-01',
      '2025-12',
    ])
    expect((await store.read(chatDoc(chatId))).head).toBe(3)
  })

  it('is listed though a device brings a year of them at once', async () => {
    await directory.registerDirectChat(pat, ada, pat)
    const months = Array.from({ length: 40 }, (_, i) => monthOf(Date.UTC(2023, i)))
    const results = await Promise.all(months.map((each) => directory.registerPage(chatId, each)))
    expect(results.every(({ ok }) => ok)).toBe(true)
    expect((await open().chatOf(chatId))?.pages).toEqual(months)
  })

  it('belongs to a chat that exists', async () => {
    expect(await directory.registerPage(chatId, month)).toEqual({
      ok: false,
      error: { code: 'not-found' },
    })
  })
})

it('believes nothing it remembers after a failed write', async () => {
  await directory.registerDirectChat(pat, ada, pat)
  disk.records.delete(`chat/${chatId}`)
  expect(await directory.chatOf(chatId)).toBeDefined()
  store.emitReset('lost')
  expect(await directory.chatOf(chatId)).toBeUndefined()
})
