/** Runs in the browser: fills and opens 300 documents, in one database and in one each. */

import { directChatId, monthOf, pageDoc, parseUserId } from '@wardline/core/base/ids'
import type { NewRow } from '@wardline/core/client/store/local-store'
import { IdbLocalStore } from 'local-store-under-test'
import * as Y from 'yjs'
import { openPersistence } from '../../examples/portal-widget/src/persistence.ts'

const month = monthOf(Date.UTC(2026, 0, 1))
const docs = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    pageDoc(directChatId(parseUserId('pat-ada')!, parseUserId(`doc-${1000 + index}`)!), month),
  )

/** Updates of a document to which `rows` entries were added one by one. */
const updates = (rows: number): Uint8Array[] => {
  const all: Uint8Array[] = []
  const doc = new Y.Doc()
  doc.on('update', (update: Uint8Array) => all.push(update))
  for (let n = 1; n <= rows; n++)
    doc.getArray('log:1').push([[1, n, 1_700_000_000_000 + n, 'about as long as a message is', n]])
  return all
}

const timed = async (task: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await task()
  return performance.now() - started
}

const bench = {
  async fill(count: number, rows: number): Promise<void> {
    const content = updates(rows)
    const store = new IdbLocalStore({ name: 'one' })
    const newRows = content.map((update): NewRow => ({ update }))
    await Promise.all(docs(count).map((doc) => store.append(doc, newRows, { head: rows })))
    await store.close()
    for (const name of docs(count)) {
      const doc = new Y.Doc()
      const persistence = openPersistence(name, doc)
      await persistence.whenSynced
      for (const update of content) Y.applyUpdate(doc, update)
      await persistence.destroy()
    }
  },

  /** Records, outbox, summaries, drafts: what the list of chats needs. */
  list: () =>
    timed(async () => {
      await new IdbLocalStore({ name: 'one' }).load()
    }),

  /** Every document in memory, from one database. */
  one: (count: number) =>
    timed(async () => {
      const store = new IdbLocalStore({ name: 'one' })
      await store.load()
      await Promise.all(
        docs(count).map(async (name) => {
          const doc = new Y.Doc()
          const rows = await store.rows(name, 0)
          doc.transact(() => {
            for (const { update } of rows) Y.applyUpdate(doc, update)
          })
        }),
      )
    }),

  /** The same from a database for each. */
  each: (count: number) =>
    timed(() =>
      Promise.all(docs(count).map((name) => openPersistence(name, new Y.Doc()).whenSynced)),
    ),
}

export type LocalStoreBench = typeof bench
Object.assign(globalThis, { bench })
