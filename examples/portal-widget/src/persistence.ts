import { IndexeddbPersistence } from 'y-indexeddb'
import type * as Y from 'yjs'

/** A document in a database of its own, by y-indexeddb as it is. */
export const openPersistence = (name: string, doc: Y.Doc): IndexeddbPersistence =>
  new IndexeddbPersistence(name, doc)
