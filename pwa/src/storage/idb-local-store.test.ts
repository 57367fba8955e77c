import 'fake-indexeddb/auto'
import { directChatId, pageDoc, parseMonth, parseUserId } from '@wardline/core/base/ids'
import { localStoreContract } from '@wardline/core/client/store/local-store-contract'
import { deleteDB, openDB } from 'idb'
import { expect, it, vi } from 'vitest'
import { IdbLocalStore } from './idb-local-store.ts'

let profiles = 0

localStoreContract('IndexedDB', () => {
  const name = `profile-${++profiles}`
  return { open: async () => new IdbLocalStore({ name }), dispose: () => deleteDB(name) }
})

it('notes the heads of hundreds of documents with one read, and keeps what their records say', async () => {
  const name = `profile-${++profiles}`
  const store = new IdbLocalStore({ name })
  const doctor = parseUserId('dr-ada')!
  const docs = Array.from({ length: 600 }, (_, i) =>
    pageDoc(directChatId(parseUserId(`patient-${i}`)!, doctor), parseMonth('2026-11')!),
  )
  await store.append(docs[7]!, [{ update: new Uint8Array([1]) }], { head: 9, known: 9 })
  const reads = [vi.spyOn(IDBObjectStore.prototype, 'get')]
  reads.push(vi.spyOn(IDBObjectStore.prototype, 'getAll'))
  await store.noteHeads(
    docs.map((doc, i) => ({ doc, known: i + 1 })),
    { epoch: 'epoch', cursor: '1.1' },
  )
  expect(reads.map(({ mock }) => mock.calls.length)).toEqual([0, 1])
  vi.restoreAllMocks()
  const state = await store.load()
  expect(state.meta).toMatchObject({ epoch: 'epoch', cursor: '1.1' })
  expect(state.docs.length).toBe(600)
  for (const { doc, head, known, lastRow } of state.docs) {
    const [i, isOld] = [docs.indexOf(doc), doc === docs[7]]
    expect([head, known, lastRow]).toEqual(isOld ? [9, 9, 1] : [0, i + 1, 0])
  }
  await store.close()
  await deleteDB(name)
})

it('finds rows whose record was lost, of many documents that are written to together', async () => {
  const name = `profile-${++profiles}`
  const store = new IdbLocalStore({ name })
  const doctor = parseUserId('dr-ada')!
  const docs = Array.from({ length: 20 }, (_, i) =>
    pageDoc(directChatId(parseUserId(`patient-${i}`)!, doctor), parseMonth('2026-11')!),
  )
  const append = () =>
    Promise.all(
      docs.map((doc) => store.append(doc, [{ update: new Uint8Array([1]) }], { head: 1 })),
    )
  await append()
  const raw = await openDB(name)
  await raw.clear('docs')
  raw.close()
  const again = await append()
  expect(again.map(({ numbers }) => numbers)).toEqual(docs.map(() => [2]))
  await store.close()
  await deleteDB(name)
})
