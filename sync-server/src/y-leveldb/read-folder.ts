/** A folder of the Yjs family's store, looked at as a whole before anything is made of it. */
import { constants } from 'node:fs'
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DocName, parseDocName } from '@wardline/core/base/ids'
import { err, ok, type Result } from '../errors/result.ts'
import { isHeld } from '../storage/is-held.ts'
import { checkTables } from '../storage/level-tables.ts'
import { droppedIn } from '../storage/loss.ts'
import { contentsOf } from './contents.ts'
import { DocFolder, DocFolderError } from './doc-folder.ts'

/** Documents of a folder, all of which were read once and can be read. */
export interface ReadableDocs {
  readonly names: readonly DocName[]
  read(doc: DocName): Promise<Uint8Array>
}

/**
 * Runs with the documents of a folder, or says in lines what is wrong with it. The folder stays as
 * it is: LevelDB changes what it opens, so it is copied. Rejects with the system's errors.
 */
export const withFolder = async (
  folder: string,
  use: (docs: ReadableDocs) => Promise<Result<string, string>>,
): Promise<Result<string, string>> => {
  const names = await readdir(folder).catch((): string[] => [])
  if (!names.includes('CURRENT')) return err(`${folder} holds no database of y-leveldb`)
  if (await isHeld(folder)) return err(`${folder} is in use by another program`)
  // LevelDB reads past what is damaged, and may end the process over it.
  const damaged = await checkTables(folder)
  if (damaged.length > 0)
    return err(
      unusable(
        folder,
        damaged.map(({ table }) => `the table ${table} is damaged`),
      ),
    )
  const copy = await mkdtemp(join(tmpdir(), 'wardline-import-'))
  try {
    for (const entry of await readdir(folder, { withFileTypes: true }))
      if (entry.isFile() && entry.name !== 'LOCK')
        await copyFile(join(folder, entry.name), join(copy, entry.name), constants.COPYFILE_FICLONE)
    const source = new DocFolder(copy, false)
    try {
      const docs = await readable(source, copy)
      return docs.ok ? await use(docs.value) : err(unusable(folder, docs.error))
    } finally {
      await source.close()
    }
  } catch (error) {
    if (!(error instanceof DocFolderError)) throw error
    return err(unusable(folder, [error.message.replaceAll(copy, folder)]))
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

const unusable = (folder: string, problems: readonly string[]): string =>
  [`nothing was imported from ${folder}:`, ...problems].join('\n')

const readable = async (
  source: DocFolder,
  copy: string,
): Promise<Result<ReadableDocs, readonly string[]>> => {
  const found = await source.names()
  const dropped = await droppedIn(copy)
  const problems = dropped > 0 ? [`${dropped} pieces of its log are damaged`] : []
  const names: DocName[] = []
  for (const name of found) {
    if (parseDocName(name) === undefined) problems.push(`${name} is no document of a clinic`)
    else names.push(name as DocName)
  }
  for (const name of names) {
    const problem = await problemOf(source, name)
    if (problem !== undefined) problems.push(problem)
  }
  if (problems.length > 0) return err(problems)
  return ok({ names, read: (doc) => source.read(doc) })
}

const problemOf = async (source: DocFolder, name: DocName): Promise<string | undefined> => {
  try {
    const isOurs = contentsOf(await source.read(name)) !== undefined
    return isOurs ? undefined : `${name} holds what no document of a clinic holds`
  } catch (error) {
    if (!(error instanceof DocFolderError)) throw error
    return error.message
  }
}
