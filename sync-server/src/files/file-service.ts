/** Files and uploads of a server, put together. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '../storage/store.ts'
import type { SyncDirectory } from '../sync/ports.ts'
import { FileShelf } from './file-shelf.ts'
import { Files } from './files.ts'
import { Uploads } from './uploads.ts'

export interface FileService {
  readonly files: Files
  readonly uploads: Uploads
  /** Removes what nobody will ask for. To be called now and then. */
  clean(): Promise<void>
}

/** @param dataDir the folder of the server's data */
export const createFiles = (
  dataDir: string,
  store: Store,
  directory: SyncDirectory,
): FileService => {
  const root = join(dataDir, 'files')
  const uploading = join(dataDir, 'uploads')
  for (const folder of [root, uploading]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const files = new Files({ store, directory, shelf: new FileShelf(root), now: Date.now })
  const uploads = new Uploads(uploading, files)
  return {
    files,
    uploads,
    async clean() {
      await uploads.removeExpired()
      await files.sweep()
    },
  }
}
