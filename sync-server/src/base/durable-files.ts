/** Files that are on the disk, and not only on their way there. */
import { open } from 'node:fs/promises'
import { PRIVATE_FILE } from './make-folder.ts'

/** Waits until the disk has a file, or the names in a folder. */
export const flush = async (path: string): Promise<void> => {
  const file = await open(path)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Writes a file that only its owner can read, durably. Its name is in its folder for good after a
 * {@link flush} of that.
 *
 * @param flag `wx` to reject with `EEXIST` when it is there
 */
export const writeDurably = async (
  path: string,
  text: string,
  flag: 'w' | 'wx' = 'w',
): Promise<void> => {
  const file = await open(path, flag, PRIVATE_FILE)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}
