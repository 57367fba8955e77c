import { expect, it } from 'vitest'
import { parseChatId, parseMonth } from '../../base/ids.ts'
import { Page } from '../../chat/page.ts'
import { MemoryDatabase, MemoryLocalStore } from '../store/memory-local-store.ts'
import type { FileBytes } from '../store/outgoing-store.ts'
import { FileCache } from './file-cache.ts'
import { FileUses } from './file-uses.ts'

const chat = parseChatId('dm.pat-morgan.dr-ada')!
const months = [parseMonth('2026-01')!]
const bytes = { size: 1 } as FileBytes
const hash = 'ab'.repeat(32)

const device = () => {
  const store = new MemoryLocalStore(new MemoryDatabase())
  const timers = { now: () => 0, elapsed: () => 0, after: () => () => {} }
  const opened: string[] = []
  const uses = new FileUses({
    chats: { get: () => undefined },
    pages: {
      open: async (doc) => {
        opened.push(doc)
        return { doc, me: 1, page: new Page(), lastRow: 0, bytes: 0 }
      },
    },
    pageIndex: { months: () => months },
    outgoing: { of: () => [] },
    fileCache: new FileCache(store, undefined, timers),
  })
  return { store, uses, opened }
}

it('looks once for all that is taken back at a time', async () => {
  const { store, uses, opened } = device()
  await store.putFile(chat, { hash, bytes }, 0, 1_000)
  await Promise.all(Array.from({ length: 50 }, () => uses.dropUnused(chat)))
  expect(opened).toHaveLength(1)
  expect(await store.filesFor(chat)).toEqual([])
})

it('opens no page of a chat of which no file is kept', async () => {
  const { uses, opened } = device()
  await uses.dropUnused(chat)
  expect(opened).toEqual([])
})
