import { type DeviceId, pageDoc, parseMonth } from '@wardline/core/base/ids'
import { type Content, sealBody } from '@wardline/core/chat/body'
import { EntryKind, type EntryRef } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import { beforeEach, expect, it } from 'vitest'
import type { Chat } from '../directory/chat-record.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { chat } from '../sync/sync-test-kit.ts'
import { openWorkerPool } from '../work/worker-pool.ts'
import { FileUse } from './file-use.ts'
import { PageFolds } from './page-folds.ts'

const months = ['2026-01', '2026-02'].map((text) => parseMonth(text)!)
const hash = 'ab'.repeat(32)
const file = { hash, name: 'letter.txt', type: 'text/plain', size: 1 }

let store: MemoryStore
let use: FileUse
let laneWriter: LaneWriter

beforeEach(() => {
  store = new MemoryStore()
  const folds = new PageFolds(store, openWorkerPool())
  const record: Chat = { id: chat, kind: 'direct', createdAt: 0, members: [], pages: months }
  use = new FileUse({ store, folds, directory: { chatOf: async () => record } })
  laneWriter = new LaneWriter(1, 7, 'phone000' as DeviceId)
})

const has = async (wanted: string) => (await use.which(chat, new Set([wanted]))).has(wanted)

const write = async (
  content: Content | Uint8Array,
  kind: EntryKind = EntryKind.message,
  ref: EntryRef | null = null,
): Promise<void> => {
  const body = content instanceof Uint8Array ? content : await sealBody(content)
  const at = Date.UTC(2026, 0, 15)
  const { update, advance } = laneWriter.entries([{ at, kind, ref, body }], new Map())
  advance()
  await store.commit({ appends: [{ doc: pageDoc(chat, months[0]!), update }] })
}

it('finds the message that has a file', async () => {
  await write({ text: `not ${hash}` })
  expect(await has(hash)).toBe(false)
  await write({ text: '', attachments: [file] })
  expect(await has(hash)).toBe(true)
  expect(await has('cd'.repeat(32))).toBe(false)
})

it('finds it in what a message was before it was changed, and not in what was taken back', async () => {
  await write({ text: '', attachments: [file] })
  await write({ text: 'without' }, EntryKind.edit, { writer: 7, n: 1 })
  expect(await has(hash)).toBe(true)
  const stub = { at: 0, seen: new Map() }
  await write(new Uint8Array([0]), EntryKind.retraction, { writer: 7, n: 1, stub })
  expect(await has(hash)).toBe(false)
})

it('does not guess about what it cannot open', async () => {
  const sealed = await sealBody({ text: '', attachments: [file] })
  await write(sealed.with(0, 1))
  expect(await has(hash)).toBe(false)
})

it('looks through the chat once for any number of files', async () => {
  const files = Array.from({ length: 100 }, (_, i) => `${i}`.padStart(64, '0'))
  for (const hash of files.slice(0, 30)) await write({ text: '', attachments: [{ ...file, hash }] })
  let reads = 0
  const counting = new FileUse({
    store: {
      read: (doc) => {
        reads++
        return store.read(doc)
      },
    },
    folds: new PageFolds(store, openWorkerPool()),
    directory: {
      chatOf: async () => ({ id: chat, kind: 'direct', createdAt: 0, members: [], pages: months }),
    },
  })
  expect([...(await counting.which(chat, new Set(files)))].sort()).toEqual(files.slice(0, 30))
  expect(reads).toBe(months.length)
})
