import { monthOf, pageDoc } from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import type { MessageKey } from '@wardline/core/client/model/message-key'
import type { SearchResults } from '@wardline/core/client/search/results'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../support/random.ts'
import { ada, chat, type Device, pat, World } from '../support/world.ts'

const found = async (device: Device, query: string): Promise<SearchResults> => {
  const results = device.client?.search(query)
  await device.world.quiesce(1_000)
  const answer = await results
  if (answer === undefined) throw new Error('no client')
  return answer
}
const texts = async (device: Device, query: string): Promise<string[]> =>
  (await found(device, query)).messages.map(({ snippet }) => snippet.text)

const keyOf = async (device: Device, text: string): Promise<MessageKey> => {
  const item = (await device.open()).items.find(
    (one) => one.type === 'message' && one.text === text,
  )
  if (item?.type !== 'message') throw new Error(`no message: ${text}`)
  return item.key
}

describe('search', () => {
  it('finds what is written and what arrives, offline too, without opening the chat', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    const desk = await world.device(ada, 'desk')
    await world.quiesce()
    await phone.send('My left knee hurts')
    await desk.send('Which knee exactly?')
    await world.quiesce(40_000)
    expect(await texts(desk, 'knee')).toEqual(['Which knee exactly?', 'My left knee hurts'])
    desk.goOffline()
    await desk.send('Take it easy with the kneeling')
    expect(await texts(desk, 'KNEE')).toEqual([
      'Which knee exactly?',
      'My left knee hurts',
      'Take it easy with the kneeling',
    ])
    expect(await texts(desk, 'hurts my kne')).toEqual(['My left knee hurts'])
    const { chats, messages, total, complete } = await found(desk, 'pat')
    expect({ chats, messages, total, complete }).toEqual({
      chats: [chat],
      messages: [],
      total: 0,
      complete: true,
    })
    const [first] = (await found(desk, 'hurts')).messages
    expect(first).toMatchObject({
      chat,
      title: 'Pat Morgan',
      authorName: 'Pat Morgan',
      mine: false,
    })
    expect(first?.key).toBe(await keyOf(desk, 'My left knee hurts'))
    expect(first?.snippet.marks).toEqual([{ start: 13, end: 18 }])
  })

  it('follows edits and retractions of the other side, and keeps nothing of either', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    const desk = await world.device(ada, 'desk')
    await phone.send('One tablet of nortriptyline')
    await phone.send('A confession')
    await world.quiesce(40_000)
    expect(await texts(desk, 'nortri')).toEqual(['One tablet of nortriptyline'])
    await phone.client?.edit(
      chat,
      await keyOf(phone, 'One tablet of nortriptyline'),
      'Half a tablet',
    )
    await phone.client?.retract(chat, await keyOf(phone, 'A confession'))
    await world.quiesce(40_000)
    expect(await texts(desk, 'nortri')).toEqual([])
    expect(await texts(desk, 'confession')).toEqual([])
    expect(await texts(desk, 'tablet')).toEqual(['Half a tablet'])
    const stored = JSON.stringify([...desk.database.search.values()])
    expect(stored).not.toMatch(/nortriptyline|confession/)
    expect(stored).toMatch(/Half a tablet/)
  })

  it('is ready after a restart, and takes in what it had not stored', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    await phone.send('The first')
    await world.quiesce(10_000)
    expect(phone.database.search.size).toBeGreaterThan(0)
    await phone.send('The second')
    phone.kill()
    phone.goOffline()
    await phone.start()
    expect(await texts(phone, 'the')).toEqual(['The second', 'The first'])
  })

  it('takes in pages that were there before there was an index', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    await phone.send('In November')
    await world.quiesce(10_000)
    world.timers.advance(40 * 86_400_000)
    await phone.send('In January')
    await world.quiesce(10_000)
    phone.kill()
    phone.database.search.clear()
    await phone.start()
    await world.quiesce(10_000)
    const [january, november] = (await found(phone, 'in')).messages
    expect([january?.snippet.text, november?.snippet.text]).toEqual(['In January', 'In November'])
    expect(november?.key.startsWith('2026-11/')).toBe(true)
    expect([...phone.database.search.keys()]).toHaveLength(2)
  })

  it('finds what was refused, and what waits with its files', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    await phone.send('My knee hurts')
    phone.goOffline()
    const photo = { hash: 'a'.repeat(64), name: 'knee-left.jpg', type: 'image/jpeg', size: 3 }
    await phone.client?.sendFiles(chat, 'Here it is', [
      { attachment: photo, bytes: new Blob(['jpg']) },
    ])
    const body = await sealBody({ text: 'Which knee?' })
    const month = monthOf(world.timers.now())
    const at = world.timers.now() + 1
    await phone.store.append(pageDoc(chat, month), [], { refused: [{ body, at, code: 'X' }] })
    phone.kill()
    await phone.start()
    const { messages, total } = await found(phone, 'knee')
    expect(messages.map(({ key, mine }) => [key.split('/')[0], mine])).toEqual([
      [month, true],
      ['outgoing', true],
      [month, true],
    ])
    expect(total).toBe(3)
    const shown = (await phone.open()).items.map(({ key }) => key)
    for (const { key } of messages) expect(shown).toContain(key)
    expect(await texts(phone, 'which')).toEqual(['Which knee?'])
    expect(await texts(phone, 'left')).toEqual(['Here it is knee-left.jpg'])
  })

  it('works in every tab, while only the leading one stores', async () => {
    const world = await World.open()
    const first = await world.device(pat, 'first')
    const second = await world.tab(first, 'second')
    await world.quiesce()
    await first.send('From the first tab')
    await world.quiesce(1_000)
    expect(await texts(second, 'tab')).toEqual(['From the first tab'])
    await second.send('From the second tab')
    await world.quiesce(10_000)
    expect(await texts(first, 'tab')).toEqual(['From the second tab', 'From the first tab'])
    expect(await texts(second, 'tab')).toEqual(['From the second tab', 'From the first tab'])
    first.kill()
    await second.send('And goes on in the second tab')
    await world.quiesce(10_000)
    expect(await texts(second, 'tab')).toHaveLength(3)
    second.kill()
    await first.start()
    expect(await texts(first, 'second tab')).toEqual([
      'And goes on in the second tab',
      'From the second tab',
    ])
  })

  it('agrees with the pages after any schedule', async () => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
    console.log(`search: SEED=${seed}`)
    const random = randomFrom(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
    const world = await World.open(seed)
    const phone = await world.device(pat, 'phone')
    const tab = await world.tab(phone, 'tab')
    const desk = await world.device(ada, 'desk')
    const vocabulary = ['knee', 'kneeling', 'pain', 'tablet', 'two', 'twice']
    const text = () => [pick(vocabulary), pick(vocabulary), pick(vocabulary)].join(' ')
    const change = async (device: Device) => {
      if (device.client === undefined) return
      const own = (await device.open()).items.flatMap((item) =>
        item.type === 'message' && item.mine && !item.retracted ? [item.key] : [],
      )
      const what = random()
      if (own.length === 0 || what < 0.6) return device.send(text())
      // May have been taken back in the other tab meanwhile.
      if (what < 0.8) return device.client.edit(chat, pick(own), text()).catch(() => undefined)
      return device.client.retract(chat, pick(own)).catch(() => undefined)
    }
    for (let step = 0; step < 60; step++) {
      const device = pick([phone, tab, desk])
      await change(device)
      if (random() < 0.1) device.goOffline()
      if (random() < 0.2) device.goOnline()
      if (random() < 0.06) {
        device.kill()
        await device.start()
      }
      if (random() < 0.02) world.timers.advance(20 * 86_400_000)
      if (random() < 0.3) await world.quiesce(Math.floor(random() * 4_000))
    }
    for (const device of [phone, tab, desk]) device.goOnline()
    await world.quiesce(60_000)
    for (const device of [phone, tab, desk])
      for (const query of ['knee', 'pain tw', 'tablet two', 'kneeling']) {
        const words = query.split(' ')
        const all = await everything(device)
        const expected = all.filter((message) => {
          const has = message.split(' ')
          return words.every((word, at) =>
            has.some((one) => (at === words.length - 1 ? one.startsWith(word) : one === word)),
          )
        })
        expect([...(await texts(device, query))].sort(), `${device.name}: ${query}`).toEqual(
          expected.sort(),
        )
      }
  })
})

/** Texts of all messages, in all months. */
const everything = async (device: Device): Promise<string[]> => {
  await device.open()
  while (device.conversation?.view()?.hasOlder) await device.conversation.loadOlder()
  return (await device.texts()).filter((text) => text !== '')
}
