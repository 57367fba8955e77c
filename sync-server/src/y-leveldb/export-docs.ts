/** All documents of a clinic into a folder that the tools of the Yjs family read. */
import { readdir } from 'node:fs/promises'
import type { DocName } from '@wardline/core/base/ids'
import * as Y from 'yjs'
import { makeFolder } from '../base/make-folder.ts'
import { systemTimers } from '../base/timers.ts'
import { err, ok, type Result } from '../errors/result.ts'
import { rowsOf } from '../storage/doc-content.ts'
import type { LevelStore } from '../storage/level-store.ts'
import { withDocOf } from '../storage/merge.ts'
import { StoreError } from '../storage/store-error.ts'
import { areEqual, contentsOf } from './contents.ts'
import { DocFolder, DocFolderError } from './doc-folder.ts'

/**
 * Writes them, reads everything back and compares. A line to print, or lines that say what is
 * wrong: the folder is not to be relied upon then. Rejects with the system's errors.
 */
export const exportDocs = async (
  store: LevelStore,
  folder: string,
): Promise<Result<string, string>> => {
  if (!(await isFree(folder))) return err(`${folder} is not an empty folder`)
  await makeFolder(folder)
  const problems: string[] = []
  const docs = await store.documents()
  try {
    const written = await write(store, docs, folder, problems)
    await compare(store, written, folder, problems)
    if (problems.length > 0) return err(failed(folder, problems))
    const details = { documents: written.length }
    const line = { at: systemTimers.now(), actor: 'server', action: 'documents.exported', details }
    await store.commit({ audit: [line] })
    return ok(`${written.length} documents are in ${folder}, read back and compared`)
  } catch (error) {
    if (!(error instanceof DocFolderError)) throw error
    return err(failed(folder, [...problems, error.message]))
  }
}

const failed = (folder: string, problems: readonly string[]): string =>
  [`${folder} is not complete; do not rely on it:`, ...problems].join('\n')

const isFree = (folder: string): Promise<boolean> =>
  readdir(folder).then(
    (names) => names.length === 0,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return true
      if (error.code === 'ENOTDIR') return false
      throw error
    },
  )

const write = async (
  store: LevelStore,
  docs: readonly DocName[],
  folder: string,
  problems: string[],
): Promise<readonly DocName[]> => {
  const target = new DocFolder(folder, true)
  const written: DocName[] = []
  try {
    for (const doc of docs) {
      const update = await wholeOf(store, doc)
      if (update === undefined) problems.push(`${doc} is damaged: see admin.js doctor`)
      else {
        await target.write(doc, update)
        written.push(doc)
      }
    }
  } finally {
    await target.close()
  }
  return written
}

/** By opening the folder again: what is in memory proves nothing. */
const compare = async (
  store: LevelStore,
  docs: readonly DocName[],
  folder: string,
  problems: string[],
): Promise<void> => {
  const target = new DocFolder(folder, false)
  try {
    const names = new Set(await target.names())
    for (const doc of docs) {
      const update = await wholeOf(store, doc)
      if (!names.delete(doc)) problems.push(`${doc} is not in it`)
      else if (update === undefined || !(await isSame(target, doc, update)))
        problems.push(`${doc} is another one in it`)
    }
    for (const name of names) problems.push(`${name} is in it, and not in the database`)
  } finally {
    await target.close()
  }
}

const isSame = async (target: DocFolder, doc: DocName, update: Uint8Array): Promise<boolean> => {
  const [ours, theirs] = [contentsOf(update), contentsOf(await target.read(doc))]
  if (ours === undefined || theirs === undefined || !areEqual(ours, theirs)) return false
  const vector = Y.decodeStateVector(await target.stateVector(doc))
  return (
    vector.size === ours.size &&
    [...vector].every(([client, end]) => ours.get(client)?.length === end)
  )
}

/** A document as one update; undefined when it is damaged. */
const wholeOf = async (store: LevelStore, doc: DocName): Promise<Uint8Array | undefined> => {
  try {
    const updates = rowsOf(await store.read(doc)).map(({ update }) => update)
    return withDocOf(updates, (read) =>
      read.store.pendingStructs === null && read.store.pendingDs === null
        ? Y.encodeStateAsUpdate(read)
        : undefined,
    )
  } catch (error) {
    if (error instanceof StoreError && error.code === 'STORE_CORRUPT') return undefined
    throw error
  }
}
