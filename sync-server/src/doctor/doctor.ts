/**
 * `admin.js doctor`: looks at everything that the server keeps, and says what is not what was
 * written, or does not fit together, and what to do about it. It looks at a copy of the database,
 * for LevelDB changes what it opens.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { err, ok, type Result } from '../errors/result.ts'
import { BlobStore } from '../files/blob-store.ts'
import { isHeld } from '../storage/is-held.ts'
import { LevelStore } from '../storage/level-store.ts'
import { lookAtFiles } from './files.ts'
import { lookAtDatabase } from './look.ts'
import { withOpenCopy } from './open-copy.ts'
import { type Problem, reportOf } from './problem.ts'

/** A report, an error when something is wrong. Rejects with the system's errors. */
export const runDoctor = async (dataDir: string): Promise<Result<string, string>> => {
  if (await isHeld(dataDir)) return err(`${dataDir} is in use: stop the server, then try again`)
  const copy = await mkdtemp(join(tmpdir(), 'wardline-doctor-'))
  try {
    return verdictOn(dataDir, await problemsIn(dataDir, copy))
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

const problemsIn = async (dataDir: string, copy: string): Promise<readonly Problem[]> => {
  const { problems, value } = await withOpenCopy(dataDir, copy, (store) =>
    lookAtAll(store, dataDir),
  )
  return [...problems, ...(value ?? [])]
}

/** Of a copy that a running server made of its database, beside whose data its files lie. */
export const lookAtCopy = async (copy: string, dataDir: string): Promise<readonly Problem[]> => {
  const store = await LevelStore.open(copy)
  try {
    return await lookAtAll(store, dataDir)
  } finally {
    await store.close()
  }
}

const lookAtAll = async (store: LevelStore, dataDir: string): Promise<readonly Problem[]> => [
  ...(await lookAtDatabase(store)),
  ...(await lookAtFiles(store, new BlobStore(join(dataDir, 'files')))),
]

/** What is printed of what was found. */
export const verdictOn = (dataDir: string, problems: readonly Problem[]): Result<string, string> =>
  problems.length === 0
    ? ok(`${dataDir}: everything is as it was written`)
    : err([`${dataDir}: ${problems.length} found to be damaged`, ...reportOf(problems)].join('\n'))
