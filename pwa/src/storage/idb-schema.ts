/** Layout of the device's database. One per browser profile: a person signs out by wiping it. */
import type { ComposerDraft } from '@wardline/core/client/model/composer-draft'
import type { SentDraft } from '@wardline/core/client/model/draft-book'
import type { OutgoingMessage } from '@wardline/core/client/store/outgoing-store'
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'
import type { StoredFile } from './stored-bytes.ts'

/** Grows with every change of the layout. Each step of {@link upgrade} is kept for ever. */
export const databaseVersion = 3

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
  /** The shown one of a chat, as earlier versions had no other; and what else there is. */
  drafts: {
    key: string
    value: {
      chat: string
      others: readonly ComposerDraft[]
      sent: readonly SentDraft[]
    } & ComposerDraft
  }
  /** Messages whose files are on their way. */
  outgoing: { key: string; value: OutgoingMessage }
  /** Blobs, which the browser keeps outside the database. */
  files: { key: string; value: StoredFile }
  /** Apart from the bytes, so that noting a use does not write them again. */
  fileUses: { key: string; value: { hash: string; chat: string; size: number; at: number } }
  fileDeletions: { key: [string, string]; value: { chat: string; hash: string } }
  /** Parts of the search index, each some hundred kilobytes of JSON. */
  search: { key: string; value: { part: string; value: string } }
}

export type IdbStoreName = StoreNames<IdbSchema>
export type IdbDatabase = IDBPDatabase<IdbSchema>
export type IdbWrite = IDBPTransaction<IdbSchema, IdbStoreName[], 'readwrite'>

/** Key path of each store. */
const keyPaths: Readonly<Record<IdbStoreName, string | string[]>> = {
  docs: 'doc',
  rows: ['doc', 'no'],
  outbox: ['doc', 'no'],
  meta: 'key',
  summaries: 'doc',
  drafts: 'chat',
  outgoing: 'id',
  files: 'hash',
  fileUses: 'hash',
  fileDeletions: ['chat', 'hash'],
  search: 'part',
}

export const allStores = Object.keys(keyPaths) as readonly IdbStoreName[]

/**
 * Key in `meta` of a random value made with the database. Another value under the same name means
 * that the database was deleted and made anew, by a sign-out or by the browser: documents in
 * memory then stand for rows that no longer exist.
 */
export const lifeKey = 'life'

type Upgrade = IDBPTransaction<IdbSchema, IdbStoreName[], 'versionchange'>

/**
 * Brings an older layout, or none (0), to the present one. A version that only adds stores needs
 * no step of its own, so that it does not matter which of them came first.
 */
export const upgrade = (database: IdbDatabase, from: number, transaction: Upgrade): void => {
  for (const store of allStores)
    if (!database.objectStoreNames.contains(store))
      database.createObjectStore(store, { keyPath: keyPaths[store] })
  if (from >= 1) return
  const life = crypto.getRandomValues(new Uint32Array(4)).join('-')
  // A failure aborts the upgrade, and is reported by the open.
  transaction.done.catch(() => {})
  transaction
    .objectStore('meta')
    .put({ key: lifeKey, value: life })
    .catch(() => {})
}
