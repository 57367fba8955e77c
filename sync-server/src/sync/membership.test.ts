/** What a connection hears of a group while its user gets in and out of it. */
import { type ChatId, chatDoc, userDoc } from '@wardline/core/base/ids'
import { CloseCode } from '@wardline/core/protocol/close-code'
import { beforeEach, expect, it, vi } from 'vitest'
import { settle } from '../base/test-timers.ts'
import {
  ada,
  ben,
  eve,
  pat,
  startTestServer,
  type TestClient,
  TestLaneWriter,
  type TestServer,
  TestSocket,
  tokenOf,
} from './sync-test-kit.ts'

let kit: TestServer
let group: ChatId
let adasWriter: TestLaneWriter
let patsWriter: TestLaneWriter

beforeEach(async () => {
  kit = await startTestServer()
  const made = await kit.server.directory.groups.create(ada, 'Ward 3', [pat, ben])
  if (!made.ok) throw new Error(made.error.code)
  group = made.value.id
  const at = kit.timers.now()
  adasWriter = new TestLaneWriter(ada, 1, at)
  patsWriter = new TestLaneWriter(pat, 2, at)
})

const groups = () => kit.server.directory.groups
const page = () => adasWriter.page(group)
const bytesOf = (client: TestClient): string =>
  client.socket.sent.map((bytes) => Buffer.from(bytes).toString('latin1')).join('\n')

/** A connection with the user's document, the chat and its page open. */
const opened = async (user: typeof ada): Promise<TestClient> => {
  const client = await kit.welcomed(user)
  client.open(1, userDoc(user))
  client.open(2, chatDoc(group))
  client.open(3, page())
  await settle()
  return client
}

it('[CLOSE-3] ends the channels of who is taken out, before anything that comes after', async () => {
  const [a, p] = [await opened(ada), await opened(pat)]
  a.update(3, adasWriter.message('before'))
  await settle()
  expect(bytesOf(p)).toContain('before')
  p.take()
  // Right behind it: the store may make both durable together.
  const commit = vi.spyOn(kit.store, 'commit')
  const removal = groups().remove(group, ada, pat)
  while (commit.mock.calls.length === 0) await Promise.resolve()
  a.update(3, adasWriter.message('after'))
  const renamed = removal.then(() => groups().rename(group, ada, 'Ward 4'))
  await Promise.all([removal, renamed])
  await kit.timers.advance(10_000)
  expect(p.of('closed').map(({ channel, code }) => [channel, code])).toEqual([
    [2, CloseCode.forbidden],
    [3, CloseCode.forbidden],
  ])
  expect(p.of('rows').map(({ channel }) => channel)).toEqual([1])
  expect(p.of('changed')).toEqual([])
  for (const text of ['after', 'Ward 4', page()]) expect(bytesOf(p)).not.toContain(text)
  p.open(4, page())
  p.open(5, chatDoc(group))
  p.update(3, patsWriter.message('from outside'))
  await settle()
  expect(p.of('closed').slice(2)).toMatchObject([
    { channel: 4, code: CloseCode.forbidden },
    { channel: 5, code: CloseCode.forbidden },
  ])
  expect(bytesOf(a)).not.toContain('from outside')
})

it('[CHANGED-2] announces nothing of a group to who is out of it, and all of it on return', async () => {
  const p = await kit.welcomed(pat)
  const a = await opened(ada)
  a.update(3, adasWriter.message('one'))
  await settle()
  expect(p.of('changed').flatMap(({ docs }) => docs.map(({ doc }) => doc))).toContain(page())
  await groups().remove(group, ada, pat)
  await settle()
  p.take()
  a.update(3, adasWriter.message('two'))
  await kit.timers.advance(5_000)
  expect(p.of('changed')).toEqual([])
  expect(p.of('presence')).toEqual([])
  const again = await kit.welcomed(pat)
  expect(again.of('welcome')[0]?.docs.map(({ doc }) => doc)).toEqual([userDoc(pat)])
  await groups().add(group, ben, pat)
  await settle()
  const docs = p.of('changed').flatMap((frame) => frame.docs)
  expect(docs).toContainEqual({ doc: page(), head: 2 })
  expect(docs.map(({ doc }) => doc)).toContain(chatDoc(group))
  p.open(9, page())
  await settle()
  expect(bytesOf(p)).toContain('two')
})

it('tells those who are in it of the presence of who joins', async () => {
  const a = await kit.welcomed(ada)
  await kit.welcomed(eve)
  a.take()
  await groups().add(group, ada, eve)
  await settle()
  expect(a.of('presence').flatMap(({ people }) => people)).toContainEqual({
    user: eve,
    online: true,
    lastSeenAt: 0,
  })
})

it('ends a plain connection of who is taken out, even while it is being opened', async () => {
  const sockets = [new TestSocket(), new TestSocket()]
  const [open, opening] = sockets as [TestSocket, TestSocket]
  const accept = (socket: TestSocket) => {
    socket.handler = kit.server.acceptPlain(socket, page(), tokenOf(pat))
  }
  accept(open)
  await settle()
  accept(opening)
  await groups().remove(group, ada, pat)
  await settle()
  for (const socket of sockets) expect(socket.closedWith?.code).toBe(CloseCode.forbidden)
})

it('takes what members with any index write', async () => {
  for (const user of [eve]) await groups().add(group, ada, user)
  const e = await opened(eve)
  const a = await opened(ada)
  const laneWriter = new TestLaneWriter(eve, 4, kit.timers.now())
  e.update(3, laneWriter.message('from the fourth'))
  e.update(3, adasWriter.message('in the name of the first'))
  await settle()
  expect(bytesOf(a)).toContain('from the fourth')
  expect(bytesOf(a)).not.toContain('in the name of the first')
})

it('[PRES-1] tells a group nothing of who was taken out of it while they were welcomed', async () => {
  const a = await opened(ada)
  const waiting: (() => void)[] = []
  const read = kit.store.changedSince.bind(kit.store)
  vi.spyOn(kit.store, 'changedSince').mockImplementation(async (...asked) => {
    await new Promise<void>((resolve) => waiting.push(resolve))
    return read(...asked)
  })
  const p = kit.connect()
  p.hello(pat)
  await settle()
  vi.mocked(kit.store.changedSince).mockRestore()
  await groups().remove(group, ada, pat)
  await settle()
  for (const go of waiting) go()
  await settle()
  expect(p.of('welcome')).toHaveLength(1)
  const told = (client: TestClient) =>
    client.of('presence').flatMap(({ people }) => people.map(({ user }) => user))
  expect(told(a)).not.toContain(pat)
  expect(told(p)).not.toContain(ada)
})
