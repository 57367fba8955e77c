import { chatDoc, userDoc } from '@wardline/core/base/ids'
import { prefKey } from '@wardline/core/chat/prefs'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import { expect, it } from 'vitest'
import { settle } from '../base/test-timers.ts'
import { MAX_CLOSINGS } from '../directory/directory.ts'
import { withDoc } from '../storage/doc-content.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import {
  ada,
  chat,
  pat,
  startTestServer,
  type TestClient,
  TestLaneWriter,
} from './sync-test-kit.ts'

/** The time by the clock of the kit: what is written then comes when it says. */
const at = Date.UTC(2026, 5, 15)
const open = async (store = new MemoryStore()) => {
  const kit = await startTestServer({ store })
  await kit.server.directory.registerDirectChat(pat, ada, pat)
  const doctor = await kit.welcomed(ada)
  doctor.open(1, userDoc(ada))
  const patient = await kit.welcomed(pat)
  const laneWriter = new TestLaneWriter(pat, 1, at)
  patient.open(1, laneWriter.page())
  await settle()
  patient.take()
  doctor.take()
  let clock = 0
  const set = async (client: TestClient, blocked: boolean): Promise<void> => {
    const key = prefKey('blocked', chat)
    const after = clock === 0 ? {} : { after: { client: 2 ** 40 + 31, clock: clock - 1 } }
    client.update(
      1,
      encodeLaneWrite({
        client: 2 ** 40 + 31,
        clock: clock++,
        items: [{ map: 'prefs', key, value: blocked, ...after }],
      }),
    )
    await settle()
  }
  const answer = (): string | undefined => {
    const found = patient.take().find((frame) => frame.type === 'reject')
    return found?.type === 'reject' ? found.code : undefined
  }
  const toldIn = async (user: typeof pat) =>
    withDoc(await store.read(userDoc(user)), (copy) =>
      [...copy.getMap('sys').entries()]
        .sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
        .map(([key, value]) => [key, (value as { closedBy?: number[] }).closedBy]),
    )
  return { kit, store, doctor, patient, laneWriter, set, answer, toldIn }
}

it('[PREF-4] refuses what the other writes from the setting on, and takes it again after it', async () => {
  const { kit, store, doctor, patient, laneWriter, set, answer, toldIn } = await open()
  patient.update(1, laneWriter.message('before'))
  await settle()
  expect(answer()).toBeUndefined()
  await set(doctor, true)
  patient.update(1, laneWriter.message('blocked'))
  await settle()
  await kit.timers.advance(1_000)
  expect(answer()).toBe('BLOCKED')
  expect(await store.head(laneWriter.page())).toBe(1)
  // Both are told, and the doctor may still write.
  expect(await toldIn(pat)).toEqual([
    [`chat/${chat}`, undefined],
    [`chat/${chat}/2`, [2]],
  ])
  expect(await toldIn(ada)).toEqual(await toldIn(pat))
  const theirs = new TestLaneWriter(ada, 2, at)
  doctor.open(2, theirs.page())
  doctor.update(2, theirs.message('an answer'))
  await settle()
  expect(doctor.of('reject')).toEqual([])

  await set(doctor, false)
  await kit.timers.advance(1_000)
  const again = new TestLaneWriter(pat, 1, at, 4712)
  patient.update(1, again.message('after'))
  await settle()
  expect(answer()).toBeUndefined()
  expect(await store.head(laneWriter.page())).toBe(3)
  expect((await toldIn(pat)).at(-1)).toEqual([`chat/${chat}/3`, undefined])
})

it('[PREF-4] holds after a restart, on the first message, also when nobody was told of it yet', async () => {
  const store = new MemoryStore()
  const { kit, doctor, set } = await open(store)
  await set(doctor, true)
  await kit.timers.advance(1_000)
  const next = await startTestServer({ store })
  const patient = await next.welcomed(pat)
  const laneWriter = new TestLaneWriter(pat, 1, at)
  patient.open(1, laneWriter.page())
  patient.update(1, laneWriter.message('blocked'))
  await settle()
  expect(patient.of('reject')[0]?.code).toBe('BLOCKED')
  expect(await store.head(laneWriter.page())).toBe(0)
  expect(await store.head(chatDoc(chat))).toBe(1)
})

it('[PREF-4] tells of it so often and no more, however often the setting changes, and holds all the same', async () => {
  const { kit, doctor, patient, laneWriter, set, answer, toldIn } = await open()
  for (let i = 0; i < MAX_CLOSINGS + 5; i++) {
    await set(doctor, i % 2 === 0)
    await kit.timers.advance(300)
  }
  expect((await toldIn(pat)).length).toBe(MAX_CLOSINGS)
  await set(doctor, true)
  await kit.timers.advance(300)
  patient.update(1, laneWriter.message('blocked'))
  await settle()
  expect(answer()).toBe('BLOCKED')
}, 60_000)

it('refuses what is written to somebody whose account is closed, at once and after a restart', async () => {
  const { kit, store, patient, laneWriter, answer } = await open()
  patient.update(1, laneWriter.message('before'))
  await settle()
  expect(answer()).toBeUndefined()
  const { profiles } = kit.server.directory
  await profiles.change(ada, { status: 'closed' }, { actor: 'server' })
  patient.update(1, laneWriter.message('too late'))
  await settle()
  await kit.timers.advance(1_000)
  expect(answer()).toBe('BLOCKED')
  const next = await startTestServer({ store })
  const again = await next.welcomed(pat)
  const lane = new TestLaneWriter(pat, 1, at, 4712)
  again.open(1, lane.page())
  again.update(1, lane.message('later'))
  await settle()
  expect(again.of('reject')[0]?.code).toBe('BLOCKED')
  // That is no setting of hers, and she did not block anybody.
  expect((await next.server.directory.chatOf(chat))?.closing?.by).toEqual([])
})
