import { expect, it } from 'vitest'
import { parseUserId, userDoc } from '../../base/ids.ts'
import { MemoryLocalStore } from '../store/memory-local-store.ts'
import { SysDocs } from './sys-docs.ts'

const me = parseUserId('dr-ada')!

const open = (store: MemoryLocalStore) => {
  let next = 0
  return new SysDocs({
    store,
    random: (length) => new Uint8Array(length).fill(++next),
    changed() {},
    wrote() {},
    damaged() {},
  })
}

it('joins the rows of a document when there are many, and loses nothing of them', async () => {
  const store = new MemoryLocalStore()
  const doc = userDoc(me)
  const first = open(store)
  for (let i = 0; i < 100; i++) await first.setPrefs(doc, { [`muted/${i % 7}`]: i })
  expect((await store.rows(doc, 0)).length).toBe(100)
  await open(store).open(doc)
  expect((await store.rows(doc, 0)).length).toBe(1)
  expect((await store.outbox(doc)).length).toBe(100)
  const again = open(store)
  await again.open(doc)
  expect([0, 1, 2, 3, 4, 5, 6].map((i) => again.pref(doc, `muted/${i}`))).toEqual([
    98, 99, 93, 94, 95, 96, 97,
  ])
})
