/** Years of one chat, as somebody with bad intentions fills them. */

import { type DeviceId, directPair, type Month, pageDoc } from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import { Page } from '@wardline/core/chat/page'
import { readServerFrame } from '@wardline/core/protocol/frames'
import { afterEach, expect, it } from 'vitest'
import { ada, chat, pat, World } from '../support/world.ts'

const MiB = 1024 * 1024
const worlds: World[] = []
afterEach(() => {
  for (const world of worlds.splice(0)) for (const device of world.devices) device.kill()
})

/** A month of about so many MiB, as rows. */
const filled = async (month: Month, size: number): Promise<Uint8Array[]> => {
  const laneWriter = new LaneWriter(1, Number(month.replace('-', '')), 'attacker1' as DeviceId)
  const page = new Page()
  const body = await sealBody({ text: 'x'.repeat(60_000) })
  const at = Date.parse(`${month}-05T00:00:00Z`)
  return Array.from({ length: size }, () => {
    const added = Array.from({ length: 17 }, () => ({
      at,
      kind: EntryKind.message,
      ref: null,
      body,
    }))
    const { update, advance } = laneWriter.entries(added, page.frontier)
    advance()
    return update
  })
}

it('are fetched one after the other, and leave the device as light as it was', async () => {
  const world = await World.open(11)
  worlds.push(world)
  const pair = directPair(chat)
  if (pair === undefined) throw new Error('a direct chat')
  await world.server.directory.registerDirectChat(pair.patient, pair.doctor, pat.id)
  const months = Array.from(
    { length: 12 },
    (_, i) => `2023-${String(i + 1).padStart(2, '0')}` as Month,
  )
  for (const month of months) {
    const registered = await world.server.directory.registerPage(chat, month)
    expect(registered.ok).toBe(true)
    const doc = pageDoc(chat, month)
    for (const update of await filled(month, 6))
      await world.store.commit({ appends: [{ doc, update }] })
  }
  const desk = await world.device(ada, 'desk')
  await world.quiesce(60_000)
  // Whatever comes of one document before its head is on its way into memory.
  const coming = new Map<number, number>()
  let most = 0
  for (const bytes of desk.heard) {
    const frame = readServerFrame(bytes)
    if (frame.type === 'rows') {
      const sum = frame.updates.reduce((all, { length }) => all + length, 0)
      coming.set(frame.channel, (coming.get(frame.channel) ?? 0) + sum)
    }
    if (frame.type === 'head') coming.delete(frame.channel)
    most = Math.max(
      most,
      [...coming.values()].reduce((all, each) => all + each, 0),
    )
  }
  expect(most).toBeLessThan(30 * MiB)
  expect(desk.client?.shell().chats[0]?.unread).toBe(12 * 6 * 17)
  // All of it is here, and can be read.
  await desk.open()
  const view = await desk.view()
  expect(view?.items.length).toBeGreaterThan(10)
}, 120_000)
