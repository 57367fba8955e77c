import { join } from 'node:path'
import { openMessagesApi } from '../api/messages-api.ts'
import type { Directory } from '../directory/directory.ts'
import { Preferences } from '../directory/preferences.ts'
import { BlobStore } from '../files/blob-store.ts'
import type { Store } from '../storage/store.ts'
import { Documents } from '../sync/documents.ts'
import { InlineExecutor } from '../work/worker-pool.ts'
import { PersonExport } from './person-export.ts'

export interface OpenExportOptions {
  readonly store: Store
  readonly directory: Directory
  /** The folder of the server's data. */
  readonly dataDir: string
  now(): number
}

/** Exports from the database of a server that does not run. */
export const openExport = ({ store, directory, dataDir, now }: OpenExportOptions): PersonExport => {
  const blobs = new BlobStore(join(dataDir, 'files'))
  const here = new InlineExecutor()
  const { history } = openMessagesApi({
    ...{ store, directory, now },
    documents: new Documents(store),
    // Nobody else waits for the event loop.
    workers: { at: () => here, stop: async () => {} },
    prefs: new Preferences(store),
  })
  return new PersonExport({
    ...{ store, directory, history, now },
    filePath: (hash) => blobs.path(hash),
  })
}
