/** What a program sees whose token is for some of its chats. */
import { type ChatId, chatDoc, userDoc } from '@wardline/core/base/ids'
import { readUserSys } from '@wardline/core/chat/sys'
import { CloseCode } from '@wardline/core/protocol/close-code'
import { beforeEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import { settle } from '../base/test-timers.ts'
import {
  ada,
  ben,
  eve,
  pat,
  scopedTokenOf,
  startTestServer,
  type TestClient,
  TestLaneWriter,
  type TestServer,
  TestSocket,
  tokenOf,
} from './sync-test-kit.ts'

let kit: TestServer
/** The one it may see, and one more that the account is in. */
let seen: ChatId
let hidden: ChatId
let adasWriter: TestLaneWriter
let evesWriter: TestLaneWriter

const groups = () => kit.server.directory.groups
const made = async (title: string, other: typeof pat): Promise<ChatId> => {
  const group = await groups().create(ada, title, [ben, other])
  if (!group.ok) throw new Error(group.error.code)
  return group.value.id
}

beforeEach(async () => {
  kit = await startTestServer()
  seen = await made('Seen', pat)
  hidden = await made('Hidden', eve)
  adasWriter = new TestLaneWriter(ada, 1, kit.timers.now())
  evesWriter = new TestLaneWriter(eve, 3, kit.timers.now())
})

const connected = async (chats: readonly ChatId[] = [seen]): Promise<TestClient> => {
  const client = kit.connect()
  client.hello(ben, { token: scopedTokenOf(ben, chats) })
  await settle()
  return client
}
const bytesOf = (client: { readonly socket: TestSocket }): string =>
  client.socket.sent.map((bytes) => Buffer.from(bytes).toString('latin1')).join('\n')

/** The chats of the user document as a device has it that took in these frames. */
const chatsIn = (client: TestClient, channel: number): string[] => {
  const doc = new Y.Doc()
  for (const frame of client.of('rows'))
    if (frame.channel === channel) for (const update of frame.updates) Y.applyUpdate(doc, update)
  expect(doc.store.pendingStructs).toBeNull()
  return [...readUserSys(doc.getMap('sys').entries()).values()].map(({ title }) => title ?? '')
}

it('opens the chats of the token, and no others', async () => {
  const client = await connected()
  client.open(1, chatDoc(seen))
  client.open(2, chatDoc(hidden))
  client.open(3, adasWriter.page(seen))
  client.open(4, evesWriter.page(hidden))
  client.open(5, userDoc(ada))
  await settle()
  expect(client.of('closed').map(({ channel, code }) => [channel, code])).toEqual([
    [2, CloseCode.forbidden],
    [4, CloseCode.forbidden],
    [5, CloseCode.forbidden],
  ])
  expect(client.of('rows').map(({ channel }) => channel)).toContain(1)
})

it('is told of nothing else: not at first, not when something moves, and of nobody there', async () => {
  await kit.welcomed(eve)
  const client = await connected()
  const docs = client.of('welcome')[0]?.docs.map(({ doc }) => doc) ?? []
  expect(docs).toEqual(expect.arrayContaining([userDoc(ben), chatDoc(seen)]))
  expect(docs).not.toContain(chatDoc(hidden))
  const e = await kit.welcomed(eve)
  e.open(1, evesWriter.page(hidden))
  await settle()
  e.update(1, evesWriter.message('not for programs'))
  await groups().rename(hidden, ada, 'Hidden still')
  await kit.timers.advance(60_000)
  await kit.welcomed(pat)
  await kit.timers.advance(60_000)
  const told = client.of('presence').flatMap(({ people }) => people.map(({ user }) => user))
  expect(told).toContain(pat)
  expect(told).not.toContain(eve)
  const changed = client.of('changed').flatMap((frame) => frame.docs.map(({ doc }) => doc))
  expect(changed.filter((doc) => doc.includes(hidden))).toEqual([])
  expect(bytesOf(client)).not.toContain('not for programs')
})

it('has a list of its chats, whole and followed, without the names of others', async () => {
  const client = await connected()
  client.open(1, userDoc(ben))
  await settle()
  expect(chatsIn(client, 1)).toEqual(['Seen'])
  await groups().rename(seen, ada, 'Seen too')
  await groups().rename(hidden, ada, 'Hidden too')
  await settle()
  expect(chatsIn(client, 1)).toEqual(['Seen too'])
  for (const text of [hidden, 'Hidden', eve]) expect(bytesOf(client)).not.toContain(text)
  const { head } = await kit.store.read(userDoc(ben))
  expect(client.of('rows').at(-1)).toMatchObject({ channel: 1, head })
})

it('has it also from a document that was compacted, and where it lacks something of it', async () => {
  const whole = await kit.store.read(userDoc(ben))
  const doc = new Y.Doc()
  for (const { update } of whole.tail) Y.applyUpdate(doc, update)
  const merged = Y.encodeStateAsUpdate(doc)
  await kit.store.compact(userDoc(ben), { head: whole.head, updates: [merged] }, 0)
  const client = await connected()
  client.open(1, userDoc(ben), 1, Y.encodeStateVector(new Y.Doc()))
  await settle()
  expect(chatsIn(client, 1)).toEqual(['Seen'])
  expect(bytesOf(client)).not.toContain('Hidden')
})

it('hears of a chat of the token when it gets into it, and not of another', async () => {
  await groups().remove(seen, ada, ben)
  await groups().remove(hidden, ada, ben)
  const client = await connected()
  client.take()
  await groups().add(seen, ada, ben)
  await groups().add(hidden, ada, ben)
  await settle()
  const docs = client.of('changed').flatMap((frame) => frame.docs.map(({ doc }) => doc))
  expect(docs).toContain(chatDoc(seen))
  expect(docs).not.toContain(chatDoc(hidden))
})

it('cannot become another token’s on the way', async () => {
  for (const [before, after] of [
    [scopedTokenOf(ben, [seen]), tokenOf(ben)],
    [scopedTokenOf(ben, [seen]), scopedTokenOf(ben, [hidden])],
    [tokenOf(ben), scopedTokenOf(ben, [seen])],
  ] as const) {
    const client = kit.connect()
    client.hello(ben, { token: before })
    await settle()
    client.send({ type: 'renew', token: after })
    await settle()
    expect(client.socket.closedWith?.code).toBe(CloseCode.unauthorized)
  }
  const client = await connected()
  client.send({ type: 'renew', token: scopedTokenOf(ben, [seen]) })
  await settle()
  expect(client.of('renewed')).toHaveLength(1)
})

it('sees as much on a plain connection', async () => {
  const plain = async (doc: string): Promise<TestSocket> => {
    const socket = new TestSocket()
    socket.handler = kit.server.acceptPlain(socket, doc, scopedTokenOf(ben, [seen]))
    await settle()
    return socket
  }
  expect((await plain(chatDoc(seen))).closedWith).toBeUndefined()
  for (const doc of [chatDoc(hidden), evesWriter.page(hidden)])
    expect((await plain(doc)).closedWith?.code).toBe(CloseCode.forbidden)
  const own = await plain(userDoc(ben))
  // Sync step 1 with an empty state vector.
  own.handler?.receive(Uint8Array.of(0, 0, 1, 0))
  await settle()
  await groups().rename(hidden, ada, 'Hidden too')
  await groups().rename(seen, ada, 'Seen too')
  await settle()
  const text = bytesOf({ socket: own })
  expect(text).toContain('Seen too')
  for (const word of ['Hidden', hidden, eve]) expect(text).not.toContain(word)
})
