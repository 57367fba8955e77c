import 'fake-indexeddb/auto'
import { type DeviceId, monthOf } from '@wardline/core/base/ids'
import { LivePage } from '@wardline/core/yjs/live-page'
import { newWriter } from '@wardline/core/yjs/new-writer'
import { OwnLane } from '@wardline/core/yjs/own-lane'
import { afterEach, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { canKeep, DeviceCopy } from './device-copy.ts'
import { openPersistence } from './persistence.ts'

const now = Date.UTC(2026, 3, 5)
const copies: DeviceCopy[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const copy of copies.splice(0)) await copy.close()
})

const open = async (name: string) => {
  const doc = new Y.Doc()
  const page = new LivePage(doc)
  const device = 'device01' as DeviceId
  const lane = new OwnLane({ page, month: monthOf(now), index: 1, writer: newWriter(), device })
  const copy = new DeviceCopy(name, doc, () => {})
  copies.push(copy)
  await copy.loaded
  return { page, lane, copy }
}

it('says that a message is saved when the database gives it back, over a reload too', async () => {
  const first = await open('kept')
  const message = await first.lane.send({ text: 'one' }, now)
  expect(first.copy.has(message)).toBe(false)
  await vi.waitFor(() => expect(first.copy.has(message)).toBe(true))
  const second = await open('kept')
  expect(second.page.messages).toHaveLength(1)
  expect(second.copy.has(message)).toBe(true)
})

/** As a full disk: each request succeeds, and its transaction is undone when it is to be committed. */
const fullDisk = () => {
  const { add } = IDBObjectStore.prototype
  let undone = 0
  const spy = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (
    this: IDBObjectStore,
    value: unknown,
  ) {
    const request = add.call(this, value)
    this.transaction.addEventListener('abort', () => undone++)
    request.addEventListener('success', () => this.transaction.abort())
    return request
  })
  return { undone: () => undone, hasRoom: () => spy.mockRestore() }
}

it('is needed: y-indexeddb by itself loses a write, and all that builds on it, and tells nobody', async () => {
  const doc = new Y.Doc()
  const persistence = openPersistence('alone', doc)
  await persistence.whenSynced
  const told = vi.fn()
  persistence.on('synced', told)
  const disk = fullDisk()
  doc.getArray('log').push(['lost'])
  await vi.waitFor(() => expect(disk.undone()).toBe(1))
  disk.hasRoom()
  doc.getArray('log').push(['after it'])
  await persistence.destroy()
  expect(told).not.toHaveBeenCalled()
  const again = new Y.Doc()
  const reopened = openPersistence('alone', again)
  await reopened.whenSynced
  expect(again.getArray('log').toJSON()).toEqual([])
  await reopened.destroy()
})

it('says that nothing is saved while the disk is full, and saves all of it when there is room', async () => {
  const { lane, copy, page } = await open('full')
  const disk = fullDisk()
  const message = await lane.send({ text: 'nowhere yet' }, now)
  await vi.waitFor(() => expect(copy.fails).toBe(true))
  expect(page.messages).toHaveLength(1)
  expect(copy.has(message)).toBe(false)
  disk.hasRoom()
  const next = await lane.send({ text: 'with room again' }, now + 1)
  await vi.waitFor(() => expect(copy.has(next)).toBe(true))
  expect([copy.has(message), copy.fails]).toEqual([true, false])
  expect((await open('full')).page.messages).toHaveLength(2)
})

it('clears what it has', async () => {
  const { lane, copy } = await open('cleared')
  const message = await lane.send({ text: 'one' }, now)
  await vi.waitFor(() => expect(copy.has(message)).toBe(true))
  copies.splice(0)
  await copy.clear()
  expect((await open('cleared')).page.messages).toEqual([])
})

it('can tell a browser that keeps nothing', async () => {
  expect(await canKeep()).toBe(true)
  vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('private', 'SecurityError')
  })
  expect(await canKeep()).toBe(false)
})
