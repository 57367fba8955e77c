/** The server's database, opened; what there is to say about it goes into the log. */
import { readManifest, removeManifest } from './backup/manifest.ts'
import { closeToOthers } from './base/close-to-others.ts'
import type { Logger } from './config/logger.ts'
import { LevelStore } from './storage/level-store.ts'
import { StoreError } from './storage/store-error.ts'

/**
 * Rejects with `StoreError` when the data directory cannot be used.
 *
 * @param onBatch told how long each durable write took, ms
 */
export const openStore = async (
  dataDir: string,
  log: Logger,
  onBatch: (ms: number) => void,
): Promise<LevelStore> => {
  const backup = await readManifest(dataDir).catch((error: unknown) => {
    throw new StoreError('STORE_OPEN', `${dataDir} cannot be read: ${String(error)}`, error)
  })
  const store = await LevelStore.open(dataDir, {
    create: true,
    // A backup that somebody put here: whoever forgets to say so would leave the devices in the dark.
    newEpoch: backup !== undefined,
    onLoss: ({ missing, knownAt, dropped }) =>
      log('error', 'store.lost', {
        message:
          'the database lacks changes that were stored; devices give back what they have. See admin.js recovery',
        missing,
        ...(knownAt !== undefined && { knownAt: new Date(knownAt).toISOString() }),
        dropped,
      }),
    onFailure: (error) => log('error', 'store.failed', { message: String(error) }),
    onBatch,
  })
  try {
    if (backup !== undefined) {
      await removeManifest(dataDir)
      log('warn', 'store.restored', {
        message:
          'a backup was put in place; devices give back what they have. See admin.js recovery',
        madeAt: new Date(backup.at).toISOString(),
      })
    }
    await closeDataDir(dataDir, log)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

/** What older versions left open to every account of the machine is closed, and said. */
const closeDataDir = async (dataDir: string, log: Logger): Promise<void> => {
  const closed = await closeToOthers(dataDir).catch((error: unknown) => {
    throw new StoreError(
      'STORE_OPEN',
      `other accounts of this machine can read it, and that cannot be changed: ${String(error)}`,
      error,
    )
  })
  if (closed > 0) log('warn', 'data-dir.closed-to-others', { dataDir, entries: closed })
}
