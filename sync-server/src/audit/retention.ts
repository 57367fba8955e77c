/** How long lines of the audit trail are kept. */
import { PRUNED, readAuditText, type StoredAuditLine } from '../storage/audit.ts'
import type { Store } from '../storage/store.ts'

/** By the calendar: the same day so many years before, ms since 1970. */
export const yearsBefore = (now: number, years: number): number => {
  const date = new Date(now)
  return date.setUTCFullYear(date.getUTCFullYear() - years)
}

/**
 * Removes the lines that are older than so many years, up to the first that is not, and says so in
 * a line. Returns how many. Rejects with `StoreError`; cut short, it is done again.
 */
export const removeOldLines = async (
  store: Pick<Store, 'readAudit' | 'auditStart' | 'pruneAudit' | 'commit'>,
  years: number,
  now: number,
): Promise<number> => {
  const limit = yearsBefore(now, years)
  const start = await store.auditStart()
  let last: StoredAuditLine | undefined
  for await (const line of store.readAudit(start.n + 1)) {
    const at = readAuditText(line.text)?.at
    // One that cannot be read any more has the age of those around it.
    if (at !== undefined && at >= limit) break
    last = line
  }
  if (last === undefined) return 0
  const { n: through, hash } = last
  await store.commit({
    audit: [{ at: now, actor: 'server', action: PRUNED, details: { through, hash, years } }],
  })
  await store.pruneAudit(through)
  return through - start.n
}
