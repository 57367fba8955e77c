/**
 * Bytes on the server's disk, under the name of their content: DATA_DIR/files/ab/cdef…. A file is
 * complete and on the disk before it has its name.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, mkdir, open, readdir, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ByteSource } from '@wardline/core/files/byte-source'
import { flush } from '../base/durable-files.ts'
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../base/make-folder.ts'
import { systemTimers } from '../base/timers.ts'

export class BlobStore {
  readonly root: string
  /** Where files go whose bytes are not those of their name any more. */
  readonly #aside: string

  constructor(root: string) {
    this.root = root
    this.#aside = `${root}-damaged`
  }

  /** Where the bytes with this SHA-256 lie, or would. */
  path(hash: string): string {
    return join(this.root, hash.slice(0, 2), hash.slice(2))
  }

  async has(hash: string): Promise<boolean> {
    return (await stat(this.path(hash)).catch(ignoreMissing)) !== undefined
  }

  /** Changes whenever somebody writes to the file; undefined when there is none. */
  async mark(hash: string): Promise<string | undefined> {
    const found = await stat(this.path(hash)).catch(ignoreMissing)
    return found && `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`
  }

  /** Reads all of a file to see whether it is still what its name says. */
  async look(hash: string): Promise<'whole' | 'damaged' | 'missing'> {
    const found = await hashFile(this.path(hash)).catch((error: unknown) => {
      // A disk that cannot read it does not have it either.
      if (codeOf(error) === 'EIO') return 'unreadable'
      return ignoreMissing(error)
    })
    if (found === undefined) return 'missing'
    return found === hash ? 'whole' : 'damaged'
  }

  /** Puts a damaged file where nobody is sent it. Returns the name that it has there. */
  async setAside(hash: string): Promise<string> {
    await mkdir(this.#aside, { recursive: true, mode: PRIVATE_FOLDER })
    const name = `${hash}.${systemTimers.now()}`
    await rename(this.path(hash), join(this.#aside, name)).catch(ignoreMissing)
    return name
  }

  /**
   * Gives the bytes of `from` their name, durably; `from` stays. What has the name already stays,
   * too, unless it is damaged.
   */
  async adopt(from: string, hash: string): Promise<void> {
    const path = this.path(hash)
    await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER })
    await flush(from)
    await link(from, path).catch(async (error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
      if ((await this.look(hash)) === 'whole') return
      await this.setAside(hash)
      await link(from, path)
    })
    await flush(dirname(path))
    await flush(this.root)
  }

  /** With what was set aside of it: what was taken back is to be gone. */
  async remove(hash: string): Promise<void> {
    await unlink(this.path(hash)).catch(ignoreMissing)
    for (const name of await readdir(this.#aside).catch(() => []))
      if (name.startsWith(hash)) await unlink(join(this.#aside, name)).catch(ignoreMissing)
  }

  /** All hashes whose files have not changed since `before`, ms. */
  async *olderThan(before: number): AsyncIterable<string> {
    for (const folder of await readdir(this.root).catch(() => []))
      for (const name of await readdir(join(this.root, folder)).catch(() => [])) {
        const hash = folder + name
        const found = await stat(this.path(hash)).catch(ignoreMissing)
        if (found !== undefined && found.ctimeMs < before) yield hash
      }
  }
}

/** Whether a file can be made in a folder. Never rejects. */
export const isWritable = async (folder: string): Promise<boolean> => {
  const path = join(folder, `.probe-${randomUUID()}`)
  try {
    await writeFile(path, '', { flag: 'wx', mode: PRIVATE_FILE })
    await readdir(folder)
    await unlink(path)
    return true
  } catch {
    return false // Whatever it is, files are not safe here.
  }
}

export const hashFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return hash.digest('hex')
}

/** Calls back with the bytes of a file, which is open meanwhile. */
export const withFile = async <T>(
  path: string,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> => {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    return await use({
      size,
      read: async (offset, length) => {
        const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - offset)))
        const { bytesRead } = await file.read(buffer, 0, buffer.length, offset)
        return buffer.subarray(0, bytesRead)
      },
    })
  } finally {
    await file.close()
  }
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

const ignoreMissing = (error: unknown): undefined => {
  if (codeOf(error) !== 'ENOENT') throw error
}
