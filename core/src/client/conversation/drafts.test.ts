import { expect, test } from 'vitest'
import { chatDoc, directChatId, parseUserId } from '../../base/ids.ts'
import type { Settled } from '../documents/pages.ts'
import { afterMessage, type ComposerDraft, noDraft } from '../model/composer-draft.ts'
import { MemoryDatabase, MemoryLocalStore } from '../store/memory-local-store.ts'
import { soloBus, type TabMessage } from '../sync/tab-bus.ts'
import { Drafts } from './drafts.ts'

const chat = directChatId(parseUserId('pat-ada')!, parseUserId('doc-bea')!)
const doc = chatDoc(chat)
const draft: ComposerDraft = { ...noDraft, id: 'd1', text: 'hello' }
const message = { text: 'hello', rest: afterMessage }

/** A tab of a browser profile; what it posts waits to be heard. */
const tabOn = (database: MemoryDatabase) => {
  const store = new MemoryLocalStore(database)
  const posted: TabMessage[] = []
  const bus = { ...soloBus(), post: (message: TabMessage) => posted.push(message) }
  let changes = 0
  let names = 0
  const random = (length: number) => new Uint8Array(length).fill(++names)
  const drafts = new Drafts({ store, bus, random, changed: () => changes++ })
  /** Stores a row, as a message does. */
  const write = async (settled: Settled) => {
    await store.append(doc, [{ update: new Uint8Array([1]), mine: { entries: [], ...settled } }])
  }
  const hear = async (from: { posted: TabMessage[] }) => {
    for (const message of from.posted.splice(0)) {
      if (message.type === 'draft') await drafts.heard(message.chat, message.draft)
      if (message.type === 'draft-used') drafts.heardUse(message.use)
    }
  }
  const stored = async () => {
    const state = await store.load()
    return { rows: (await store.rows(doc, 0)).length, drafts: state.drafts.map((one) => one.draft) }
  }
  return { store, drafts, posted, write, hear, stored, changes: () => changes }
}

const begin = async () => {
  const tab = tabOn(new MemoryDatabase())
  await tab.drafts.set(chat, draft)
  tab.posted.length = 0
  return tab
}

/** Two tabs that show the same draft. */
const beginTwo = async () => {
  const database = new MemoryDatabase()
  const [one, two] = [tabOn(database), tabOn(database)]
  await one.drafts.set(chat, draft)
  await two.hear(one)
  return { one, two }
}

test('a message and the end of its draft are one write', async () => {
  const { drafts, posted, write, stored } = await begin()
  await drafts.finish(chat, message, write)
  expect(await stored()).toEqual({ rows: 1, drafts: [] })
  expect(drafts.of(chat)).toEqual(noDraft)
  expect(posted).toMatchObject([{ type: 'draft-used', use: { chat, draft: noDraft } }])
})

test('a message that cannot be stored leaves its draft', async () => {
  const { store, drafts, posted, write, stored } = await begin()
  store.failNextWrite('quota')
  await expect(drafts.finish(chat, message, write)).rejects.toMatchObject({ code: 'quota' })
  expect(await stored()).toEqual({ rows: 0, drafts: [draft] })
  expect(drafts.of(chat)).toEqual(draft)
  expect(posted).toEqual([])
  await drafts.finish(chat, message, write)
  expect(await stored()).toEqual({ rows: 1, drafts: [] })
})

test('what was no part of the draft leaves it alone', async () => {
  const { drafts, posted, write, stored } = await begin()
  let settled: Settled | undefined
  await drafts.finish(chat, { rest: (now) => now }, async (given) => {
    settled = given
    await write(given)
  })
  expect(settled).toEqual({})
  expect(await stored()).toEqual({ rows: 1, drafts: [draft] })
  expect(posted).toEqual([])
})

test('the same draft is not stored again, but for one that could not be', async () => {
  const { store, drafts, changes, stored } = await begin()
  const before = changes()
  store.failNextWrite('lost')
  await drafts.set(chat, { ...draft })
  expect(changes()).toBe(before)
  const more = { ...draft, text: 'hello there' }
  await expect(drafts.set(chat, more)).rejects.toMatchObject({ code: 'lost' })
  await drafts.set(chat, more)
  expect((await stored()).drafts).toEqual([more])
})

test.each([
  ['at once', false],
  ['after it was heard', true],
])('a draft that two tabs show is sent once: %s', async (_when, heard) => {
  const { one, two } = await beginTwo()
  await one.drafts.finish(chat, { ...message, draft }, one.write)
  if (heard) await two.hear(one)
  await two.drafts.finish(chat, { ...message, draft }, two.write)
  expect(await one.stored()).toEqual({ rows: 1, drafts: [] })
  // The same words once more are another message.
  const again = { ...draft, id: 'd2' }
  await two.drafts.set(chat, again)
  await two.drafts.finish(chat, { ...message, draft: again }, two.write)
  expect((await one.stored()).rows).toBe(2)
})

test('of two at the same time one is stored', async () => {
  const { one, two } = await beginTwo()
  await Promise.all(
    [one, two].map(({ drafts, write }) => drafts.finish(chat, { ...message, draft }, write)),
  )
  expect(await two.stored()).toEqual({ rows: 1, drafts: [] })
})

test('what another tab made of the draft meanwhile stays', async () => {
  const { one, two } = await beginTwo()
  const theirs = { ...draft, text: 'hello, and more' }
  await two.drafts.set(chat, theirs)
  // Not heard yet.
  await one.drafts.finish(chat, { ...message, draft }, one.write)
  expect(await one.stored()).toEqual({ rows: 1, drafts: [theirs] })
})

test('two tabs that write something else into one draft keep both, whichever is sent', async () => {
  for (const first of ['one', 'two'] as const) {
    const { one, two } = await beginTwo()
    const theirs = { ...draft, text: 'something else' }
    await two.drafts.set(chat, theirs)
    await one.hear(two)
    await two.hear(one)
    expect((await one.stored()).drafts.map(({ text }) => text)).toEqual(['something else', 'hello'])
    const [tab, sent] = first === 'one' ? [one, draft] : [two, theirs]
    await tab.drafts.finish(chat, { draft: sent, text: sent.text, rest: afterMessage }, tab.write)
    const left = first === 'one' ? 'something else' : 'hello'
    expect((await one.stored()).drafts.map(({ text }) => text)).toEqual([left])
  }
})

test('a draft without a name is the one that the tab shows', async () => {
  const database = new MemoryDatabase()
  const [one, two] = [tabOn(database), tabOn(database)]
  await one.drafts.set(chat, { ...noDraft, text: 'x' })
  await one.drafts.set(chat, { ...noDraft, text: 'xy' })
  await two.hear(one)
  await two.drafts.set(chat, { ...noDraft, text: 'z' })
  await one.hear(two)
  expect((await one.stored()).drafts.map(({ text }) => text)).toEqual(['z', 'xy'])
  await two.drafts.finish(chat, { text: 'z', rest: afterMessage }, two.write)
  expect((await one.stored()).drafts.map(({ text }) => text)).toEqual(['xy'])
  await one.drafts.finish(chat, { text: 'xy', rest: afterMessage }, one.write)
  expect(await one.stored()).toEqual({ rows: 2, drafts: [] })
})

test('what is left of a text that goes in parts is another piece of writing', async () => {
  const { drafts, write, stored } = await begin()
  const rest = (saved: ComposerDraft) => ({ ...saved, id: 'd2', text: 'lo' })
  await drafts.finish(chat, { draft, text: 'hel', rest }, write)
  expect(await stored()).toEqual({ rows: 1, drafts: [{ ...noDraft, id: 'd2', text: 'lo' }] })
})

test('the oldest of very many is dropped, and none of a few', async () => {
  const { drafts, stored } = tabOn(new MemoryDatabase())
  for (let n = 1; n <= 20; n++) await drafts.set(chat, { ...noDraft, id: `d${n}`, text: `${n}` })
  expect((await stored()).drafts.map(({ text }) => text)).toEqual(
    Array.from({ length: 16 }, (_, n) => `${n + 5}`),
  )
})
