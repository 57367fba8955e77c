import type { Person } from './person.ts'

/** How many files the device keeps. */
export const cached = ({ page }: Person): Promise<number> =>
  page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((done, fail) => {
      const request = indexedDB.open('wardline')
      request.onsuccess = () => done(request.result)
      request.onerror = () => fail(request.error)
    })
    const count = await new Promise<number>((done, fail) => {
      const request = database.transaction('files').objectStore('files').count()
      request.onsuccess = () => done(request.result)
      request.onerror = () => fail(request.error)
    })
    database.close()
    return count
  })
