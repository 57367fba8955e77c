import { chatDoc, type DocName, userDoc } from '@wardline/core/base/ids'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { settle } from '../base/test-timers.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import {
  type PlainMessage,
  readPlainMessage,
  writePlainUpdate,
  writeStep1,
  writeStep2,
} from './plain-codec.ts'
import type { SocketHandler } from './ports.ts'
import {
  ada,
  ben,
  chat,
  pat,
  startTestServer,
  TestLaneWriter,
  type TestServer,
  TestSocket,
  tokenOf,
} from './sync-test-kit.ts'

/** A plain socket and what came over it. */
class PlainPeer {
  readonly socket = new TestSocket()
  readonly #handler: SocketHandler

  constructor({ server }: Pick<TestServer, 'server'>, doc: string, token: string) {
    this.#handler = server.acceptPlain(this.socket, doc, token)
    this.socket.handler = this.#handler
  }

  send(bytes: Uint8Array): void {
    this.#handler.receive(bytes)
  }

  get messages(): (PlainMessage | undefined)[] {
    return this.socket.sent.map(readPlainMessage)
  }

  /** Updates that came, the answers to first steps included. */
  get updates(): Uint8Array[] {
    return this.messages.flatMap((message) => (message?.type === 'update' ? [message.update] : []))
  }

  count(type: PlainMessage['type']): number {
    return this.messages.filter((message) => message?.type === type).length
  }
}

const emptyVector = Y.encodeStateVector(new Y.Doc())

const withPage = async (options: Parameters<typeof startTestServer>[0] = {}) => {
  const test = await startTestServer(options)
  const patient = await test.welcomed(pat)
  const laneWriter = new TestLaneWriter(pat, 1, test.timers.now())
  patient.open(1, laneWriter.page())
  patient.update(1, laneWriter.message('first'))
  await settle()
  const join = async (user = ada, doc: string = laneWriter.page()): Promise<PlainPeer> => {
    const peer = new PlainPeer(test, doc, tokenOf(user))
    await settle()
    return peer
  }
  return { ...test, patient, laneWriter, page: laneWriter.page(), join }
}

describe('a plain connection', () => {
  it('[PLAIN-1] begins with what the server has, and answers with what the client lacks', async () => {
    const { join, patient, laneWriter } = await withPage()
    const peer = await join()
    expect(peer.messages.map((message) => message?.type)).toEqual(['step1'])
    const [first] = peer.messages
    const vector = Y.decodeStateVector(first?.type === 'step1' ? first.stateVector : emptyVector)
    expect([...vector]).toEqual([[laneWriter.client, 1]])
    // What becomes durable before the client said what it has would be of no use to it.
    patient.update(1, laneWriter.message('second'))
    await settle()
    expect(peer.updates).toEqual([])
    peer.send(writeStep1(emptyVector))
    await settle()
    patient.update(1, laneWriter.message('third'))
    await settle()
    const doc = new Y.Doc()
    for (const update of peer.updates) {
      Y.applyUpdate(doc, update)
      expect(doc.store.pendingStructs).toBeNull()
    }
    expect(doc.getArray('log:1').length).toBe(3)
  })

  it('[PLAIN-1] answers before it goes on, in order', async () => {
    const { join, store, page } = await withPage()
    const peer = await join()
    const theirs = new TestLaneWriter(ada, 2, Date.UTC(2026, 5, 15))
    peer.send(writeStep1(emptyVector))
    peer.send(writeStep2(theirs.message('mine')))
    peer.send(writePlainUpdate(theirs.message('more')))
    await settle()
    expect(await store.head(page)).toBe(3)
    expect(peer.updates).toHaveLength(1)
    peer.send(writeStep1(emptyVector))
    await settle()
    expect(peer.updates).toHaveLength(2)
  })

  it('[PLAIN-3] is asked for what is missing, a few times, and closed for anything else', async () => {
    const { join, store, page } = await withPage()
    const peer = await join()
    peer.send(writeStep1(emptyVector))
    const theirs = new TestLaneWriter(ada, 2, Date.UTC(2026, 5, 15))
    const missing = theirs.message('never sent at first')
    const late = [theirs.message('builds on it'), theirs.message('and on that')]
    for (const update of late) peer.send(writePlainUpdate(update))
    await settle()
    // Those behind it miss the same: one question is enough.
    expect(peer.count('step1')).toBe(2)
    peer.send(writeStep2(Y.mergeUpdates([missing, ...late])))
    await settle()
    expect(await store.head(page)).toBe(2)
    for (let i = 0; i < 2; i++) {
      const gap = new TestLaneWriter(ada, 2, Date.UTC(2026, 5, 15), 900 + i)
      gap.message('skipped')
      peer.send(writePlainUpdate(gap.message('x')))
      await settle()
      peer.send(
        writePlainUpdate(new TestLaneWriter(ada, 2, Date.UTC(2026, 5, 15), 950 + i).message('y')),
      )
      await settle()
    }
    expect(peer.count('step1')).toBe(4)
    const gap = new TestLaneWriter(ada, 2, Date.UTC(2026, 5, 15), 999)
    gap.message('skipped')
    peer.send(writePlainUpdate(gap.message('x')))
    await settle()
    expect(peer.socket.closedWith).toEqual({ code: 4409, reason: 'MISSING_DEP' })

    const broken = await join()
    broken.send(writePlainUpdate(new Uint8Array([9, 9])))
    await settle()
    expect(broken.socket.closedWith).toEqual({ code: 4409, reason: 'MALFORMED' })
  })

  it('[PLAIN-2] is closed before anything is sent when it may not', async () => {
    const test = await withPage()
    const { join, page, timers, server } = test
    const codes: [string, number][] = []
    for (const [user, doc] of [
      [ben, page],
      [pat, userDoc(ada)],
      [pat, 'nothing'],
      [pat, `${chatDoc(chat)}/2027-01`],
    ] as const) {
      const peer = await join(user, doc)
      codes.push([doc, peer.socket.closedWith?.code ?? 0])
      expect(peer.socket.sent).toEqual([])
    }
    expect(codes.map(([, code]) => code)).toEqual([4403, 4403, 4404, 4404])
    const expired = new PlainPeer({ server }, page, tokenOf(pat, timers.now()))
    expect(expired.socket.closedWith?.code).toBe(4401)
  })

  it('[PLAIN-5] is closed for what is no message', async () => {
    const { join } = await withPage()
    for (const bytes of [[], [9], [0, 7], [0, 0, 50], [0, 0, 1, 5], [1, 4, 1]]) {
      const peer = await join()
      peer.send(new Uint8Array(bytes))
      await settle()
      expect(peer.socket.closedWith?.code, String(bytes)).toBe(4400)
    }
  })

  it('[HELLO-5] ends with its token', async () => {
    const test = await withPage()
    const peer = new PlainPeer(test, test.page, tokenOf(ada, test.timers.now() + 1000))
    await test.timers.advance(999)
    expect(peer.socket.closedWith).toBeUndefined()
    await test.timers.advance(1)
    expect(peer.socket.closedWith?.code).toBe(4401)
  })

  it('[CLOSE-3] ends with its chat, and [WRITE-4] with the store', async () => {
    const store = new MemoryStore()
    const { join, server } = await withPage({ store })
    const first = await join()
    server.connections.closeChat(ada, chat)
    expect(first.socket.closedWith?.code).toBe(4403)
    const second = await join()
    store.emitReset('lost')
    expect(second.socket.closedWith?.code).toBe(4503)
  })

  it('[SLOW-1] catches up from the store when it takes in less than it is sent', async () => {
    const { join, patient, laneWriter, timers } = await withPage()
    const peer = await join()
    peer.send(writeStep1(emptyVector))
    await settle()
    peer.socket.bufferedAmount = 2 ** 30
    for (let i = 0; i < 10; i++) patient.update(1, laneWriter.message('m'))
    await timers.advance(200)
    expect(peer.updates).toHaveLength(1)
    peer.socket.bufferedAmount = 0
    await timers.advance(200)
    const doc = new Y.Doc()
    for (const update of peer.updates) Y.applyUpdate(doc, update)
    expect(doc.getArray('log:1').length).toBe(11)
  })

  it('[PLAIN-7] hears something at least every 30 s', async () => {
    const { join, timers } = await withPage()
    const peer = await join()
    const before = peer.socket.sent.length
    await timers.advance(29_000)
    expect(peer.socket.sent.length).toBeGreaterThan(before)
  })

  it('does not take a name for a document that is none', async () => {
    const { join } = await withPage()
    const peer = await join(pat, '../../etc' as DocName)
    expect(peer.socket.closedWith?.code).toBe(4404)
  })
})
