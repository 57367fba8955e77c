import { type DocName, pageDoc, parseChatId, parseMonth } from '@wardline/core/base/ids'
import { describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { Compactor, compactDoc, isDue } from './compaction.ts'
import { MemoryStore } from './memory-store.ts'
import type { Store } from './store.ts'

const page = pageDoc(parseChatId('dm.anna.drbob')!, parseMonth('2025-11')!)

/** Updates of a document in which one entry at a time is appended. */
const updatesOf = (texts: readonly string[]): Uint8Array[] => {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const text of texts) doc.getArray<string>('log:1').push([text])
  return updates
}

const texts = (count: number): string[] => Array.from({ length: count }, (_, i) => `message ${i}`)

const appendAll = (store: Store, updates: readonly Uint8Array[]) =>
  store.commit({ appends: updates.map((update) => ({ doc: page, update })) })

const logIn = async (store: Store): Promise<unknown[]> => {
  const { snapshot, tail } = await store.read(page)
  const doc = new Y.Doc()
  for (const update of snapshot?.updates ?? []) Y.applyUpdate(doc, update)
  for (const { update } of tail) Y.applyUpdate(doc, update)
  return doc.getArray('log:1').toArray()
}

describe('compactDoc', () => {
  it('merges snapshot and tail into a snapshot with the same content', async () => {
    const store = new MemoryStore()
    const updates = updatesOf(texts(300))
    await appendAll(store, updates.slice(0, 200))
    expect(await compactDoc(store, page)).toMatchObject({ kind: 'compacted', head: 200, rows: 200 })
    await appendAll(store, updates.slice(200))
    expect(await compactDoc(store, page)).toMatchObject({ kind: 'compacted', head: 300, rows: 100 })
    const { snapshot, tail } = await store.read(page)
    expect(snapshot?.head).toBe(300)
    expect(tail).toEqual([])
    expect(await logIn(store)).toEqual(texts(300))
    expect(await compactDoc(store, page)).toEqual({ kind: 'nothing-to-do' })
  })

  it('leaves a document alone that lacks something', async () => {
    const store = new MemoryStore()
    const updates = updatesOf(texts(3))
    await appendAll(store, [updates[0]!, updates[2]!])
    expect(await compactDoc(store, page)).toEqual({ kind: 'incomplete', head: 2, rows: 2 })
    expect((await store.read(page)).snapshot).toBeNull()
    await appendAll(store, [updates[1]!])
    expect(await compactDoc(store, page)).toMatchObject({ kind: 'compacted' })
    expect(await logIn(store)).toEqual(texts(3))
  })

  it('loses no row that arrives while it works', async () => {
    const store = new MemoryStore()
    const updates = updatesOf(texts(20))
    await appendAll(store, updates.slice(0, 10))
    const late = {
      read: store.read.bind(store),
      compact: async (...args: Parameters<Store['compact']>) => {
        await appendAll(store, updates.slice(10))
        await store.compact(...args)
      },
    }
    expect(await compactDoc(late, page)).toMatchObject({ kind: 'compacted', head: 10 })
    const content = await store.read(page)
    expect([content.snapshot?.head, content.tail.length]).toEqual([10, 10])
    expect(await logIn(store)).toEqual(texts(20))
  })
})

describe('isDue', () => {
  it.each([
    [{ tailRows: 1000, tailBytes: 16 * 1024, snapshotBytes: 0 }, false],
    [{ tailRows: 1001, tailBytes: 1001, snapshotBytes: 1e9 }, true],
    [{ tailRows: 10, tailBytes: 16 * 1024 + 1, snapshotBytes: 0 }, true],
    [{ tailRows: 10, tailBytes: 100_000, snapshotBytes: 100_000 }, false],
    [{ tailRows: 10, tailBytes: 100_001, snapshotBytes: 100_000 }, true],
  ])('%o: %s', (sizes, due) => expect(isDue(sizes)).toBe(due))
})

/** No work takes long by it. */
const unhurried = { now: () => 0, elapsed: () => 0, after: () => () => {} }

describe('Compactor', () => {
  it('compacts what is due and leaves the rest', async () => {
    const store = new MemoryStore()
    const done: string[] = []
    const compactor = new Compactor(store, {
      onDone: (_, result) => done.push(result.kind),
      timers: unhurried,
    })
    const updates = updatesOf(texts(1001))
    for (const update of updates.slice(0, 300)) {
      await appendAll(store, [update])
      compactor.consider(page, update.length)
      await compactor.idle()
    }
    expect(done).toEqual([])
    await appendAll(store, updates.slice(300))
    for (const { length } of updates.slice(300)) compactor.consider(page, length)
    await compactor.idle()
    expect(done).toEqual(['compacted'])
    expect(await logIn(store)).toEqual(texts(1001))
  })

  it('asks the store about a document again when it can be due, and not for each row', async () => {
    let looks = 0
    class Counting extends MemoryStore {
      override sizes(doc: DocName) {
        looks++
        return super.sizes(doc)
      }
    }
    const store = new Counting()
    const done: string[] = []
    const compactor = new Compactor(store, { onDone: (_, { kind }) => done.push(kind) })
    const grow = async (updates: readonly Uint8Array[]) => {
      for (const update of updates) {
        await appendAll(store, [update])
        compactor.consider(page, update.length)
        await compactor.idle()
      }
    }
    const long = updatesOf(Array.from({ length: 8 }, (_, i) => `${i}`.repeat(2_500)))
    await grow(long.slice(0, 6))
    expect(looks).toBe(1)
    // More than 16 KiB by then.
    await grow(long.slice(6))
    expect([looks, done]).toEqual([3, ['compacted']])
    await compactor.stop()
  })

  it('does not try an incomplete document again after each append', async () => {
    const store = new MemoryStore()
    const done: string[] = []
    const compactor = new Compactor(store, {
      onDone: (_, result) => done.push(result.kind),
      timers: unhurried,
    })
    const updates = updatesOf(texts(1100))
    await appendAll(store, updates.slice(1))
    for (let i = 0; i < 3; i++) {
      compactor.consider(page, 20)
      await compactor.idle()
    }
    expect(done).toEqual(['incomplete'])
  })

  it('rests after long work: nobody keeps the server busy by taking things back', async () => {
    let now = 0
    let reads = 0
    class SlowStore extends MemoryStore {
      override read(doc: DocName) {
        reads++
        now += 500
        return super.read(doc)
      }
    }
    const store = new SlowStore()
    await appendAll(store, updatesOf(texts(2)))
    const rests: { ms: number; end: () => void }[] = []
    const after = (ms: number, end: () => void) => {
      rests.push({ ms, end })
      return () => {}
    }
    const compactor = new Compactor(store, {
      timers: { now: () => now, elapsed: () => now, after },
    })
    compactor.erase(page)
    await compactor.idle()
    compactor.erase(page)
    await vi.waitFor(() => expect(rests).toMatchObject([{ ms: 2_000 }]))
    expect(reads).toBe(1)
    rests[0]?.end()
    await compactor.idle()
    expect(reads).toBe(2)
    // It does not wait for the end of a rest.
    compactor.erase(page)
    await vi.waitFor(() => expect(rests).toHaveLength(2))
    await compactor.stop()
  })

  it('reports a failure and goes on', async () => {
    const store = new MemoryStore()
    const errors: unknown[] = []
    const compactor = new Compactor(store, { onError: (_, error) => errors.push(error) })
    await store.close()
    compactor.consider(page, 20)
    await compactor.idle()
    expect(errors).toMatchObject([{ code: 'STORE_CLOSED' }])
    await compactor.stop()
    compactor.consider(page, 20)
    await compactor.idle()
    expect(errors).toHaveLength(1)
  })

  it('tries what it could not erase again, later and later, and says so meanwhile', async () => {
    let broken = true
    let tries = 0
    class Broken extends MemoryStore {
      override async compact(...args: Parameters<Store['compact']>) {
        tries++
        if (broken) throw new Error('no')
        await super.compact(...args)
      }
    }
    const store = new Broken()
    const updates = updatesOf(texts(2))
    await appendAll(store, updates)
    const waits: { ms: number; end: () => void }[] = []
    const after = (ms: number, end: () => void) => {
      waits.push({ ms, end })
      return () => {}
    }
    const errors: unknown[] = []
    const compactor = new Compactor(store, {
      onError: (_, error) => errors.push(error),
      timers: { now: () => 0, elapsed: () => 0, after },
    })
    compactor.erase(page)
    await compactor.idle()
    expect(compactor.unerased).toEqual([page])
    // Whatever is written meanwhile does not make it try more often.
    compactor.consider(page, 20)
    compactor.erase(page)
    await compactor.idle()
    expect(tries).toBe(1)
    for (const expected of [60_000, 120_000]) {
      waits.at(-1)?.end()
      await compactor.idle()
      expect(waits.at(-1)?.ms).toBe(expected)
    }
    broken = false
    waits.at(-1)?.end()
    await compactor.idle()
    expect([compactor.unerased, errors.length, tries]).toEqual([[], 3, 4])
    await compactor.stop()
  })
})
