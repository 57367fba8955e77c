/** Care teams: several people in one chat, who come and go while others write. */

import { type ChatId, chatDoc, monthOf, pageDoc, parseChatId } from '@wardline/core/base/ids'
import type { Person } from '@wardline/core/client/model/views'
import { describe, expect, it } from 'vitest'
import { ada, ben, type Device, pat, START, sam, stranger, World } from '../support/world.ts'

const team = async (
  world: World,
  people: readonly Person[],
): Promise<{ id: ChatId; devices: Device[] }> => {
  const [creator, ...others] = people as [Person, ...Person[]]
  const ids = others.map(({ id }) => id)
  const made = await world.server.directory.groups.create(creator.id, 'Ward 3', ids)
  if (!made.ok) throw new Error(made.error.code)
  const { id } = made.value
  const devices: Device[] = []
  for (const person of people) {
    const device = await world.device(person, person.id.replaceAll('-', ''))
    device.chat = id
    devices.push(device)
  }
  await world.quiesce()
  return { id, devices }
}

const lines = async (device: Device): Promise<string[]> =>
  (await device.open()).items.map((item) =>
    item.type === 'message'
      ? `${item.authorName}: ${item.text}`
      : `${item.by ?? '-'} ${item.event} ${item.names.join(', ')}`,
  )

const summary = (device: Device) =>
  device.client?.shell().chats.find(({ id }) => id === device.chat)

/** Whether any bytes that came to a device hold this text. */
const heard = (device: Device, text: string): boolean =>
  device.heard.some((bytes) => Buffer.from(bytes).includes(text))

const byName: Record<string, Person> = { ada, ben, pat, sam }

describe('a group', () => {
  it('is there for all its members, with title, names and joins', async () => {
    const world = await World.open(1, [ben, sam])
    const { devices } = await team(world, [ada, ben, pat])
    for (const device of devices) {
      expect(summary(device)).toMatchObject({ kind: 'group', title: 'Ward 3', left: false })
      const view = await device.open()
      expect(view.members.map(({ name }) => name)).toEqual([ada.name, ben.name, pat.name])
    }
    const [desk, ward, phone] = devices as [Device, Device, Device]
    for (const [device, text] of [
      [desk, 'Good morning'],
      [phone, 'Hello'],
      [ward, 'Hi'],
    ] as const) {
      await device.send(text)
      await world.quiesce(1_000)
    }
    for (const device of devices)
      expect(await lines(device)).toEqual([
        `- created ${ada.name}`,
        `${ada.name} joined ${ben.name}, ${pat.name}`,
        `${ada.name}: Good morning`,
        `${pat.name}: Hello`,
        `${ben.name}: Hi`,
      ])
    expect(desk.client?.shell().online.toSorted()).toEqual([ben.id, pat.id])
  })

  it('[STATUS-2] shows the smallest status over its members', async () => {
    const world = await World.open(2, [ben, sam])
    const { devices } = await team(world, [ada, ben, pat, sam])
    const [desk, ward, phone, tablet] = devices as [Device, Device, Device, Device]
    ward.online = false
    phone.online = false
    world.network.cutAll()
    await world.quiesce(40_000)
    await desk.send('Round at nine')
    await world.quiesce()
    await tablet.read()
    await world.quiesce()
    const status = async () => (await desk.statuses())['Round at nine']
    const listed = () => summary(desk)?.last?.status
    const step = async (expected: string) => {
      await world.quiesce(40_000)
      expect(await status()).toBe(expected)
      expect(listed()).toBe(expected)
    }
    await step('stored')
    phone.goOnline()
    await step('stored')
    ward.goOnline()
    await step('delivered')
    await phone.read()
    await step('delivered')
    await ward.read()
    await step('read')
  })

  it('tells who is typing, several at once', async () => {
    const world = await World.open(3, [ben])
    const { id, devices } = await team(world, [ada, ben, pat])
    const [desk, ward, phone] = devices as [Device, Device, Device]
    for (const device of devices) await device.open()
    await world.quiesce()
    ward.client?.setTyping(id, true)
    phone.client?.setTyping(id, true)
    await world.drain()
    expect(summary(desk)?.typing).toEqual([ben.name, pat.name])
    await world.quiesce(8_000)
    expect(summary(desk)?.typing).toEqual([])
  })

  it('takes what members wrote offline, and ends the same for all', async () => {
    const world = await World.open(4, [ben, sam])
    const { devices } = await team(world, [ada, ben, pat, sam])
    for (const device of devices) device.online = false
    world.network.cutAll()
    for (const [i, device] of devices.entries())
      for (let n = 0; n < 3; n++) {
        world.timers.advance(1000)
        await device.send(`from ${i}, ${n}`)
      }
    for (const device of devices.toReversed()) {
      device.goOnline()
      await world.quiesce(3_000)
    }
    await world.quiesce(40_000)
    const expected = await devices[0]!.texts()
    expect(expected.length).toBe(12)
    for (const device of devices) expect(await device.texts()).toEqual(expected)
  })
})

describe('a member who is taken out', () => {
  it('[LEFT-1] keeps what they had, gets nothing new, and gets everything when they are back', async () => {
    const world = await World.open(5, [ben, sam])
    const { id, devices } = await team(world, [ada, ben, pat])
    const [desk, ward, phone] = devices as [Device, Device, Device]
    for (const device of devices) await device.open()
    await desk.send('before one')
    await world.quiesce(1_000)
    await phone.send('before two')
    await world.quiesce()
    const { groups } = world.server.directory
    phone.heard = []
    // In one go, so that what follows is on its way before anybody was told.
    const removal = groups.remove(id, ada.id, pat.id)
    const sent = desk.send('after the removal')
    await Promise.all([removal, sent])
    await world.quiesce()
    ward.client?.setTyping(id, true)
    await ward.send('still after it')
    await groups.rename(id, ada.id, 'Ward four')
    await world.quiesce()
    for (const text of ['after the removal', 'still after', 'Ward four', 'typing'])
      expect(heard(phone, text), text).toBe(false)
    expect(heard(phone, 'left')).toBe(true)
    const page = pageDoc(id, monthOf(START))
    expect(heard(phone, page)).toBe(false)

    const view = await phone.open()
    expect(view.chat).toMatchObject({ left: true, title: 'Ward 3' })
    expect(await phone.texts()).toEqual(['before one', 'before two'])
    await expect(phone.send('hello?')).rejects.toThrow('no longer a member')
    const key = view.items.find((item) => item.type === 'message' && item.mine)?.key ?? ''
    await expect(phone.client?.edit(id, key, 'x')).rejects.toThrow('no longer a member')
    await expect(phone.client?.react(id, key, 'x')).rejects.toThrow('no longer a member')
    await expect(phone.client?.retract(id, key)).rejects.toThrow('no longer a member')
    expect(phone.client?.shell().connection).toEqual({ phase: 'live' })
    expect(await lines(desk)).toContain(`${ada.name} left ${pat.name}`)
    expect((await desk.open()).members.map(({ name }) => name)).toEqual([ada.name, ben.name])
    await ward.read()
    await world.quiesce()
    expect(await desk.statuses()).toMatchObject({ 'after the removal': 'read' })

    // Also after a restart, and a new connection.
    phone.kill()
    await phone.start()
    phone.heard = []
    await world.quiesce()
    expect(await phone.texts()).toEqual(['before one', 'before two'])
    expect((await phone.open()).chat.left).toBe(true)
    for (const text of ['after the removal', 'still after', 'Ward four', page])
      expect(heard(phone, text), text).toBe(false)

    await desk.send('while they were out')
    await groups.add(id, ada.id, pat.id)
    await world.quiesce()
    expect(await phone.texts()).toEqual(await desk.texts())
    expect((await phone.open()).chat).toMatchObject({ left: false, title: 'Ward four' })
    await phone.send('thanks')
    await world.quiesce()
    expect(await desk.texts()).toContain('thanks')
    // Who was out when it was written is not waited for.
    expect(await desk.statuses()).toMatchObject({ 'while they were out': 'delivered' })
    await desk.send('welcome back')
    await ward.read()
    await world.quiesce()
    expect((await desk.statuses())['welcome back']).toBe('delivered')
    await phone.read()
    await ward.read()
    await world.quiesce()
    expect((await desk.statuses())['welcome back']).toBe('read')
  })

  it('[REJECT-2] sees what they wrote offline as not sent', async () => {
    const world = await World.open(6, [ben])
    const { id, devices } = await team(world, [ada, ben, pat])
    const [desk, , phone] = devices as [Device, Device, Device]
    await desk.send('before')
    await world.quiesce(1_000)
    await phone.send('sent before')
    await world.quiesce()
    await phone.open()
    await phone.read()
    await world.quiesce()
    phone.goOffline()
    await phone.send('nobody will get this')
    expect(phone.client?.shell().waiting).toBe(1)
    await world.server.directory.groups.remove(id, ada.id, pat.id)
    phone.goOnline()
    await world.quiesce(40_000)
    expect(phone.client?.shell()).toMatchObject({ waiting: 0, connection: { phase: 'live' } })
    const shown = async () =>
      (await phone.open()).items.flatMap((item) =>
        item.type === 'message' ? [[item.text, item.refused]] : [],
      )
    const expected = [
      ['before', null],
      ['sent before', null],
      ['nobody will get this', 'NOT_MEMBER'],
    ]
    expect(await shown()).toEqual(expected)
    phone.kill()
    await phone.start()
    await world.quiesce()
    expect(await shown()).toEqual(expected)
    expect(phone.client?.shell().waiting).toBe(0)

    // Back in, it is for them to send it again; it was not sent behind their back.
    await world.server.directory.groups.add(id, ada.id, pat.id)
    await world.quiesce(40_000)
    expect(await desk.texts()).toEqual(['before', 'sent before'])
    const key = (await phone.open()).items.find(
      (item) => item.type === 'message' && item.refused !== null,
    )?.key
    await phone.client?.sendAgain(id, key ?? '')
    await world.quiesce()
    expect(await desk.texts()).toEqual(['before', 'sent before', 'nobody will get this'])
    expect(await phone.texts()).toEqual(await desk.texts())
  })

  it('may leave themself, on all their devices', async () => {
    const world = await World.open(7, [ben])
    const { id, devices } = await team(world, [ada, ben])
    const [desk, ward] = devices as [Device, Device]
    const other = await world.device(ben, 'bensphone')
    other.chat = id
    await world.quiesce()
    await desk.send('before')
    await world.quiesce()
    await world.server.directory.groups.remove(id, ben.id, ben.id)
    await desk.send('after')
    await world.quiesce()
    for (const device of [ward, other]) {
      expect((await device.open()).chat.left).toBe(true)
      expect(await device.texts()).toEqual(['before'])
      expect(heard(device, 'after')).toBe(false)
    }
    expect(await lines(desk)).toContain(`- left ${ben.name}`)
    expect(await desk.statuses()).toMatchObject({ after: 'stored' })
  })
})

describe('who is not in it', () => {
  it('[OPEN-4] gets nothing by any name', async () => {
    const world = await World.open(8, [ben, sam])
    const { id, devices } = await team(world, [ada, ben])
    await devices[0]!.send('between doctors')
    await world.quiesce()
    const phone = await world.device(sam, 'samsphone')
    await world.quiesce()
    expect(phone.client?.shell().chats).toEqual([])
    expect(await phone.client?.openConversation(id)).toBeUndefined()
    const { accept } = world.server
    const closed: number[] = []
    for (const doc of [chatDoc(id), pageDoc(id, monthOf(START)), chatDoc(unknown)]) {
      const handler = world.server.acceptPlain(
        { send: () => {}, close: (code) => closed.push(code), bufferedAmount: 0 },
        doc,
        sam.id,
      )
      await world.settle()
      handler.closed()
    }
    expect(accept).toBeDefined()
    expect(closed).toEqual([4403, 4403, 4403])
    expect(heard(phone, 'between doctors')).toBe(false)
    expect(heard(phone, id)).toBe(false)
  })
})

const unknown = parseChatId('g.0123456789abcdef')!

it('a new device of a member gets all of it, with what was before they joined', async () => {
  const world = await World.open(9, [ben, sam])
  const { id, devices } = await team(world, [ada, ben])
  await devices[0]!.send('before Sam')
  await world.quiesce()
  await world.server.directory.groups.add(id, ben.id, sam.id)
  await devices[1]!.send('with Sam')
  await world.quiesce()
  for (const name of ['samphone', 'samdesk']) {
    const device = await world.device(sam, name)
    device.chat = id
    await world.quiesce()
    expect(await device.texts()).toEqual(['before Sam', 'with Sam'])
    expect((await device.open()).members.length).toBe(3)
    expect(device.client?.shell().storageProblem).toBe(null)
  }
})

it('comes together from random schedules of writing, leaving and coming back', async () => {
  for (const seed of [11, 12, 13]) {
    const world = await World.open(seed, [ben, sam])
    const { id, devices } = await team(world, [ada, ben, pat, sam])
    const { groups } = world.server.directory
    const random = (n: number) => Math.floor(world.random() * n)
    const inside = new Set(['ben', 'pat', 'sam'])
    const written = new Set<string>()
    for (let step = 0; step < 40; step++) {
      const device = devices[random(4)]!
      const [name, person] = Object.entries(byName)[1 + random(3)]!
      switch (random(5)) {
        case 0:
          device.online = !device.online
          if (device.online) device.client?.wake()
          else world.network.cutAll()
          break
        case 1:
          if (inside.delete(name)) await groups.remove(id, ada.id, person.id)
          else if (inside.add(name)) await groups.add(id, ada.id, person.id)
          break
        default: {
          const text = `${device.name} ${step}`
          await device.send(text).then(
            () => written.add(text),
            () => {}, // They know that they are out.
          )
        }
      }
      await world.quiesce(random(3) * 400)
    }
    for (const [name, person] of Object.entries(byName))
      if (name !== 'ada' && !inside.has(name)) await groups.add(id, ada.id, person.id)
    for (const device of devices) {
      device.online = true
      device.client?.wake()
    }
    await world.quiesce(60_000)
    const everywhere = await devices[0]!.texts()
    const refused = new Set<string>()
    for (const device of devices) {
      const { items, chat } = await device.open()
      const shown = items.filter((item) => item.type === 'message')
      for (const { refused: code, text } of shown) if (code !== null) refused.add(text)
      expect(shown.filter((item) => item.refused === null).map(({ text }) => text)).toEqual(
        everywhere.filter((text) => !refused.has(text) || device === devices[0]),
      )
      expect(chat.left).toBe(false)
      expect(device.client?.shell()).toMatchObject({ waiting: 0, storageProblem: null })
    }
    // Nothing is lost, and nothing is both sent and not sent.
    const all = [...everywhere, ...refused]
    expect(all.toSorted()).toEqual([...written].toSorted())
  }
})

it('holds a hundred members', async () => {
  const many = Array.from({ length: 98 }, (_, i) => stranger(i))
  const world = await World.open(10, [ben, ...many])
  const made = await world.server.directory.groups.create(
    ada.id,
    'Everybody',
    [ben, ...many].map(({ id }) => id),
  )
  const id = made.ok ? made.value.id : unknown
  const devices: Device[] = []
  for (const person of [ada, ben, many[0]!, many[97]!]) {
    const device = await world.device(person, `d${person.id.replaceAll('-', '')}`.slice(0, 20))
    device.chat = id
    devices.push(device)
  }
  await world.quiesce()
  const last = devices[3]!
  await last.send('from the last one')
  await world.quiesce(1_000)
  await devices[0]!.send('from the first one')
  await world.quiesce()
  for (const device of devices) {
    expect(await device.texts()).toEqual(['from the last one', 'from the first one'])
    expect((await device.open()).members.length).toBe(100)
  }
  expect(await last.statuses()).toEqual({ 'from the last one': 'stored' })
  expect(await last.client?.info(id, (await last.open()).items.at(-2)?.key ?? '')).toHaveLength(99)
})
