/**
 * What a data directory holds, told by names alone. LevelDB itself takes a directory without its
 * `CURRENT` file for a new one and deletes what it does not know, so it may open one only after
 * this has looked.
 */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { flush, writeDurably } from '../base/durable-files.ts'
import { makeFolder } from '../base/make-folder.ts'
import { StoreError } from './store-error.ts'

/**
 * `new`: there is nothing, or what was left when making a database was cut short. `database`: there
 * is one. `other`: there is something else, and `why` says what.
 */
export type DataFolder =
  | { readonly kind: 'new' | 'database' }
  | { readonly kind: 'other'; readonly why: string }

/**
 * Is there from before LevelDB is first asked to make its files until the database can be opened.
 * Nobody can have written anything by then.
 */
const MAKING = 'making'
/** Is in a backup from before its first file until all of it was looked at. */
export const UNFINISHED_BACKUP = 'backup-unfinished'
/** LevelDB's name for the file that names all others. */
const CURRENT = 'CURRENT'
/** What file systems put into their own root. */
const notOurs = new Set(['lost+found'])
/** What LevelDB makes before CURRENT, and then before anything can be written. */
const unfinished = /^(making|LOCK|LOG|LOG\.old|MANIFEST-\d+|\d+\.dbtmp)$/
const unwritten = /^(CURRENT|\d+\.log)$/
const ofDatabase = /^(MANIFEST-\d+|\d+\.(ldb|sst|log))$/

/** Looks, and changes nothing. Rejects with `STORE_OPEN` when it may not. */
export const lookInto = async (directory: string): Promise<DataFolder> => {
  const names = (await namesIn(directory)).filter((name) => !notOurs.has(name))
  if (names.length === 0) return { kind: 'new' }
  const made = names.includes(CURRENT)
  const isUnfinished = (name: string): boolean =>
    unfinished.test(name) || (made && unwritten.test(name))
  if (names.includes(MAKING) && names.every(isUnfinished)) return { kind: 'new' }
  if (names.includes(UNFINISHED_BACKUP))
    return { kind: 'other', why: 'is a backup that was not finished. Take another one' }
  if (made) return { kind: 'database' }
  const why = names.some((name) => ofDatabase.test(name))
    ? `holds parts of a database, but no ${CURRENT} file: was copying it cut short? Copy it again, whole. Nothing was changed`
    : `holds files (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}), but no database. Name its folder, or for a new one an empty folder`
  return { kind: 'other', why }
}

const namesIn = async (directory: string): Promise<string[]> => {
  try {
    return await readdir(directory)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new StoreError('STORE_OPEN', `${directory} cannot be opened: ${String(error)}`, error)
  }
}

/** Makes the folder for a new database, and a note in it that there is none yet. */
export const beginMaking = async (directory: string): Promise<void> => {
  await makeFolder(directory)
  await writeDurably(join(directory, MAKING), '')
  await flush(directory)
}

/** There is a database now, durably. */
export const endMaking = async (directory: string): Promise<void> => {
  await rm(join(directory, MAKING), { force: true })
  await flush(directory)
}
