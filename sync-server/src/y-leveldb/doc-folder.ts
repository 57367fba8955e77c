/**
 * A folder of documents in the format of the Yjs family's own store, written and read by that store.
 * It reports no errors (it prints them, and resolves with null), so each answer is looked at here.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LeveldbPersistence } from 'y-leveldb'
import * as Y from 'yjs'
import { flush } from '../base/durable-files.ts'

/** What the folder's own store could not do. */
export class DocFolderError extends Error {
  override readonly name = 'DocFolderError'
}

/** y-leveldb's store of a folder; one that is not there is made, if `create` says so. */
export const openYLeveldb = (folder: string, create: boolean): LeveldbPersistence =>
  new LeveldbPersistence(folder, { levelOptions: { createIfMissing: create } })

/** Methods reject with {@link DocFolderError}. */
export class DocFolder {
  readonly #folder: string
  readonly #store: LeveldbPersistence

  /** @param create makes a database where there is none */
  constructor(folder: string, create: boolean) {
    this.#folder = folder
    this.#store = openYLeveldb(folder, create)
  }

  async names(): Promise<readonly string[]> {
    return done(await this.#store.getAllDocNames(), `${this.#folder} cannot be read`)
  }

  /** All of a document, as one update. */
  async read(doc: string): Promise<Uint8Array> {
    const read = done(await this.#store.getYDoc(doc), `${doc} cannot be read`)
    try {
      if (read.store.pendingStructs !== null || read.store.pendingDs !== null)
        throw new DocFolderError(`${doc} lacks something that it builds on`)
      return Y.encodeStateAsUpdate(read)
    } finally {
      read.destroy()
    }
  }

  /** The state vector that the folder itself says a document has. */
  async stateVector(doc: string): Promise<Uint8Array> {
    return done(await this.#store.getStateVector(doc), `${doc} has no state vector`)
  }

  /** Adds an update to a document. Whether it is there says only reading. */
  async write(doc: string, update: Uint8Array): Promise<void> {
    done(await this.#store.storeUpdate(doc, update), `${doc} cannot be written`)
  }

  /** Closes the database; what was written is on the disk, and not only on its way, after it. */
  async close(): Promise<void> {
    if ((await this.#store.destroy()) === null)
      throw new DocFolderError(`${this.#folder} cannot be closed`)
    for (const name of await readdir(this.#folder)) await flush(join(this.#folder, name))
    await flush(this.#folder)
  }
}

const done = <T>(answer: T | null, problem: string): T => {
  if (answer === null) throw new DocFolderError(problem)
  return answer
}
