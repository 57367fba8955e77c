/** Secrets of a server that was given none: made once and kept beside the data. */
import { randomBytes } from 'node:crypto'
import { chmod, link, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../base/durable-files.ts'
import { makeFolder, PRIVATE_FILE } from '../base/make-folder.ts'
import { MIN_SECRET_LENGTH } from './config.ts'

const FILE = 'jwt-secret'

/**
 * The secret in `dataDir`, made when there is none. Only the file's owner can read it.
 * Throws when the directory cannot be written, or when the file holds no usable secret: making a
 * new one silently would sign everybody out.
 */
export const loadSecret = async (dataDir: string): Promise<string> => {
  const { path, text } = await keepSecretFile(dataDir, FILE, () =>
    randomBytes(48).toString('base64url'),
  )
  if (text.length < MIN_SECRET_LENGTH)
    throw new Error(`${path} holds no secret; delete it to have a new one made`)
  return text
}

const SEAL_FILE = 'seal-key'

/**
 * The key of {@link GroupSeal}, kept like {@link loadSecret}'s. Another one makes what was sealed
 * before useless, and harms nothing else.
 */
export const loadSealKey = async (dataDir: string): Promise<string> => {
  const { text } = await keepSecretFile(dataDir, SEAL_FILE, () =>
    randomBytes(48).toString('base64url'),
  )
  return text
}

/**
 * The text of a file in `dataDir` that only its owner can read; made when it is not there. What it
 * holds is for the caller to check. Throws when the directory cannot be written.
 */
export const keepSecretFile = async (
  dataDir: string,
  name: string,
  make: () => string,
): Promise<{ readonly path: string; readonly text: string }> => {
  await makeFolder(dataDir)
  const path = join(dataDir, name)
  const kept = await readIfThere(path)
  if (kept === undefined) return { path, text: await makeFile(path, make()) }
  await chmod(path, PRIVATE_FILE)
  return { path, text: kept }
}

const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Written whole under another name, then linked: a crash or a race never leaves half a secret. */
const makeFile = async (path: string, text: string): Promise<string> => {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeDurably(draft, `${text}\n`, 'wx')
  try {
    await link(draft, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(draft, { force: true })
  }
  return (await readFile(path, 'utf8')).trim()
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
