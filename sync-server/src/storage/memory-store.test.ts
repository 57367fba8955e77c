import { MemoryDisk, MemoryStore } from './memory-store.ts'
import { type StoreHarness, storeContract } from './store-contract.ts'

const harnessOn = (disk: MemoryDisk): StoreHarness => {
  const store = new MemoryStore({ disk })
  const reopen = async (): Promise<StoreHarness> => {
    await store.close()
    return harnessOn(disk)
  }
  return {
    store,
    reopen,
    async tamperWithAudit(n, text) {
      disk.audit[n - 1] = { ...disk.audit[n - 1]!, text }
      return reopen()
    },
    dispose: () => store.close(),
  }
}

storeContract('memory store', async () => harnessOn(new MemoryDisk()))
