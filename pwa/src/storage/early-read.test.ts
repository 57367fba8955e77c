import 'fake-indexeddb/auto'
import type { UserId } from '@wardline/core/base/ids'
import { expect, it, onTestFinished } from 'vitest'
import { readEarly } from './early-read.ts'
import { IdbLocalStore } from './idb-local-store.ts'

let made = 0
const database = () => {
  const name = `early-${++made}`
  const store = new IdbLocalStore({ name })
  onTestFinished(() => store.close())
  return { name, store }
}
const me = { id: 'dr-ada' as UserId, name: 'Ada', role: 'doctor' } as const

it('finds who has signed in, and the list that was kept', async () => {
  const { name, store } = database()
  await store.putMeta({ me })
  expect(await readEarly(name)).toEqual({ kind: 'somebody', me, list: undefined })
  await store.putList({ lines: ['one'] })
  expect(await readEarly(name)).toEqual({ kind: 'somebody', me, list: { lines: ['one'] } })
  await store.putList(null)
  expect(await readEarly(name)).toMatchObject({ list: null })
})

it('makes no database where there is none', async () => {
  const { name, store } = database()
  expect(await readEarly(name)).toEqual({ kind: 'nobody' })
  expect((await indexedDB.databases()).map((each) => each.name)).not.toContain(name)
  // What comes after it makes the database as if it had never been.
  await store.putMeta({ me })
  expect((await store.load()).meta.me).toEqual(me)
})

it('says that nobody is there of a database that nobody signed in on, and of a wiped one', async () => {
  const { name, store } = database()
  await store.load()
  expect(await readEarly(name)).toEqual({ kind: 'nobody' })
  await store.putMeta({ me })
  await store.putList({ lines: ['one'] })
  await store.wipe()
  expect(await readEarly(name)).toEqual({ kind: 'nobody' })
})

it('knows nothing of a database that is something else', async () => {
  const name = `early-${++made}`
  await new Promise<void>((done) => {
    const opening = indexedDB.open(name, 1)
    opening.onsuccess = () => {
      opening.result.close()
      done()
    }
  })
  expect(await readEarly(name)).toEqual({ kind: 'unknown' })
})

it('does not hold up a deletion', async () => {
  const { name, store } = database()
  await store.putMeta({ me })
  const [read] = await Promise.all([readEarly(name), store.wipe()])
  expect(['somebody', 'nobody', 'unknown']).toContain(read.kind)
  expect(await readEarly(name)).toEqual({ kind: 'nobody' })
})
