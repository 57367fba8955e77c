/**
 * A document in the browser's database, by y-indexeddb as it is. That one does not say when a write
 * is done, or that it failed, and what builds on a lost one is lost as well: so what was written is
 * read back, counts as saved when it is there, and is written anew, all of it, when it is not. A
 * listener of it that throws keeps others from hearing of an update, so it has a document of its own.
 */
import type { Writer } from '@wardline/core/base/client-id'
import { LivePage } from '@wardline/core/yjs/live-page'
import type { IndexeddbPersistence } from 'y-indexeddb'
import * as Y from 'yjs'
import { openPersistence } from './persistence.ts'

/** How long the database may take to open, ms, before it counts as out of order. */
const PATIENCE = 5_000
/** The object store of y-indexeddb that has the updates, under growing keys. */
const UPDATES = 'updates'

export class DeviceCopy {
  /** When what was there is in the document, or cannot be had. */
  readonly loaded: Promise<void>
  readonly #persistence: IndexeddbPersistence
  readonly #doc: Y.Doc
  /** What y-indexeddb listens to. */
  readonly #mirror = new Y.Doc()
  readonly #kept = new LivePage(new Y.Doc())
  readonly #changed: () => void
  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin !== this) this.#write(update)
  }
  #next = 0
  #fails = false
  #reading: Promise<void> = Promise.resolve()

  /** @param changed called when more is known to be saved, or that nothing is */
  constructor(name: string, doc: Y.Doc, changed: () => void) {
    this.#doc = doc
    this.#changed = changed
    this.#persistence = openPersistence(name, this.#mirror)
    this.#mirror.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) Y.applyUpdate(doc, update, this)
    })
    doc.on('update', this.#onUpdate)
    this.loaded = this.#load()
  }

  /** Whether an entry is in the database. */
  has({ writer, n }: { readonly writer: Writer; readonly n: number }): boolean {
    return (this.#kept.page.vector.get(writer) ?? 0) >= n
  }

  /** Nothing is saved any more, or never was. */
  get fails(): boolean {
    return this.#fails
  }

  async close(): Promise<void> {
    this.#doc.off('update', this.#onUpdate)
    await this.#persistence.destroy()
  }

  /** Deletes what is in the database, and closes it. */
  async clear(): Promise<void> {
    this.#doc.off('update', this.#onUpdate)
    await this.#persistence.clearData()
  }

  async #load(): Promise<void> {
    let cancel: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<boolean>((done) => {
      cancel = setTimeout(() => done(true), PATIENCE)
    })
    const isLate = await Promise.race([this.#persistence.whenSynced.then(() => false), late])
    clearTimeout(cancel)
    if (isLate) this.#fail()
    else await this.#readBack()
  }

  #write(update: Uint8Array): void {
    try {
      Y.applyUpdate(this.#mirror, update, this)
    } catch {
      this.#fail()
    }
    void this.#readBack()
  }

  /** Looks whether all that was given to the database is in it. */
  #readBack(): Promise<void> {
    const due = Y.decodeStateVector(Y.encodeStateVector(this.#mirror))
    this.#reading = this.#reading.then(async () => {
      try {
        if (!(await this.#holds(due))) {
          await this.#writeAll()
          this.#fails = !(await this.#holds(due))
        } else this.#fails = false
        this.#changed()
      } catch {
        this.#fail()
      }
    })
    return this.#reading
  }

  /** Reads what is new in the database. Transactions on a store take place in the order of their making. */
  async #holds(due: ReadonlyMap<number, number>): Promise<boolean> {
    const { db } = this.#persistence
    // Not open yet: all of the document is written when it is.
    if (db === null) return true
    const updates = await newUpdates(db, this.#next)
    const last = updates.at(-1)
    if (last !== undefined) this.#next = last.key + 1
    const { doc } = this.#kept
    doc.transact(() => {
      for (const { update } of updates) Y.applyUpdate(doc, update)
    })
    return [...due].every(([client, clock]) => Y.getState(doc.store, client) >= clock)
  }

  /** As one update more, which y-indexeddb reads like its own. */
  async #writeAll(): Promise<void> {
    const { db } = this.#persistence
    if (db === null) return
    const transaction = db.transaction(UPDATES, 'readwrite')
    transaction.objectStore(UPDATES).add(Y.encodeStateAsUpdate(this.#mirror))
    await new Promise<void>((done, fail) => {
      transaction.oncomplete = () => done()
      transaction.onabort = () => fail(transaction.error)
    })
  }

  #fail(): void {
    this.#fails = true
    this.#changed()
  }
}

/** Whether this browser lets the page keep anything. y-indexeddb waits for ever where it does not. */
export const canKeep = async (): Promise<boolean> => {
  const name = 'wardline-chat probe'
  try {
    ;(await settled(indexedDB.open(name))).close()
    indexedDB.deleteDatabase(name)
    return true
  } catch {
    return false
  }
}

const newUpdates = async (
  db: IDBDatabase,
  from: number,
): Promise<readonly { key: number; update: Uint8Array }[]> => {
  const store = db.transaction(UPDATES, 'readonly').objectStore(UPDATES)
  const range = IDBKeyRange.lowerBound(from)
  const [keys, updates] = await Promise.all([
    settled(store.getAllKeys(range)),
    settled<Uint8Array[]>(store.getAll(range)),
  ])
  return updates.map((update, i) => ({ key: Number(keys[i]), update }))
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((done, fail) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => fail(request.error)
  })
