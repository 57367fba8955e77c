import { describe, expect, it } from 'vitest'
import { chatDoc, directChatId, parseUserId } from '../../base/ids.ts'
import { localStoreContract } from './local-store-contract.ts'
import { MemoryDatabase, MemoryLocalStore } from './memory-local-store.ts'

localStoreContract('memory', () => {
  const database = new MemoryDatabase()
  return { open: async () => new MemoryLocalStore(database), dispose: async () => {} }
})

describe('MemoryLocalStore', () => {
  const doc = chatDoc(directChatId(parseUserId('pat-ada')!, parseUserId('doc-bea')!))

  it.each(['quota', 'lost'] as const)('fails the next write when told so: %s', async (code) => {
    const store = new MemoryLocalStore()
    store.failNextWrite(code)
    const update = new Uint8Array([1])
    await expect(store.append(doc, [{ update }], { head: 3 })).rejects.toMatchObject({ code })
    expect((await store.load()).docs).toEqual([])
    await expect(store.append(doc, [{ update }])).resolves.toMatchObject({ numbers: [1] })
  })
})
