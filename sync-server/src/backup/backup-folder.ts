/**
 * The folder of a backup: it is marked from before its first file until all of it was looked at, so
 * that nobody takes half of one for a whole one.
 */
import { readdir, realpath, rm } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { flush, writeDurably } from '../base/durable-files.ts'
import { makeFolder } from '../base/make-folder.ts'
import { err, ok, type Result } from '../errors/result.ts'
import { UNFINISHED_BACKUP } from '../storage/data-folder.ts'

/**
 * Makes and marks it. Fails with one line for a folder that has something in it, or lies in the
 * data. Rejects with the system's errors.
 */
export const beginBackup = async (
  folder: string,
  dataDir: string,
): Promise<Result<void, string>> => {
  if (isInside(await realPathOf(folder), await realpath(dataDir)))
    return err(`${folder} lies in DATA_DIR: choose one elsewhere`)
  await makeFolder(folder)
  const names = await readdir(folder)
  if (names.includes(UNFINISHED_BACKUP))
    return err(`${folder} holds a backup that was not finished: delete it, or choose another one`)
  if (names.length > 0) return err(`${folder} is not empty: choose a new one for each backup`)
  await writeDurably(join(folder, UNFINISHED_BACKUP), '', 'wx')
  await flush(folder)
  return ok(undefined)
}

/** All of it is there, and was looked at. */
export const endBackup = async (folder: string): Promise<void> => {
  await rm(join(folder, UNFINISHED_BACKUP))
  await flush(folder)
}

/** Where it is, or would be, whatever links lead there: as much of the path as there is. */
const realPathOf = async (path: string): Promise<string> => {
  const whole = resolve(path)
  try {
    return await realpath(whole)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(whole) === whole) throw error
    return join(await realPathOf(dirname(whole)), basename(whole))
  }
}

const isInside = (folder: string, parent: string): boolean => {
  const path = relative(parent, folder)
  const isOutside = path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
  return !isOutside
}
