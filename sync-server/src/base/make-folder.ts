import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What the server keeps is for its own account of the machine only. */
export const PRIVATE_FOLDER = 0o700
export const PRIVATE_FILE = 0o600

/** Whatever this process makes from now on, LevelDB's files too, is for its own account only. */
export const ownOnly = (): void => {
  process.umask(0o077)
}

/**
 * Makes a folder that nobody else may look into, and those above it, as far as they are missing.
 * Node's own `recursive` does not end where a folder is there that takes no others, as /proc.
 * Rejects with the system's error.
 */
export const makeFolder = async (path: string): Promise<void> => {
  if (await isMade(path)) return
  await makeFolder(dirname(path))
  await isMade(path)
}

/** False when the folder above is not there. */
const isMade = (path: string): Promise<boolean> =>
  mkdir(path, { mode: PRIVATE_FOLDER }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return true
      if (error.code === 'ENOENT' && dirname(path) !== path) return false
      throw error
    },
  )
