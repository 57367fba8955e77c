import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it, as far as they are missing. Node's own `recursive` does not end
 * where a folder is there that takes no others, as /proc. Rejects with the system's error.
 */
export const makeFolder = async (path: string): Promise<void> => {
  if (await isMade(path)) return
  await makeFolder(dirname(path))
  await mkdir(path)
}

/** False when the folder above is not there. */
const isMade = (path: string): Promise<boolean> =>
  mkdir(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return true
      if (error.code === 'ENOENT' && dirname(path) !== path) return false
      throw error
    },
  )
