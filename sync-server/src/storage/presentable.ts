/** What is read while something that was deleted is still on the disk. */
import { withoutDeleted } from '@wardline/core/update/without-deleted'
import type { DocContent, Row } from './store.ts'

/** The same rows without what they themselves delete: whoever has not seen it will not. */
export const rowsWithoutDeleted = (rows: readonly Row[]): readonly Row[] => {
  const updates = withoutDeleted(rows.map(({ update }) => update))
  return rows.map((row, i) => ({ head: row.head, update: updates[i] ?? row.update }))
}

/** @param erases whether something in it was deleted that it still holds */
export const presentable = (content: DocContent, erases: boolean): DocContent => {
  if (!erases) return content
  const { head, snapshot, tail } = content
  const before = snapshot?.updates ?? []
  const updates = withoutDeleted([...before, ...tail.map(({ update }) => update)])
  return {
    head,
    snapshot: snapshot && { head: snapshot.head, updates: updates.slice(0, before.length) },
    tail: tail.map((row, i) => ({
      head: row.head,
      update: updates[before.length + i] ?? row.update,
    })),
  }
}
