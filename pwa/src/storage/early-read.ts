/**
 * What a start shows first, read before the parts of the app are here that know the rest of the
 * database: who has signed in, and their list as it was last shown.
 */
import { databaseName, listKey } from './idb-names.ts'

export type EarlyRead =
  /** There is no database, or nobody has signed in. */
  | { kind: 'nobody' }
  /** As it lies there: whoever uses it has to look at it. */
  | { kind: 'somebody'; me: unknown; list: unknown }
  /** It could not be read; what that means is for who opens it in earnest. */
  | { kind: 'unknown' }

/** Never rejects. Makes no database where there is none, and lets go of the one that it read. */
export const readEarly = (name = databaseName): Promise<EarlyRead> =>
  new Promise((done) => {
    let made = false
    try {
      const opening = indexedDB.open(name)
      opening.onupgradeneeded = () => {
        // There is none. What is begun here must not be left for others to find.
        made = true
        opening.transaction?.abort()
      }
      opening.onerror = (event) => {
        event.preventDefault()
        done({ kind: made ? 'nobody' : 'unknown' })
      }
      opening.onsuccess = () => readIn(opening.result, done)
    } catch {
      done({ kind: 'unknown' })
    }
  })

const readIn = (database: IDBDatabase, done: (read: EarlyRead) => void): void => {
  const end = (read: EarlyRead): void => {
    database.close()
    done(read)
  }
  // Whoever deletes it does not wait for this.
  database.onversionchange = () => end({ kind: 'unknown' })
  try {
    const transaction = database.transaction('meta')
    const meta = transaction.objectStore('meta')
    const me = meta.get('me')
    const list = meta.get(listKey)
    transaction.oncomplete = () =>
      end(
        me.result === undefined
          ? { kind: 'nobody' }
          : { kind: 'somebody', me: me.result.value, list: list.result?.value },
      )
    transaction.onabort = () => end({ kind: 'unknown' })
  } catch {
    end({ kind: 'unknown' })
  }
}
