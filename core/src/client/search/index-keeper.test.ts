import { expect, it } from 'vitest'
import { Page } from '../../chat/page.ts'
import { directChatId, monthOf, pageDoc, parseUserId } from '../../ids/ids.ts'
import { MemoryDatabase, MemoryLocalStore } from '../memory-local-store.ts'
import { IndexKeeper } from './index-keeper.ts'

const doc = pageDoc(
  directChatId(parseUserId('pat-morgan')!, parseUserId('dr-ada')!),
  monthOf(Date.UTC(2026, 10)),
)

/** A keeper of one page, and what it asks the time for. */
const keeper = () => {
  const due: (() => void)[] = []
  const device = { busy: true, reads: 0 }
  const index = new IndexKeeper({
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
  const { index, device, due } = keeper()
  index.lead()
  due.shift()?.()
  device.busy = false
  expect(device.reads).toBe(0)
  due.shift()?.()
  await index.search({ words: [], enough: 1 })
  expect(device.reads).toBe(1)
})

it('is made at once for who searches, however busy the device is', async () => {
  const { index, device } = keeper()
  index.lead()
  const { complete } = await index.search({ words: [], enough: 1 })
  expect(complete).toBe(true)
  expect(device.reads).toBe(1)
})
