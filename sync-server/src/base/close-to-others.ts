import { chmod, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PRIVATE_FILE, PRIVATE_FOLDER } from './make-folder.ts'

/** Rights of the group and of everybody else. */
const OTHERS = 0o077

/**
 * Takes from a folder, and from what is in it, the rights that other accounts of the machine have.
 * A folder inside that was closed already is not looked into: nobody could get at what is there.
 * Returns how many files and folders were open. Windows knows no such rights.
 *
 * Rejects with the system's error when they cannot be taken, as of what somebody else owns.
 */
export const closeToOthers = async (folder: string): Promise<number> => {
  if (process.platform === 'win32') return 0
  let closed = await closeOne(folder, PRIVATE_FOLDER)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isFile()) closed += await closeOne(path, PRIVATE_FILE)
    else if (entry.isDirectory() && (await isOpen(path))) closed += await closeToOthers(path)
  }
  return closed
}

const closeOne = async (path: string, mode: number): Promise<number> => {
  if (!(await isOpen(path))) return 0
  await chmod(path, mode)
  return 1
}

/** False for what is gone by now, as files that LevelDB has tidied away. */
const isOpen = async (path: string): Promise<boolean> => {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  return found !== undefined && (found.mode & OTHERS) !== 0
}
