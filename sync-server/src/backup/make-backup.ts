/**
 * A backup of a data directory, whether its server runs or not: the database of one moment, the
 * files that it knows of at that moment, and the secrets. It is opened and looked at as the doctor
 * does before it counts. What was damaged already is in it as far as it can be read, and said.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { flush } from '../base/durable-files.ts'
import { makeFolder } from '../base/make-folder.ts'
import { hashesIn, lookAtFileRecords } from '../doctor/files.ts'
import { lookAtDatabase } from '../doctor/look.ts'
import { withOpenCopy } from '../doctor/open-copy.ts'
import { linesOf, type Problem } from '../doctor/problem.ts'
import { err, ok, type Result } from '../errors/result.ts'
import { BlobStore } from '../files/blob-store.ts'
import type { DatabaseCopy } from '../storage/copy-database.ts'
import type { LevelStore } from '../storage/level-store.ts'
import { endBackup } from './backup-folder.ts'
import { copyBlob, copyRest, roomIn, weightOf } from './copy-files.ts'
import { type Manifest, writeManifest } from './manifest.ts'

export interface BackupSource {
  readonly dataDir: string
  /**
   * Copies the database into a folder. From before it until everything is over, no file is deleted
   * that the copy knows of. Fails with one line.
   */
  copyDatabase(folder: string): Promise<Result<DatabaseCopy, string>>
}

/** Problems that a backup names. */
const MOST_KEPT = 100
/** Left free on the disk, if the backup goes to that of the data, so that the server can go on. */
const SPARE_BYTES = 256 * 1024 * 1024

/**
 * Fails with one line that says why there is no backup; the folder stays marked as unfinished then.
 * Rejects with the system's errors.
 *
 * @param folder marked by `beginBackup`
 * @param now ms since 1970
 */
export const makeBackup = async (
  source: BackupSource,
  folder: string,
  now: () => number,
): Promise<Result<Manifest, string>> => {
  const [needed, room] = [await weightOf(source.dataDir), await roomIn(folder)]
  if (needed + SPARE_BYTES > room) {
    const why = `there is not enough room for it: ${inMiB(needed)} are needed, and ${inMiB(SPARE_BYTES)} to spare; there are ${inMiB(room)}`
    return err(`${folder}: ${why}`)
  }
  const at = now()
  const copy = await source.copyDatabase(folder)
  if (!copy.ok) return copy
  await copyRest(source.dataDir, folder)
  const found = await lookInto(folder, (store) => copyFiles(source.dataDir, folder, store))
  const { problems, value: files } = found
  if (files === undefined)
    return err(`the copy cannot be opened: ${problems.map(({ what }) => what).join('; ')}`)
  const damages = [...problems, ...files.problems]
  if (copy.value.damaged)
    damages.push({ kind: 'disk', what: 'parts of the database cannot be read, and are not in it' })
  const manifest: Manifest = {
    version: 1,
    at,
    seq: copy.value.seq,
    files: files.count,
    bytes: copy.value.bytes + files.bytes,
    problems: [...linesOf(damages, MOST_KEPT)],
  }
  await writeManifest(folder, manifest)
  await endBackup(folder)
  return ok(manifest)
}

interface CopiedFiles {
  readonly count: number
  readonly bytes: number
  readonly problems: readonly Problem[]
}

/** Opens what was copied, and looks at all of it. */
const lookInto = async (
  folder: string,
  copyAll: (store: LevelStore) => Promise<CopiedFiles>,
): Promise<{ problems: readonly Problem[]; value: CopiedFiles | undefined }> => {
  const opened = await mkdtemp(join(folder, 'backup-look-'))
  try {
    return await withOpenCopy(folder, opened, async (store) => {
      const { problems, ...files } = await copyAll(store)
      return { ...files, problems: [...problems, ...(await lookAtDatabase(store))] }
    })
  } finally {
    await rm(opened, { recursive: true, force: true })
  }
}

const copyFiles = async (
  dataDir: string,
  folder: string,
  store: LevelStore,
): Promise<CopiedFiles> => {
  const [from, to] = [new BlobStore(join(dataDir, 'files')), new BlobStore(join(folder, 'files'))]
  await makeFolder(to.root)
  const problems: Problem[] = []
  let count = 0
  let bytes = 0
  for await (const hash of hashesIn(store)) {
    const copied = await copyBlob(from, to, hash)
    if (copied.kind === 'copied') {
      count++
      bytes += copied.bytes
    } else problems.push({ kind: 'file', what: `file ${hash}: ${copied.kind}` })
  }
  for (const name of await readdir(to.root)) await flush(join(to.root, name))
  await flush(to.root)
  return { count, bytes, problems: [...problems, ...(await lookAtFileRecords(store))] }
}

export const inMiB = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MiB`
