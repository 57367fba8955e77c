/**
 * Rows as the device's database gives them back, which may not be what was written. One that cannot
 * be read must not take the others with it.
 */
import * as Y from 'yjs'
import type { DocName } from '../../base/ids.ts'
import { Page } from '../../chat/page.ts'
import type { LocalStore, StoredDoc } from '../store/local-store.ts'

/** In the place of a row of which nothing can be read: no update is empty. */
export const unreadableUpdate = new Uint8Array()

type Row = Readonly<{ update: Uint8Array }>

/** Whether an update can be read, as far as that shows without the document that it is of. */
export const isReadable = (update: Uint8Array): boolean => {
  try {
    Y.decodeUpdate(update)
    return true
  } catch {
    return false
  }
}

/** Applies what can be read. False when there is something that cannot. */
export const applyReadable = (doc: Y.Doc, rows: readonly Row[]): boolean => {
  let all = true
  for (const { update } of rows) {
    try {
      Y.applyUpdate(doc, update)
    } catch {
      all = false
    }
  }
  return all
}

/** A page of the rows that can be read. */
export const pageOfReadable = (rows: readonly Row[]): Page => {
  // Apart from the page, for a row that fails in the middle leaves a part of itself behind.
  const trial = new Y.Doc()
  const page = new Page()
  page.apply(rows.filter((row) => applyReadable(trial, [row])).map(({ update }) => update))
  return page
}

/**
 * Whether rows are gone that the device had: its newest one is not there, though what it has is
 * said to be complete up to a head.
 */
export const hasLostRows = async (
  store: LocalStore,
  doc: DocName,
  { rows, lastRow }: StoredDoc,
): Promise<boolean> => {
  if ((rows.at(-1)?.no ?? 0) >= lastRow) return false
  return ((await store.record(doc))?.head ?? 0) > 0
}

/** From here on the device has nothing of the document that the server need not send again. */
export const haveNothing = async (store: LocalStore, doc: DocName): Promise<void> => {
  const known = Math.max((await store.record(doc))?.known ?? 0, 1)
  await store.append(doc, [], { head: 0, known })
}
