import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Whether a process has the LevelDB directory open, as far as the system tells: the lock itself can
 * be asked for by LevelDB alone, which changes files when it opens them.
 */
export const isHeld = async (directory: string): Promise<boolean> => {
  const lock = await stat(join(directory, 'LOCK')).catch(() => undefined)
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '')
  return lock !== undefined && locks.split('\n').some((line) => line.includes(`:${lock.ino} `))
}
