import 'fake-indexeddb/auto'
import { chatDoc, directChatId, parseUserId } from '@wardline/core/base/ids'
import { noDraft } from '@wardline/core/client/model/composer-draft'
import { emptyRecord, LocalStoreError } from '@wardline/core/client/store/local-store'
import { forceCloseDatabase } from 'fake-indexeddb'
import { deleteDB, openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { IdbLocalStore } from './idb-local-store.ts'
import { databaseVersion } from './idb-schema.ts'

const name = 'failures'
const chat = directChatId(parseUserId('pat-ada')!, parseUserId('doc-bea')!)
const doc = chatDoc(chat)
const draft = { ...noDraft, text: 'hello' }
const row = { update: new Uint8Array([1]), mine: { entries: [] } }

let store: IdbLocalStore
let connections: IDBDatabase[]
let opens: number
let ended: string[]

beforeEach(() => {
  ended = []
  store = new IdbLocalStore({ name, ended: (why) => ended.push(why) })
  connections = []
  opens = 0
  const open = indexedDB.open.bind(indexedDB)
  vi.spyOn(indexedDB, 'open').mockImplementation((...args) => {
    opens++
    const request = open(...args)
    request.addEventListener('success', () => connections.push(request.result))
    return request
  })
})
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await store.close()
  await deleteDB(name)
})

/** The transaction of the next `times` puts ends as if the browser had ended it. */
const abortPuts = (errorName: string, times: number, matches: (value: unknown) => boolean) => {
  const put = IDBObjectStore.prototype.put
  let left = times
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    value: unknown,
  ) {
    const request = put.call(this, value)
    if (left > 0 && matches(value)) {
      left--
      const transaction = this.transaction as unknown as { _abort(name: string): void }
      transaction._abort(errorName)
    }
    return request
  })
}
const anything = () => true

describe('no room', () => {
  it('says so, has stored nothing, and goes on when there is room', async () => {
    await store.load()
    abortPuts('QuotaExceededError', 1, anything)
    await expect(store.append(doc, [row], { head: 3 })).rejects.toMatchObject({ code: 'quota' })
    expect(await store.rows(doc, 0)).toEqual([])
    expect(await store.record(doc)).toBeUndefined()
    expect(opens).toBe(1)
    await expect(store.append(doc, [row])).resolves.toMatchObject({ numbers: [1] })
  })

  it('fails only the write that has none', async () => {
    await store.load()
    const large = { update: new Uint8Array(100) }
    abortPuts('QuotaExceededError', 2, (value) => {
      const { update } = value as { update?: Uint8Array }
      return update?.length === 100
    })
    const [first, second, third] = await Promise.allSettled([
      store.append(doc, [row]),
      store.append(doc, [large]),
      store.putDraft({ chat, draft }),
    ])
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'quota' } })
    expect(third.status).toBe('fulfilled')
    const state = await store.load()
    expect(state.drafts).toEqual([{ chat, draft }])
    expect(state.outbox.length).toBe(1)
  })
})

describe('lost connection', () => {
  it('is opened once more when the browser closed it', async () => {
    await store.append(doc, [row])
    forceCloseDatabase(connections[0] as never)
    await expect(store.append(doc, [row])).resolves.toMatchObject({ numbers: [2] })
    expect(opens).toBe(2)
  })

  it('is opened once more when it is found closed, also to read', async () => {
    await store.append(doc, [row])
    connections[0]!.close()
    expect((await store.rows(doc, 0)).length).toBe(1)
    connections[1]!.close()
    await store.putDraft({ chat, draft })
    expect(opens).toBe(3)
  })

  it('writes again what a failing transaction did not store', async () => {
    await store.load()
    abortPuts('UnknownError', 1, anything)
    await expect(store.append(doc, [row])).resolves.toMatchObject({ numbers: [1] })
    expect((await store.rows(doc, 0)).length).toBe(1)
    expect(opens).toBe(2)
  })

  it('is reported after the second failure, and every promise settles', async () => {
    await store.load()
    abortPuts('UnknownError', 100, anything)
    const answers = await Promise.allSettled([store.append(doc, [row]), store.append(doc, [row])])
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'lost' } })
    vi.restoreAllMocks()
    await expect(store.append(doc, [row])).resolves.toMatchObject({ numbers: [1] })
  })

  it('is opened once more when the browser does not answer', async () => {
    await store.load()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementationOnce(() => new IDBRequest())
    const append = store.append(doc, [row])
    for (let turn = 0; turn < 10; turn++) await null
    await vi.advanceTimersByTimeAsync(30_000)
    vi.useRealTimers()
    await expect(append).resolves.toMatchObject({ numbers: [1] })
    expect((await store.rows(doc, 0)).length).toBe(1)
    expect(opens).toBe(2)
  })

  it('is let go with what is under way, so that the next page waits for nothing', async () => {
    await store.load()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementationOnce(() => new IDBRequest())
    const aborted = vi.spyOn(IDBTransaction.prototype, 'abort')
    const append = store.append(doc, [row])
    for (let turn = 0; turn < 10; turn++) await null
    expect(aborted).not.toHaveBeenCalled()
    store.letGo()
    expect(aborted).toHaveBeenCalledOnce()
    // Where the page lives on all the same, so does what it was asked for.
    await vi.advanceTimersByTimeAsync(30_000)
    vi.useRealTimers()
    await expect(append).resolves.toMatchObject({ numbers: [1] })
    expect(opens).toBe(2)
  })

  it('does not go on in a database that was deleted and made anew', async () => {
    await store.append(doc, [row])
    connections[0]!.close()
    await deleteDB(name)
    await expect(store.append(doc, [row])).rejects.toMatchObject({ code: 'lost' })
    await expect(store.load()).rejects.toMatchObject({ code: 'lost' })
    expect(ended.length).toBe(1)
  })

  it('ends with a deletion by another tab, which is not held up', async () => {
    await store.append(doc, [row])
    await deleteDB(name)
    expect(ended).toEqual(['wiped'])
    await expect(store.append(doc, [row])).rejects.toMatchObject({ code: 'lost' })
  })
})

describe('open', () => {
  it('settles when it fails, and is tried again later', async () => {
    const refuse = () => {
      throw new DOMException('no', 'UnknownError')
    }
    vi.spyOn(indexedDB, 'open').mockImplementationOnce(refuse).mockImplementationOnce(refuse)
    await expect(store.load()).rejects.toBeInstanceOf(LocalStoreError)
    await expect(store.load()).resolves.toMatchObject({ docs: [] })
  })

  it('settles when the browser never answers', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => new IDBOpenDBRequest())
    const answer = expect(store.load()).rejects.toMatchObject({ code: 'lost' })
    await vi.advanceTimersByTimeAsync(10_000)
    await answer
  })

  it('says that a newer version was here', async () => {
    const newer = await openDB(name, databaseVersion + 1)
    newer.close()
    await expect(store.load()).rejects.toMatchObject({
      code: 'lost',
      message: expect.stringContaining('newer version'),
    })
  })

  it('lets a newer version upgrade, and says so', async () => {
    await store.append(doc, [row])
    const newer = await openDB(name, databaseVersion + 1)
    newer.close()
    await expect(store.append(doc, [row])).rejects.toMatchObject({
      code: 'lost',
      message: expect.stringContaining('newer version'),
    })
  })
})

describe('wipe', () => {
  it('deletes a database that this version cannot open', async () => {
    const newer = await openDB(name, databaseVersion + 1)
    newer.close()
    await store.wipe()
    await expect(store.load()).resolves.toMatchObject({ docs: [] })
  })

  it('deletes nothing of what came after this page was cut off', async () => {
    await store.append(doc, [row])
    const other = new IdbLocalStore({ name })
    await other.wipe()
    await other.append(doc, [row])
    await expect(store.wipe()).rejects.toMatchObject({ code: 'lost' })
    expect((await other.rows(doc, 0)).length).toBe(1)
    await other.close()
  })
})

describe('what cannot be read', () => {
  it('counts as absent', async () => {
    await store.append(doc, [row], { head: 3 })
    const raw = await openDB(name)
    await raw.put('docs', { doc, head: -1, lastRow: 1, refused: [{ body: 'x' }], rebuilds: 'x' })
    await raw.put('docs', { doc: 'nonsense' })
    await raw.put('rows', { doc, no: 2, update: 'text' })
    await raw.put('outbox', { doc: 'nonsense', no: 2, update: new Uint8Array() })
    await raw.put('meta', { key: 'me', value: { id: 'NO' } })
    raw.close()
    const state = await store.load()
    expect(state.docs).toEqual([{ ...emptyRecord(doc), known: 1, lastRow: 1 }])
    expect(state.outbox.length).toBe(1)
    expect(state.meta.me).toBeNull()
    expect((await store.rows(doc, 0)).map(({ no }) => no)).toEqual([1, 2])
  })
})

describe('group commit', () => {
  it('puts waiting writes into one transaction', async () => {
    await store.load()
    const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction')
    await Promise.all(Array.from({ length: 50 }, () => store.append(doc, [row])))
    expect(transactions).toHaveBeenCalledTimes(1)
  })

  it('waits for the disk only with own words', async () => {
    await store.load()
    const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction')
    await store.append(doc, [{ update: new Uint8Array([1]) }])
    await store.append(doc, [row])
    expect(transactions.mock.calls.map(([, , options]) => options?.durability)).toEqual([
      'relaxed',
      'strict',
    ])
  })
})

describe('a browser whose database takes no Blobs', () => {
  const hash = 'a'.repeat(64)
  const photo = new Blob(['the bytes'], { type: 'image/jpeg' })

  it('keeps files all the same, with their type', async () => {
    await store.load()
    abortPuts(
      'UnknownError',
      1_000,
      (value) => (value as { bytes?: unknown }).bytes instanceof Blob,
    )
    await store.putFile(chat, { hash, bytes: photo }, 1, 1_000)
    const kept = (await store.file(hash, 2)) as Blob
    expect(await kept.text()).toBe('the bytes')
    expect(kept.type).toBe('image/jpeg')
    expect(kept.size).toBe(photo.size)
  })
})
