import 'fake-indexeddb/auto'
import { localStoreContract } from '@wardline/core/client/store/local-store-contract'
import { deleteDB } from 'idb'
import { IdbLocalStore } from './idb-local-store.ts'

let profiles = 0

localStoreContract('IndexedDB', () => {
  const name = `profile-${++profiles}`
  return { open: async () => new IdbLocalStore({ name }), dispose: () => deleteDB(name) }
})
