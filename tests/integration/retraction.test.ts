/** A message that was taken back is gone: from every replica, every database and every disk. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { directChatId } from '@wardline/core/base/ids'
import { afterEach, describe, expect, it } from 'vitest'
import { startDevice, until } from '../support/node-device.ts'
import { ServerProcess } from '../support/server-process.ts'
import { ada, chat, pat, World } from '../support/world.ts'

const cleanUp: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task()
})

const secret = 'PINEAPPLE-42'

const contains = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes(secret)

describe('a message that was taken back', () => {
  it('[RETRACT-1] leaves a stub, in its place, on both sides and all devices, and is nowhere else', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    const desk = await world.device(ada, 'desk')
    await phone.send('before')
    await phone.send(`the word is ${secret}`)
    await world.quiesce()
    await desk.send('after')
    await world.quiesce()
    const keyOf = async () =>
      (await phone.open()).items.find(
        (item) => item.type === 'message' && item.text.includes(secret),
      )?.key ?? ''
    await phone.client?.edit(chat, await keyOf(), `the word was ${secret}`)
    await world.quiesce()
    const key = await keyOf()
    expect(await desk.texts()).toEqual(['before', `the word was ${secret}`, 'after'])
    desk.goOffline()
    phone.goOffline()
    await phone.client?.retract(chat, key)
    expect(await phone.texts()).toEqual(['before', '', 'after'])
    phone.goOnline()
    desk.goOnline()
    await world.quiesce(40_000)
    for (const device of [phone, desk]) {
      expect(await device.texts()).toEqual(['before', '', 'after'])
      const stored = [...device.database.docs.values()].flatMap(({ rows, outbox }) => [
        ...rows,
        ...outbox,
      ])
      expect(stored.some(({ update }) => contains(update))).toBe(false)
    }
    const late = await world.device(ada, 'late')
    await world.quiesce(40_000)
    expect(await late.texts()).toEqual(['before', '', 'after'])
    const updates = [...world.disk.docs.values()].flatMap((doc) => [
      ...(doc.snapshot?.updates ?? []),
      ...doc.rows.map(({ update }) => update),
    ])
    expect(updates.some(contains)).toBe(false)
  })

  it('[RETRACT-2] of somebody else cannot be', async () => {
    const world = await World.open()
    const phone = await world.device(pat, 'phone')
    const desk = await world.device(ada, 'desk')
    await phone.send('mine')
    await world.quiesce()
    const key = (await desk.open()).items[0]?.key ?? ''
    await expect(desk.client?.retract(chat, key)).rejects.toThrow()
    await expect(desk.client?.edit(chat, key, 'forged')).rejects.toThrow()
    await world.quiesce()
    expect(await phone.texts()).toEqual(['mine'])
  })

  it('[RETRACT-3] is not in any file of the server any more', async () => {
    const server = await ServerProcess.start()
    cleanUp.push(() => server.remove())
    const { client, person } = await startDevice({ url: server.url, email: 'pat@demo.clinic' })
    cleanUp.push(() => client.close())
    const id = client.startChat(ada)
    expect(id).toBe(directChatId(person.id, ada.id))
    const conversation = await client.openConversation(id!)
    await client.send(id!, `the word is ${secret}`)
    await client.send(id!, 'something else')
    const stored = () => client.shell().waiting === 0
    await until(client, stored)
    const files = async () => {
      const names = await readdir(server.dataDir, { recursive: true, withFileTypes: true })
      const contents = names
        .filter((entry) => entry.isFile())
        .map((entry) => readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0)))
      return (await Promise.all(contents)).some(contains)
    }
    expect(await files()).toBe(true)
    await client.retract(id!, conversation?.view()?.items[0]?.key ?? '')
    await until(client, stored)
    await expect.poll(files, { timeout: 20_000 }).toBe(false)
  })
})
