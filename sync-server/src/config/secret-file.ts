/** The signing secret of a server that was given none: made once and kept beside the data. */
import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MIN_SECRET_LENGTH } from './config.ts'

const FILE = 'jwt-secret'

/**
 * The secret in `dataDir`, made when there is none. Only the file's owner can read it.
 * Throws when the directory cannot be written, or when the file holds no usable secret: making a
 * new one silently would sign everybody out.
 */
export const loadSecret = async (dataDir: string): Promise<string> => {
  await mkdir(dataDir, { recursive: true })
  const path = join(dataDir, FILE)
  const kept = await readIfThere(path)
  const text = kept ?? (await makeSecret(path))
  if (text.length < MIN_SECRET_LENGTH)
    throw new Error(`${path} holds no secret; delete it to have a new one made`)
  if (kept !== undefined) await chmod(path, 0o600)
  return text
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
const makeSecret = async (path: string): Promise<string> => {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(48).toString('base64url')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
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
