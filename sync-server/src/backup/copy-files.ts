/** What lies in a data directory besides its database, copied into a backup. */
import { constants } from 'node:fs'
import { copyFile, readdir, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { flush } from '../base/durable-files.ts'
import { makeFolder } from '../base/make-folder.ts'
import { type BlobStore, hashFile } from '../files/blob-store.ts'

/** LevelDB's own, what is of a running process or is made again, and what is nobody's any more. */
const LEFT_OUT =
  /^(\d+\.(ldb|sst|log|dbtmp)|MANIFEST-\d+|CURRENT|LOCK|LOG(\.old)?|durable(\.new)?|making|admin\.sock|uploads|files|files-damaged|damaged|lost\+found|backup.*)$/

/** Everything that is neither database nor a file of a chat: secrets above all. */
export const copyRest = async (dataDir: string, folder: string): Promise<void> => {
  for (const name of await readdir(dataDir))
    if (!LEFT_OUT.test(name)) await copyEntry(join(dataDir, name), join(folder, name))
  await flush(folder)
}

/** What a link leads to is in the copy itself: a secret may be kept elsewhere, and is needed here. */
const copyEntry = async (from: string, to: string): Promise<void> => {
  const entry = await stat(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined // Gone meanwhile.
  })
  if (entry?.isFile()) return copyDurably(from, to)
  if (!entry?.isDirectory()) return
  await makeFolder(to)
  for (const name of await readdir(from)) await copyEntry(join(from, name), join(to, name))
  await flush(to)
}

/** What became of one file of a chat: its size, or why the server's own cannot be copied. */
export type CopiedBlob =
  | { readonly kind: 'copied'; readonly bytes: number }
  | { readonly kind: 'damaged' | 'missing' }

/**
 * Copies a file of a chat and looks whether what arrived is what its name says. Rejects with the
 * system's errors, and when it is the copy that is not.
 */
export const copyBlob = async (
  from: BlobStore,
  to: BlobStore,
  hash: string,
): Promise<CopiedBlob> => {
  const path = to.path(hash)
  await makeFolder(dirname(path))
  try {
    await copyDurably(from.path(hash), path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && (await from.look(hash)) === 'missing') return { kind: 'missing' }
    throw error
  }
  if ((await hashFile(path)) === hash) return { kind: 'copied', bytes: await sizeOf(path) }
  await rm(path)
  const state = await from.look(hash)
  if (state !== 'whole') return { kind: state }
  throw new Error(`${path} does not hold what was written to it: look at the disk of the backup`)
}

const copyDurably = async (from: string, to: string): Promise<void> => {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  await flush(to)
}

const sizeOf = async (path: string): Promise<number> => (await stat(path)).size

/** Bytes that whoever runs this may still write into a folder. */
export const roomIn = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** Bytes of all files in a folder, and in those in it. */
export const weightOf = async (folder: string): Promise<number> => {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    bytes += await sizeOf(join(entry.parentPath, entry.name)).catch(() => 0) // Gone meanwhile.
  }
  return bytes
}
