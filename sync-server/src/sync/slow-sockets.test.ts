/** Sockets that ask for much, and take in nothing, or say nothing: what they cost is bounded. */
import type { UserId } from '@wardline/core/base/ids'
import { expect, it } from 'vitest'
import { settle } from '../base/test-timers.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import type { SyncLimits } from './limits.ts'
import {
  ada,
  pat,
  startTestServer,
  TestClient,
  TestLaneWriter,
  TestSocket,
  tokenOf,
} from './sync-test-kit.ts'

/** A page of some 400 kB. */
const withLargePage = async (limits: Partial<SyncLimits>) => {
  const reads: string[] = []
  class CountingStore extends MemoryStore {
    override read(doc: Parameters<MemoryStore['read']>[0]) {
      reads.push(doc)
      return super.read(doc)
    }
  }
  const test = await startTestServer({ limits, store: new CountingStore() })
  const writer = await test.welcomed(pat)
  const laneWriter = new TestLaneWriter(pat, 1, test.timers.now())
  const page = laneWriter.page()
  writer.open(1, page)
  await settle()
  for (let i = 0; i < 100; i++) writer.update(1, laneWriter.message('m'.repeat(4_000)))
  await settle()
  writer.drop()
  await settle()
  reads.length = 0
  return { ...test, page, reads }
}

/** A device whose network takes in nothing, from its welcome on. */
const slow = async (test: Awaited<ReturnType<typeof withLargePage>>, user: UserId) => {
  const client = new TestClient(test.server)
  client.hello(user)
  await settle()
  client.take()
  const { socket } = client
  const send = socket.send.bind(socket)
  socket.send = (bytes) => {
    socket.bufferedAmount += bytes.length
    send(bytes)
  }
  return client
}

const memory = { total: 2_000_000, share: 1_000_000, patienceMs: 5_000 }

it('thirty slow sockets of a person take no more than their share, and others are served', async () => {
  const test = await withLargePage({ bufferedBytes: 10_000, memory })
  const sockets = await Promise.all(Array.from({ length: 30 }, () => slow(test, pat)))
  for (const client of sockets) client.open(1, test.page)
  await settle()
  const buffered = (): number => sockets.reduce((sum, { socket }) => sum + socket.bufferedAmount, 0)
  expect(buffered()).toBeLessThan(memory.share)
  // Those who wait for it have read nothing.
  expect(test.reads).toHaveLength(2)
  const doctor = await test.welcomed(ada)
  doctor.open(1, test.page)
  await settle()
  expect(doctor.of('head')).toMatchObject([{ head: 100 }])
  // Who takes it in makes room for the next one.
  for (let i = 0; i < 200 && !sockets.every((client) => client.of('head').length > 0); i++) {
    for (const { socket } of sockets) socket.bufferedAmount = 0
    await test.timers.advance(50)
    expect(buffered()).toBeLessThan(memory.share)
  }
  expect(sockets.map((client) => client.of('head').length)).toEqual(sockets.map(() => 1))
})

it('slow sockets of many people are cut off when others wait for what they hold', async () => {
  const test = await withLargePage({ bufferedBytes: 10_000, memory: { ...memory, total: 900_000 } })
  const held = await Promise.all([slow(test, pat), slow(test, pat)])
  for (const client of held) client.open(1, test.page)
  await settle()
  const doctor = await test.welcomed(ada)
  doctor.open(1, test.page)
  await test.timers.advance(4_900)
  expect(doctor.of('head')).toEqual([])
  await test.timers.advance(200)
  expect(doctor.of('head')).toMatchObject([{ head: 100 }])
  expect(held.map(({ socket }) => socket.closedWith?.code)).toEqual([4529, undefined])
})

it('who takes in no answers is not asked for more questions', async () => {
  const test = await withLargePage({ bufferedBytes: 1_000, owedBytes: 1_000, inboxBytes: 1_000 })
  const client = await slow(test, pat)
  client.socket.bufferedAmount = 2_000
  for (let i = 0; i < 7_000; i++) client.send({ type: 'ping' })
  await settle()
  const answers = client.take().length
  expect(answers).toBeLessThan(1_100)
  expect(client.socket.paused).toBe(true)
  client.socket.bufferedAmount = 0
  client.socket.send = TestSocket.prototype.send
  await test.timers.advance(100)
  expect(client.take().length + answers).toBe(7_000)
  expect(client.socket.paused).toBe(false)
})

it('plain sockets that say nothing cost one look at the document, however many they are', async () => {
  const { server, page, reads } = await withLargePage({ connectionsPerUser: 200 })
  const sockets = Array.from({ length: 136 }, () => {
    const socket = new TestSocket()
    socket.handler = server.acceptPlain(socket, page, tokenOf(pat))
    return socket
  })
  await settle()
  const late = new TestSocket()
  late.handler = server.acceptPlain(late, page, tokenOf(pat))
  await settle()
  expect([...sockets, late].map(({ sent }) => sent.length)).toEqual(Array(137).fill(1))
  expect(reads).toEqual([page])
})
