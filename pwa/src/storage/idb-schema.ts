/** Layout of the device's database. One per browser profile: a person signs out by wiping it. */
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'

export const databaseName = 'wardline'

/** Grows with every change of the layout. Each step of {@link upgrade} is kept for ever. */
export const databaseVersion = 1

/** Values are what was put there by some version of this program: `idb-mapping` reads them. */
export interface IdbSchema extends DBSchema {
  /** A record per document. */
  docs: { key: string; value: { doc: string } }
  rows: { key: [string, number]; value: { doc: string; no: number; update: Uint8Array } }
  /** Holds the bytes again: compaction joins rows, and the server must get each as it was. */
  outbox: {
    key: [string, number]
    value: {
      doc: string
      no: number
      update: Uint8Array
      entries: readonly { writer: number; n: number }[]
    }
  }
  /** A value per field, so that a new cursor does not rewrite the list of people. */
  meta: { key: string; value: { key: string; value: unknown } }
  summaries: { key: string; value: { doc: string; atRow: number; value: unknown } }
  drafts: { key: string; value: { chat: string; text: string } }
}

export type IdbStoreName = StoreNames<IdbSchema>
export type IdbDatabase = IDBPDatabase<IdbSchema>
export type IdbWrite = IDBPTransaction<IdbSchema, IdbStoreName[], 'readwrite'>

export const allStores: readonly IdbStoreName[] = [
  'docs',
  'rows',
  'outbox',
  'meta',
  'summaries',
  'drafts',
]

/**
 * Key in `meta` of a random value made with the database. Another value under the same name means
 * that the database was deleted and made anew, by a sign-out or by the browser: documents in
 * memory then stand for rows that no longer exist.
 */
export const lifeKey = 'life'

type Upgrade = IDBPTransaction<IdbSchema, IdbStoreName[], 'versionchange'>

/** Brings an older layout, or none (0), to the present one. */
export const upgrade = (database: IdbDatabase, from: number, transaction: Upgrade): void => {
  if (from >= 1) return
  database.createObjectStore('docs', { keyPath: 'doc' })
  database.createObjectStore('rows', { keyPath: ['doc', 'no'] })
  database.createObjectStore('outbox', { keyPath: ['doc', 'no'] })
  database.createObjectStore('meta', { keyPath: 'key' })
  database.createObjectStore('summaries', { keyPath: 'doc' })
  database.createObjectStore('drafts', { keyPath: 'chat' })
  const life = crypto.getRandomValues(new Uint32Array(4)).join('-')
  // A failure aborts the upgrade, and is reported by the open.
  transaction.done.catch(() => {})
  transaction
    .objectStore('meta')
    .put({ key: lifeKey, value: life })
    .catch(() => {})
}
