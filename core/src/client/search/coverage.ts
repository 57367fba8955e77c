/** How far the index knows the pages of a chat, as it is stored: the newest row of each month. */
import { type Month, parseMonth } from '../../base/ids.ts'
import { INDEX_VERSION } from './segment.ts'

export const storedCoverage = (rows: ReadonlyMap<Month, number>): string =>
  JSON.stringify({ version: INDEX_VERSION, rows: [...rows] })

/** Undefined for what another version stored. @throws when no version did */
export const readCoverage = (text: string): Map<Month, number> | undefined => {
  const stored = JSON.parse(text) as { version?: unknown; rows?: unknown }
  if (stored.version !== INDEX_VERSION || !Array.isArray(stored.rows)) return undefined
  const rows = new Map<Month, number>()
  for (const pair of stored.rows as unknown[]) {
    const [text, row] = Array.isArray(pair) ? (pair as unknown[]) : []
    const month = typeof text === 'string' ? parseMonth(text) : undefined
    if (month === undefined || typeof row !== 'number') return undefined
    rows.set(month, row)
  }
  return rows
}
