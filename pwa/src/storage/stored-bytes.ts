/**
 * Bytes of files as the database takes them. A Blob need not be in memory, but not every browser
 * keeps one: WebKit's private windows fail to (https://bugs.webkit.org/show_bug.cgi?id=156347), and
 * then the same bytes go in as an ArrayBuffer.
 */
import type { NamedBytes } from '@wardline/core/client/store/outgoing-store'
import type { IdbConnection } from './idb-connection.ts'

export interface StoredFile {
  readonly hash: string
  readonly bytes: NamedBytes['bytes'] | ArrayBuffer
  /** Media type of what is no Blob. */
  readonly type?: string
}

/** No file has this name: one has 64 digits. */
const PROBE = 'probe'

export class StoredBytes {
  readonly #connection: IdbConnection
  #keepsBlobs: Promise<boolean> | undefined

  constructor(connection: IdbConnection) {
    this.#connection = connection
  }

  /** Rejects with a LocalStoreError when the database cannot be reached. */
  async of({ hash, bytes }: NamedBytes): Promise<StoredFile> {
    if (!(bytes instanceof Blob)) return { hash, bytes }
    this.#keepsBlobs ??= this.#probe().catch((error: unknown) => {
      this.#keepsBlobs = undefined
      throw error
    })
    if (await this.#keepsBlobs) return { hash, bytes }
    return { hash, bytes: await bytes.arrayBuffer(), type: bytes.type }
  }

  /** Puts one where it can be taken back, so that nothing else that is written fails with it. */
  #probe(): Promise<boolean> {
    return this.#connection.run(async (database) => {
      const transaction = database.transaction('files', 'readwrite')
      const done = transaction.done.then(
        () => true,
        () => false, // Aborted by the failure of the request.
      )
      const kept = await transaction
        .objectStore('files')
        .put({ hash: PROBE, bytes: new Blob(['x']) })
        .then(
          () => transaction.objectStore('files').delete(PROBE),
          () => false,
        )
      return (await done) && kept !== false
    })
  }
}

export const sizeOf = ({ bytes }: StoredFile): number =>
  bytes instanceof ArrayBuffer ? bytes.byteLength : bytes.size
