/** Values in the device's database that are not what was put there. */
import 'fake-indexeddb/auto'
import { directChatId, pageDoc, parseMonth, parseUserId } from '@wardline/core/base/ids'
import { deleteDB, type IDBPDatabase, openDB } from 'idb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { IdbLocalStore } from './idb-local-store.ts'

const name = 'damage'
const chat = directChatId(parseUserId('pat-ada')!, parseUserId('doc-bea')!)
const [doc, other] = ['2026-01', '2026-02'].map((month) => pageDoc(chat, parseMonth(month)!)) as [
  ReturnType<typeof pageDoc>,
  ReturnType<typeof pageDoc>,
]
const row = (n: number) => ({ update: new Uint8Array([n]) })
const mine = (n: number) => ({ ...row(n), mine: { entries: [{ writer: 7, n }] } })

let store: IdbLocalStore
let raw: IDBPDatabase

beforeEach(async () => {
  store = new IdbLocalStore({ name })
  for (const each of [doc, other])
    await store.append(each, [row(1), mine(2), mine(3)], { head: 5, known: 5 })
  await store.putSummaries([{ doc, atRow: 3, value: 'digest' }])
  raw = await openDB(name)
})
afterEach(async () => {
  vi.restoreAllMocks()
  raw.close()
  await store.close()
  await deleteDB(name)
})

it.each([
  ['text', 'text'],
  ['a number', 7],
  ['nothing', undefined],
  ['an array', [1, 2]],
  ['bytes of another kind', new Uint16Array([1])],
])('a row that is %s is there, and empty', async (_, update) => {
  await raw.put('rows', { doc, no: 2, update })
  await raw.put('outbox', { doc, no: 2, update, entries: 'none' })
  const { rows, lastRow } = await store.read(doc)
  expect(rows.map(({ no, update }) => [no, update.length])).toEqual([
    [1, 1],
    [2, 0],
    [3, 1],
  ])
  expect(lastRow).toBe(3)
  expect(await store.outbox(doc)).toMatchObject([
    { no: 2, update: new Uint8Array(), entries: [] },
    { no: 3, update: new Uint8Array([3]) },
  ])
  expect((await store.read(other)).rows.every(({ update }) => update.length === 1)).toBe(true)
})

it.each([
  ['gone', undefined],
  ['of another shape', { head: 'x', known: null, lastRow: { a: 1 } }],
  ['without its numbers', {}],
])(
  'a record that is %s is asked for from the start, and no row is written over',
  async (_, value) => {
    await raw.delete('docs', doc)
    if (value !== undefined) await raw.put('docs', { doc, ...value })
    const { docs } = await store.load()
    expect(docs.find((record) => record.doc === doc)).toMatchObject({ head: 0, known: 1 })
    expect(docs.find((record) => record.doc === other)).toMatchObject({ head: 5, known: 5 })
    expect(await store.append(doc, [mine(4)])).toMatchObject({ numbers: [4] })
    expect((await store.read(doc)).rows.map(({ no }) => no)).toEqual([1, 2, 3, 4])
    expect((await store.outbox(doc)).map(({ no }) => no)).toEqual([2, 3, 4])
  },
)

it.each(['DataError', 'NotReadableError', 'UnknownError'])(
  'a row that the browser does not give back (%s) keeps none of the others',
  async (error) => {
    const refuse = (): never => {
      throw new DOMException('Failed to read large IndexedDB value', error)
    }
    const { get, getAll } = IDBObjectStore.prototype
    vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (
      this: IDBObjectStore,
      ...args
    ) {
      return this.name === 'rows' ? refuse() : getAll.apply(this, args)
    })
    vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (
      this: IDBObjectStore,
      key,
    ) {
      return this.name === 'rows' && indexedDB.cmp(key, [doc, 2]) === 0
        ? refuse()
        : get.call(this, key)
    })
    const sizes = [1, 0, 1]
    expect((await store.read(doc)).rows.map(({ update }) => update.length)).toEqual(sizes)
    expect((await store.rows(doc, 0)).map(({ update }) => update.length)).toEqual(sizes)
  },
)

it('a document that the browser does not give back keeps none of those that are read with it', async () => {
  const { getAll } = IDBObjectStore.prototype
  vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (
    this: IDBObjectStore,
    query,
    ...rest
  ) {
    const isDamaged = query instanceof IDBKeyRange && indexedDB.cmp(query.lower, [doc, 0]) === 0
    if (isDamaged) throw new DOMException('Failed to read large IndexedDB value', 'DataError')
    return getAll.apply(this, [query, ...rest])
  })
  const opened = vi.spyOn(IDBDatabase.prototype, 'transaction')
  const [damaged, sound] = await Promise.all([store.read(doc), store.read(other)])
  expect(damaged.rows.map(({ no }) => no)).toEqual([1, 2, 3])
  expect(sound.rows.map(({ update }) => update.length)).toEqual([1, 1, 1])
  opened.mockClear()
  await Promise.all(Array.from({ length: 20 }, () => store.read(other)))
  expect(opened).toHaveBeenCalledTimes(1)
})

it('documents that were asked for before it is closed are read', async () => {
  const first = store.read(doc)
  // One that waits for another, and not with it.
  for (let turn = 0; turn < 5; turn++) await null
  const second = store.read(other)
  await store.close()
  expect((await Promise.all([first, second])).map(({ lastRow }) => lastRow)).toEqual([3, 3])
})
