import { pageDoc, parseDeviceId, parseMonth, userDoc } from '@wardline/core/base/ids'
import { splitUpdate } from '@wardline/core/gate/split-update'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { settle, TestTimers } from '../base/test-timers.ts'
import { compactDoc } from '../storage/compaction.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import type { Row } from '../storage/store.ts'
import {
  ada,
  ben,
  chat,
  deviceOf,
  eve,
  pat,
  startTestServer,
  TestClient,
  TestLaneWriter,
  type TestServer,
  TestSocket,
  tokenOf,
} from './sync-test-kit.ts'

const MINUTE = 60_000

/** The patient with the page of this month open on channel 1. */
const withPage = async (options: Parameters<typeof startTestServer>[0] = {}) => {
  const test = await startTestServer(options)
  const patient = await test.welcomed(pat)
  const laneWriter = new TestLaneWriter(pat, 1, test.timers.now())
  patient.open(1, laneWriter.page())
  await settle()
  patient.take()
  return { ...test, patient, laneWriter, page: laneWriter.page() }
}

/** A patient's page with so many messages in the store. */
const withMessages = async (count: number, options: Parameters<typeof withPage>[0] = {}) => {
  const test = await withPage(options)
  for (let i = 1; i <= count; i++) test.patient.update(1, test.laneWriter.message(`m${i}`))
  await settle()
  test.patient.take()
  return test
}

const replica = (rows: readonly Uint8Array[]): Y.Doc => {
  const doc = new Y.Doc()
  for (const row of rows) Y.applyUpdate(doc, row)
  return doc
}

describe('hello', () => {
  it('[HELLO-1] [LIMIT-4] has to come in time', async () => {
    const { connect, timers } = await startTestServer()
    const client = connect()
    await timers.advance(4_999)
    expect(client.socket.closedWith).toBeUndefined()
    await timers.advance(1)
    expect(client.socket.closedWith?.code).toBe(4408)
  })

  it('[HELLO-2] needs a token that is good, for this device', async () => {
    const { connect } = await startTestServer()
    const other = parseDeviceId('anotherdevice')!
    for (const [token, device] of [
      ['nobody', deviceOf(pat)],
      [tokenOf(pat, 5), deviceOf(pat)],
      [tokenOf(pat, Date.UTC(2030, 0, 1), other), deviceOf(pat)],
    ] as const) {
      const client = connect()
      client.hello(pat, { token, device })
      expect(client.socket.closedWith?.code).toBe(4401)
      expect(client.frames).toEqual([])
    }
  })

  it('[LIMIT-2] is refused to one connection too many', async () => {
    const { connect, welcomed } = await startTestServer({ limits: { connectionsPerUser: 2 } })
    const first = await welcomed(pat)
    await welcomed(pat)
    const third = connect()
    third.hello(pat)
    expect(third.socket.closedWith?.code).toBe(4529)
    first.drop()
    expect((await welcomed(pat)).of('welcome')).toHaveLength(1)
  })

  it('[HELLO-3] may be followed by frames before the welcome', async () => {
    const { connect } = await startTestServer()
    const client = connect()
    client.hello(pat)
    client.open(1, userDoc(pat))
    await settle()
    expect(client.frames.map(({ type }) => type)).toEqual(['welcome', 'head'])
  })

  it('[HELLO-4] is answered by who it is, what time it is, and how long the token is good', async () => {
    const { connect, store, timers } = await startTestServer()
    const client = connect()
    const tokenExpiresAt = timers.now() + 10 * MINUTE
    client.hello(pat, { token: tokenOf(pat, tokenExpiresAt) })
    await settle()
    const [welcome] = client.of('welcome')
    expect(welcome).toMatchObject({ user: pat, serverTime: timers.now(), tokenExpiresAt })
    expect(welcome).toMatchObject({ epoch: store.epoch, complete: true, docs: [] })
  })

  it('[FRAME-3] comes once', async () => {
    const { welcomed } = await startTestServer()
    const client = await welcomed(pat)
    client.hello(pat)
    expect(client.socket.closedWith?.code).toBe(4400)
  })
})

describe('the token', () => {
  const short = async () => {
    const test = await startTestServer()
    const client = test.connect()
    client.hello(pat, { token: tokenOf(pat, test.timers.now() + 10 * MINUTE) })
    await settle()
    return { ...test, client }
  }

  it('[HELLO-5] closes the connection when it expires', async () => {
    const { client, timers } = await short()
    await timers.advance(10 * MINUTE - 1)
    expect(client.socket.closedWith).toBeUndefined()
    await timers.advance(1)
    expect(client.socket.closedWith?.code).toBe(4401)
  })

  it('[HELLO-5] is renewed in band', async () => {
    const { client, timers } = await short()
    await timers.advance(9 * MINUTE)
    const tokenExpiresAt = timers.now() + 10 * MINUTE
    client.send({ type: 'renew', token: tokenOf(pat, tokenExpiresAt) })
    expect(client.of('renewed')).toEqual([{ type: 'renewed', tokenExpiresAt }])
    await timers.advance(9 * MINUTE)
    expect(client.socket.closedWith).toBeUndefined()
    await timers.advance(MINUTE)
    expect(client.socket.closedWith?.code).toBe(4401)
  })

  it('[HELLO-5] of another user, or a bad one, ends it', async () => {
    for (const token of [tokenOf(ada), 'x']) {
      const { client } = await short()
      client.send({ type: 'renew', token })
      expect(client.socket.closedWith?.code).toBe(4401)
    }
  })
})

describe('writing', () => {
  it('[WRITE-1] acknowledges to the writer and passes on to the others', async () => {
    const { welcomed, patient, laneWriter, page } = await withPage()
    const doctor = await welcomed(ada)
    doctor.open(1, page)
    await settle()
    doctor.take()
    for (const text of ['a', 'b', 'c']) patient.update(1, laneWriter.message(text))
    await settle()
    expect(patient.of('head').at(-1)).toEqual({ type: 'head', channel: 1, head: 3, accepted: 3 })
    expect(patient.of('rows')).toEqual([])
    const rows = doctor.of('rows')
    expect(rows.at(-1)?.head).toBe(3)
    const doc = replica(rows.flatMap(({ updates }) => updates))
    expect(doc.getArray('log:1').length).toBe(3)
  })

  it('[WRITE-2] sends nothing before the commit is durable', async () => {
    let hold: Promise<void> | undefined
    let go = (): void => {}
    const store = new MemoryStore({ beforeCommit: () => hold })
    const { welcomed, patient, laneWriter, page } = await withMessages(1, { store })
    const doctor = await welcomed(ada)
    doctor.open(1, page)
    const another = await welcomed(ada)
    await settle()
    for (const client of [patient, doctor, another]) client.take()
    hold = new Promise((resolve) => {
      go = resolve
    })
    patient.update(1, laneWriter.message('not durable'))
    await settle()
    expect([patient.frames, doctor.frames, another.frames]).toEqual([[], [], []])
    go()
    await settle()
    expect(patient.frames).toEqual([{ type: 'head', channel: 1, head: 2, accepted: 2 }])
    expect(doctor.of('rows').map(({ head }) => head)).toEqual([2])
    expect(another.of('changed')).toEqual([{ type: 'changed', docs: [{ doc: page, head: 2 }] }])
  })

  it('[FRAME-5] comes before the answer to a ping that was sent after it, though not on the disk', async () => {
    let hold: Promise<void> | undefined
    let go = (): void => {}
    const store = new MemoryStore({ beforeCommit: () => hold })
    const { patient, laneWriter, page } = await withPage({ store })
    hold = new Promise((resolve) => {
      go = resolve
    })
    patient.update(1, laneWriter.message('on its way'))
    patient.send({ type: 'ping' })
    await settle()
    expect(patient.take().map(({ type }) => type)).toEqual(['pong'])
    expect(await store.head(page)).toBe(0)
    go()
    await settle()
    expect(patient.of('head')).toMatchObject([{ head: 1, accepted: 1 }])
  })

  it('[FRAME-4] for a channel that is not open is ignored', async () => {
    const { patient, laneWriter, page, store } = await withPage()
    const message = laneWriter.message('to nowhere')
    patient.update(9, message)
    patient.send({ type: 'close', channel: 9 })
    patient.send({ type: 'awareness', channel: 9, update: Uint8Array.of(0) })
    patient.send({ type: 'close', channel: 1 })
    patient.update(1, message)
    await settle()
    expect(patient.frames).toEqual([])
    expect(await store.head(page)).toBe(0)
    patient.open(2, page)
    patient.update(2, message)
    await settle()
    expect(patient.of('head').at(-1)).toMatchObject({ channel: 2, head: 1, accepted: 1 })
  })

  it('[ACK-2] [WRITE-5] goes on without waiting, and heads never go back or run ahead of the rows', async () => {
    const { patient, welcomed, laneWriter, page, timers } = await withPage()
    const doctor = await welcomed(ada)
    const theirs = new TestLaneWriter(ada, 2, timers.now())
    doctor.take()
    // While the answer to the open is on its way.
    doctor.open(1, page)
    for (let i = 0; i < 20; i++) {
      doctor.update(1, theirs.message(`d${i}`))
      patient.update(1, laneWriter.message(`p${i}`))
      if (i % 3 === 0) await settle()
    }
    await settle()
    for (const client of [patient, doctor]) {
      let told = 0
      const others = { rows: 0, own: 0 }
      for (const frame of client.frames) {
        if (frame.type === 'rows') others.rows += frame.updates.length
        if (frame.type !== 'rows' && frame.type !== 'head') continue
        expect(frame.head).toBeGreaterThanOrEqual(told)
        told = frame.head
        if (frame.type !== 'head') continue
        others.own = frame.accepted
        // Each row up to the head is one that came, or one of the own that is acknowledged.
        expect(frame.head).toBeLessThanOrEqual(others.rows + others.own)
      }
      expect(told).toBe(40)
      expect(client.of('head').at(-1)).toMatchObject({ accepted: 20 })
      expect(client.of('reject')).toEqual([])
    }
  })

  it('[REFUSE-1] names the frame that was refused, between those that are in', async () => {
    const { patient, laneWriter } = await withPage()
    const other = new TestLaneWriter(ada, 2, Date.UTC(2026, 5, 15))
    patient.update(1, laneWriter.message('a'))
    patient.update(1, other.message('not mine'))
    other.message('skipped')
    patient.update(1, new Uint8Array([1, 2, 3]))
    patient.update(1, laneWriter.message('b'))
    await settle()
    const frames = patient.frames
    expect(frames.filter(({ type }) => type === 'reject')).toMatchObject([
      { channel: 1, frame: 3, code: 'MALFORMED' },
    ])
    expect(frames.at(-1)).toEqual({ type: 'head', channel: 1, head: 2, accepted: 4 })
    // No head that counts the refused frame comes before its reject.
    const at = frames.findIndex(({ type }) => type === 'reject')
    const counted = frames.slice(0, at).map((frame) => ('accepted' in frame ? frame.accepted : 0))
    expect(Math.max(0, ...counted)).toBeLessThan(3)
    expect(patient.socket.closedWith).toBeUndefined()
  })

  it('[REFUSE-2] says what is missing', async () => {
    const { patient, laneWriter } = await withPage()
    laneWriter.message('never sent')
    patient.update(1, laneWriter.message('builds on it'))
    await settle()
    expect(patient.of('reject')).toMatchObject([{ frame: 1, code: 'MISSING_DEP' }])
  })

  it('[REFUSE-3] asks a device to rebuild whose replica shows what nobody else does', async () => {
    const { welcomed, patient, laneWriter, page, timers } = await withPage()
    const doctor = await welcomed(ada)
    doctor.open(1, page)
    const theirs = new TestLaneWriter(ada, 2, timers.now())
    doctor.update(1, theirs.message('stays'))
    await settle()
    patient.take()
    const first = laneWriter.message('mine')
    const deletes = encodeLaneWrite({
      client: laneWriter.client,
      clock: 0,
      items: [],
      deletes: [{ client: theirs.client, clock: 0, len: 1 }],
    })
    patient.update(1, Y.mergeUpdates([first, deletes]))
    await settle()
    expect(patient.frames).toMatchObject([
      { type: 'head', accepted: 1, head: 2 },
      { type: 'reject', frame: 1, code: 'REBUILD' },
    ])
    const rows = doctor.of('rows').flatMap(({ updates }) => updates)
    const doc = replica([...rows, new TestLaneWriter(ada, 2, timers.now()).message('stays')])
    expect(doc.getArray('log:2').length).toBe(1)
  })

  it('[WRITE-4] is not acknowledged when the store fails, and everybody begins again', async () => {
    const store = new MemoryStore()
    const { patient, laneWriter } = await withPage({ store })
    store.emitReset('lost')
    patient.update(1, laneWriter.message('a'))
    await settle()
    expect(patient.of('head')).toEqual([])
    expect(patient.socket.closedWith?.code).toBe(4503)
  })

  it('[LIMIT-5] [WRITE-5] waits its turn: a backlog of 5,000 passes, the socket paused on the way', {
    timeout: 60_000,
  }, async () => {
    const limits = {
      frames: { perSecond: 1000, burst: 500 },
      inboxBytes: 1024,
      pendingBytes: 64 * 1024,
    }
    const { patient, laneWriter, timers } = await withPage({ limits })
    for (let i = 0; i < 5000; i++) patient.update(1, laneWriter.message('m'))
    expect(patient.socket.paused).toBe(true)
    for (let i = 0; i < 200 && patient.of('head').at(-1)?.accepted !== 5000; i++)
      await timers.advance(100)
    expect(patient.of('head').at(-1)).toMatchObject({ head: 5000, accepted: 5000 })
    expect(patient.socket).toMatchObject({ paused: false, closedWith: undefined })
  })

  it('[LIMIT-5] ends only for a socket that cannot be paused and does not stop', async () => {
    const limits = { frames: { perSecond: 1, burst: 1 }, inboxMaxBytes: 2000 }
    const { patient, laneWriter } = await withPage({ limits })
    for (let i = 0; i < 50; i++) patient.update(1, laneWriter.message('m'))
    expect(patient.socket.closedWith?.code).toBe(4529)
  })
})

describe('opening', () => {
  it('[OPEN-1] answers from the rows after a known head, as they are', async () => {
    const { welcomed, page, store } = await withMessages(5)
    const doctor = await welcomed(ada)
    doctor.take()
    doctor.open(1, page, 3)
    await settle()
    const rows = await store.readAfter(page, 3)
    expect(doctor.frames).toEqual([
      { type: 'rows', channel: 1, head: 5, updates: rows?.map(({ update }) => update) },
      { type: 'head', channel: 1, head: 5, accepted: 0 },
    ])
  })

  it('[OPEN-2] answers a head whose rows are gone with what the state vector lacks', async () => {
    const { welcomed, page, store } = await withMessages(100)
    const rows = (await store.readAfter(page, 0)) ?? []
    const known = replica(rows.slice(0, 10).map(({ update }) => update))
    await compactDoc(store, page)
    expect(await store.readAfter(page, 10)).toBeUndefined()
    const doctor = await welcomed(ada)
    doctor.open(1, page, 10, Y.encodeStateVector(known))
    doctor.open(2, userDoc(ada))
    await settle()
    const [frame] = doctor.of('rows').filter(({ channel }) => channel === 1)
    expect(frame).toMatchObject({ head: 100 })
    expect(frame!.updates).toHaveLength(1)
    const snapshot = (await store.read(page)).snapshot!.updates[0]!
    expect(frame!.updates[0]!.length).toBeLessThan(snapshot.length)
    Y.applyUpdate(known, frame!.updates[0]!)
    expect(known.getArray('log:1').length).toBe(100)
  })

  it('[OPEN-3] sends everything to head 0, and to a head that never was', async () => {
    const { welcomed, page, store } = await withMessages(100)
    await compactDoc(store, page)
    for (const head of [0, 1000]) {
      const doctor = await welcomed(ada)
      doctor.open(1, page, head)
      await settle()
      const updates = doctor.of('rows').flatMap((frame) => frame.updates)
      expect(replica(updates).getArray('log:1').length).toBe(100)
      expect(doctor.of('head')[0]).toEqual({ type: 'head', channel: 1, head: 100, accepted: 0 })
    }
  })

  it('[OPEN-8] sends 256 KiB in a frame, or one row; only the last part of a snapshot has a head', async () => {
    const KiB = 1024
    const { server, store, timers, welcomed } = await startTestServer()
    await server.directory.registerDirectChat(pat, ada, pat)
    const laneWriter = new TestLaneWriter(pat, 1, timers.now())
    const page = laneWriter.page()
    for (let i = 0; i < 12; i++) {
      const update = laneWriter.message('x'.repeat(60 * KiB))
      await store.commit({ appends: [{ doc: page, update }] })
    }
    const doctor = await welcomed(ada)
    doctor.open(1, page)
    await settle()
    const frames = doctor.of('rows')
    expect(frames.map(({ head, updates }) => [head, updates.length])).toEqual([
      [4, 4],
      [8, 4],
      [12, 4],
    ])
    for (const { updates } of frames)
      expect(updates.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(256 * KiB)
    // Parts of a snapshot, each larger than that.
    const whole = Y.encodeStateAsUpdate(replica(frames.flatMap(({ updates }) => updates)))
    const parts = splitUpdate(whole, 300 * KiB)
    expect(parts.length).toBeGreaterThan(2)
    await store.compact(page, { head: 12, updates: parts }, 0)
    await store.commit({ appends: [{ doc: page, update: laneWriter.message('after it') }] })
    const again = await welcomed(ada)
    again.open(1, page)
    await settle()
    const heads = again.of('rows').map(({ head, updates }) => [head, updates.length])
    // The last part is small, so the row after it goes with it.
    expect(heads).toEqual([...parts.slice(1).map(() => [0, 1]), [13, 2]])
    expect(
      replica(again.of('rows').flatMap(({ updates }) => updates)).getArray('log:1').length,
    ).toBe(13)
    expect(again.of('head')).toEqual([{ type: 'head', channel: 1, head: 13, accepted: 0 }])
  })

  it('[OPEN-5] neither loses nor reorders what becomes durable meanwhile', async () => {
    let gate = Promise.resolve()
    class SlowStore extends MemoryStore {
      override async readAfter(
        ...args: Parameters<MemoryStore['readAfter']>
      ): Promise<readonly Row[] | undefined> {
        const rows = await super.readAfter(...args)
        await gate
        return rows
      }
    }
    const { welcomed, patient, laneWriter, page } = await withMessages(3, {
      store: new SlowStore(),
    })
    let go = (): void => {}
    gate = new Promise((resolve) => {
      go = resolve
    })
    const doctor = await welcomed(ada)
    doctor.take()
    doctor.open(1, page, 1)
    await settle()
    patient.update(1, laneWriter.message('meanwhile'))
    await settle()
    expect(doctor.frames).toEqual([])
    gate = Promise.resolve()
    go()
    await settle()
    patient.update(1, laneWriter.message('live'))
    await settle()
    expect(doctor.of('rows').map(({ head, updates }) => [head, updates.length])).toEqual([
      [3, 2],
      [4, 1],
      [5, 1],
    ])
    expect(doctor.of('head')).toEqual([{ type: 'head', channel: 1, head: 4, accepted: 0 }])
  })

  it('[OPEN-4] needs the right to it', async () => {
    const { welcomed, page, timers } = await withPage()
    const doctor = await welcomed(ben)
    const future = parseMonth('2026-08')!
    doctor.open(1, page)
    doctor.open(2, userDoc(pat))
    doctor.open(3, pageDoc(chat, future))
    await settle()
    expect(doctor.of('closed')).toMatchObject([
      { channel: 2, code: 4403 },
      { channel: 1, code: 4403 },
      { channel: 3, code: 4404 },
    ])
    expect(doctor.socket.closedWith).toBeUndefined()
    // The next month is a day away: within what a wrong clock explains.
    await timers.advance(15.5 * 24 * 60 * MINUTE)
    const late = await welcomed(pat)
    late.open(1, pageDoc(chat, parseMonth('2026-07')!))
    await settle()
    expect(late.of('closed')).toEqual([])
  })

  it('[OPEN-6] starts a direct chat of a patient and a doctor, and no other', async () => {
    const { server, welcomed } = await startTestServer()
    const patient = await welcomed(pat)
    patient.open(1, `chat/dm.${pat}.${ada}` as never)
    patient.open(2, `chat/dm.${pat}.${eve}` as never)
    patient.open(3, `chat/dm.${ada}.${pat}` as never)
    patient.open(4, `chat/dm.${pat}.nobody` as never)
    patient.open(5, `chat/dm.${eve}.${ada}` as never)
    await settle()
    expect(new Set(patient.of('closed').map(({ channel, code }) => `${channel} ${code}`))).toEqual(
      new Set(['2 4403', '3 4403', '4 4403', '5 4403']),
    )
    expect((await server.directory.chatOf(chat))?.members.map(({ userId }) => userId)).toEqual([
      pat,
      ada,
    ])
  })

  it('[OPEN-7] [LIMIT-3] is refused past the limit, twice for one document, and ends for one id', async () => {
    const { welcomed } = await startTestServer({ limits: { channelsPerConnection: 2 } })
    const patient = await welcomed(pat)
    patient.open(1, userDoc(pat))
    patient.open(2, userDoc(pat))
    patient.open(3, userDoc(ada))
    patient.open(4, userDoc(ben))
    await settle()
    expect(patient.of('closed')).toMatchObject([
      { channel: 2, code: 4400 },
      { channel: 4, code: 4529 },
      { channel: 3, code: 4403 },
    ])
    patient.open(1, userDoc(pat))
    expect(patient.socket.closedWith?.code).toBe(4400)
  })
})

describe('a client that takes in less than it is sent', () => {
  it('[SLOW-1] gets what it missed from the store, in order, when it has caught its breath', async () => {
    const { welcomed, patient, laneWriter, page, timers } = await withMessages(1)
    const doctor = await welcomed(ada)
    doctor.open(1, page)
    await settle()
    doctor.take()
    doctor.socket.bufferedAmount = 2 ** 30
    for (let i = 0; i < 20; i++) patient.update(1, laneWriter.message('m'))
    await timers.advance(1000)
    expect(doctor.frames).toEqual([])
    doctor.socket.bufferedAmount = 0
    await timers.advance(100)
    patient.update(1, laneWriter.message('live again'))
    await settle()
    const rows = doctor.of('rows')
    expect(rows.at(-1)?.head).toBe(22)
    expect(rows.reduce((sum, { updates }) => sum + updates.length, 0)).toBe(21)
    expect(doctor.of('closed')).toEqual([])
  })

  it('[SLOW-2] is promised nothing by the cursor meanwhile', async () => {
    const { welcomed, patient, laneWriter, page, timers } = await withMessages(1)
    const doctor = await welcomed(ada)
    doctor.open(1, page)
    await timers.advance(5000)
    doctor.take()
    doctor.socket.bufferedAmount = 2 ** 30
    patient.update(1, laneWriter.message('m'))
    await settle()
    await timers.advance(1600)
    doctor.socket.bufferedAmount = 0
    expect(doctor.of('cursor')).toEqual([])
    await timers.advance(2000)
    expect(doctor.frames.map(({ type }) => type)).toEqual(['rows', 'cursor'])
  })
})

describe('closing from outside', () => {
  const three = async (): Promise<TestServer & { clients: TestClient[] }> => {
    const test = await withMessages(1)
    const phone = parseDeviceId('patsphone')!
    const second = test.connect()
    second.hello(pat, { device: phone })
    await settle()
    second.open(1, test.page)
    second.open(2, userDoc(pat))
    const doctor = await test.welcomed(ada)
    return { ...test, clients: [test.patient, second, doctor] }
  }
  const codes = (clients: TestClient[]) => clients.map(({ socket }) => socket.closedWith?.code)

  it('[HELLO-6] ends what was opened in one session', async () => {
    const { server, clients } = await three()
    server.connections.closeSession(`s-${ada}`, ada)
    expect(codes(clients)).toEqual([undefined, undefined, 4401])
  })

  it('[CLOSE-2] [CLOSE-3] ends the channels of one chat', async () => {
    const { server, clients } = await three()
    server.connections.closeChat(pat, chat)
    expect(codes(clients)).toEqual([undefined, undefined, undefined])
    expect(clients[0]!.of('closed')).toMatchObject([{ channel: 1, code: 4403 }])
    expect(clients[1]!.of('closed')).toMatchObject([{ channel: 1, code: 4403 }])
  })

  it('[CLOSE-4] says that the server goes down', async () => {
    const { server, clients, connect } = await three()
    const silent = connect()
    await server.close()
    expect(codes([...clients, silent])).toEqual([1012, 1012, 1012, 1012])
    expect(connect().socket.closedWith?.code).toBe(1012)
  })
})

it('keeps no timers of connections that are gone', async () => {
  class CountingTimers extends TestTimers {
    running = 0
    override after(ms: number, callback: () => void): () => void {
      let counted = true
      const done = (): void => {
        if (counted) this.running--
        counted = false
      }
      this.running++
      const cancel = super.after(ms, () => {
        done()
        callback()
      })
      return () => {
        done()
        cancel()
      }
    }
  }
  const timers = new CountingTimers()
  const { patient, server, page } = await withMessages(3, { timers })
  const plain = server.acceptPlain(new TestClient(server).socket, page, tokenOf(pat))
  await settle()
  patient.drop()
  plain.closed()
  await timers.advance(30_000)
  await server.close()
  expect(timers.running).toBe(0)
})

describe('a flood of sockets that say nothing', () => {
  const flooded = async (count: number) => {
    const test = await startTestServer({ limits: { greetings: 100 } })
    const { server } = test
    const silent = Array.from({ length: count }, () => {
      const socket = new TestSocket()
      socket.handler = server.accept(socket, '192.0.2.66')
      return socket
    })
    return { ...test, silent }
  }

  it('is held in bounds, and makes no room by refusing others', async () => {
    const { server, silent } = await flooded(4_300)
    const third = new TestClient(server, '198.51.100.7')
    await settle()
    expect(silent.filter(({ closedWith }) => closedWith === undefined)).toHaveLength(99)
    expect(silent[0]?.closedWith?.code).toBe(4529)
    third.hello(pat)
    await settle()
    expect(third.frames[0]?.type).toBe('welcome')
  })

  it('does not keep out who shares its address: who says hello at once is in', async () => {
    const { server, silent } = await flooded(4_300)
    const neighbour = new TestClient(server, '192.0.2.66')
    neighbour.hello(pat)
    await settle()
    expect(neighbour.frames[0]?.type).toBe('welcome')
    expect(silent.at(-1)?.closedWith).toBeUndefined()
  })
})
