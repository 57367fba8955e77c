import {
  type ChatId,
  chatDoc,
  type DocName,
  parseChatId,
  parseUserId,
  type UserId,
  userDoc,
} from '@wardline/core/base/ids'
import { SYS } from '@wardline/core/chat/lanes'
import { type ChatSys, readChatSys, readUserSys, type UserChat } from '@wardline/core/chat/sys'
import { beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { MemoryStore } from '../storage/memory-store.ts'
import type { Change } from '../storage/store.ts'
import type { Chat } from './chat-record.ts'
import { Directory } from './directory.ts'
import type { Groups } from './groups.ts'
import { MAX_GROUP_VERSIONS, MAX_GROUPS } from './groups.ts'

const user = (id: string): UserId => parseUserId(id)!
const [ada, ben, pat, sam] = ['dr-ada', 'dr-ben', 'pat-morgan', 'sam-rivera'].map(user) as [
  UserId,
  UserId,
  UserId,
  UserId,
]

let time = 0
let store: MemoryStore
let changes: Change[]
let removed: string[]
let directory: Directory
let groups: Groups

const open = (): Directory =>
  new Directory({
    store,
    clock: { now: () => time, elapsed: () => time },
    removed: (who, chat) => removed.push(`${who} ${chat}`),
    commit: (change) => {
      changes.push(change)
      return store.commit(change)
    },
  })

beforeEach(async () => {
  time = Date.UTC(2026, 0, 15)
  store = new MemoryStore()
  changes = []
  removed = []
  directory = open()
  groups = directory.groups
  for (const id of [ada, ben, pat, sam]) await addUser(id, id.startsWith('dr-'))
  changes.length = 0
})

const addUser = (id: UserId, doctor: boolean) =>
  directory.createUser({
    id,
    email: `${id}@demo.clinic`,
    name: id,
    roles: [doctor ? 'doctor' : 'patient'],
    passwordHash: 'x',
  })

const load = async (name: DocName): Promise<Y.Map<unknown>> => {
  const doc = new Y.Doc()
  for (const { update } of (await store.read(name)).tail) Y.applyUpdate(doc, update)
  expect(doc.store.pendingStructs).toBeNull()
  return doc.getMap(SYS)
}
const sysOf = async (id: ChatId): Promise<ChatSys> =>
  readChatSys((await load(chatDoc(id))).entries())
const chatFor = async (who: UserId, id: ChatId): Promise<UserChat | undefined> =>
  readUserSys((await load(userDoc(who))).entries()).get(id)
const audit = async (): Promise<unknown[]> => {
  const found: unknown[] = []
  for await (const { text } of store.readAudit()) found.push(JSON.parse(text))
  return found
}
const make = async (members: UserId[] = [ben, pat]): Promise<Chat> => {
  const made = await groups.create(ada, 'Ward 3', members)
  if (!made.ok) throw new Error(made.error.code)
  return made.value
}
const code = (result: { ok: boolean; error?: { code: string } }): string => result.error?.code ?? ''

describe('a new group', () => {
  it('is one commit: records, documents, audit', async () => {
    const { id, members } = await make()
    expect(parseChatId(id)).toBe(id)
    expect(changes.length).toBe(1)
    expect(members.map(({ index, userId }) => [index, userId])).toEqual([
      [1, ada],
      [2, ben],
      [3, pat],
    ])
    const sys = await sysOf(id)
    expect(sys).toMatchObject({ kind: 'group', title: 'Ward 3', version: 1 })
    expect(sys.events).toEqual([
      { n: 1, event: 'joined', index: 1, name: ada, at: time },
      { n: 2, event: 'joined', index: 2, name: ben, at: time, by: ada },
      { n: 3, event: 'joined', index: 3, name: pat, at: time, by: ada },
    ])
    for (const who of [ada, ben, pat])
      expect(await chatFor(who, id)).toMatchObject({
        kind: 'group',
        title: 'Ward 3',
        version: 1,
        members: [{ userId: ada, since: time }, { userId: ben }, { userId: pat }],
      })
    expect((await audit()).at(-1)).toMatchObject({
      actor: ada,
      action: 'chat.created',
      subject: id,
    })
    expect((await directory.chatsOf(pat)).map(({ index }) => index)).toEqual([3])
  })

  it('counts everybody once, its creator too', async () => {
    expect((await make([ben, ada, ben])).members.length).toBe(2)
    expect((await make([])).members.length).toBe(1)
  })

  it('needs a doctor, people who exist, and no more than a hundred', async () => {
    expect(code(await groups.create(pat, 'x', [ada]))).toBe('role-refused')
    expect(code(await groups.create(ada, 'x', [user('nobody')]))).toBe('user-not-found')
    const many = Array.from({ length: 100 }, (_, i) => user(`pat-${i}`))
    expect(code(await groups.create(ada, 'x', many))).toBe('group-full')
    expect(changes).toEqual([])
  })
})

describe('members', () => {
  it('[DOC-4] [DOC-7] come, go and come back with their index, each in one commit', async () => {
    const { id } = await make([ben])
    const steps: [number, () => Promise<unknown>][] = [
      [3, () => groups.add(id, ben, pat)],
      [2, () => groups.remove(id, ada, pat)],
      [3, () => groups.add(id, ada, sam)],
      [4, () => groups.add(id, ada, pat)],
    ]
    for (const [members, step] of steps) {
      time += 1000
      changes.length = 0
      expect(await step()).toMatchObject({ ok: true })
      expect(changes.length).toBe(1)
      expect((await directory.chatOf(id))?.members.length).toBe(members)
    }
    const chat = await open().chatOf(id)
    expect(chat?.members.map(({ index, userId }) => `${index} ${userId}`)).toEqual([
      `1 ${ada}`,
      `2 ${ben}`,
      `3 ${pat}`,
      `4 ${sam}`,
    ])
    expect(await directory.memberOf(id, pat)).toMatchObject({ since: time })
    const { members, events } = await sysOf(id)
    expect(members.map(({ left }) => left)).toEqual([undefined, undefined, undefined, undefined])
    expect(events.map(({ event, name, by }) => `${by} ${event} ${name}`)).toEqual([
      `undefined joined ${ada}`,
      `${ada} joined ${ben}`,
      `${ben} joined ${pat}`,
      `${ada} left ${pat}`,
      `${ada} joined ${sam}`,
      `${ada} joined ${pat}`,
    ])
    expect(removed).toEqual([`${pat} ${id}`])
    expect(await audit()).toMatchObject([
      ...Array.from({ length: 5 }, () => ({})),
      { actor: ben, action: 'member.added', subject: id, details: { user: pat } },
      { actor: ada, action: 'member.removed', details: { user: pat } },
      { action: 'member.added', details: { user: sam } },
      { action: 'member.added', details: { user: pat } },
    ])
  })

  it('[DOC-7] who are out know it, and hear of nothing after', async () => {
    const { id } = await make()
    expect(await groups.remove(id, pat, pat)).toMatchObject({ ok: true })
    expect((await audit()).at(-1)).toMatchObject({ actor: pat, action: 'member.left' })
    const head = await store.head(userDoc(pat))
    await groups.rename(id, ada, 'Ward 4')
    expect(await store.head(userDoc(pat))).toBe(head)
    const out = await chatFor(pat, id)
    expect(out).toMatchObject({ title: 'Ward 3', left: true })
    expect(out?.members.find(({ userId }) => userId === pat)).toMatchObject({
      index: 3,
      left: true,
    })
    expect(await chatFor(ben, id)).toMatchObject({ title: 'Ward 4' })
    expect((await chatFor(ben, id))?.members.map(({ userId }) => userId)).toEqual([ada, ben])
    expect(await directory.chatsOf(pat)).toEqual([])
    expect(await directory.memberOf(id, pat)).toBeUndefined()
    expect((await sysOf(id)).members[2]).toMatchObject({ userId: pat, left: true, at: time })
  })

  it('are listed with the commit that took them back in', async () => {
    const { id } = await make()
    const first = (await directory.chatsOf(pat))[0]?.joinedSeq
    await groups.remove(id, ada, pat)
    await groups.add(id, ada, pat)
    const [again] = await directory.chatsOf(pat)
    expect(again).toMatchObject({ index: 3, joinedSeq: store.lastSeq() })
    expect(again?.joinedSeq).not.toBe(first)
  })

  it('[DOC-4] are a hundred at most, and an index is given once', async () => {
    const many = Array.from({ length: 99 }, (_, i) => user(`pat-${i}`))
    for (const id of many) await addUser(id, false)
    const { id } = await make(many)
    expect(code(await groups.add(id, ada, ben))).toBe('group-full')
    await groups.remove(id, ada, many[0]!)
    const added = await groups.add(id, ada, ben)
    expect(added.ok && added.value.members.at(-1)).toMatchObject({ index: 101, userId: ben })
  })
})

describe('what one doctor can do to many', () => {
  it('ends: a group is changed so often and no more, and whoever is in it can leave', async () => {
    const { id } = await make()
    for (let i = 0; ; i++) {
      const renamed = await groups.rename(id, ada, `Name ${i}`)
      if (renamed.ok) continue
      expect(renamed.error.code).toBe('group-changed-often')
      expect(i).toBeGreaterThan(MAX_GROUP_VERSIONS - 10)
      break
    }
    const one = user('pat-more')
    await addUser(one, false)
    expect(code(await groups.add(id, ada, one))).toBe('group-changed-often')
    expect((await groups.remove(id, pat, pat)).ok).toBe(true)
    expect((await groups.remove(id, ada, ada)).ok).toBe(true)
  }, 60_000)

  it('ends: they make so many groups and no more, and again when they left one', async () => {
    const records = Array.from({ length: MAX_GROUPS }, (_, i) => ({
      key: `membership/${ada}/g.${String(i).padStart(16, '0')}`,
      value: { chat: `g.${String(i).padStart(16, '0')}` },
    }))
    await store.commit({ records })
    expect(code(await groups.create(ada, 'One more', []))).toBe('too-many-groups')
    await store.commit({ records: [{ key: records[0]!.key, value: null }] })
    expect((await groups.create(ada, 'One more', [])).ok).toBe(true)
  })
})

describe('a change', () => {
  it('is for the doctors in it; everybody may leave', async () => {
    const { id } = await make([pat])
    const none = parseChatId('g.0123456789abcdef')!
    await directory.registerDirectChat(sam, ada, ada)
    const direct = parseChatId(`dm.${sam}.${ada}`)!
    changes.length = 0
    for (const [attempt, expected] of [
      [groups.rename(id, pat, 'x'), 'role-refused'],
      [groups.add(id, pat, sam), 'role-refused'],
      [groups.remove(id, pat, ada), 'role-refused'],
      [groups.rename(id, ben, 'x'), 'chat-not-found'],
      [groups.add(id, ben, ben), 'chat-not-found'],
      [groups.remove(id, ben, pat), 'chat-not-found'],
      [groups.remove(id, ben, ben), 'chat-not-found'],
      [groups.rename(none, ada, 'x'), 'chat-not-found'],
      [groups.rename(direct, ada, 'x'), 'chat-not-found'],
      [groups.remove(direct, ada, sam), 'chat-not-found'],
      [groups.add(id, ada, user('nobody')), 'user-not-found'],
    ] as const)
      expect(code(await attempt)).toBe(expected)
    expect(changes).toEqual([])
  })

  it('leaves a doctor in the group, whoever is faster', async () => {
    const { id } = await make([ben, pat])
    const elsewhere = open()
    await elsewhere.chatOf(id)
    const left = await Promise.all([
      groups.remove(id, ada, ada),
      elsewhere.groups.remove(id, ben, ben),
    ])
    expect(left.map(code).sort()).toEqual(['', 'last-doctor'])
    const [last, gone] = left[0]?.ok ? [ben, ada] : [ada, ben]
    expect(code(await groups.remove(id, last, last))).toBe('last-doctor')
    expect(code(await groups.remove(id, gone, gone))).toBe('')
    expect((await open().chatOf(id))?.members.map(({ userId }) => userId)).toEqual([last, pat])
    await groups.remove(id, last, pat)
    expect(await groups.remove(id, last, last)).toMatchObject({ ok: true, value: { members: [] } })
  })

  it('that changes nothing writes nothing', async () => {
    const { id } = await make([pat])
    await groups.remove(id, pat, pat)
    changes.length = 0
    expect(await groups.rename(id, ada, 'Ward 3')).toMatchObject({ ok: true })
    expect(await groups.add(id, ada, ada)).toMatchObject({ ok: true })
    expect(await groups.remove(id, ada, sam)).toMatchObject({ ok: true })
    expect(await groups.remove(id, pat, pat)).toMatchObject({ ok: true })
    expect(changes).toEqual([])
  })

  it('wins or loses a race as a whole', async () => {
    const { id } = await make([])
    const elsewhere = open()
    await elsewhere.chatOf(id)
    const results = await Promise.all([
      groups.add(id, ada, ben),
      elsewhere.groups.add(id, ada, pat),
      groups.rename(id, ada, 'Ward 4'),
      elsewhere.groups.add(id, ada, sam),
    ])
    expect(results.every(({ ok }) => ok)).toBe(true)
    const chat = await open().chatOf(id)
    expect(new Set(chat?.members.map(({ index }) => index))).toEqual(new Set([1, 2, 3, 4]))
    const sys = await sysOf(id)
    expect(sys.title).toBe('Ward 4')
    expect(sys.members.length).toBe(4)
    expect(await chatFor(ada, id)).toMatchObject({ title: 'Ward 4', version: chat?.group?.version })
  })
})
