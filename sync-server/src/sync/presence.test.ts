import { clientIdOf } from '@wardline/core/base/client-id'
import { chatDoc } from '@wardline/core/base/ids'
import {
  type AwarenessEntry,
  readAwareness,
  writeAwareness,
} from '@wardline/core/presence/awareness-codec'
import { describe, expect, it } from 'vitest'
import { settle } from '../base/test-timers.ts'
import {
  ada,
  ben,
  chat,
  eve,
  pat,
  startTestServer,
  type TestClient,
  TestLaneWriter,
  TestSocket,
  tokenOf,
  writerOfUser,
} from './sync-test-kit.ts'

const withChat = async () => {
  const test = await startTestServer()
  await test.server.directory.registerDirectChat(pat, ada, pat)
  await test.server.directory.registerDirectChat(eve, ben, eve)
  return test
}

describe('presence', () => {
  const peopleOf = (client: TestClient) => client.of('presence').flatMap(({ people }) => people)

  it('[PRES-1] tells the people who share a chat, and nobody else', async () => {
    const { welcomed } = await withChat()
    const doctor = await welcomed(ada)
    const stranger = await welcomed(ben)
    await welcomed(pat)
    expect(peopleOf(doctor)).toEqual([{ user: pat, online: true, lastSeenAt: 0 }])
    expect(peopleOf(stranger)).toEqual([])
  })

  it('[PRES-2] waits some seconds before somebody is offline', async () => {
    const { welcomed, timers } = await withChat()
    const doctor = await welcomed(ada)
    const first = await welcomed(pat)
    const second = await welcomed(pat)
    doctor.take()
    first.drop()
    await timers.advance(60_000)
    expect(peopleOf(doctor)).toEqual([])
    second.drop()
    const lastSeenAt = timers.now()
    await timers.advance(4_000)
    const third = await welcomed(pat)
    await timers.advance(60_000)
    expect(peopleOf(doctor)).toEqual([])
    third.drop()
    await timers.advance(5_000)
    expect(peopleOf(doctor)).toEqual([
      { user: pat, online: false, lastSeenAt: lastSeenAt + 64_000 },
    ])
  })

  it('[PRES-3] lists the contacts at the welcome, also after a restart', async () => {
    const { welcomed, timers, store } = await withChat()
    const patient = await welcomed(pat)
    patient.drop()
    const lastSeenAt = timers.now()
    await timers.advance(60_000)
    expect(peopleOf(await welcomed(ada))).toEqual([{ user: pat, online: false, lastSeenAt }])
    const restarted = await startTestServer({ store, timers })
    expect(peopleOf(await restarted.welcomed(ada))).toEqual([
      { user: pat, online: false, lastSeenAt },
    ])
  })

  it('[PRES-3] is stored when the server goes down', async () => {
    const { welcomed, server, store, timers } = await withChat()
    await welcomed(pat)
    await server.close()
    const restarted = await startTestServer({ store, timers })
    expect(peopleOf(await restarted.welcomed(ada))).toEqual([
      { user: pat, online: false, lastSeenAt: timers.now() },
    ])
  })

  it('[PRES-1] tells both when they get a chat', async () => {
    const { server, welcomed } = await withChat()
    const doctor = await welcomed(ben)
    const patient = await welcomed(pat)
    await server.directory.registerDirectChat(pat, ben, pat)
    await settle()
    expect(peopleOf(doctor)).toContainEqual({ user: pat, online: true, lastSeenAt: 0 })
    expect(peopleOf(patient)).toContainEqual({ user: ben, online: true, lastSeenAt: 0 })
  })
})

describe('typing', () => {
  const doc = chatDoc(chat)
  const patClient = clientIdOf(1, writerOfUser(pat))
  const adaClient = clientIdOf(2, writerOfUser(ada))

  const both = async () => {
    const test = await withChat()
    const patient = await test.welcomed(pat)
    const doctor = await test.welcomed(ada)
    patient.open(1, doc)
    doctor.open(1, doc)
    await settle()
    patient.take()
    doctor.take()
    return { ...test, patient, doctor }
  }
  const say = (client: TestClient, entries: AwarenessEntry[]): void =>
    client.send({ type: 'awareness', channel: 1, update: writeAwareness(entries) })
  const heard = (client: TestClient): AwarenessEntry[] =>
    client.of('awareness').flatMap(({ update }) => readAwareness(update) ?? [])

  it('[AWARE-1] is passed on as the server knows it, not as it came', async () => {
    const { patient, doctor } = await both()
    say(patient, [
      {
        client: patClient,
        clock: 1,
        state: { typing: true, user: ada, html: '<b>' },
      },
    ])
    expect(heard(doctor)).toEqual([
      { client: patClient, clock: 1, state: { user: pat, typing: true } },
    ])
    expect(heard(patient)).toEqual([])
  })

  it('[AWARE-2] of anybody else is dropped', async () => {
    const { patient, doctor } = await both()
    say(patient, [
      { client: adaClient, clock: 9, state: { typing: true } },
      { client: patClient + 1, clock: 1, state: { typing: true } },
      { client: 5, clock: 1, state: { typing: true } },
      { client: patClient, clock: 2 ** 40, state: { typing: true } },
    ])
    patient.send({ type: 'awareness', channel: 1, update: new Uint8Array([255, 255, 255]) })
    expect(heard(doctor)).toEqual([])
    expect(patient.socket.closedWith).toBeUndefined()
  })

  it('[AWARE-2] that is old is dropped', async () => {
    const { patient, doctor } = await both()
    for (const clock of [3, 3, 2, 3 + 200_000])
      say(patient, [{ client: patClient, clock, state: { typing: true } }])
    expect(heard(doctor).map(({ clock }) => clock)).toEqual([3])
    say(patient, [{ client: patClient, clock: 3, state: null }])
    expect(heard(doctor).at(-1)).toEqual({ client: patClient, clock: 3, state: null })
  })

  it('[AWARE-4] ends with the channel, with the connection, and after 30 s of silence', async () => {
    const { patient, doctor, timers, welcomed } = await both()
    const typing = { client: patClient, clock: 1, state: { typing: true } }
    const gone = { ...typing, state: null }
    say(patient, [typing])
    await timers.advance(29_999)
    expect(heard(doctor)).toHaveLength(1)
    await timers.advance(1)
    expect(heard(doctor).at(-1)).toEqual(gone)

    say(patient, [typing])
    doctor.take()
    patient.send({ type: 'close', channel: 1 })
    expect(heard(doctor)).toEqual([gone])

    patient.open(2, doc)
    await settle()
    patient.send({ type: 'awareness', channel: 2, update: writeAwareness([typing]) })
    doctor.take()
    patient.drop()
    expect(heard(doctor)).toEqual([gone])

    const late = await welcomed(pat)
    say(doctor, [{ client: adaClient, clock: 7, state: { typing: false } }])
    late.open(1, doc)
    await settle()
    expect(heard(late)).toEqual([
      { client: adaClient, clock: 7, state: { user: ada, typing: false } },
    ])
  })

  it('[AWARE-5] outlives the dead connection of the same page load', async () => {
    const { patient, doctor, welcomed } = await both()
    say(patient, [{ client: patClient, clock: 5, state: { typing: true } }])
    const again = await welcomed(pat)
    again.open(1, doc)
    await settle()
    say(again, [{ client: patClient, clock: 1, state: { typing: true } }])
    doctor.take()
    patient.drop()
    expect(heard(doctor)).toEqual([])
  })

  it('[AWARE-6] goes first when a client takes in less than it is sent', async () => {
    const { patient, doctor } = await both()
    doctor.socket.bufferedAmount = 2 ** 30
    say(patient, [{ client: patClient, clock: 5, state: { typing: true } }])
    expect(doctor.frames).toEqual([])
  })

  it('[AWARE-2] is not heard in pages', async () => {
    const { patient, timers } = await both()
    patient.open(2, new TestLaneWriter(pat, 1, timers.now()).page())
    await settle()
    const update = writeAwareness([{ client: patClient, clock: 1, state: { typing: true } }])
    patient.send({ type: 'awareness', channel: 2, update })
    expect(patient.socket.closedWith).toBeUndefined()
  })
})

describe('for plain clients', () => {
  it('[AWARE-3] the server says who is online, and repeats it', async () => {
    const { server, welcomed, timers } = await withChat()
    const socket = new TestSocket()
    const handler = server.acceptPlain(socket, chatDoc(chat), tokenOf(pat))
    await settle()
    const states = (): unknown[] =>
      socket.sent
        .filter((bytes) => bytes[0] === 1)
        .flatMap((bytes) => readAwareness(bytes.subarray(2)) ?? [])
        .map(({ client, state }) => [client < 2 ** 40, state])
    expect(states()).toEqual([[true, { online: [pat] }]])
    await welcomed(ada)
    expect(states().at(-1)).toEqual([true, { online: [pat, ada] }])
    const before = states().length
    await timers.advance(15_000)
    expect(states().length).toBe(before + 1)
    handler.closed()
  })
})
