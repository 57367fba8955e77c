/** A page heavier than any one value, message or change may be. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DocName, pageDoc, parseChatId, parseMonth } from '@wardline/core/base/ids'
import { afterEach, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { Compactor } from '../../sync-server/src/storage/compaction.ts'
import { LevelStore } from '../../sync-server/src/storage/level-store.ts'
import { Random } from '../support/random.ts'

const page = pageDoc(parseChatId('dm.anna.drbob')!, parseMonth('2025-11')!)
const secret = 'PINEAPPLE-42'
const MB = 1024 * 1024

const cleanUp: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task()
})

const noise = new Random(7)
/** Bytes that nothing makes smaller. */
const noisy = (length: number): Uint8Array =>
  new Uint8Array(Uint32Array.from({ length: length / 4 }, () => noise.below(2 ** 32)).buffer)

it('[RETRACT-3] what was taken back goes from a page above every bound on one write', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'wardline-large-'))
  cleanUp.push(() => rm(directory, { recursive: true }))
  let store = await LevelStore.open(directory, { create: true })
  cleanUp.push(() => store.close())
  const doc = new Y.Doc()
  const write = async (change: () => void, erases = false): Promise<void> => {
    const before = Y.encodeStateVector(doc)
    const ends: Uint8Array[] = []
    const keep = (update: Uint8Array): number => ends.push(update)
    doc.on('update', keep)
    change()
    doc.off('update', keep)
    expect(Y.encodeStateVector(doc)).not.toEqual(erases ? undefined : before)
    await store.commit({ appends: ends.map((update) => ({ doc: page, update, erases })) })
  }
  const members = [doc.getArray('log:1'), doc.getArray('log:2')]
  // Two members with 40 MiB between them: more than a change, and a snapshot was, may hold.
  await write(() => members[0]?.push([secret]))
  for (let i = 0; i < 40; i++)
    await write(() => members[i % 2]?.push([noisy(MB / 2), noisy(MB / 2)]))
  const errors: unknown[] = []
  const onError = (_: DocName, error: unknown): number => errors.push(error)
  const compactor = new Compactor(store, { onError })
  compactor.consider(page, MB)
  await compactor.idle()
  const { snapshot } = await store.read(page)
  expect(snapshot?.updates.length).toBeGreaterThan(8)
  expect(Math.max(...(snapshot?.updates ?? []).map(({ length }) => length))).toBeLessThan(6 * MB)

  await write(() => members[0]?.delete(0), true)
  const holdsIt = async (): Promise<boolean> => {
    const names = await readdir(directory)
    const files = names.map((name) => readFile(join(directory, name)).catch(() => Buffer.alloc(0)))
    return (await Promise.all(files)).some((bytes) => bytes.includes(secret))
  }
  expect(await holdsIt()).toBe(true)
  // The server that was told of it dies before it had time: the next one does it.
  await compactor.stop()
  await store.close()
  store = await LevelStore.open(directory)
  const next = new Compactor(store, { onError })
  await next.resume()
  await next.idle()
  await next.stop()
  expect(errors).toEqual([])
  expect(next.unerased).toEqual([])
  await vi.waitFor(async () => expect(await holdsIt()).toBe(false), { timeout: 10_000 })

  const content = await store.read(page)
  const copy = new Y.Doc()
  for (const update of content.snapshot?.updates ?? []) Y.applyUpdate(copy, update)
  for (const { update } of content.tail) Y.applyUpdate(copy, update)
  expect(copy.getArray('log:1').length).toBe(40)
  expect(copy.getArray('log:2').length).toBe(40)
  expect(Y.encodeStateVector(copy)).toEqual(Y.encodeStateVector(doc))
})
