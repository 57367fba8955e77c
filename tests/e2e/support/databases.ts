/** What a browser profile keeps, looked at from outside the app. */
import type { Page } from '@playwright/test'

/** Values by database and object store. */
export type Databases = Record<string, Record<string, unknown[]>>

export const readDatabases = (page: Page): Promise<Databases> =>
  page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, fail) => {
        request.onsuccess = () => done(request.result)
        request.onerror = () => fail(request.error)
      })
    const all: Record<string, Record<string, unknown[]>> = {}
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name))
      const stores: Record<string, unknown[]> = {}
      for (const store of database.objectStoreNames)
        stores[store] = await settled(database.transaction(store).objectStore(store).getAll())
      database.close()
      all[name] = stores
    }
    return all
  })
