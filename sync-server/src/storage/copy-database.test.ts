import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chatDoc, directChatId, parseUserId } from '@wardline/core/base/ids'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifyAudit } from './audit.ts'
import { LevelStore } from './level-store.ts'

const doc = chatDoc(directChatId(parseUserId('pat-1')!, parseUserId('ada-1')!))
let folder = ''
let store: LevelStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-copy-'))
  store = await LevelStore.open(join(folder, 'data'), { create: true })
  await mkdir(join(folder, 'copy'))
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const copy = (): string => join(folder, 'copy')
let n = 0
const write = (bytes = 1_000) => {
  n++
  return store.commit({
    appends: [{ doc, update: new Uint8Array(bytes).fill(n) }],
    records: [{ key: 'counter', value: n }],
    audit: [{ at: n, actor: 'server', action: 'counted', details: { n } }],
  })
}

it('is of one moment, whatever is written and deleted while it is made', async () => {
  for (let i = 0; i < 400; i++) await write(2_000)
  await store.commit({ records: [{ key: 'zero', value: 'here at that moment' }] })
  const steps: Promise<unknown>[] = []
  const before = store.lastSeq()
  const copied = await store.copyTo(copy(), {
    // Each step has more written, and what was there deleted: as at the end of a key's range.
    onStep: () =>
      steps.push(write(), store.commit({ records: [{ key: 'zero', value: steps.length }] })),
  })
  await Promise.all(steps)
  expect(steps.length).toBeGreaterThan(4)
  expect(copied).toMatchObject({ seq: before, damaged: false })
  expect(store.lastSeq()).toBeGreaterThan(before)
  const other = await LevelStore.open(copy())
  expect(other.epoch).toBe(store.epoch)
  expect(other.lastSeq()).toBe(before)
  expect((await other.getRecord('zero'))?.value).toBe('here at that moment')
  const { value } = (await other.getRecord('counter'))!
  const { head, tail } = await other.read(doc)
  expect(head).toBe(value)
  expect(tail.map(({ update }) => update[0])).toEqual(
    Array.from({ length: head }, (_, i) => (n - steps.length / 2 - head + i + 1) & 255),
  )
  expect(await verifyAudit(other)).toMatchObject({ kind: 'intact', tip: { n: head } })
  // Cursors of devices are known to it, but those from after.
  expect(other.lineage.locate(store.lineage.cursorAt(before), before)).toBeDefined()
  expect(other.lineage.locate(store.lineage.cursorAt(before + 1), before)).toBeUndefined()
  await other.close()
})

it('copies what lies there byte for byte, so that what was damaged before stays it', async () => {
  await write()
  await store.close()
  const level = new ClassicLevel<string, Uint8Array>(join(folder, 'data'), {
    valueEncoding: 'view',
  })
  const value = (await level.get('r!counter'))!
  value[value.length - 1]! ^= 1
  await level.put('r!counter', value)
  await level.close()
  store = await LevelStore.open(join(folder, 'data'))
  await expect(store.getRecord('counter')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  await store.copyTo(copy())
  const other = await LevelStore.open(copy())
  await expect(other.getRecord('counter')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  expect((await other.read(doc)).head).toBe(1)
  await other.close()
})

it('holds little in memory, and lets others have their turn', async () => {
  for (let i = 0; i < 32; i++) await write(1024 * 1024)
  let largest = 0
  let before = 0
  let turns = 0
  const ticking = setInterval(() => turns++, 1)
  await store.copyTo(copy(), {
    onStep: (bytes) => {
      largest = Math.max(largest, bytes - before)
      before = bytes
    },
  })
  clearInterval(ticking)
  expect(before).toBeGreaterThan(32 * 1024 * 1024)
  expect(largest).toBeLessThan(2 * 1024 * 1024)
  expect(turns).toBeGreaterThan(4)
})

it('ends when it is told to, and when the store closes', async () => {
  for (let i = 0; i < 8; i++) await write(200_000)
  const stop = new AbortController()
  const stopped = store.copyTo(copy(), { signal: stop.signal, onStep: () => stop.abort() })
  await expect(stopped).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  await mkdir(join(folder, 'second'))
  let closing: Promise<void> | undefined
  const cut = store.copyTo(join(folder, 'second'), {
    onStep: () => {
      closing ??= store.close()
    },
  })
  await expect(cut).rejects.toMatchObject({ name: 'StoreError' })
  await closing
  store = await LevelStore.open(join(folder, 'data'))
  expect(await store.head(doc)).toBe(8)
})

it('goes into no folder that has a database', async () => {
  await write()
  await store.copyTo(copy())
  await expect(store.copyTo(copy())).rejects.toMatchObject({ code: 'STORE_OPEN' })
  await expect(store.copyTo(join(folder, 'data'))).rejects.toMatchObject({ code: 'STORE_OPEN' })
  expect(await store.head(doc)).toBe(1)
})
