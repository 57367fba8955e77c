/** What goes wrong and is mended without a word being lost. */

import { clientIdOf } from '@wardline/core/base/client-id'
import { monthOf, pageDoc } from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import { EntryKind, writeEntry } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import type { FileTransfer, UploadJob } from '@wardline/core/client/files/file-transfer'
import { LocalStoreError } from '@wardline/core/client/store/local-store'
import { MemoryLocalStore } from '@wardline/core/client/store/memory-local-store'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import { describe, expect, it, vi } from 'vitest'
import { ada, chat, type Device, pat, START, World } from '../support/world.ts'

const DAY = 86_400_000
const thisMonth = pageDoc(chat, monthOf(START))

const pair = async (skew = 0) => {
  const world = await World.open()
  const phone = await world.device(pat, 'phone', skew)
  const desk = await world.device(ada, 'desk')
  return { world, phone, desk }
}

const same = async (phone: Device, desk: Device, texts: readonly string[]) => {
  expect(await phone.texts()).toEqual(texts)
  expect(await desk.texts()).toEqual(texts)
  expect(phone.client?.shell().waiting).toBe(0)
  expect(desk.client?.shell().waiting).toBe(0)
}

describe('a refused device', () => {
  it('[REJECT-1] converges again, and loses nothing of what it wrote', async () => {
    const { world, phone, desk } = await pair()
    await world.quiesce()
    await phone.send('before')
    await world.quiesce()
    phone.goOffline()
    await phone.send('offline')
    // A fault of the program, or of the disk: an entry that skips numbers, in the outbox.
    const writer = 4711
    const entry = {
      writer,
      n: 7,
      device: phone.id,
      at: world.timers.now(),
      kind: EntryKind.message,
      ref: null,
      seen: new Map(),
      body: await sealBody({ text: 'out of turn' }),
      signature: null,
    }
    await phone.store.append(thisMonth, [
      {
        update: encodeLaneWrite({
          client: clientIdOf(1, writer),
          clock: 0,
          items: [{ log: 'log:1', values: [writeEntry(entry)] }],
        }),
        mine: { entries: [{ writer, n: 7 }] },
      },
    ])
    phone.kill()
    await phone.start()
    await phone.send('after')
    phone.goOnline()
    await world.quiesce(40_000)
    expect((await desk.texts()).sort()).toEqual(['after', 'before', 'offline', 'out of turn'])
    expect((await phone.texts()).sort()).toEqual(['after', 'before', 'offline', 'out of turn'])
    expect(phone.client?.shell().waiting).toBe(0)
    await phone.send('and on')
    await world.quiesce()
    expect(await desk.texts()).toContain('and on')
  })

  it('[GATE-11] goes on with another writer when somebody was first with its own', async () => {
    const { world, phone, desk } = await pair()
    await world.quiesce()
    phone.goOffline()
    await phone.send('one')
    await phone.send('two')
    const [writer = 0] = (await phone.store.outbox()).flatMap(({ entries }) =>
      entries.map((entry) => entry.writer),
    )
    // It was seen in another month of the chat, or while its owner was typing.
    const laneWriter = new LaneWriter(2, writer, desk.id)
    const body = await sealBody({ text: 'copied' })
    const draft = { at: world.timers.now(), kind: EntryKind.message, ref: null, body }
    const { update, entries } = laneWriter.entries([draft], new Map())
    await desk.store.append(thisMonth, [{ update, mine: { entries } }])
    desk.kill()
    await desk.start()
    await world.quiesce()
    phone.kill()
    await phone.start()
    phone.goOnline()
    await world.quiesce(40_000)
    await phone.send('three')
    await world.quiesce()
    for (const device of [phone, desk]) {
      const { items } = await device.open()
      const said = items.map((item) => item.type === 'message' && [item.authorName, item.text])
      expect(said).toHaveLength(4)
      for (const text of ['one', 'two', 'three']) expect(said).toContainEqual([pat.name, text])
      expect(said).toContainEqual([ada.name, 'copied'])
    }
    expect(phone.client?.shell().waiting).toBe(0)
  })

  it('[REJECT-2] that is refused again and again sets the message aside for its author', async () => {
    const { world, phone, desk } = await pair()
    await world.quiesce()
    await phone.send('fine')
    await world.quiesce()
    const update = encodeLaneWrite({
      client: clientIdOf(1, 99),
      clock: 0,
      items: [{ map: 'state:1', key: 'nonsense', value: 1 }],
    })
    for (let i = 0; i < 4; i++) {
      await phone.store.append(thisMonth, [{ update, mine: { entries: [] } }])
      phone.kill()
      await phone.start()
      await phone.send(`with it ${i}`)
      await world.quiesce(40_000)
    }
    const texts = await phone.texts()
    for (const text of ['fine', 'with it 0', 'with it 1', 'with it 2', 'with it 3'])
      expect(texts).toContain(text)
    const items = (await phone.open()).items
    const refused = items.filter((item) => item.type === 'message' && item.refused !== null)
    for (const item of refused) await phone.client?.sendAgain(chat, item.key)
    await world.quiesce(40_000)
    expect([...(await desk.texts())].sort()).toEqual([...texts].sort())
    expect(phone.client?.shell().waiting).toBe(0)
  })
})

describe('a wrong clock', () => {
  for (const [name, skew] of [
    ['three days ahead', 3 * DAY],
    ['two months ahead', 60 * DAY],
    ['a year behind', -365 * DAY],
  ] as const)
    it(`[CLOCK-1] ${name}: messages written before the server was met arrive`, async () => {
      const world = await World.open()
      world.crashServer()
      const phone = await world.device(pat, 'phone', skew)
      const desk = await world.device(ada, 'desk')
      await phone.send('one')
      await phone.send('two')
      world.startServer()
      await world.quiesce(60_000)
      await phone.send('three')
      await world.quiesce(60_000)
      await same(phone, desk, ['one', 'two', 'three'])
    })

  it('[CLOCK-1] rests when a page that lay in the future is emptied, over every start', async () => {
    const { world, phone, desk } = await pair(20 * DAY)
    const { replace } = MemoryLocalStore.prototype
    const replacements = vi.spyOn(MemoryLocalStore.prototype, 'replace')
    // Fails instead of hanging, where it goes on for ever.
    replacements.mockImplementation(function (this: MemoryLocalStore, ...args) {
      if (replacements.mock.calls.length > 50) throw new LocalStoreError('lost', 'too often')
      return replace.apply(this, args)
    })
    phone.goOffline()
    await phone.send('next month')
    for (let start = 0; start < 4; start++) {
      await phone.open()
      phone.goOnline()
      await world.quiesce(40_000)
      phone.goOffline()
      phone.kill()
      await phone.start()
    }
    await phone.open()
    phone.goOnline()
    await world.quiesce(40_000)
    const emptied = replacements.mock.calls.length
    replacements.mockRestore()
    expect(emptied).toBe(1)
    expect(phone.client?.shell().storageProblem).toBeNull()
    await same(phone, desk, ['next month'])
  })

  it('[CLOCK-1] does not trip over what was taken back before the clock was right', async () => {
    const { world, phone, desk } = await pair(3 * DAY)
    phone.goOffline()
    await phone.send('meant')
    await phone.send('not meant')
    const { items } = await phone.open()
    await phone.client?.retract(chat, items[1]?.key ?? '')
    phone.goOnline()
    await world.quiesce(40_000)
    expect(await desk.texts()).toEqual(['meant'])
    expect(phone.client?.shell().waiting).toBe(0)
  })

  it('[CLOCK-2] is corrected by the server, so that what follows is dated right', async () => {
    const { world, phone, desk } = await pair(3 * DAY)
    await world.quiesce()
    await phone.send('now')
    await world.quiesce()
    const [item] = (await desk.open()).items
    expect(Math.abs((item?.at ?? 0) - world.timers.now())).toBeLessThan(60_000)
  })
})

describe('a server that lost what it had', () => {
  it('[EPOCH-1] [CURSOR-6] gets everything back from the devices of its authors', async () => {
    const { world, phone, desk } = await pair()
    await world.quiesce()
    await phone.send('one')
    await world.quiesce()
    await desk.send('two')
    await world.quiesce()
    const backup = world.backup()
    await phone.send('three')
    await world.quiesce()
    await desk.send('four')
    await desk.read()
    await world.quiesce()
    await same(phone, desk, ['one', 'two', 'three', 'four'])
    world.restore(backup)
    await world.quiesce(60_000)
    await phone.send('five')
    await world.quiesce(60_000)
    await same(phone, desk, ['one', 'two', 'three', 'four', 'five'])
    const fresh = await world.device(pat, 'fresh')
    await world.quiesce(60_000)
    expect(await fresh.texts()).toEqual(['one', 'two', 'three', 'four', 'five'])
    expect((await phone.statuses()).three).toBe('read')
  })

  it('[EPOCH-6] shows no tick for what it has lost, until it has it again', async () => {
    const { world, phone, desk } = await pair()
    await world.quiesce()
    const backup = world.backup()
    desk.kill()
    await phone.send('stored once')
    await world.quiesce()
    expect(await phone.statuses()).toEqual({ 'stored once': 'stored' })
    world.restore(backup)
    const seen: (string | undefined)[] = []
    for (let passed = 0; passed < 60_000; passed += 50) {
      await world.settle()
      for (const link of world.network.busy()) {
        link.accept(world.accept)
        if (!link.deliverToServer()) link.deliverToClient()
      }
      await phone.client?.idle()
      seen.push((await phone.statuses())['stored once'])
      world.timers.advance(50)
    }
    const lost = seen.indexOf('waiting')
    expect(lost).toBeGreaterThan(0)
    expect(seen.slice(0, lost).every((status) => status === 'stored')).toBe(true)
    expect(seen.at(-1)).toBe('stored')
    // Not before the server had it.
    const again = seen.indexOf('stored', lost)
    expect(seen.slice(again).every((status) => status === 'stored')).toBe(true)
  })

  it('[EPOCH-4] gets the files of messages back from their authors’ devices', async () => {
    const { world, phone, desk } = await pair()
    const pageIndex = new Set<string>()
    phone.files = {
      upload: async ({ attachment }: UploadJob) => {
        pageIndex.add(attachment.hash)
        return { kind: 'done' }
      },
    } as Partial<FileTransfer> as FileTransfer
    phone.kill()
    await phone.start()
    await world.quiesce()
    const attachment = { hash: 'a'.repeat(64), name: 'a.jpg', type: 'image/jpeg', size: 3 }
    const backup = world.backup()
    await phone.client?.sendFiles(chat, 'look', [{ attachment, bytes: new Blob(['abc']) }])
    await world.quiesce()
    expect(await desk.texts()).toEqual(['look'])
    pageIndex.clear()
    phone.kill()
    world.restore(backup)
    await phone.start()
    await world.quiesce(60_000)
    await same(phone, desk, ['look'])
    expect([...pageIndex]).toEqual([attachment.hash])
    // Once is enough.
    pageIndex.clear()
    phone.kill()
    await phone.start()
    await world.quiesce(60_000)
    expect([...pageIndex]).toEqual([])
  })

  it('[EPOCH-2] [CURSOR-6] is noticed under the same epoch by a device that has seen more', async () => {
    const { world, phone, desk } = await pair()
    await world.quiesce()
    await phone.send('one')
    await world.quiesce()
    const backup = Object.assign(world.backup(), { epoch: world.disk.epoch })
    await phone.send('two')
    await world.quiesce()
    world.restore(backup)
    await world.quiesce(60_000)
    await phone.send('three')
    await world.quiesce(60_000)
    await same(phone, desk, ['one', 'two', 'three'])
  })
})

describe('a device that cannot save', () => {
  it('[LOCAL-1] says so to the one who sends, and has not sent', async () => {
    const { world, phone, desk } = await pair()
    await world.quiesce()
    await phone.send('one')
    phone.store.failNextWrite('quota')
    await expect(phone.send('no room')).rejects.toThrow()
    await phone.send('two')
    await world.quiesce()
    await same(phone, desk, ['one', 'two'])
  })

  it('[LOCAL-2] gets again what it could not keep of what came', async () => {
    const { world, phone, desk } = await pair()
    await world.quiesce()
    await phone.send('one')
    await world.quiesce()
    for (let i = 0; i < 3; i++) {
      desk.store.failNextWrite('quota')
      await phone.send(`more ${i}`)
      await world.quiesce(40_000)
    }
    await same(phone, desk, ['one', 'more 0', 'more 1', 'more 2'])
  })
})
