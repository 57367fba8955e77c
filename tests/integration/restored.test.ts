/** What comes back of everything that people do, after a backup was put in place. */
import { expect, it } from 'vitest'
import { ada, ben, chat, type Device, pat, World } from '../support/world.ts'

const LONG = 60_000

const keyOf = async (device: Device, text: string): Promise<string> => {
  const found = (await device.open()).items.find(
    (item) => item.type === 'message' && item.text === text,
  )
  if (found === undefined) throw new Error(text)
  return found.key
}

const shown = async (device: Device) =>
  (await device.open()).items.flatMap((item) =>
    item.type === 'message'
      ? [
          {
            text: item.text,
            edited: item.edited,
            retracted: item.retracted,
            reactions: item.reactions.map(({ emoji }) => emoji),
          },
        ]
      : [],
  )

it('[EPOCH-1] edits, reactions, receipts, settings, and what was taken back', async () => {
  const world = await World.open()
  const phone = await world.device(pat, 'phone')
  const desk = await world.device(ada, 'desk')
  await world.quiesce()
  await phone.send('to be edited')
  await phone.send('to be taken back')
  await phone.send('to be read')
  await world.quiesce()
  const backup = world.backup()
  await phone.client?.edit(chat, await keyOf(phone, 'to be edited'), 'edited')
  await phone.client?.retract(chat, await keyOf(phone, 'to be taken back'))
  await world.quiesce()
  await desk.client?.react(chat, await keyOf(desk, 'to be read'), '👍')
  await desk.read()
  await desk.client?.setChatPrefs(chat, { pinned: true })
  await world.quiesce()
  const before = await shown(desk)
  expect(before.map(({ text }) => text)).toContain('edited')
  expect((await phone.statuses())['to be read']).toBe('read')
  world.restore(backup)
  await world.quiesce(LONG)
  const fresh = await world.device(ada, 'fresh')
  const other = await world.device(pat, 'other')
  await world.quiesce(LONG)
  for (const device of [phone, desk, fresh, other]) expect(await shown(device)).toEqual(before)
  expect((await other.statuses())['to be read']).toBe('read')
  expect(fresh.client?.shell().chats.find(({ id }) => id === chat)?.pinned).toBe(true)
  expect(fresh.unread).toBe(0)
  // The words are gone from everything that the server could send.
  const sent = Buffer.concat(fresh.heard).toString('latin1')
  expect(sent).toContain('to be read')
  expect(sent).not.toContain('to be taken back')
})

it('[REJECT-2] what the server had, lost, and will not take again stays with its author', async () => {
  const world = await World.open()
  const phone = await world.device(pat, 'phone')
  const desk = await world.device(ada, 'desk')
  await world.quiesce()
  const backup = world.backup()
  const texts = Array.from({ length: 6 }, (_, i) => `${i} ${'x'.repeat(2_000)}`)
  for (const text of texts) await phone.send(text)
  await world.quiesce()
  for (const status of Object.values(await phone.statuses())) expect(status).toBe('delivered')
  desk.kill()
  // The clinic gave its patients more room before.
  world.quotas = { patientBytes: 4_000 }
  world.restore(backup)
  await world.quiesce(LONG)
  expect(new Set(await phone.texts())).toEqual(new Set(texts))
  const items = (await phone.open()).items
  const refused = items.filter((item) => item.type === 'message' && item.refused === 'FULL')
  expect(refused.length).toBeGreaterThan(0)
  phone.kill()
  await phone.start()
  await world.quiesce(LONG)
  expect(new Set(await phone.texts())).toEqual(new Set(texts))
})

it('[EPOCH-6] a message to an account that is gone has no tick, and its sender is told', async () => {
  const world = await World.open(5)
  const phone = await world.device(pat, 'phone')
  await world.quiesce()
  const backup = world.backup()
  const made = await world.server.directory.createUser({
    id: ben.id,
    name: ben.name,
    roles: [ben.role],
    email: 'ben@example.org',
    passwordHash: '-',
  })
  if (!made.ok) throw new Error(made.error)
  const id = phone.client?.startChat(ben)
  if (id === undefined) throw new Error('no chat')
  phone.chat = id
  await phone.send('welcome')
  await world.quiesce()
  expect(await phone.statuses()).toEqual({ welcome: 'stored' })
  world.restore(backup)
  await world.quiesce(LONG)
  expect(await phone.statuses()).toEqual({ welcome: 'waiting' })
  await phone.send('are you there?')
  await world.quiesce(LONG)
  const items = (await phone.open()).items
  const refused = items.flatMap((item) =>
    item.type === 'message' && item.refused !== null ? [[item.text, item.refused]] : [],
  )
  expect(refused).toContainEqual(['are you there?', 'NOT_MEMBER'])
  phone.kill()
  await phone.start()
  await world.quiesce(LONG)
  expect((await phone.statuses()).welcome).toBe('waiting')
})
