import {
  chatDoc,
  type DocName,
  directChatId,
  pageDoc,
  parseMonth,
  userDoc,
} from '@wardline/core/base/ids'
import { describe, expect, it } from 'vitest'
import { settle } from '../base/test-timers.ts'
import { MemoryDisk, MemoryStore } from '../storage/memory-store.ts'
import {
  ada,
  ben,
  chat,
  eve,
  pat,
  startTestServer,
  type TestClient,
  TestLaneWriter,
} from './sync-test-kit.ts'

/** A patient who has written one message to a doctor. */
const started = async () => {
  const test = await startTestServer()
  const patient = await test.welcomed(pat)
  const laneWriter = new TestLaneWriter(pat, 1, test.timers.now())
  patient.open(1, laneWriter.page())
  patient.update(1, laneWriter.message('first'))
  await settle()
  return { ...test, patient, laneWriter, page: laneWriter.page() }
}

const docsOf = (client: TestClient): [DocName, number][] =>
  client
    .of('welcome')
    .flatMap(({ docs }) => docs)
    .map(({ doc, head }): [DocName, number] => [doc, head])
    .sort()

const position = (client: TestClient): { epoch: string; cursor: string } => {
  const welcome = client.of('welcome')[0]!
  return {
    epoch: welcome.epoch,
    cursor: client.of('cursor').at(-1)?.cursor ?? welcome.cursor,
  }
}

describe('welcome', () => {
  it('[CURSOR-1] names every document to a device that has no cursor, or one of another epoch', async () => {
    const { connect, page } = await started()
    for (const hello of [{}, { epoch: 'another', cursor: '1' }, { cursor: 'x' }]) {
      const client = connect()
      client.hello(ada, hello)
      await settle()
      expect(client.of('welcome')).toMatchObject([{ user: ada, complete: true }])
      expect(docsOf(client)).toEqual([
        [chatDoc(chat), 2],
        [page, 1],
        [userDoc(ada), 1],
      ])
    }
  })

  it('[CURSOR-1] names first what moved last', async () => {
    const { connect, page, patient, laneWriter } = await started()
    const named = async () => {
      const client = connect()
      client.hello(ada)
      await settle()
      return client.of('welcome')[0]?.docs.map(({ doc }) => doc)
    }
    patient.update(1, laneWriter.message('second'))
    await settle()
    expect((await named())?.[0]).toBe(page)
    expect((await named())?.length).toBe(3)
  })

  it('[CURSOR-2] names what moved since the cursor', async () => {
    const { welcomed, connect, patient, laneWriter, page } = await started()
    const doctor = await welcomed(ada)
    const known = position(doctor)
    doctor.drop()
    patient.update(1, laneWriter.message('second'))
    await settle()
    const again = connect()
    again.hello(ada, known)
    await settle()
    expect(again.of('welcome')[0]).toMatchObject({ complete: false })
    expect(docsOf(again)).toEqual([[page, 2]])
  })

  it('[CURSOR-3] names all of a chat that the user got into after the cursor', async () => {
    const { server, connect, welcomed, store, timers } = await started()
    const doctor = await welcomed(ben)
    const known = position(doctor)
    doctor.drop()
    await server.directory.registerDirectChat(eve, ben, eve)
    const other = directChatId(eve, ben)
    // As if its documents were older than the membership.
    const page = pageDoc(other, new TestLaneWriter(eve, 1, timers.now()).month)
    await store.commit({ appends: [{ doc: page, update: new Uint8Array([0, 0]) }] })
    const again = connect()
    again.hello(ben, known)
    await settle()
    expect(docsOf(again)).toEqual([
      [chatDoc(other), 1],
      [page, 1],
      [userDoc(ben), 1],
    ])
  })

  it('[CURSOR-4] gives a cursor that covers what is durable, and loses nothing around it', async () => {
    const { connect, patient, laneWriter, page } = await started()
    const doctor = connect()
    doctor.hello(ada)
    patient.update(1, laneWriter.message('while it is put together'))
    await settle()
    const told = Math.max(
      ...docsOf(doctor).map(([doc, head]) => (doc === page ? head : 0)),
      ...doctor
        .of('changed')
        .flatMap(({ docs }) => docs)
        .map(({ doc, head }) => (doc === page ? head : 0)),
    )
    expect(told).toBe(2)
  })
})

describe('a live connection', () => {
  it('[CURSOR-5] says from time to time up to where everything was sent or announced', async () => {
    const { connect, welcomed, patient, laneWriter, page, timers } = await started()
    const doctor = await welcomed(ada)
    doctor.take()
    patient.update(1, laneWriter.message('second'))
    await settle()
    expect(doctor.frames).toEqual([{ type: 'changed', docs: [{ doc: page, head: 2 }] }])
    await timers.advance(1600)
    const [cursor, ...more] = doctor.of('cursor')
    expect(more).toEqual([])
    const again = connect()
    const { epoch } = position(await welcomed(ada))
    again.hello(ada, { epoch, cursor: cursor!.cursor })
    await settle()
    expect(docsOf(again)).toEqual([])
    // And nothing when nothing happens.
    await timers.advance(60_000)
    expect(doctor.of('cursor')).toHaveLength(1)
  })

  it('[CHANGED-1] hears of documents that it has not open, and of chats that begin', async () => {
    const { server, welcomed, page, laneWriter, patient } = await started()
    const doctor = await welcomed(ada)
    doctor.open(1, page)
    await settle()
    doctor.take()
    patient.update(1, laneWriter.message('on the channel'))
    await settle()
    expect(doctor.frames.map(({ type }) => type)).toEqual(['rows'])
    doctor.take()
    await server.directory.registerDirectChat(eve, ada, eve)
    await settle()
    const docs = doctor.of('changed').flatMap((frame) => frame.docs)
    expect(new Set(docs.map(({ doc }) => doc))).toEqual(
      new Set([userDoc(ada), chatDoc(directChatId(eve, ada))]),
    )
    doctor.take()
    const sick = await welcomed(eve)
    sick.open(1, chatDoc(directChatId(eve, ada)))
    sick.open(2, pageDoc(directChatId(eve, ada), parseMonth('2026-06')!))
    sick.update(2, new TestLaneWriter(eve, 1, Date.UTC(2026, 5, 15)).message('help'))
    await settle()
    const told = doctor.of('changed').flatMap((frame) => frame.docs)
    expect(told.map(({ doc }) => doc)).toContain(
      pageDoc(directChatId(eve, ada), parseMonth('2026-06')!),
    )
  })

  it('[CHANGED-2] hears of nobody else’s', async () => {
    const { welcomed, patient, laneWriter } = await started()
    const stranger = await welcomed(ben)
    stranger.take()
    patient.update(1, laneWriter.message('x'))
    await settle()
    expect(stranger.frames).toEqual([])
  })

  it('[CHANGED-3] hears again of what was on its way when it closed the channel', async () => {
    const { welcomed, patient, laneWriter, page } = await started()
    const doctor = await welcomed(ada)
    doctor.open(1, page)
    await settle()
    patient.update(1, laneWriter.message('second'))
    await settle()
    doctor.take()
    doctor.send({ type: 'close', channel: 1 })
    await settle()
    expect(doctor.frames).toEqual([{ type: 'changed', docs: [{ doc: page, head: 2 }] }])
    doctor.take()
    doctor.open(2, page, 2)
    await settle()
    doctor.send({ type: 'close', channel: 2 })
    await settle()
    expect(doctor.frames).toEqual([{ type: 'head', channel: 2, head: 2, accepted: 0 }])
  })
})

/** The disk as it is now, for going back to it without a word. */
const copyOf = (disk: MemoryDisk): MemoryDisk => {
  const copy = Object.assign(new MemoryDisk(), { epoch: disk.epoch, seq: disk.seq })
  copy.incarnations = disk.incarnations
  for (const [key, record] of disk.records) copy.records.set(key, { ...record })
  for (const [name, doc] of disk.docs) copy.docs.set(name, { ...doc, rows: [...doc.rows] })
  return copy
}

describe('a database that went back', () => {
  /** One message that stays, a copy, and what `lost` writes after it. */
  const rolledBack = async (lost: (laneWriter: TestLaneWriter, patient: TestClient) => void) => {
    const disk = new MemoryDisk()
    const before = await startTestServer({ store: new MemoryStore({ disk }) })
    const patient = await before.welcomed(pat)
    const laneWriter = new TestLaneWriter(pat, 1, before.timers.now())
    patient.open(1, laneWriter.page())
    patient.update(1, laneWriter.message('stays'))
    await settle()
    const copy = copyOf(disk)
    lost(laneWriter, patient)
    await settle()
    await before.timers.advance(2_000)
    const after = await startTestServer({ store: new MemoryStore({ disk: copy }) })
    return { before, patient, laneWriter, page: laneWriter.page(), after }
  }

  it('[CURSOR-1] [CURSOR-7] takes the cursor of a change that is lost for an unknown one, whoever wrote since', async () => {
    const { patient, after, page } = await rolledBack((laneWriter, client) =>
      client.update(1, laneWriter.message('lost')),
    )
    const doctor = await after.welcomed(ada)
    const laneWriter = new TestLaneWriter(ada, 2, after.timers.now())
    doctor.open(1, page)
    for (const text of ['one', 'two', 'three']) doctor.update(1, laneWriter.message(text))
    await settle()
    const again = after.connect()
    again.hello(pat, position(patient))
    await settle()
    expect(again.of('welcome')[0]).toMatchObject({ complete: true })
    expect(docsOf(again)).toContainEqual([page, 4])
  })

  it('[OPEN-9] says so of a head whose rows are lost, also where others took its number', async () => {
    const { before, after, page } = await rolledBack(() => {})
    // The cursor is of before; the head is of what came after it.
    const reader = await before.welcomed(ada)
    const known = position(reader)
    const doctor = await after.welcomed(ada)
    const laneWriter = new TestLaneWriter(ada, 2, after.timers.now())
    doctor.open(1, page)
    for (const text of ['one', 'two', 'three']) doctor.update(1, laneWriter.message(text))
    await settle()
    for (const [head, lost] of [
      [1, false],
      [2, true],
      [4, true],
      [5, true],
    ] as const) {
      const client = after.connect()
      client.hello(ada, known)
      await settle()
      expect(client.of('welcome')[0]).toMatchObject({ complete: false })
      client.open(1, page, head)
      await settle()
      const rejects = client.of('reject').map(({ frame, code }) => ({ frame, code }))
      expect(rejects).toEqual(lost ? [{ frame: 0, code: 'MISSING_DEP' }] : [])
      const rows = client.of('rows').flatMap(({ updates }) => updates)
      expect(rows).toHaveLength(lost ? 4 : 3)
      expect(client.of('head').at(-1)).toMatchObject({ head: 4, accepted: 0 })
      // What it was given here, it may name here.
      client.send({ type: 'close', channel: 1 })
      client.take()
      client.open(2, page, 4)
      await settle()
      expect(client.of('reject')).toEqual([])
      client.drop()
    }
  })

  it('[OPEN-9] knows nothing to object to after a restart that lost nothing', async () => {
    const disk = new MemoryDisk()
    const before = await startTestServer({ store: new MemoryStore({ disk }) })
    const patient = await before.welcomed(pat)
    const known = position(patient)
    const laneWriter = new TestLaneWriter(pat, 1, before.timers.now())
    patient.open(1, laneWriter.page())
    for (const text of ['one', 'two', 'three']) patient.update(1, laneWriter.message(text))
    await settle()
    const after = await startTestServer({ store: new MemoryStore({ disk }) })
    const again = after.connect()
    again.hello(pat, known)
    again.open(1, laneWriter.page(), 3)
    await settle()
    expect(again.of('welcome')[0]).toMatchObject({ complete: false })
    expect(again.of('reject')).toEqual([])
    expect(again.of('rows')).toEqual([])
    expect(again.of('head')).toMatchObject([{ head: 3, accepted: 0 }])
  })
})
