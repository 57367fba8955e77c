import { EntryKind } from '@wardline/core/chat/entry'
import { Pen } from '@wardline/core/client/pen'
import {
  type DeviceId,
  type DocName,
  pageDoc,
  parseChatId,
  parseMonth,
} from '@wardline/core/ids/ids'
import { expect, it } from 'vitest'
import { compactDoc } from '../storage/compaction.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { PageFolds } from './page-folds.ts'

const chat = parseChatId('dm.pat-morgan.dr-ada')!
const docs = ['2026-01', '2026-02', '2026-03'].map((month) => pageDoc(chat, parseMonth(month)!))
const at = Date.UTC(2026, 0, 15)

const writing = (store: MemoryStore, doc: DocName, writer = 7) => {
  const pen = new Pen(1, writer, 'phone000' as DeviceId)
  return async (): Promise<void> => {
    const draft = { at, kind: EntryKind.message, ref: null, body: new Uint8Array(1000) }
    const write = pen.entries([draft], new Map())
    write.advance()
    await store.commit({ appends: [{ doc, update: write.update }] })
  }
}

/** Counts what is read of a store. */
const counting = (store: MemoryStore) => {
  const reads = { whole: 0, rows: 0 }
  const folds = new PageFolds(
    {
      head: (doc) => store.head(doc),
      onReset: (listener) => store.onReset(listener),
      read: (doc) => {
        reads.whole++
        return store.read(doc)
      },
      readAfter: (doc, head) => {
        reads.rows++
        return store.readAfter(doc, head)
      },
    },
    2500,
  )
  return { reads, folds }
}

it('reads what changed, and nothing twice', async () => {
  const store = new MemoryStore()
  const [doc] = docs
  const write = writing(store, doc!)
  const { reads, folds } = counting(store)
  expect((await folds.page(doc!)).messages()).toEqual([])
  await write()
  await write()
  const pages = await Promise.all([folds.page(doc!), folds.page(doc!)])
  expect(pages.map((page) => page.messages().length)).toEqual([2, 2])
  expect(reads).toEqual({ whole: 1, rows: 1 })
})

it('begins again when compaction has removed rows that it needs', async () => {
  const store = new MemoryStore()
  const [doc] = docs
  const write = writing(store, doc!)
  const { reads, folds } = counting(store)
  await write()
  await folds.page(doc!)
  for (let i = 0; i < 100; i++) await write()
  await compactDoc(store, doc!)
  expect((await folds.page(doc!)).messages()).toHaveLength(101)
  expect(reads.whole).toBe(2)
})

it('keeps no more than it may, those used last', async () => {
  const store = new MemoryStore()
  const { reads, folds } = counting(store)
  for (const doc of docs) {
    await writing(store, doc)()
    await folds.page(doc)
  }
  expect(reads.whole).toBe(3)
  await folds.page(docs[2]!)
  await folds.page(docs[1]!)
  expect(reads.whole).toBe(3)
  await folds.page(docs[0]!)
  expect(reads.whole).toBe(4)
})
