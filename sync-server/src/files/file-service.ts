/** Files and uploads of a server, put together, with the ear at what is taken back. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocName } from '@wardline/core/base/ids'
import { PRIVATE_FOLDER } from '../base/make-folder.ts'
import { systemTimers } from '../base/timers.ts'
import type { Logger } from '../config/logger.ts'
import { DEFAULT_QUOTAS, type Quotas } from '../config/quotas.ts'
import type { Store } from '../storage/store.ts'
import { waitOnClock } from '../storage/wait.ts'
import type { SyncServer } from '../sync/sync-server.ts'
import { BlobStore, isWritable } from './blob-store.ts'
import { FileGuard } from './file-guard.ts'
import { bytesPrefix } from './file-record.ts'
import { Files, type FilesOptions } from './files.ts'
import { Uploads } from './uploads.ts'

export interface FileServiceOptions extends Pick<FilesOptions, 'inUse'> {
  /** The defaults, if nothing else is said. */
  readonly quotas?: Pick<Quotas, 'patientFileBytes' | 'doctorFileBytes'>
  /** The folder of the server's data. */
  readonly dataDir: string
  readonly store: Store
  readonly sync: Pick<SyncServer, 'directory' | 'documents'>
  readonly log: Logger
}

export interface FileService {
  readonly files: Files
  readonly uploads: Uploads
  readonly guard: FileGuard
  /** Whether files can be taken in and given out. Never rejects. */
  isUsable(): Promise<boolean>
  /** Removes what nobody will ask for. To be called now and then. */
  clean(): Promise<void>
  /** Begins nothing any more; resolves when what is under way is done. */
  stop(): Promise<void>
}

export const createFiles = ({
  dataDir,
  store,
  sync,
  log,
  inUse,
  quotas = DEFAULT_QUOTAS,
}: FileServiceOptions): FileService => {
  const root = join(dataDir, 'files')
  const uploading = join(dataDir, 'uploads')
  // With chats that have files, a folder that has to be made is one that was lost.
  if (!existsSync(root) && store.lastSeq() > 0) log('warn', 'files.folder-made', { root })
  for (const folder of [root, uploading])
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER })
  const { directory, documents } = sync
  const blobs = new BlobStore(root)
  const known = async (prefix: string): Promise<Iterable<string>> => {
    const records = await store.listRecords(bytesPrefix(prefix).slice(0, -1))
    return new Set(records.map(({ key }) => key.split('/')[1] ?? ''))
  }
  const guard = new FileGuard({ blobs, known, log, wait: waitOnClock })
  const files = new Files({
    store,
    directory,
    blobs,
    guard,
    inUse,
    now: systemTimers.now,
    async quotaOf(user) {
      const isPatient = (await directory.getUser(user))?.role === 'patient'
      return isPatient ? quotas.patientFileBytes : quotas.doctorFileBytes
    },
  })
  const uploads = new Uploads(uploading, files)
  const stopListening = documents.listen({
    moved(moves) {
      for (const { doc, erases } of moves) {
        const ref = erases ? parseDocName(doc) : undefined
        if (ref?.kind !== 'page') continue
        files.dropLeft(ref.chat).catch((error: unknown) => {
          // Housekeeping looks again.
          log('warn', 'files.not-dropped', { message: String(error) })
        })
      }
    },
    lost() {},
  })
  guard.start()
  return {
    files,
    uploads,
    guard,
    isUsable: async () => (await isWritable(root)) && isWritable(uploading),
    async clean() {
      await uploads.removeExpired()
      await files.dropUnreferenced()
      await files.dropLeft()
      await files.sweep()
    },
    async stop() {
      stopListening()
      await guard.stop()
      await files.idle()
    },
  }
}
