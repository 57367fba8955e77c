/** Clocks that are set while things run: nothing is lost, refused for good or set aside. */
import { monthOf, pageDoc } from '@wardline/core/base/ids'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../support/random.ts'
import { ada, chat, type Device, pat, START, World } from '../support/world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const pair = async () => {
  const world = await World.open()
  const phone = await world.device(pat, 'phone')
  const desk = await world.device(ada, 'desk')
  await world.quiesce()
  return { world, phone, desk }
}

const refusedOn = async (device: Device): Promise<number> =>
  (await device.open()).items.filter((item) => item.type === 'message' && item.refused !== null)
    .length

/** Nothing waits, nothing was set aside, and everybody has all of it. */
const whole = async (world: World, devices: readonly Device[], texts: readonly string[]) => {
  await world.quiesce(90_000)
  for (const device of devices) {
    expect((await device.texts()).toSorted()).toEqual(texts.toSorted())
    expect(await refusedOn(device)).toBe(0)
    expect(device.client?.shell().waiting).toBe(0)
  }
}

describe('[CLOCK-3] the server’s clock, set while devices are connected', () => {
  for (const [name, skew] of [
    ['three days back', -3 * DAY],
    ['two months back', -60 * DAY],
    ['five hours back', -5 * HOUR],
    ['three days ahead', 3 * DAY],
    ['a year ahead', 365 * DAY],
  ] as const)
    it(`[CLOCK-1] ${name}: six of six messages arrive`, async () => {
      const { world, phone, desk } = await pair()
      world.serverSkew = skew
      const texts = Array.from({ length: 6 }, (_, i) => `message ${i}`)
      for (const text of texts) {
        await phone.send(text)
        await world.quiesce(2_000)
      }
      await whole(world, [phone, desk], texts)
      // And right again.
      world.serverSkew = 0
      await desk.send('put right')
      await whole(world, [phone, desk], [...texts, 'put right'])
    })

  it('[CLOCK-1] back and forth through a day: every message arrives, and is dated anew', async () => {
    const { world, phone, desk } = await pair()
    const texts: string[] = []
    for (const skew of [3, 0, 5, 0, 2, 0]) {
      world.serverSkew = skew * DAY
      // Whoever connects by now learns that time.
      phone.goOffline()
      phone.goOnline()
      await world.quiesce(5_000)
      world.serverSkew = 0
      texts.push(`after ${texts.length}`)
      await phone.send(texts.at(-1) ?? '')
      await world.quiesce(20_000)
    }
    await whole(world, [phone, desk], texts)
    const ats = (await desk.open()).items.map(({ at }) => at)
    for (const at of ats) expect(Math.abs(at - world.timers.now())).toBeLessThan(DAY)
  })

  it('[CLOCK-2] is learned anew at the next renewal of the token', async () => {
    const { world, phone, desk } = await pair()
    world.serverSkew = -5 * HOUR
    await world.quiesce(600_000)
    await phone.send('later')
    await world.quiesce()
    const [item] = (await desk.open()).items
    expect(Math.abs((item?.at ?? 0) - (world.timers.now() - 5 * HOUR))).toBeLessThan(60_000)
  })
})

describe('[CLOCK-3] a device’s clock, set while it is connected', () => {
  for (const [name, skew] of [
    ['an hour back', -HOUR],
    ['a month back', -30 * DAY],
    ['a month ahead', 30 * DAY],
  ] as const)
    it(`[CLOCK-1] ${name}: what it writes arrives`, async () => {
      const { world, phone, desk } = await pair()
      world.setClock(phone, skew)
      await phone.send('one')
      await world.quiesce()
      await phone.send('two')
      await whole(world, [phone, desk], ['one', 'two'])
    })

  it('[CLOCK-2] is corrected in every tab, in whichever it is written', async () => {
    const world = await World.open()
    world.crashServer()
    const tab = await world.device(pat, 'phone', 5 * HOUR)
    const other = await world.tab(tab, 'other')
    const desk = await world.device(ada, 'desk')
    world.startServer()
    await world.quiesce()
    await other.send('from the other tab')
    await world.quiesce()
    const [item] = (await desk.open()).items
    expect(Math.abs((item?.at ?? 0) - world.timers.now())).toBeLessThan(60_000)
  })

  it('[CLOCK-2] dates as before when it is set back', async () => {
    const { world, phone, desk } = await pair()
    world.setClock(phone, -30 * DAY)
    await phone.send('now')
    await world.quiesce()
    const [item] = (await desk.open()).items
    expect(Math.abs((item?.at ?? 0) - world.timers.now())).toBeLessThan(60_000)
  })
})

describe('a month’s end', () => {
  const monthsEnd = Date.UTC(2026, 10, 30, 12)
  const next = pageDoc(chat, monthOf(monthsEnd + DAY))

  it('[OPEN-4] what has a tick stays on every screen when the server’s clock is put right', async () => {
    const { world, phone, desk } = await pair()
    world.timers.advance(monthsEnd - START)
    world.serverSkew = 3 * DAY
    for (const device of [phone, desk]) {
      device.goOffline()
      device.goOnline()
    }
    await world.quiesce()
    await phone.send('ticked ahead')
    await desk.send('and answered')
    await world.quiesce()
    expect(await phone.statuses()).toEqual({ 'ticked ahead': 'delivered' })
    expect([...world.disk.docs.keys()]).toContain(next)
    world.crashServer()
    world.serverSkew = 0
    world.startServer()
    for (const device of [phone, desk]) {
      device.kill()
      await device.start()
    }
    const fresh = await world.device(pat, 'fresh')
    await whole(world, [phone, desk, fresh], ['ticked ahead', 'and answered'])
    expect(desk.unread).toBe(1)
    expect((await desk.client?.search('ticked'))?.messages.length).toBe(1)
    await desk.read()
    await world.quiesce()
    expect(desk.unread).toBe(0)
    expect((await phone.statuses())['ticked ahead']).toBe('read')
    const key = (await phone.open()).items.find((item) => item.type === 'message' && item.mine)?.key
    await desk.client?.react(chat, key ?? '', '👍')
    await phone.client?.edit(chat, key ?? '', 'changed since')
    await world.quiesce()
    expect(await fresh.texts()).toContain('changed since')
    await phone.client?.retract(chat, key ?? '')
    await world.quiesce(40_000)
    for (const device of [phone, desk, fresh]) {
      expect(await device.texts()).not.toContain('changed since')
      expect(device.client?.shell().waiting).toBe(0)
    }
    await phone.send('of today')
    await whole(world, [phone, desk, fresh], ['and answered', 'of today', ''])
  })

  it('[CLOCK-1] holds for any clocks on both sides, wherever they are set', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = randomFrom(seed)
      const skew = (): number => Math.round((random() * 2 - 1) * 6) * DAY
      const { world, phone, desk } = await pair()
      world.timers.advance(monthsEnd - START)
      const texts: string[] = []
      try {
        for (let step = 0; step < 8; step++) {
          const chance = random()
          if (chance < 0.3) world.serverSkew = skew()
          else if (chance < 0.5) world.setClock(phone, skew())
          else if (chance < 0.65) phone.goOffline()
          else if (chance < 0.9) phone.goOnline()
          else {
            phone.kill()
            await phone.start()
          }
          texts.push(`${seed}.${step}`)
          await (random() < 0.7 ? phone : desk).send(texts.at(-1) ?? '')
          await world.quiesce(3_000)
        }
        world.serverSkew = 0
        world.setClock(phone, 0)
        phone.goOnline()
        await whole(world, [phone, desk], texts)
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    }
  })
})
