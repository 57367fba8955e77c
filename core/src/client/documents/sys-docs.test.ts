import { expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { type DocName, parseUserId, userDoc } from '../../base/ids.ts'
import { SYS } from '../../chat/lanes.ts'
import type { DocRecord } from '../store/local-store.ts'
import { MemoryLocalStore } from '../store/memory-local-store.ts'
import { SysDocs } from './sys-docs.ts'

const me = parseUserId('dr-ada')!

/** @param random byte of which the first writer is made */
const open = (
  store: MemoryLocalStore,
  random = 1,
  changed: (record: DocRecord | undefined) => void = () => {},
) => {
  let next = random - 1
  const known = new Set<DocName>()
  return new SysDocs({
    store,
    random: (length) => new Uint8Array(length).fill(++next),
    hasRows: (doc) => known.has(doc),
    changed: (doc, record) => {
      known.add(doc)
      changed(record)
    },
    wrote() {},
    damaged() {},
  })
}

it('[PREF-3] the later setting holds, whichever device has the larger writer', async () => {
  const doc = userDoc(me)
  for (const [first, second] of [
    [1, 200],
    [200, 1],
  ] as const) {
    const store = new MemoryLocalStore()
    await open(store, first).setPrefs(doc, { 'muted/x': 'earlier' })
    const later = open(store, second)
    await later.setPrefs(doc, { 'muted/x': 'later' })
    expect(later.pref(doc, 'muted/x')).toBe('later')
    const elsewhere = open(store)
    await elsewhere.open(doc)
    expect(elsewhere.pref(doc, 'muted/x')).toBe('later')
  }
})

it('what comes is taken in once, with its record, and without reading what was just stored', async () => {
  const store = new MemoryLocalStore()
  const doc = userDoc(me)
  const heads: (number | undefined)[] = []
  const docs = open(store, 1, (record) => heads.push(record?.head))
  await docs.open(doc)
  const reads = [vi.spyOn(store, 'rows'), vi.spyOn(store, 'record'), vi.spyOn(store, 'read')]
  const server = new Y.Doc()
  const updates: Uint8Array[] = []
  server.on('update', (update: Uint8Array) => void updates.push(update))
  for (const key of ['chat/a', 'chat/b', 'chat/c']) server.getMap(SYS).set(key, key)
  await docs.receive(doc, updates.slice(0, 2), { head: 2, known: 2 })
  expect(heads).toEqual([2])
  expect(reads.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0])
  // Another tab writes in between: then the store has the order.
  await store.append(doc, [{ update: new Uint8Array([0, 0]) }])
  await docs.receive(doc, updates.slice(2), { head: 3, known: 3 })
  expect(heads).toEqual([2, 3])
  expect([...docs.entries(doc)].map(([key]) => key).toSorted()).toEqual([
    'chat/a',
    'chat/b',
    'chat/c',
  ])
  expect((await store.record(doc))?.head).toBe(3)
})

it('joins the rows of a document when there are many, and loses nothing of them', async () => {
  const store = new MemoryLocalStore()
  const doc = userDoc(me)
  const first = open(store)
  for (let i = 0; i < 100; i++) await first.setPrefs(doc, { [`muted/${i % 7}`]: i })
  expect((await store.rows(doc, 0)).length).toBe(100)
  await open(store).open(doc)
  expect((await store.rows(doc, 0)).length).toBe(1)
  expect((await store.outbox(doc)).length).toBe(100)
  const again = open(store)
  await again.open(doc)
  expect([0, 1, 2, 3, 4, 5, 6].map((i) => again.pref(doc, `muted/${i}`))).toEqual([
    98, 99, 93, 94, 95, 96, 97,
  ])
})

it('what comes is not read where nothing was here, and is where another tab wrote in spite of that', async () => {
  const entry = (key: string): Uint8Array => {
    const made = new Y.Doc()
    made.getMap(SYS).set(key, 1)
    return Y.encodeStateAsUpdate(made)
  }
  const doc = userDoc(me)
  const empty = new MemoryLocalStore()
  const reads = [vi.spyOn(empty, 'read'), vi.spyOn(empty, 'rows')]
  const docs = open(empty)
  await docs.receive(doc, [entry('a')], { head: 1, known: 1 })
  expect(reads.map(({ mock }) => mock.calls.length)).toEqual([0, 0])
  expect([...docs.entries(doc)]).toEqual([['a', 1]])
  const written = new MemoryLocalStore()
  await written.append(doc, [{ update: entry('a') }])
  const other = open(written)
  await other.receive(doc, [entry('b')], { head: 2, known: 2 })
  expect(new Set([...other.entries(doc)].map(([key]) => key))).toEqual(new Set(['a', 'b']))
})
