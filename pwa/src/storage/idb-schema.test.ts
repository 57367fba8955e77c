import { noDraft } from '@wardline/core/client/model/composer-draft'
import 'fake-indexeddb/auto'
import { monthOf, pageDoc, parseChatId } from '@wardline/core/base/ids'
import { deleteDB, openDB } from 'idb'
import { expect, it } from 'vitest'
import { IdbLocalStore } from './idb-local-store.ts'

it('a database of the first layout keeps what it holds, and gets what is new', async () => {
  const name = 'first-layout'
  const chat = parseChatId('dm.pat-morgan.dr-ada')!
  const doc = pageDoc(chat, monthOf(0))
  const old = await openDB(name, 1, {
    upgrade: (database) => {
      for (const [store, keyPath] of [
        ['docs', 'doc'],
        ['rows', ['doc', 'no']],
        ['outbox', ['doc', 'no']],
        ['meta', 'key'],
        ['summaries', 'doc'],
        ['drafts', 'chat'],
      ] as const)
        database.createObjectStore(store, { keyPath: keyPath as string | string[] })
    },
  })
  await old.put('meta', { key: 'life', value: 'one' })
  await old.put('rows', { doc, no: 1, update: new Uint8Array([7]) })
  await old.put('drafts', { chat, text: 'hello' })
  old.close()

  const store = new IdbLocalStore({ name })
  expect(await store.rows(doc, 0)).toEqual([{ no: 1, update: new Uint8Array([7]) }])
  expect((await store.load()).drafts).toEqual([
    { chat, draft: { ...noDraft, id: 'first', text: 'hello' } },
  ])
  await store.putSearchParts([{ part: 'a', value: '1' }])
  expect(await store.searchParts()).toEqual([{ part: 'a', value: '1' }])
  await store.putFile(chat, { hash: 'a', bytes: new Blob(['x']) }, 1, 10)
  expect((await store.file('a', 2))?.size).toBe(1)
  expect(await store.outgoing()).toEqual([])
  await store.close()
  const after = await openDB(name)
  expect((await after.get('meta', 'life')).value).toBe('one')
  after.close()
  await deleteDB(name)
})
