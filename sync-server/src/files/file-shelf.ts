/**
 * Bytes on the server's disk, under the name of their content: DATA_DIR/files/ab/cdef…. A file is
 * complete and on the disk before it has its name.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, mkdir, open, readdir, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ByteSource } from '@wardline/core/files/byte-source'

export class FileShelf {
  readonly root: string

  constructor(root: string) {
    this.root = root
  }

  /** Where the bytes with this SHA-256 lie, or would. */
  path(hash: string): string {
    return join(this.root, hash.slice(0, 2), hash.slice(2))
  }

  async has(hash: string): Promise<boolean> {
    return (await stat(this.path(hash)).catch(ignoreMissing)) !== undefined
  }

  /** Gives the bytes of `from` their name, durably; `from` stays. */
  async adopt(from: string, hash: string): Promise<void> {
    const path = this.path(hash)
    await mkdir(dirname(path), { recursive: true })
    await flush(from)
    await link(from, path).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
    await flush(dirname(path))
    await flush(this.root)
  }

  async remove(hash: string): Promise<void> {
    await unlink(this.path(hash)).catch(ignoreMissing)
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

/** Waits until the disk has a file, or the names in a folder. */
const flush = async (path: string): Promise<void> => {
  const file = await open(path)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

const ignoreMissing = (error: unknown): undefined => {
  if (codeOf(error) !== 'ENOENT') throw error
}
