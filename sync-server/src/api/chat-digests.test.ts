import { type DeviceId, type DocName, pageDoc, parseMonth } from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import { Page } from '@wardline/core/chat/page'
import { expect, it } from 'vitest'
import type { Chat } from '../directory/chat-record.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { ada, chat, pat } from '../sync/sync-test-kit.ts'
import { FoldCache } from '../work/fold-cache.ts'
import { openJobs } from '../work/jobs.ts'
import { InlineExecutor } from '../work/worker-pool.ts'
import { ChatDigests } from './chat-digests.ts'
import { PageFolds } from './page-folds.ts'

const months = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05']
const caller = {
  chat: {
    id: chat,
    kind: 'direct',
    createdAt: 0,
    pages: [],
    members: [
      { index: 1, userId: pat, name: 'Pat', role: 'patient', since: 0 },
      { index: 2, userId: ada, name: 'Ada', role: 'doctor', since: 0 },
    ],
  } satisfies Chat,
  index: 2,
}

/** Messages of the patient, of about so many kB together. */
const write = async (store: MemoryStore, month: string, writer: number, kB: number) => {
  const doc = pageDoc(chat, parseMonth(month)!)
  const page = new Page()
  const laneWriter = new LaneWriter(1, writer, 'device01' as DeviceId)
  const body = await sealBody({ text: `SECRET ${'x'.repeat(10_000)}` })
  const at = Date.parse(`${month}-05`)
  for (let i = 0; i < kB; i += 10) {
    const draft = { at, kind: EntryKind.message, ref: null, body }
    const { update, advance } = laneWriter.entries([draft], page.frontier)
    advance()
    await store.commit({ appends: [{ doc, update }] })
  }
}

/** As after a start: nothing is in memory. */
const open = (store: MemoryStore) => {
  const folded: DocName[] = []
  const here = new InlineExecutor(openJobs(new FoldCache(1)))
  const folds = new PageFolds(store, { at: () => here, stop: async () => {} })
  const ask = folds.ask.bind(folds)
  folds.ask = (who, doc, name, about) => {
    folded.push(doc)
    return ask(who, doc, name, about)
  }
  const digests = new ChatDigests(store, folds)
  return { folded, list: async () => (await digests.of(ada, [caller]))[0] }
}

it('folds one page of a chat after a restart, and those that changed', async () => {
  const store = new MemoryStore()
  for (const [i, month] of months.entries()) await write(store, month, i + 1, 300)
  const first = open(store)
  expect(await first.list()).toMatchObject({
    unreadCount: 150,
    lastMessage: { at: Date.parse('2026-05-05') },
  })
  expect(first.folded.length).toBe(5)
  const notes = await store.listRecords('digest/')
  expect(notes.length).toBe(5)
  // Nothing of what was written is in them: it has to be gone when it is taken back.
  expect(JSON.stringify(notes)).not.toContain('SECRET')

  const second = open(store)
  expect(await second.list()).toEqual(await first.list())
  expect(second.folded).toEqual([pageDoc(chat, parseMonth('2026-05')!)])

  await write(store, '2026-02', 77, 20)
  const third = open(store)
  expect((await third.list())?.unreadCount).toBe(152)
  expect(third.folded.map((doc) => doc.slice(-2))).toEqual(['05', '02'])
  const fourth = open(store)
  expect((await fourth.list())?.unreadCount).toBe(152)
  expect(fourth.folded.length).toBe(1)
})

it('notes nothing of small pages, which are soon folded', async () => {
  const store = new MemoryStore()
  for (const [i, month] of months.entries()) await write(store, month, i + 1, 10)
  const seq = store.lastSeq()
  expect((await open(store).list())?.unreadCount).toBe(5)
  expect(store.lastSeq()).toBe(seq)
})
