/** The contract of local stores in a page: against the IndexedDB of whichever browser opens it. */
import { localStoreContract } from '@wardline/core/client/store/local-store-contract'
import { IdbLocalStore } from 'local-store-under-test'
import { runAll, type TestResult } from './suite.ts'

const remove = (name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error)
  })

let profiles = 0
localStoreContract('IndexedDB of this browser', () => {
  const name = `profile-${++profiles}`
  return { open: async () => new IdbLocalStore({ name }), dispose: () => remove(name) }
})

/** What the page offers to who opens it. */
export interface ContractPage {
  runAll(): Promise<TestResult[]>
}

Object.assign(globalThis, { runAll } satisfies ContractPage)
