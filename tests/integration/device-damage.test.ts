/** A row on a device that is not what was written: it costs its document a fetch, and nothing else. */
import {
  chatDoc,
  type DocName,
  directChatId,
  monthOf,
  pageDoc,
  userDoc,
} from '@wardline/core/base/ids'
import { StoreError } from '@wardline/sync-server/storage/store-error'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Random } from '../support/random.ts'
import { ada, ben, chat, type Device, pat, World } from '../support/world.ts'

const other = directChatId(pat.id, ben.id)
const said = ['One', 'Two', 'Three', 'Four']
const noise = new Random(11)

let world: World
let phone: Device
let desk: Device
let page: DocName

beforeEach(async () => {
  world = await World.open(1, [ben])
  phone = await world.device(pat, 'phone')
  desk = await world.device(ada, 'desk')
  page = pageDoc(chat, monthOf(world.timers.now()))
  phone.client?.startChat(ben)
  await phone.client?.send(other, 'Elsewhere')
  for (const [i, text] of said.entries()) {
    await (i % 2 === 0 ? phone : desk).send(text)
    await world.quiesce()
  }
})

const restart = async (device: Device): Promise<void> => {
  device.kill()
  await device.start()
}
const lastOf = (device: Device): (string | undefined)[] =>
  device.client!.shell().chats.map(({ last }) => last?.text)

type Damage = (update: Uint8Array) => Uint8Array
const damages: [string, Damage][] = [
  ['cut short', (update) => update.slice(0, update.length / 2)],
  ['without its end', (update) => update.slice(0, -1)],
  ['empty', () => new Uint8Array()],
  ['noise', (update) => update.map(() => 128 + noise.below(127))],
]

/** Rows of a document on the phone. */
const rowsOf = (doc: DocName) => phone.database.docs.get(doc)!.rows

describe.each(damages)('a row that is %s', (_, change) => {
  const damage = (row: { update: Uint8Array }): void => {
    row.update = change(row.update)
  }

  it('of a page is fetched anew, and not again at the next start', async () => {
    phone.kill()
    for (const [i, row] of rowsOf(page).entries()) if (i % 2 === 0) damage(row)
    phone.database.summaries.delete(page)
    phone.online = false
    await phone.start()
    await world.quiesce()
    expect(lastOf(phone)).toContain('Elsewhere')
    await phone.open()
    expect((await phone.view())?.incomplete).toBe(true)
    await phone.send('Written meanwhile')
    expect(await phone.texts()).toContain('Written meanwhile')
    phone.goOnline()
    await world.quiesce(40_000)
    expect(await phone.texts()).toEqual([...said, 'Written meanwhile'])
    expect(await desk.texts()).toEqual([...said, 'Written meanwhile'])
    expect((await phone.view())?.incomplete).toBe(false)
    expect(phone.client?.shell()).toMatchObject({ waiting: 0, storageProblem: null })

    const { head } = phone.database.docs.get(page)!.record
    await restart(phone)
    expect(await phone.texts()).toEqual([...said, 'Written meanwhile'])
    expect(phone.database.docs.get(page)?.record.head).toBe(head)
  })

  it('and not sent yet, is sent', async () => {
    phone.goOffline()
    await phone.send('Not sent yet')
    await phone.send('Nor is this')
    phone.kill()
    for (const row of rowsOf(page)) damage(row)
    await phone.start()
    // They follow upon what is damaged, so they show when that is here.
    await phone.open()
    await world.settle()
    expect((await phone.view())?.incomplete).toBe(true)
    expect(phone.client?.shell().waiting).toBe(2)
    phone.goOnline()
    await world.quiesce(40_000)
    for (const device of [phone, desk])
      expect(await device.texts()).toEqual([...said, 'Not sent yet', 'Nor is this'])
    expect(phone.client?.shell().waiting).toBe(0)
  })

  it('where it waits to be sent, is sent as the page has it', async () => {
    phone.goOffline()
    await phone.send('Not sent yet')
    await phone.send('Nor is this')
    phone.kill()
    damage(phone.database.docs.get(page)!.outbox[0]!)
    await phone.start()
    await phone.open()
    expect(await phone.statuses()).toMatchObject({ 'Nor is this': 'waiting' })
    phone.goOnline()
    await world.quiesce(40_000)
    for (const device of [phone, desk])
      expect(await device.texts()).toEqual([...said, 'Not sent yet', 'Nor is this'])
    expect(phone.database.docs.get(page)).toMatchObject({
      outbox: [],
      record: { pushAll: false, lost: false },
    })
  })

  it.each([
    ['the person', userDoc(pat.id)],
    ['the chat', chatDoc(chat)],
  ])('of the document of %s leaves a device that starts', async (_of, doc) => {
    await phone.client?.setChatPrefs(chat, { pinned: true })
    await world.quiesce()
    phone.kill()
    for (const row of rowsOf(doc)) damage(row)
    await phone.start()
    await world.quiesce(40_000)
    expect(await phone.texts()).toEqual(said)
    expect(phone.client?.shell().chats).toHaveLength(2)
    expect(phone.client?.shell().chats.some(({ pinned }) => pinned)).toBe(true)
    const { head } = phone.database.docs.get(doc)!.record
    phone.goOffline()
    await restart(phone)
    expect(phone.database.docs.get(doc)?.record.head).toBe(head)
    expect(await phone.texts()).toEqual(said)
  })

  it('is found by a tab that does not lead, and fetched by the one that does', async () => {
    phone.kill()
    for (const row of rowsOf(page)) damage(row)
    // With its digest at hand, the first tab does not open the page.
    await phone.start()
    await world.quiesce()
    const tab = await world.tab(phone, 'second')
    await tab.open()
    await world.quiesce(40_000)
    expect(await tab.texts()).toEqual(said)
    await tab.send('From the second tab')
    await world.quiesce(40_000)
    for (const each of [tab, phone, desk])
      expect(await each.texts()).toEqual([...said, 'From the second tab'])
    const { head } = phone.database.docs.get(page)!.record
    phone.goOffline()
    tab.kill()
    await restart(phone)
    expect(await phone.texts()).toEqual([...said, 'From the second tab'])
    expect(phone.database.docs.get(page)?.record.head).toBe(head)
  })
})

it.each([
  ['all of them', () => true],
  ['the newest', (_: unknown, i: number, all: unknown[]) => i === all.length - 1],
  ['one of them', (_: unknown, i: number) => i === 1],
])('rows of a page that are gone, %s, come back', async (_, isGone) => {
  phone.kill()
  const stored = phone.database.docs.get(page)!
  stored.rows = stored.rows.filter((row, i, all) => !isGone(row, i, all))
  await phone.start()
  await phone.open()
  await world.quiesce(40_000)
  expect(await phone.texts()).toEqual(said)
  expect(lastOf(phone)).toContain('Elsewhere')
})

it('what cannot be read of a digest or of the search index is made again', async () => {
  phone.kill()
  for (const [doc, summary] of phone.database.summaries)
    phone.database.summaries.set(doc, { ...summary, value: { unread: 'x', last: 7 } })
  for (const name of phone.database.search.keys()) phone.database.search.set(name, '{"version"')
  await phone.start()
  await world.quiesce()
  expect(lastOf(phone).sort()).toEqual(['Elsewhere', 'Four'])
  const { messages } = await phone.client!.search('three')
  expect(messages).toHaveLength(1)
})

it('[DAMAGE-1] every tab says so while the server has a page damaged, and no longer', async () => {
  const tab = await world.tab(phone, 'second')
  const saysSo = async (): Promise<(boolean | undefined)[]> =>
    await Promise.all([phone, tab].map(async (each) => (await each.view())?.restoring))
  await phone.open()
  await tab.open()
  await world.quiesce()
  expect(await saysSo()).toEqual([false, false])

  world.crashServer()
  world.startServer()
  const { store } = world
  const whole = store.extent.bind(store)
  const fail = async (): Promise<never> => {
    await null
    throw new StoreError('STORE_CORRUPT', `${page} is damaged`)
  }
  const reads = [
    vi.spyOn(store, 'extent').mockImplementation((doc) => (doc === page ? fail() : whole(doc))),
    vi.spyOn(store, 'beginAnew').mockImplementation(fail),
  ]
  await world.quiesce(20_000)
  expect(await saysSo()).toEqual([true, true])
  await phone.send('Safe here')
  await world.quiesce()
  expect(await phone.statuses()).toMatchObject({ 'Safe here': 'waiting' })

  for (const read of reads) read.mockRestore()
  await world.quiesce(600_000)
  expect(await saysSo()).toEqual([false, false])
  expect(await desk.texts()).toEqual([...said, 'Safe here'])
})
