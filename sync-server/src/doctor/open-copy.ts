/** Opening a database without changing it: LevelDB changes what it opens, so a copy is opened. */
import { constants } from 'node:fs'
import { copyFile, link, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LevelStore } from '../storage/level-store.ts'
import { checkTables } from '../storage/level-tables.ts'
import { StoreError } from '../storage/store-error.ts'
import type { Problem } from './problem.ts'

/** What LevelDB's own files are called, and the file that says how far it was. */
const DATABASE_FILES = /^(\d+\.(ldb|sst|log)|MANIFEST-\d+|CURRENT|durable)$/
const TABLES = /\.(ldb|sst)$/

/**
 * Calls back with the database of a folder, opened in `copy`, an empty one. What is wrong with its
 * files is told as problems; `value` is undefined when it cannot be opened at all. Rejects with the
 * system's errors.
 */
export const withOpenCopy = async <T>(
  folder: string,
  copy: string,
  use: (store: LevelStore) => Promise<T>,
): Promise<{ readonly problems: readonly Problem[]; readonly value: T | undefined }> => {
  const problems: Problem[] = []
  const tell = (what: string): void => void problems.push({ kind: 'disk', what })
  const damaged = new Set<string>()
  for (const { table, unreadable } of await checkTables(folder)) {
    damaged.add(table)
    tell(`table ${table}${unreadable ? ': its index cannot be read' : ''}`)
  }
  for (const name of await readdir(folder)) {
    if (!DATABASE_FILES.test(name)) continue
    const [from, to] = [join(folder, name), join(copy, name)]
    // A table never changes, unless it is mended: a second name for it is enough.
    const linked = TABLES.test(name) && !damaged.has(name) && (await isLinked(from, to))
    if (!linked) await copyFile(from, to, constants.COPYFILE_FICLONE)
  }
  let store: LevelStore
  try {
    store = await LevelStore.open(copy, {
      onLoss: ({ missing, dropped }) =>
        tell(`the log: ${missing ?? 'some'} changes at its end, ${dropped} pieces in it`),
    })
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    tell(`the database cannot be opened: ${error.message.replaceAll(copy, folder)}`)
    return { problems, value: undefined }
  }
  try {
    return { value: await use(store), problems }
  } finally {
    await store.close()
  }
}

const isLinked = (from: string, to: string): Promise<boolean> =>
  link(from, to).then(
    () => true,
    () => false, // On another disk, or where there are no links.
  )
