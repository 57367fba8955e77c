/** What a member with a client of their own can do to the devices of others: nothing. */

import { writerOf } from '@wardline/core/base/client-id'
import { monthOf, pageDoc, parseMonth } from '@wardline/core/base/ids'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import { readAwareness } from '@wardline/core/presence/awareness-codec'
import { readServerFrame } from '@wardline/core/protocol/frames'
import { expect, it } from 'vitest'
import { ada, chat, pat, START, World } from '../support/world.ts'

it('months in which nobody said anything are neither shown nor kept open', async () => {
  const world = await World.open()
  const phone = await world.device(pat, 'phone')
  const desk = await world.device(ada, 'desk')
  await phone.send('the only message')
  await world.quiesce()
  const laneWriter = new LaneWriter(2, 4711, desk.id)
  const { update } = laneWriter.receipts([{ kind: 'd', writer: 1, n: 1 }], START)
  for (let year = 1971; year <= 1990; year++)
    for (const month of ['01', '02', '03']) {
      const doc = pageDoc(chat, parseMonth(`${year}-${month}`)!)
      await desk.store.append(doc, [{ update, mine: { entries: [] } }])
    }
  desk.kill()
  await desk.start()
  await world.quiesce()
  expect(world.disk.docs.size).toBeGreaterThan(60)
  expect(await phone.texts()).toEqual(['the only message'])
  expect(phone.conversation?.docs()).toEqual([`chat/${chat}`, pageDoc(chat, monthOf(START))])
  expect(phone.conversation?.view()).toMatchObject({ hasOlder: false, incomplete: false })
})

it('[FOLD-4] a reaction that is no emoji is none: nobody puts words under what others said', async () => {
  const world = await World.open()
  const phone = await world.device(pat, 'phone')
  const desk = await world.device(ada, 'desk')
  await phone.send('I took two of them')
  await world.quiesce()
  const reactions = async () => {
    const [item] = (await phone.open()).items
    return item?.type === 'message' ? item.reactions.map(({ emoji }) => emoji) : undefined
  }
  const key = (await desk.open()).items[0]?.key ?? ''
  await desk.client?.react(chat, key, '👍')
  await world.quiesce()
  expect(await reactions()).toEqual(['👍'])
  await desk.client?.react(chat, key, '✓ agreed')
  await world.quiesce()
  expect(await reactions()).toEqual([])
})

it('[BODY-3] what nobody can read is shown as that, and the rest as ever', async () => {
  const world = await World.open()
  const phone = await world.device(pat, 'phone')
  const desk = await world.device(ada, 'desk')
  const laneWriter = new LaneWriter(2, 4711, desk.id)
  const bodies = [
    'sealed',
    '{',
    '[]',
    '{"text":7}',
    `${'['.repeat(60_000)}`,
    '{"text":"fine"}',
  ].map((text, i) => Uint8Array.of(i === 0 ? 1 : 0, ...new TextEncoder().encode(text)))
  bodies.push(Uint8Array.of(0, 0xff, 0xfe))
  const { update, entries } = laneWriter.entries(
    bodies.map((body) => ({ at: START, kind: EntryKind.message, ref: null, body })),
    new Map(),
  )
  await desk.store.append(pageDoc(chat, monthOf(START)), [{ update, mine: { entries } }])
  desk.kill()
  await desk.start()
  await world.quiesce()
  const { items } = await phone.open()
  const shown = items.map((item) => item.type === 'message' && (item.unreadable ?? item.text))
  expect(shown).toEqual([true, true, true, true, true, 'fine', true])
  expect(phone.unread).toBe(7)
  await phone.read()
  expect(phone.unread).toBe(0)
})

it('[GATE-11] who types does not tell the writer of what they are about to write', async () => {
  const world = await World.open()
  const phone = await world.device(pat, 'phone')
  const desk = await world.device(ada, 'desk')
  await phone.send('hello')
  await world.quiesce()
  await desk.open()
  await world.quiesce()
  desk.heard = []
  phone.client?.setTyping(chat, true)
  await world.drain()
  const typists = desk.heard
    .map(readServerFrame)
    .flatMap((frame) => (frame.type === 'awareness' ? (readAwareness(frame.update) ?? []) : []))
    .filter(({ state }) => JSON.stringify(state).includes('typing'))
    .map(({ client }) => writerOf(client))
  const key = (await phone.open()).items[0]?.key
  expect(typists).toHaveLength(1)
  expect(key).not.toContain(`/${typists[0]}.`)
})
