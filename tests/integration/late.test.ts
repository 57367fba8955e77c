/** What arrives at another time than it says it was written, and what is concluded from that. */

import { monthOf, pageDoc } from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import type { ChatSummary, MessageView } from '@wardline/core/client/model/views'
import type { SearchResults } from '@wardline/core/client/search/results'
import { compactDoc } from '@wardline/sync-server/storage/compaction'
import { describe, expect, it } from 'vitest'
import { ada, ben, chat, type Device, pat, START, World } from '../support/world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const thisMonth = pageDoc(chat, monthOf(START))

const pair = async (skew = 0) => {
  const world = await World.open()
  const phone = await world.device(pat, 'phone', skew)
  const desk = await world.device(ada, 'desk')
  await world.quiesce()
  return { world, phone, desk }
}

/** Lets an hour or a day pass, with all that happens in it. */
const pass = async (world: World, ms: number): Promise<void> => {
  world.timers.advance(ms)
  await world.quiesce()
}

const summaryOf = (device: Device, id = device.chat): ChatSummary => {
  const found = device.client?.shell().chats.find((one) => one.id === id)
  if (found === undefined) throw new Error('no such chat in the list')
  return found
}

const messagesOf = async (device: Device): Promise<MessageView[]> =>
  (await device.open()).items.flatMap((item) => (item.type === 'message' ? [item] : []))

/** What every device should say of when its messages came. */
const dating = async (device: Device) =>
  (await messagesOf(device)).map(({ text, at, arrivedAt, datedBefore }) => ({
    ...{ text, at, arrivedAt, datedBefore },
  }))

/** A program of the person's own that dates as it likes. */
const writeAt = async (device: Device, at: number, text: string, index = 1): Promise<void> => {
  const laneWriter = new LaneWriter(index, 4711 + (at % 1000), device.id)
  const draft = { at, kind: EntryKind.message, ref: null, body: await sealBody({ text }) }
  const { update, entries } = laneWriter.entries([draft], new Map())
  await device.store.append(pageDoc(device.chat, monthOf(at)), [{ update, mine: { entries } }])
  device.kill()
  await device.start()
}

const hiddenHour = async () => {
  const { world, phone, desk } = await pair()
  await phone.send('before')
  await world.quiesce()
  await desk.read()
  await world.quiesce()
  phone.goOffline()
  await phone.send('offline')
  await pass(world, HOUR)
  await desk.send('meanwhile')
  await world.quiesce(60_000)
  await pass(world, HOUR)
  return { world, phone, desk }
}

describe('an arrival', () => {
  it('[ARRIVE-1] is told by the server where the message does not tell it, to every device alike', async () => {
    const { world, phone, desk } = await hiddenHour()
    phone.goOnline()
    await world.quiesce()
    const [before, offline, meanwhile] = await dating(desk)
    expect([before?.arrivedAt, meanwhile?.arrivedAt]).toEqual([null, null])
    expect(offline?.arrivedAt).toBeGreaterThan((offline?.at ?? 0) + 2 * HOUR - MINUTE)
    expect(await dating(phone)).toEqual([before, offline, meanwhile])
    await compactDoc(world.store, thisMonth, 0)
    world.crashServer()
    world.startServer()
    for (const [person, name] of [
      [pat, 'tablet'],
      [ada, 'laptop'],
    ] as const) {
      const fresh = await world.device(person, name)
      await world.quiesce(60_000)
      expect(await dating(fresh)).toEqual([before, offline, meanwhile])
    }
  })

  it('[ARRIVE-1] costs nothing while messages come when they say', async () => {
    const { world, phone, desk } = await pair()
    for (const text of ['one', 'two', 'three']) {
      await phone.send(text)
      await pass(world, 4 * MINUTE)
    }
    phone.goOffline()
    await phone.send('a tunnel')
    await pass(world, 3 * MINUTE)
    phone.goOnline()
    await world.quiesce()
    expect((await dating(desk)).map(({ arrivedAt }) => arrivedAt)).toEqual([null, null, null, null])
    const { docs } = world.disk
    const written = docs.get(thisMonth)?.rows.length ?? 0
    expect(written).toBeGreaterThan(0)
    const text = docs
      .get(thisMonth)
      ?.rows.map(({ update }) => Buffer.from(update).toString('latin1'))
    expect(text?.join()).not.toContain('arrived/')
  })

  it('[ARRIVE-2] is one mark for what came together, and goes on after the server was down', async () => {
    const { world, phone, desk } = await pair()
    for (const day of [1, 2]) {
      phone.goOffline()
      for (let i = 0; i < 5; i++) await phone.send(`day ${day}, ${i}`)
      await pass(world, DAY / 2)
      world.crashServer()
      world.startServer()
      phone.goOnline()
      await world.quiesce(60_000)
    }
    const times = (await dating(desk)).map(({ arrivedAt }) => arrivedAt)
    expect(times).toHaveLength(10)
    for (const time of times) expect(time).not.toBeNull()
    expect(await dating(phone)).toEqual(await dating(desk))
    expect((times[9] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(DAY / 2 - MINUTE)
  })

  it('[ARRIVE-1] is told of what says it was written later than it came', async () => {
    const { world, phone, desk } = await pair()
    await writeAt(phone, START + 5 * HOUR, 'from this afternoon')
    await world.quiesce()
    await phone.send('now')
    await world.quiesce()
    // It has seen the other one, and so comes after it.
    const [later, now] = await dating(desk)
    expect([later?.text, now?.text]).toEqual(['from this afternoon', 'now'])
    expect(later?.arrivedAt).toBeLessThan(START + HOUR)
    expect(summaryOf(desk).last?.text).toBe('now')
  })

  it('[ARRIVE-3] a date before there was the chat is said, and does not hide what is new', async () => {
    const { world, phone, desk } = await pair()
    await phone.send('today')
    await world.quiesce()
    await desk.read()
    await world.quiesce()
    for (const at of [5, Date.UTC(1999, 11, 31), START - 40 * DAY]) {
      await pass(world, HOUR)
      await writeAt(phone, at, `dated ${at}`)
      await world.quiesce()
      const { last, news, unread } = summaryOf(desk)
      expect(last).toMatchObject({ text: `dated ${at}`, at })
      expect(last?.arrivedAt).toBeGreaterThan(START + MINUTE)
      expect(news).toMatchObject({ late: true, at: last?.arrivedAt, text: `dated ${at}` })
      expect(unread).toBeGreaterThan(0)
    }
    while ((await desk.open()).hasOlder) await desk.conversation?.loadOlder()
    const said = await dating(desk)
    expect(said.map(({ datedBefore }) => datedBefore)).toEqual(['chat', 'chat', 'chat', null])
  })

  it('[ARRIVE-3] a date before its author was in the group is said', async () => {
    const world = await World.open(1, [ben])
    const maker = await world.device(ada, 'maker')
    const joiner = await world.device(ben, 'joiner')
    await world.quiesce()
    const { groups } = world.server.directory
    const made = await groups.create(ada.id, 'Ward 3', [pat.id])
    if (!made.ok) throw new Error(made.error.code)
    const { id } = made.value
    await pass(world, 10 * DAY)
    await groups.add(id, ada.id, ben.id)
    await world.quiesce()
    for (const device of [maker, joiner]) device.chat = id
    await writeAt(joiner, START + 5 * DAY, 'as if I had been there', 3)
    await joiner.send('hello')
    await world.quiesce()
    const said = (await dating(maker)).map(({ text, datedBefore }) => [text, datedBefore])
    expect(said).toEqual([
      ['as if I had been there', 'membership'],
      ['hello', null],
    ])
  })

  it('[ARRIVE-1] is found with the message', async () => {
    const { world, phone, desk } = await hiddenHour()
    phone.goOnline()
    await world.quiesce(10_000)
    const [, offline] = await dating(desk)
    const found = (await desk.client?.search('offline')) as SearchResults
    expect(found.messages[0]).toMatchObject({ at: offline?.at, arrivedAt: offline?.arrivedAt })
  })
})

describe('what is new', () => {
  it('[NEWS-1] is what came last, wherever it sorts', async () => {
    const { world, phone, desk } = await hiddenHour()
    await phone.client?.idle()
    const was = summaryOf(desk)
    expect([was.unread, was.news]).toEqual([0, null])
    phone.goOnline()
    await world.quiesce()
    const now = summaryOf(desk)
    expect(now).toMatchObject({ unread: 1, news: { text: 'offline', late: true } })
    expect(now.last?.text).toBe('offline')
    expect(await desk.texts()).toEqual(['before', 'offline', 'meanwhile'])
    const flags = (await messagesOf(desk)).map(({ unread }) => unread)
    expect(flags).toEqual([false, true, false])
  })

  it('[NEWS-1] is counted and can be gone to in a month that is not loaded', async () => {
    const { world, phone, desk } = await pair()
    phone.goOffline()
    await phone.send('in november')
    await phone.send('and again')
    await pass(world, 20 * DAY)
    for (let i = 0; i < 45; i++) await desk.send(`december ${i}`)
    await world.quiesce()
    desk.kill()
    await desk.start()
    expect((await desk.open()).items).toHaveLength(45)
    phone.goOnline()
    await world.quiesce(20_000)
    const view = await desk.open()
    expect(view.chat.unread).toBe(2)
    expect(view.items).toHaveLength(45)
    expect(view.unreadBefore).toMatchObject({ count: 2 })
    expect(view.unreadBefore?.arrivedAt).toBeGreaterThan(START + 20 * DAY)
    await desk.conversation?.loadOlder()
    const loaded = await desk.open()
    expect(loaded.unreadBefore).toBeNull()
    expect(loaded.items[0]).toMatchObject({ key: view.unreadBefore?.first, text: 'in november' })
    // The list is ordered by what is new, not by what was written last.
    expect(summaryOf(desk).last?.text).toBe('and again')
  })

  it('[UNREAD-2] stays unread though a later one of its writer was read', async () => {
    const { world, phone, desk } = await hiddenHour()
    phone.goOnline()
    await world.quiesce()
    await phone.send('after')
    await world.quiesce()
    const views = await messagesOf(desk)
    const keyOf = (text: string) => views.find((view) => view.text === text)?.key ?? ''
    await desk.client?.markRead(chat, [keyOf('after')])
    await world.quiesce()
    expect(desk.unread).toBe(2)
    expect((await phone.statuses()).offline).toBe('delivered')
    await desk.client?.markRead(chat, [keyOf('offline')])
    await world.quiesce()
    expect(desk.unread).toBe(0)
    expect(await phone.statuses()).toMatchObject({ offline: 'read', after: 'read' })
  })
})

describe('a chat that was put away', () => {
  const archived = async () => {
    const { world, phone, desk } = await pair()
    await phone.send('thank you')
    await world.quiesce()
    await desk.read()
    return { world, phone, desk }
  }

  it('[ARCHIVE-1] comes back with a message that was written before, and arrives after', async () => {
    for (const wait of [MINUTE, HOUR]) {
      const { world, phone, desk } = await archived()
      phone.goOffline()
      await phone.send('one more thing')
      await pass(world, wait / 2)
      await desk.client?.archive(chat, true)
      await pass(world, wait / 2)
      expect(summaryOf(desk).archived).toBe(true)
      phone.goOnline()
      await world.quiesce()
      expect(summaryOf(desk)).toMatchObject({ archived: false, unread: 1 })
    }
  })

  it('[ARCHIVE-1] stays back when the person answers, on all their devices', async () => {
    const { world, phone, desk } = await archived()
    const laptop = await world.device(ada, 'laptop')
    await world.quiesce()
    await desk.client?.archive(chat, true)
    await world.quiesce()
    expect(summaryOf(laptop).archived).toBe(true)
    await pass(world, HOUR)
    await phone.send('are you there?')
    await world.quiesce()
    await desk.send('yes')
    await world.quiesce()
    const fresh = await world.device(ada, 'fresh')
    await world.quiesce(60_000)
    for (const device of [desk, laptop, fresh]) expect(summaryOf(device).archived).toBe(false)
    await desk.client?.archive(chat, true)
    await world.quiesce()
    for (const device of [desk, laptop, fresh]) expect(summaryOf(device).archived).toBe(true)
    await desk.send('for later')
    await world.quiesce()
    for (const device of [desk, laptop, fresh]) expect(summaryOf(device).archived).toBe(true)
  })

  it('[ARCHIVE-1] comes back too when a program put it away that knows only of times', async () => {
    const { world, phone, desk } = await archived()
    await desk.client?.setChatPrefs(chat, { archivedAt: world.timers.now() })
    await world.quiesce()
    expect(summaryOf(desk).archived).toBe(true)
    phone.goOffline()
    await phone.send('late')
    await pass(world, HOUR)
    await desk.client?.setChatPrefs(chat, { archivedAt: world.timers.now() })
    await desk.send('not mine to bring it back')
    await pass(world, MINUTE)
    expect(summaryOf(desk).archived).toBe(true)
    phone.goOnline()
    await world.quiesce()
    await desk.send('answered')
    await world.quiesce()
    expect(summaryOf(desk).archived).toBe(false)
  })
})
