/**
 * A server that lost what it said of groups: made since the backup, or changed since. It knows its
 * own word again when a device hands it back, and takes nobody else's.
 */

import { type ChatId, userDoc } from '@wardline/core/base/ids'
import type { SealedStatement } from '@wardline/core/chat/group-statement'
import { lostStatements } from '@wardline/core/chat/group-statement'
import { SYS } from '@wardline/core/chat/lanes'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { ada, ben, type Device, pat, sam, World } from '../support/world.ts'

const LONG = 60_000

const ward = async () => {
  const world = await World.open(3, [ben, sam])
  const devices = {
    ada: await world.device(ada, 'ada'),
    ben: await world.device(ben, 'ben'),
    sam: await world.device(sam, 'sam'),
  }
  await world.quiesce()
  return { world, devices }
}

const makeGroup = async (world: World): Promise<ChatId> => {
  const made = await world.server.directory.groups.create(ada.id, 'Ward 3', [ben.id, sam.id])
  if (!made.ok) throw new Error(made.error.code)
  await world.quiesce()
  return made.value.id
}

const membersOn = async (world: World, chat: ChatId): Promise<string[]> =>
  ((await world.server.directory.chatOf(chat))?.members ?? []).map(({ userId }) => userId).sort()

const show = (devices: Record<string, Device>, chat: ChatId): void => {
  for (const device of Object.values(devices)) device.chat = chat
}

/** What a device could hand back now, as it has it. */
const statementsOf = async (device: Device): Promise<SealedStatement[]> => {
  const doc = new Y.Doc()
  for (const { update } of await device.store.rows(userDoc(device.me.id), 0))
    Y.applyUpdate(doc, update)
  return lostStatements(doc.getMap(SYS).entries(), [])
}

it('[EPOCH-5] a group made since comes back with its members and all that was said', async () => {
  const { world, devices } = await ward()
  const backup = world.backup()
  const chat = await makeGroup(world)
  show(devices, chat)
  await devices.ada.send('hello')
  await world.quiesce()
  await devices.sam.send('good morning')
  await world.quiesce()
  world.restore(backup)
  await world.quiesce(LONG)
  expect(await membersOn(world, chat)).toEqual([ada.id, ben.id, sam.id].sort())
  const fresh = await world.device(ben, 'fresh')
  fresh.chat = chat
  await world.quiesce(LONG)
  expect(await fresh.texts()).toEqual(['hello', 'good morning'])
  await devices.sam.send('and on it goes')
  await world.quiesce()
  for (const device of [...Object.values(devices), fresh])
    expect(await device.texts()).toEqual(['hello', 'good morning', 'and on it goes'])
  expect(fresh.client?.shell().chats.find(({ id }) => id === chat)?.title).toBe('Ward 3')
})

it('[EPOCH-5] who was taken out since is out again, once one of the others has come', async () => {
  const { world, devices } = await ward()
  const chat = await makeGroup(world)
  show(devices, chat)
  const backup = world.backup()
  await world.server.directory.groups.remove(chat, ada.id, sam.id)
  await world.quiesce()
  await devices.ada.send('not for Sam')
  await world.quiesce()
  for (const device of Object.values(devices)) device.kill()
  world.restore(backup)
  expect(await membersOn(world, chat)).toContain(sam.id)
  await devices.ben.start()
  await world.quiesce(LONG)
  expect(await membersOn(world, chat)).toEqual([ada.id, ben.id].sort())
  await devices.ada.start()
  await devices.sam.start()
  await world.quiesce(LONG)
  expect(await devices.ada.texts()).toEqual(['not for Sam'])
  expect(await devices.sam.texts()).toEqual([])
  // Who comes back after it stays, whatever is handed back then.
  await world.server.directory.groups.add(chat, ada.id, sam.id)
  const [old] = await statementsOf(devices.ben)
  await world.quiesce(LONG)
  if (old === undefined) throw new Error('nothing to hand back')
  await world.recallGroup(old.statement, old.seal, ben.id, true)
  expect(await membersOn(world, chat)).toContain(sam.id)
})

it('[EPOCH-5] changes of a tail that is gone come back too, with nobody told', async () => {
  const { world, devices } = await ward()
  const chat = await makeGroup(world)
  const copy = world.backup({ told: false })
  await world.server.directory.groups.remove(chat, ada.id, sam.id)
  await world.server.directory.groups.rename(chat, ada.id, 'Ward 4')
  await world.server.directory.groups.add(chat, ada.id, pat.id)
  await world.quiesce(300)
  for (const device of Object.values(devices)) device.kill()
  world.restore(copy)
  await devices.ben.start()
  await world.quiesce(LONG)
  expect(await membersOn(world, chat)).toEqual([ada.id, ben.id, pat.id].sort())
  expect((await world.server.directory.chatOf(chat))?.group?.title).toBe('Ward 4')
})

it('[EPOCH-5] takes nothing but its own word, and nothing that is old', async () => {
  const { world, devices } = await ward()
  const chat = await makeGroup(world)
  const [said] = await statementsOf(devices.sam)
  if (said === undefined) throw new Error('nothing was sealed')
  const { groups } = world.server.directory
  expect(await groups.recall(said.statement, said.seal, sam.id)).toEqual({ ok: true, value: false })
  await groups.remove(chat, ada.id, sam.id)
  // It was true once.
  expect(await groups.recall(said.statement, said.seal, sam.id)).toEqual({ ok: true, value: false })
  const forged = [
    { ...said.statement, version: 99 },
    { ...said.statement, at: said.statement.at + 1 },
    { ...said.statement, title: 'Mine' },
    { ...said.statement, members: said.statement.members.slice(1) },
  ]
  for (const statement of forged)
    expect(await groups.recall(statement, said.seal, sam.id)).toMatchObject({ ok: false })
  for (const seal of ['', 'x', said.seal.slice(1), `${said.seal}=`])
    expect(await groups.recall(said.statement, seal, sam.id)).toMatchObject({ ok: false })
  expect(await membersOn(world, chat)).toEqual([ada.id, ben.id].sort())
})

it('[EPOCH-5] gives nobody an index that somebody lost had', async () => {
  const { world, devices } = await ward()
  const backup = world.backup()
  const chat = await makeGroup(world)
  const { groups } = world.server.directory
  await groups.add(chat, ada.id, pat.id)
  await groups.remove(chat, ada.id, pat.id)
  await world.quiesce()
  world.restore(backup)
  await world.quiesce(LONG)
  await world.server.directory.groups.add(chat, ada.id, pat.id)
  const members = (await world.server.directory.chatOf(chat))?.members ?? []
  // Pat had 4, and is unknown to what was handed back.
  expect(members.find(({ userId }) => userId === pat.id)?.index).toBe(5)
  expect(devices.ada.client?.shell().waiting).toBe(0)
})
