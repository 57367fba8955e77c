import { expect, test } from 'vitest'
import { chatDoc, directChatId, parseUserId } from '../ids/ids.ts'
import { afterMessage, type ComposerDraft, noDraft } from './composer-draft.ts'
import { Drafts } from './drafts.ts'
import { MemoryDatabase, MemoryLocalStore } from './memory-local-store.ts'
import type { Settled } from './pages.ts'
import { soloBus, type TabMessage } from './tab-bus.ts'

const chat = directChatId(parseUserId('pat-ada')!, parseUserId('doc-bea')!)
const doc = chatDoc(chat)
const draft: ComposerDraft = { ...noDraft, text: 'hello' }

const begin = async () => {
  const store = new MemoryLocalStore(new MemoryDatabase())
  const posted: TabMessage[] = []
  const bus = { ...soloBus(), post: (message: TabMessage) => posted.push(message) }
  let changes = 0
  const drafts = new Drafts({ store, bus, changed: () => changes++ })
  await drafts.set(chat, draft)
  posted.length = 0
  /** Stores a row, as a message does. */
  const write = async (settled: Settled) => {
    await store.append(doc, [{ update: new Uint8Array([1]), mine: { entries: [], ...settled } }])
  }
  const stored = async () => {
    const state = await store.load()
    return { rows: (await store.rows(doc, 0)).length, drafts: state.drafts }
  }
  return { store, drafts, posted, write, stored, changes: () => changes }
}

test('a message and the end of its draft are one write', async () => {
  const { drafts, posted, write, stored } = await begin()
  await drafts.finish(chat, afterMessage, write)
  expect(await stored()).toEqual({ rows: 1, drafts: [] })
  expect(drafts.of(chat)).toEqual(noDraft)
  expect(posted).toEqual([{ type: 'draft', chat, draft: noDraft }])
})

test('a message that cannot be stored leaves its draft', async () => {
  const { store, drafts, posted, write, stored } = await begin()
  store.failNextWrite('quota')
  await expect(drafts.finish(chat, afterMessage, write)).rejects.toMatchObject({ code: 'quota' })
  expect(await stored()).toEqual({ rows: 0, drafts: [{ chat, draft }] })
  expect(drafts.of(chat)).toEqual(draft)
  expect(posted).toEqual([])
})

test('what was no part of the draft leaves it alone', async () => {
  const { drafts, posted, write, stored } = await begin()
  let settled: Settled | undefined
  await drafts.finish(
    chat,
    (now) => now,
    async (given) => {
      settled = given
      await write(given)
    },
  )
  expect(settled).toEqual({})
  expect(await stored()).toEqual({ rows: 1, drafts: [{ chat, draft }] })
  expect(posted).toEqual([])
})

test('a draft from another tab, which came meanwhile, is kept', async () => {
  const { drafts, posted, write } = await begin()
  const theirs: ComposerDraft = { ...noDraft, text: 'from another tab' }
  await drafts.finish(chat, afterMessage, async (settled) => {
    await write(settled)
    drafts.note(chat, theirs)
  })
  expect(drafts.of(chat)).toBe(theirs)
  expect(posted).toEqual([])
})

test('the same draft is not stored again', async () => {
  const { store, drafts, changes } = await begin()
  const before = changes()
  store.failNextWrite('lost')
  await drafts.set(chat, { ...draft })
  expect(changes()).toBe(before)
})
