/**
 * What a backup says of itself: a file in its folder. A server that starts on one knows by it that
 * a copy was put in its place.
 */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { flush, writeDurably } from '../base/durable-files.ts'

const FILE = 'backup.json'

const manifestSchema = z.object({
  /** Of this file's form. */
  version: z.literal(1),
  /** The moment that it shows, ms. */
  at: z.number(),
  /** The last change that is in it. */
  seq: z.number().int().nonnegative(),
  files: z.number().int().nonnegative(),
  /** Of the database, as it was read, and of the files. */
  bytes: z.number().int().nonnegative(),
  /** What was damaged already when it was made. */
  problems: z.array(z.string()),
})

export type Manifest = Readonly<z.infer<typeof manifestSchema>>

/** undefined: it is no backup, or was put to use. Rejects with the system's errors. */
export const readManifest = async (folder: string): Promise<Manifest | undefined> => {
  const text = await readFile(join(folder, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  if (text === undefined) return undefined
  // Whatever is in it, somebody has put a copy here.
  const unknown: Manifest = { version: 1, at: 0, seq: 0, files: 0, bytes: 0, problems: [] }
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch {
    return unknown
  }
}

/** Durably. */
export const writeManifest = async (folder: string, manifest: Manifest): Promise<void> => {
  await writeDurably(join(folder, FILE), `${JSON.stringify(manifest, null, 2)}\n`)
  await flush(folder)
}

/** It is the database of a clinic from now on. Durably. */
export const removeManifest = async (folder: string): Promise<void> => {
  await rm(join(folder, FILE), { force: true })
  await flush(folder)
}
