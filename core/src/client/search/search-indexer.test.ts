import { expect, it } from 'vitest'
import { type DeviceId, directChatId, monthOf, pageDoc, parseUserId } from '../../base/ids.ts'
import { sealBody } from '../../chat/body.ts'
import { EntryKind } from '../../chat/entry.ts'
import { LaneWriter } from '../../chat/lane-writer.ts'
import { Page } from '../../chat/page.ts'
import { MemoryDatabase, MemoryLocalStore } from '../store/memory-local-store.ts'
import { SearchIndexer } from './search-indexer.ts'

const doc = pageDoc(
  directChatId(parseUserId('pat-morgan')!, parseUserId('dr-ada')!),
  monthOf(Date.UTC(2026, 10)),
)

/** A indexer of one page, and what it asks the time for. */
const indexer = () => {
  const due: (() => void)[] = []
  const device = { busy: true, reads: 0 }
  const index = new SearchIndexer({
    store: new MemoryLocalStore(new MemoryDatabase()),
    timers: {
      now: () => 0,
      elapsed: () => 0,
      after: (_, callback) => {
        due.push(callback)
        return () => {}
      },
    },
    pages: () => [{ doc, lastRow: 1 }],
    read: async () => {
      device.reads++
      return { page: new Page(), lastRow: 1 }
    },
    isBusy: () => device.busy,
    changed: () => {},
  })
  return { index, device, due }
}

it('is made ahead when the device is no longer busy', async () => {
  const { index, device, due } = indexer()
  index.lead()
  due.shift()?.()
  device.busy = false
  expect(device.reads).toBe(0)
  due.shift()?.()
  await index.search({ words: [], enough: 1 })
  expect(device.reads).toBe(1)
})

it('is made at once for who searches, however busy the device is', async () => {
  const { index, device } = indexer()
  index.lead()
  const { complete } = await index.search({ words: [], enough: 1 })
  expect(complete).toBe(true)
  expect(device.reads).toBe(1)
})

it('leaves the oldest months out when there are too many messages, and says so', async () => {
  const chat = directChatId(parseUserId('pat-morgan')!, parseUserId('dr-ada')!)
  const pages = await Promise.all(
    [0, 1, 2, 3].map(async (month) => {
      const at = Date.UTC(2026, month, 5)
      const laneWriter = new LaneWriter(1, 7, 'device01' as DeviceId)
      const drafts = await Promise.all(
        [0, 1].map(async (n) => ({
          at: at + n,
          kind: EntryKind.message,
          ref: null,
          body: await sealBody({ text: `words of month ${month}` }),
        })),
      )
      const page = new Page()
      page.apply([laneWriter.entries(drafts, page.frontier).update])
      return { doc: pageDoc(chat, monthOf(at)), page }
    }),
  )
  const read: string[] = []
  const index = new SearchIndexer({
    store: new MemoryLocalStore(new MemoryDatabase()),
    timers: { now: () => 0, elapsed: () => 0, after: () => () => {} },
    pages: () => pages.map(({ doc }) => ({ doc, lastRow: 1 })),
    read: async (doc) => {
      read.push(doc.slice(-2))
      return { page: pages.find((one) => one.doc === doc)!.page, lastRow: 1 }
    },
    isBusy: () => false,
    changed: () => {},
    most: 4,
  })
  const found = await index.search({ words: ['words'], enough: 100 })
  expect(found).toMatchObject({ complete: true, partial: true })
  expect(found.hits.length).toBe(4)
  expect(read).toEqual(['04', '03'])
})
