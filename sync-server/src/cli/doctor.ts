/**
 * `admin.js doctor`: looks at everything that the server keeps, and says what is not what was
 * written. It works on a copy of the database, for LevelDB changes what it opens.
 */
import { constants } from 'node:fs'
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GateIndex } from '@wardline/core/gate/gate-index'
import { err, ok, type Result } from '../errors/result.ts'
import { BlobStore } from '../files/blob-store.ts'
import { verifyAudit } from '../storage/audit.ts'
import { rowsOf } from '../storage/doc-content.ts'
import { isHeld } from '../storage/is-held.ts'
import { LevelStore } from '../storage/level-store.ts'
import { checkTables } from '../storage/level-tables.ts'
import { StoreError } from '../storage/store-error.ts'

/** What LevelDB's own files are called. */
const DATABASE_FILES = /^(\d+\.(ldb|sst|log)|MANIFEST-\d+|CURRENT|durable)$/

/** A report, an error when something is wrong. Rejects with the system's errors. */
export const runDoctor = async (dataDir: string): Promise<Result<string, string>> => {
  if (await isHeld(dataDir)) return err(`${dataDir} is in use: stop the server, then try again`)
  const copy = await mkdtemp(join(tmpdir(), 'wardline-doctor-'))
  try {
    const problems = await problemsIn(dataDir, copy)
    return problems.length === 0
      ? ok(`${dataDir}: everything is as it was written`)
      : err([`${dataDir}: ${problems.length} found to be damaged`, ...problems].join('\n'))
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

const problemsIn = async (dataDir: string, copy: string): Promise<readonly string[]> => {
  const problems: string[] = []
  for (const { table, unreadable } of await checkTables(dataDir))
    problems.push(`table ${table}${unreadable ? ': its index cannot be read' : ''}`)
  for (const name of await readdir(dataDir))
    if (DATABASE_FILES.test(name))
      await copyFile(join(dataDir, name), join(copy, name), constants.COPYFILE_FICLONE)
  let store: LevelStore
  try {
    store = await LevelStore.open(copy, {
      onLoss: ({ missing, dropped }) =>
        problems.push(`the log: ${missing ?? 'some'} changes at its end, ${dropped} pieces in it`),
    })
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return [
      ...problems,
      `the database cannot be opened: ${error.message.replaceAll(copy, dataDir)}`,
    ]
  }
  try {
    const found = new Set<string>()
    store.onDamage(({ doc, message }) => found.add(doc === undefined ? message : `document ${doc}`))
    for (const doc of await store.documents()) {
      try {
        const index = new GateIndex()
        for (const { update } of rowsOf(await store.read(doc))) index.addStored(update)
      } catch (error) {
        const { message, cause } = error instanceof Error ? error : new Error(String(error))
        found.delete(`document ${doc}`)
        found.add(`document ${doc}: ${cause instanceof Error ? cause.message : message}`)
      }
    }
    await store.listRecords('')
    const audit = await verifyAudit(store)
    if (audit.kind === 'broken') found.add(`the audit trail, at line ${audit.at}`)
    for (const doc of await store.toErase()) found.add(`document ${doc}: not erased yet`)
    problems.push(...found)
    problems.push(...(await lostFiles(store, join(dataDir, 'files'))))
  } finally {
    await store.close()
  }
  return problems
}

const lostFiles = async (store: LevelStore, folder: string): Promise<readonly string[]> => {
  const blobs = new BlobStore(folder)
  const records = await store.listRecords('file-bytes/')
  const problems: string[] = []
  for (const hash of new Set(records.map(({ key }) => key.split('/')[1] ?? ''))) {
    const state = await blobs.look(hash)
    if (state !== 'whole') problems.push(`file ${hash}: ${state}`)
  }
  return problems
}
