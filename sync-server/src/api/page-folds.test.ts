import {
  type DeviceId,
  type DocName,
  pageDoc,
  parseChatId,
  parseMonth,
} from '@wardline/core/base/ids'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import { expect, it } from 'vitest'
import { compactDoc } from '../storage/compaction.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { FoldCache } from '../work/fold-cache.ts'
import { openJobs } from '../work/jobs.ts'
import { InlineExecutor } from '../work/worker-pool.ts'
import { PageFolds } from './page-folds.ts'

const chat = parseChatId('dm.pat-morgan.dr-ada')!
const docs = ['2026-01', '2026-02', '2026-03'].map((month) => pageDoc(chat, parseMonth(month)!))
const at = Date.UTC(2026, 0, 15)

const writing = (store: MemoryStore, doc: DocName, writer = 7) => {
  const laneWriter = new LaneWriter(1, writer, 'phone000' as DeviceId)
  return async (): Promise<void> => {
    const draft = { at, kind: EntryKind.message, ref: null, body: new Uint8Array(1000) }
    const write = laneWriter.entries([draft], new Map())
    write.advance()
    await store.commit({ appends: [{ doc, update: write.update }] })
  }
}

/** Counts what is read of a store. */
const counting = (store: MemoryStore) => {
  const reads = { whole: 0, rows: 0 }
  const here = new InlineExecutor(openJobs(new FoldCache(2500)))
  const folds = new PageFolds(
    {
      extent: (doc) => store.extent(doc),
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
    { at: () => here, stop: async () => {} },
  )
  const messages = (doc: DocName) =>
    folds.ask('ada', doc, 'newest', { before: undefined, count: 999 })
  return { reads, messages }
}

it('reads what changed, and nothing twice', async () => {
  const store = new MemoryStore()
  const [doc] = docs
  const write = writing(store, doc!)
  const { reads, messages } = counting(store)
  expect(await messages(doc!)).toEqual([])
  await write()
  await write()
  const pages = await Promise.all([messages(doc!), messages(doc!)])
  expect(pages.map(({ length }) => length)).toEqual([2, 2])
  expect(reads).toEqual({ whole: 1, rows: 1 })
})

it('begins again when compaction has removed rows that it needs', async () => {
  const store = new MemoryStore()
  const [doc] = docs
  const write = writing(store, doc!)
  const { reads, messages } = counting(store)
  await write()
  await messages(doc!)
  for (let i = 0; i < 100; i++) await write()
  await compactDoc(store, doc!)
  expect(await messages(doc!)).toHaveLength(101)
  expect(reads.whole).toBe(2)
})

it('keeps no more than it may, those used last', async () => {
  const store = new MemoryStore()
  const { reads, messages } = counting(store)
  for (const doc of docs) {
    await writing(store, doc)()
    await messages(doc)
  }
  expect(reads.whole).toBe(3)
  await messages(docs[2]!)
  await messages(docs[1]!)
  expect(reads.whole).toBe(3)
  await messages(docs[0]!)
  expect(reads.whole).toBe(4)
})
