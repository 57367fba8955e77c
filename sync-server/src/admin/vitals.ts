/** What a running server tells of itself. */
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { folderSize } from '../base/folder-size.ts'
import type { HealthNote } from '../base/health-notes.ts'
import type { Latencies } from '../base/latencies.ts'

/** Bytes of what it keeps. */
export interface StorageUse {
  readonly database: number
  readonly files: number
  /** Of the disk, for the server's account. */
  readonly free: number
}

export interface Vitals {
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Sockets, and people who have one. */
  connections(): { readonly sockets: number; readonly people: number }
  /** Of the last durable writes, ms. */
  readonly commits: Pick<Latencies, 'read'>
  /** Notifications on their way, or waiting to be tried again. */
  pushWaiting(): number
  notes(): readonly HealthNote[]
  /** Rejects with the system's error. */
  storage(): Promise<StorageUse>
}

/** Milliseconds for which the sizes are taken from memory: to add them up takes a while. */
const SIZES_AGE = 60_000

/** Adds up what lies in the data directory; not more often than makes sense. */
export const storageUseOf = (
  dataDir: string,
  elapsed: () => number,
): (() => Promise<StorageUse>) => {
  let known: { readonly at: number; readonly use: Promise<StorageUse> } | undefined
  return () => {
    if (known !== undefined && elapsed() - known.at < SIZES_AGE) return known.use
    const use = readUse(dataDir)
    known = { at: elapsed(), use }
    use.catch(() => {
      known = undefined
    })
    return use
  }
}

const readUse = async (dataDir: string): Promise<StorageUse> => {
  const folders = ['files', 'uploads', 'files-damaged']
  const [database, files, { bavail, bsize }] = await Promise.all([
    folderSize(dataDir, folders),
    Promise.all(folders.map((name) => folderSize(join(dataDir, name)))),
    statfs(dataDir),
  ])
  return { database, files: files.reduce((sum, bytes) => sum + bytes, 0), free: bavail * bsize }
}
