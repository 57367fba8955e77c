import { describe, expect, it, vi } from 'vitest'
import { ada, chat, pat, World } from '../support/world.ts'

describe('two people', () => {
  it('write both ways, and every status comes in its turn', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    const desk = await world.device(ada, 'desk')
    await world.quiesce()

    world.crashServer()
    await phone.send('Good morning')
    expect(await phone.statuses()).toEqual({ 'Good morning': 'waiting' })
    expect(phone.client?.shell().waiting).toBe(1)

    desk.online = false
    world.startServer()
    await world.quiesce(40_000)
    expect(await phone.statuses()).toEqual({ 'Good morning': 'stored' })
    expect(phone.client?.shell().waiting).toBe(0)

    desk.goOnline()
    await world.quiesce(40_000)
    expect(await phone.statuses()).toEqual({ 'Good morning': 'delivered' })
    expect(desk.unread).toBe(1)

    await desk.read()
    await world.quiesce()
    expect(await phone.statuses()).toEqual({ 'Good morning': 'read' })
    expect(desk.unread).toBe(0)

    await desk.send('Good morning, how are you?')
    await world.quiesce()
    expect(await phone.texts()).toEqual(['Good morning', 'Good morning, how are you?'])
    expect(await desk.texts()).toEqual(['Good morning', 'Good morning, how are you?'])
  })

  it('see at once what they write offline as the first of a month', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    phone.goOffline()
    await phone.open()
    await phone.send('The first of all')
    await world.settle()
    expect(phone.conversation?.view()?.items).toMatchObject([{ text: 'The first of all' }])
  })

  it('get each message with one write and no read of it, and every tab hears of it', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    const desk = await world.device(ada, 'desk')
    const second = await world.tab(desk, 'second')
    const ward = await world.device(ada, 'ward')
    await phone.send('first')
    await desk.open()
    await second.open()
    await world.quiesce()
    const reads = (['read', 'rows', 'record'] as const).map((name) => vi.spyOn(desk.store, name))
    await phone.send('second')
    await world.quiesce()
    expect(reads.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0])
    for (const tab of [desk, second]) {
      expect(await tab.texts()).toEqual(['first', 'second'])
      expect(tab.unread).toBe(2)
    }
    // Of a setting too, to which nothing is answered.
    await ward.client?.setChatPrefs(chat, { pinned: true })
    await world.quiesce()
    expect(reads.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0])
    for (const tab of [desk, second])
      expect(tab.client?.shell().chats).toMatchObject([{ id: chat, pinned: true }])
  })

  it('start the same chat offline on both sides', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    const desk = await world.device(ada, 'desk')
    phone.goOffline()
    desk.goOffline()
    await phone.send('from the patient')
    await desk.send('from the doctor')
    phone.goOnline()
    desk.goOnline()
    await world.quiesce(40_000)
    const texts = await phone.texts()
    expect([...texts].sort()).toEqual(['from the doctor', 'from the patient'])
    expect(await desk.texts()).toEqual(texts)
  })

  it('a message written offline and synced after later ones shows as unread', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    const tablet = await world.device(pat, 'tablet')
    const desk = await world.device(ada, 'desk')
    await world.quiesce()
    tablet.goOffline()
    await tablet.send('early, from a dead spot')
    world.timers.advance(60_000)
    await phone.send('late')
    await world.quiesce(40_000)
    await desk.read()
    await world.quiesce()
    expect(desk.unread).toBe(0)
    tablet.goOnline()
    await world.quiesce(40_000)
    expect(await desk.texts()).toEqual(['early, from a dead spot', 'late'])
    expect(desk.unread).toBe(1)
    expect(await phone.statuses()).toEqual({
      'early, from a dead spot': 'delivered',
      late: 'read',
    })
  })
})

describe('a person', () => {
  it('says that a chat is read without opening it, and all their devices follow', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    const desk = await world.device(ada, 'desk')
    const home = await world.device(ada, 'home')
    await phone.send('One')
    await phone.send('Two')
    await world.quiesce(40_000)
    const [chat] = desk.client!.shell().chats
    await desk.client!.setChatPrefs(chat!.id, { markedUnread: true })
    await world.quiesce()
    expect(home.client!.shell().chats).toMatchObject([{ unread: 2, markedUnread: true }])

    await desk.client!.markAllRead(chat!.id)
    await world.quiesce(40_000)
    expect(home.client!.shell().chats).toMatchObject([{ unread: 0, markedUnread: false }])
    expect(await phone.statuses()).toEqual({ One: 'read', Two: 'read' })
  })
})
