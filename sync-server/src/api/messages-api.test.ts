import { type ChatId, type DeviceId, monthOf, pageDoc, parseUserId } from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import { laneOf } from '@wardline/core/chat/lanes'
import { beforeEach, describe, expect, it } from 'vitest'
import { Directory } from '../directory/directory.ts'
import { Preferences } from '../directory/preferences.ts'
import type { ChatCaller } from '../folds/chat-caller.ts'
import { readMessageId } from '../folds/message-id.ts'
import { MemoryDisk, MemoryStore } from '../storage/memory-store.ts'
import { StoreError } from '../storage/store-error.ts'
import { Documents } from '../sync/documents.ts'
import { KEY_LIFETIME } from './idempotency.ts'
import { type MessagesApi, openMessagesApi } from './messages-api.ts'
import { submitTo } from './submit.ts'

const pat = parseUserId('pat-morgan')!
const ada = parseUserId('dr-ada')!
const ben = parseUserId('dr-ben')!
/** Shortly before the end of a month. */
const START = Date.UTC(2026, 0, 31, 23, 59)

let disk: MemoryDisk
let now: number
let failing: boolean
let store: MemoryStore
let documents: Documents
let directory: Directory
let messagesApi: MessagesApi
let chat: ChatId

const open = (): void => {
  store = new MemoryStore({
    disk,
    beforeCommit() {
      if (failing) throw new StoreError('STORE_UNAVAILABLE', 'disk full')
    },
  })
  documents = new Documents(store)
  directory = new Directory({
    store,
    commit: (change) => documents.commit(change),
    clock: { now: () => now, elapsed: () => now },
  })
  messagesApi = openMessagesApi({
    store,
    documents,
    directory,
    prefs: new Preferences(store),
    now: () => now,
  })
}

beforeEach(async () => {
  disk = new MemoryDisk()
  now = START
  failing = false
  open()
  const people = [
    { id: pat, name: 'Pat', role: 'patient' as const },
    { id: ada, name: 'Ada', role: 'doctor' as const },
    { id: ben, name: 'Ben', role: 'doctor' as const },
  ]
  for (const person of people)
    await directory.createUser({
      ...person,
      roles: [person.role],
      email: `${person.id}@demo.clinic`,
      passwordHash: '$argon2id$none',
    })
  const made = await directory.registerDirectChat(pat, ada, pat)
  if (!made.ok) throw new Error('no chat')
  chat = made.value.chat.id
})

const caller = async (userId: typeof pat, id = chat): Promise<ChatCaller> =>
  (await messagesApi.findCaller({ userId }, id))!
const send = async (userId: typeof pat, text: string, key?: string) => {
  const sent = await messagesApi.sending.send(userId, await caller(userId), { text }, key)
  if (!sent.ok) throw new Error(sent.error.code)
  return sent.value
}
const read = async (userId: typeof pat, id = chat) => {
  const query = { before: undefined, limit: 100 }
  const found = await messagesApi.history.read(await caller(userId, id), query, true)
  if (!found.ok) throw new Error(found.error.code)
  return found.value.messages
}

describe('dates', () => {
  const DAY = 86_400_000

  /** A device of Pat's that has been offline, or whose clock says what it likes. */
  const deviceOf =
    (laneWriter: LaneWriter) =>
    async (at: number, kind: EntryKind = EntryKind.message) => {
      const doc = pageDoc(chat, monthOf(at))
      const hosted = await documents.hold(doc)
      const ref = kind === EntryKind.message ? null : { writer: 7, n: 1 }
      const body = await sealBody({ text: `dated ${at}` })
      const { update, advance } = laneWriter.entries([{ at, kind, ref, body }], new Map())
      advance()
      const lane = laneOf(hosted.ref, 1)
      await hosted.prepare(update, lane, now, async () => {
        await directory.registerPage(chat, monthOf(at))
      })
      await submitTo(hosted, { documents, update, lane, now })
      documents.release(hosted)
    }
  const device = () => deviceOf(new LaneWriter(1, 7, 'device00' as DeviceId))

  it('[ARRIVE-1] come with the arrival where they are not those of it', async () => {
    const writeAt = device()
    await send(ada, 'now')
    await writeAt(now - DAY)
    const [plain, late] = await read(ada)
    expect(plain).not.toHaveProperty('arrivedAt')
    expect(late).toMatchObject({ at: now - DAY, arrivedAt: now })
    expect(late).not.toHaveProperty('datedBefore')
    const [digest] = await messagesApi.digests(ada, [await caller(ada)])
    expect(digest?.lastMessage).toMatchObject({ at: now - DAY, arrivedAt: now })
    // An edit has a time of its own.
    now += DAY
    await writeAt(now - 2 * DAY, EntryKind.edit)
    expect((await read(ada)).at(-1)).toMatchObject({ arrivedAt: START, editArrivedAt: now })
  })

  it('[ARRIVE-3] say when they are of a time before the chat', async () => {
    await send(ada, 'now')
    now += 1
    await device()(5)
    const messages = await read(ada)
    expect(messages.map(({ datedBefore }) => datedBefore)).toEqual([undefined, 'chat'])
    expect(messages[1]).toMatchObject({ at: 5, arrivedAt: now })
    // It is what is new, however far back it sorts.
    const [digest] = await messagesApi.digests(ada, [await caller(ada)])
    expect(digest).toMatchObject({ lastMessage: { at: 5 }, unreadCount: 1 })
  })
})

describe('sending', () => {
  it('dates what follows after what was there, and begins a page with the month', async () => {
    const first = await send(pat, 'old year')
    const second = await send(ada, 'same moment')
    expect(second.at).toBeGreaterThan(first.at)
    now += 120_000
    await send(pat, 'new month')
    const messages = await read(ada)
    expect(messages.map(({ text }) => text)).toEqual(['new month', 'same moment', 'old year'])
    expect(messages.map(({ id }) => readMessageId(id)?.month)).toEqual([
      '2026-02',
      '2026-01',
      '2026-01',
    ])
    const answer = await messagesApi.sending.send(
      pat,
      await caller(pat),
      { text: 'about that', replyTo: first.id },
      undefined,
    )
    expect(answer).toMatchObject({ value: { replyTo: first.id } })
    expect((await read(ada))[0]?.replyTo).toBe(first.id)
  })

  it('remembers a key for a day, also on a new start', async () => {
    const first = await send(pat, 'hello', 'k')
    now += KEY_LIFETIME - 1
    open()
    expect(await send(pat, 'hello', 'k')).toEqual(first)
    now += 1
    expect((await send(pat, 'hello', 'k')).id).not.toBe(first.id)
    expect(await store.listRecords('idempotency/')).toHaveLength(1)
    expect(await messagesApi.keys.removeExpired()).toBe(0)
    now += KEY_LIFETIME
    expect(await messagesApi.keys.removeExpired()).toBe(1)
  })

  it('stores the message with its key, or neither', async () => {
    await send(pat, 'before')
    failing = true
    await expect(send(pat, 'lost', 'k')).rejects.toThrow(StoreError)
    failing = false
    expect(await store.listRecords('idempotency/')).toEqual([])
    const sent = await send(pat, 'lost', 'k')
    expect((await read(ada)).map(({ text }) => text)).toEqual(['lost', 'before'])
    // What became of the first try is unknown to the writer, so it is never used again.
    const writers = (await read(ada)).map(({ id }) => readMessageId(id)?.writer)
    expect(new Set(writers).size).toBe(2)
    expect(await send(pat, 'lost', 'k')).toEqual(sent)
  })

  it('sends once when another process is faster with the same key', async () => {
    const other = openMessagesApi({
      store,
      documents: new Documents(store),
      directory,
      prefs: new Preferences(store),
      now: () => now,
    })
    await send(pat, 'before')
    const tries = await Promise.allSettled([
      messagesApi.sending.send(pat, await caller(pat), { text: 'once' }, 'k'),
      other.sending.send(pat, await caller(pat), { text: 'once' }, 'k'),
    ])
    expect(tries.some(({ status }) => status === 'fulfilled')).toBe(true)
    await messagesApi.sending.send(pat, await caller(pat), { text: 'once' }, 'k').catch(() => {})
    expect((await read(ada)).filter(({ text }) => text === 'once')).toHaveLength(1)
  })

  it('takes many at once, in order, and what changes them between', async () => {
    const first = await send(pat, 'first')
    const place = readMessageId(first.id)!
    const own = await caller(pat)
    const texts = Array.from({ length: 40 }, (_, i) => `number ${i}`)
    const [sent] = await Promise.all([
      Promise.all(texts.map((text) => send(pat, text))),
      messagesApi.changing.edit(own, place, 'changed'),
      messagesApi.changing.retract(own, place),
      messagesApi.changing.retract(own, place),
      read(ada),
    ])
    expect(new Set(sent.map(({ id }) => id)).size).toBe(40)
    const messages = (await read(ada)).reverse()
    expect(messages[0]).toMatchObject({ id: first.id, retracted: true })
    expect(messages.slice(1).map(({ text }) => text)).toEqual(texts)
    expect(new Set(messages.map(({ id }) => readMessageId(id)?.writer)).size).toBe(1)
  })

  it('fails as a whole when the store does, and goes on', async () => {
    await send(pat, 'before')
    failing = true
    const tries = await Promise.allSettled([1, 2, 3].map((i) => send(pat, `lost ${i}`, `k${i}`)))
    expect(tries.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    failing = false
    await Promise.all([1, 2, 3].map((i) => send(pat, `lost ${i}`, `k${i}`)))
    expect((await read(ada)).reverse().map(({ text }) => text)).toEqual([
      'before',
      'lost 1',
      'lost 2',
      'lost 3',
    ])
  })

  it('does not write for who was removed meanwhile', async () => {
    const made = await directory.groups.create(ada, 'Ward', [ben, pat])
    if (!made.ok) throw new Error(made.error.code)
    const { id } = made.value
    const before = await caller(ben, id)
    await messagesApi.sending.send(ben, before, { text: 'while in' }, undefined)
    await directory.groups.remove(id, ada, ben)
    expect(await messagesApi.findCaller({ userId: ben }, id)).toBeUndefined()
    const late = await messagesApi.sending.send(ben, before, { text: 'too late' }, undefined)
    expect(late).toMatchObject({ error: { code: 'chat-not-found' } })
    expect(await messagesApi.reading.mark(before, undefined)).toMatchObject({ ok: true })
    const [left] = await read(ada, id)
    expect(left).toMatchObject({ text: 'while in', senderId: ben, deliveredTo: [{ userId: ada }] })
    const changed = await messagesApi.changing.edit(before, readMessageId(left!.id)!, 'changed')
    expect(changed).toMatchObject({ error: { code: 'message-not-found' } })
  })
})

describe('what a device wrote', () => {
  const write = async (body: Uint8Array): Promise<void> => {
    const laneWriter = new LaneWriter(1, 77, 'phone000' as DeviceId)
    const draft = { at: now, kind: EntryKind.message, ref: null, body }
    const { update } = laneWriter.entries([draft], new Map())
    await directory.registerPage(chat, monthOf(now))
    await documents.commit({ appends: [{ doc: pageDoc(chat, monthOf(now)), update }] })
  }

  it('[BODY-1] is unreadable when only devices can open it', async () => {
    await write(Uint8Array.of(1, 2, 3))
    const [message] = await read(ada)
    expect(message).toMatchObject({ text: '', unreadable: true, retracted: false })
    const [digest] = await messagesApi.digests(ada, [await caller(ada)])
    expect(digest).toMatchObject({ unreadCount: 1, lastMessage: { text: '' } })
    const place = readMessageId(message!.id)!
    const edited = await messagesApi.changing.edit(await caller(pat), place, 'mine')
    expect(edited).toMatchObject({ error: { code: 'message-not-editable' } })
    const gone = await messagesApi.changing.retract(await caller(pat), place)
    expect(gone).toMatchObject({ value: { retracted: true } })
  })

  it('keeps its files when its text is changed', async () => {
    const file = { hash: 'a'.repeat(64), name: 'x-ray.png', type: 'image/png', size: 9 }
    await write(await sealBody({ text: 'left knee', attachments: [file] }))
    const place = readMessageId((await read(ada))[0]!.id)!
    await messagesApi.changing.edit(await caller(pat), place, 'right knee')
    expect((await read(ada))[0]).toMatchObject({ text: 'right knee', attachments: [file] })
  })
})

it('goes on after the store has failed and come back', async () => {
  await send(pat, 'one')
  await read(ada)
  store.emitReset('lost')
  store.emitReset('recovered')
  await send(ada, 'two')
  expect((await read(pat)).map(({ text }) => text)).toEqual(['two', 'one'])
})
