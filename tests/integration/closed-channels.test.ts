/** A document that the server cannot open for now: what its device does, and what goes on beside it. */
import { directChatId, monthOf, pageDoc } from '@wardline/core/base/ids'
import { readServerFrame } from '@wardline/core/protocol/frames'
import { StoreError } from '@wardline/sync-server/storage/store-error'
import { expect, it, vi } from 'vitest'
import { ada, ben, chat, pat, World } from '../support/world.ts'

const SECOND = 1_000

/** A phone with two chats; the page of the first cannot be read on the server until `mend`. */
const stuck = async () => {
  const world = await World.open(3, [ben])
  const phone = await world.device(pat, 'phone')
  const desk = await world.device(ada, 'desk')
  const other = directChatId(pat.id, ben.id)
  phone.client?.startChat(ben)
  await phone.client?.send(other, 'Elsewhere')
  await desk.send('Before')
  await world.quiesce()
  desk.goOffline()
  const page = pageDoc(chat, monthOf(world.timers.now()))
  world.crashServer()
  world.startServer()
  /** When it was tried, ms. */
  const tries: number[] = []
  const whole = world.store.extent.bind(world.store)
  const reads = vi.spyOn(world.store, 'extent').mockImplementation(async (doc) => {
    if (doc !== page) return await whole(doc)
    tries.push(world.timers.elapsed())
    throw new StoreError('STORE_UNAVAILABLE', 'not now')
  })
  phone.heard = []
  /** Lets time pass in larger steps than `quiesce` does: much of it has to. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += SECOND) {
      await world.drain()
      world.timers.advance(SECOND)
    }
    await world.drain()
  }
  const connections = (): number =>
    phone.heard.map(readServerFrame).filter(({ type }) => type === 'welcome').length
  await phone.open()
  phone.client?.wake()
  await phone.send('Waits')
  return { world, phone, other, tries, pass, connections, mend: () => reads.mockRestore() }
}

it('[CLOSE-2] [CLOSE-6] is tried again later and later, and everything else goes on', async () => {
  const { world, phone, other, tries, pass, connections, mend } = await stuck()
  await world.quiesce(100 * SECOND)
  const waits = tries.slice(1).map((at, i) => Math.round((at - tries[i]!) / SECOND))
  expect(waits.slice(0, 6)).toEqual([1, 2, 4, 8, 16, 32])
  expect(connections()).toBe(1)
  await phone.client?.send(other, 'Goes on')
  await world.quiesce()
  expect(phone.client?.shell().waiting).toBe(1)
  mend()
  await pass(100 * SECOND)
  expect(phone.client?.shell().waiting).toBe(0)
  expect(connections()).toBe(1)
})

it('[CLOSE-6] is not tried for ever on one connection, and anew on the next', async () => {
  const { phone, tries, pass, connections, mend } = await stuck()
  await pass(9_000 * SECOND)
  const tried = tries.length
  expect(tried).toBe(31)
  expect(Math.max(...tries.slice(1).map((at, i) => at - tries[i]!))).toBeLessThanOrEqual(
    301 * SECOND,
  )
  await pass(2_000 * SECOND)
  expect(tries.length).toBe(tried)
  expect(connections()).toBe(1)
  mend()
  phone.goOffline()
  phone.goOnline()
  await pass(10 * SECOND)
  expect(phone.client?.shell().waiting).toBe(0)
}, 60_000)
