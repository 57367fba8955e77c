/**
 * A database that goes back to what it was, without a word: the end of its log was cut off, or an
 * old copy was put in its place. Others write past the gap, under the numbers that were lost, and
 * then those come back whose messages are gone. The seed is printed; set SEED to repeat,
 * and ROUNDS for more of them.
 */
import { describe, expect, it } from 'vitest'
import { Random } from '../support/random.ts'
import { ada, type Device, pat, World } from '../support/world.ts'

const LONG = 60_000

/** What a device that has nothing sees: all that the server has. */
const onServer = async (world: World): Promise<string[]> => {
  const fresh = await world.device(pat, `f${world.devices.length}`)
  await world.quiesce(LONG)
  return (await fresh.texts()).sort()
}

const expectAll = async (world: World, devices: readonly Device[], texts: readonly string[]) => {
  const all = [...texts].sort()
  expect(await onServer(world)).toEqual(all)
  const first = await devices[0]?.texts()
  for (const device of devices) {
    expect((await device.texts()).sort()).toEqual(all)
    expect(await device.texts()).toEqual(first)
    expect(device.client?.shell().waiting).toBe(0)
  }
}

const clinic = async (seed = 1) => {
  const world = await World.open(seed)
  const phone = await world.device(pat, 'phone')
  const desk = await world.device(ada, 'desk')
  await world.quiesce()
  await phone.send('before')
  await world.quiesce()
  return { world, phone, desk }
}

/** Long enough for an acknowledgement, too short for a cursor. */
const MOMENT = 300

describe('[EPOCH-3] [CURSOR-7] [CURSOR-8] a tail that is gone, and was overtaken by others', () => {
  for (const [when, pause] of [
    ['before a cursor covered it', MOMENT],
    ['after a cursor covered it', 10_000],
  ] as const)
    for (const [what, restart] of [
      ['the author’s device stays on', false],
      ['the author’s device starts anew', true],
    ] as const)
      it(`${when}: ${what}`, async () => {
        const { world, phone, desk } = await clinic()
        const copy = world.backup({ told: false })
        await phone.send('gone 1')
        await phone.send('gone 2')
        await world.quiesce(pause)
        expect((await phone.statuses())['gone 2']).not.toBe('waiting')
        phone.goOffline()
        if (restart) phone.kill()
        desk.kill()
        world.restore(copy)
        await desk.start()
        const said = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']
        for (const text of said) {
          await desk.send(text)
          await world.quiesce(2_000)
        }
        if (restart) await phone.start()
        phone.goOnline()
        await world.quiesce(LONG)
        await expectAll(world, [phone, desk], ['before', 'gone 1', 'gone 2', ...said])
      })

  it('a reader of what is lost does not miss what took its place', async () => {
    const { world, phone, desk } = await clinic()
    const copy = world.backup({ told: false })
    const other = await world.device(ada, 'other')
    await world.quiesce(MOMENT)
    await phone.send('gone 1')
    await phone.send('gone 2')
    await world.quiesce(MOMENT)
    expect(await desk.texts()).toContain('gone 2')
    desk.goOffline()
    phone.goOffline()
    other.goOffline()
    world.restore(copy)
    other.goOnline()
    for (const text of ['one', 'two', 'three', 'four', 'five']) {
      await other.send(text)
      await world.quiesce(2_000)
    }
    desk.goOnline()
    await world.quiesce(LONG)
    for (const text of ['one', 'two', 'three', 'four', 'five'])
      expect(await desk.texts()).toContain(text)
    phone.goOnline()
    await world.quiesce(LONG)
    const all = ['before', 'gone 1', 'gone 2', 'one', 'two', 'three', 'four', 'five']
    await expectAll(world, [phone, desk, other], all)
  })

  it('with nobody before them, the authors give it back as well', async () => {
    const { world, phone, desk } = await clinic()
    const copy = world.backup({ told: false })
    await phone.send('gone')
    await world.quiesce(MOMENT)
    phone.kill()
    world.restore(copy)
    await phone.start()
    await world.quiesce(LONG)
    await expectAll(world, [phone, desk], ['before', 'gone'])
  })

  it('[CURSOR-8] a connection that breaks before the server answered leaves nothing out', async () => {
    const { world, phone, desk } = await clinic()
    const copy = world.backup({ told: false })
    await phone.send('gone 1')
    await phone.send('gone 2')
    await world.quiesce(MOMENT)
    phone.goOffline()
    desk.kill()
    world.restore(copy)
    await desk.start()
    for (const text of ['one', 'two', 'three', 'four', 'five', 'six']) {
      await desk.send(text)
      await world.quiesce(2_000)
    }
    phone.goOnline()
    await world.settle()
    // The welcome comes, and nothing of what the device asks for then arrives.
    const [link] = world.network.busy()
    link?.accept(world.accept)
    await world.settle()
    link?.deliverToServer()
    await world.settle()
    const cursor = (): string => phone.database.meta.cursor
    const before = cursor()
    while (link?.deliverToClient()) await world.settle()
    expect(cursor()).not.toBe(before)
    phone.goOffline()
    phone.kill()
    await phone.start()
    phone.goOnline()
    await world.quiesce(LONG)
    const all = ['before', 'gone 1', 'gone 2', 'one', 'two', 'three', 'four', 'five', 'six']
    await expectAll(world, [phone, desk], all)
  })
})

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

const rounds = Number(process.env.ROUNDS ?? 8)

describe('[EPOCH-3] any schedule of writing, losing connections, restarts and rollbacks', () => {
  for (let round = 0; round < rounds; round++)
    it(`loses nothing (SEED=${seed + round})`, async () => {
      const random = new Random(seed + round)
      const world = await World.open(seed + round)
      const devices = [
        await world.device(pat, 'phone'),
        await world.device(pat, 'tablet'),
        await world.device(ada, 'desk'),
        await world.device(ada, 'ward'),
      ]
      await world.quiesce()
      const copies = [world.backup({ told: false })]
      const texts: string[] = []
      for (let step = 0; step < 40; step++) {
        const device = random.pick(devices)
        const what = random.below(10)
        if (what < 5) {
          if (device.client === undefined) await device.start()
          texts.push(`${device.name} ${step}`)
          await device.send(texts.at(-1) ?? '')
        } else if (what === 5) device.goOffline()
        else if (what === 6) {
          if (device.client === undefined) await device.start()
          device.goOnline()
        } else if (what === 7) device.kill()
        else if (what === 8) copies.push(world.backup({ told: false }))
        else if (random.chance(0.6)) world.restore(random.pick(copies.slice(-3)))
        if (world.disk.seq === 0) throw new Error('an empty disk')
        await world.quiesce(random.pick([0, 100, 500, 1_500, 4_000]))
      }
      for (const device of devices) {
        if (device.client === undefined) await device.start()
        device.goOnline()
      }
      await world.quiesce(LONG)
      await expectAll(world, devices, texts)
    })
})
