/** When the last backup was made, and whether the last attempt at one failed: kept as a record. */
import { contend } from '@wardline/core/time/contend'
import { z } from 'zod'
import type { Store } from '../storage/store.ts'

const KEY = 'backup'
/** Characters of why one failed that are kept. */
export const MAX_REASON = 500

const attempt = {
  /** The moment that it shows, or was to show, ms since 1970. */
  at: z.number(),
  folder: z.string().max(4_096),
}
const madeSchema = z.object({
  ...attempt,
  seq: z.number(),
  files: z.number(),
  bytes: z.number(),
  /** What was damaged in the data already. */
  problems: z.number(),
})
const failedSchema = z.object({ ...attempt, failed: z.string().max(MAX_REASON) })

/** What came of one attempt: it was made, or it failed. */
export const backupNote = z.object({
  ...madeSchema.partial().shape,
  ...failedSchema.partial().shape,
  ...attempt,
})
export type BackupNote = z.infer<typeof backupNote>

const recordSchema = z.object({
  made: madeSchema.optional(),
  /** The last attempt, if it failed. */
  failed: failedSchema.optional(),
})

export type LastBackup = Readonly<z.infer<typeof recordSchema>>

/** Empty when there never was one. Rejects with `StoreError`. */
export const readLastBackup = async (store: Pick<Store, 'getRecord'>): Promise<LastBackup> =>
  recordSchema.safeParse((await store.getRecord(KEY))?.value).data ?? {}

/** Keeps what came of an attempt, with a line of the audit trail. Rejects with `StoreError`. */
export const noteBackup = async (
  store: Pick<Store, 'getRecord' | 'commit'>,
  note: BackupNote,
  actor: string,
): Promise<void> => {
  const made = madeSchema.safeParse(note).data
  const failed = failedSchema.safeParse(note).data
  await contend(async () => {
    const found = await store.getRecord(KEY)
    const before = recordSchema.safeParse(found?.value).data
    const last = made ?? before?.made
    const value = { ...(last && { made: last }), ...(failed && { failed }) }
    const { at, folder } = note
    const action = failed === undefined ? 'backup.made' : 'backup.failed'
    const commit = await store.commit({
      records: [{ key: KEY, value, expect: found?.version ?? 0 }],
      audit: [{ at, actor, action, details: { folder } }],
    })
    return commit.kind === 'committed' ? true : undefined
  })
}
