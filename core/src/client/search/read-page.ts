import type { DocName } from '../../base/ids.ts'
import { Page } from '../../chat/page.ts'
import type { Slices } from '../../time/slices.ts'
import { applySliced, type Pages } from '../documents/pages.ts'
import { pageOfReadable } from '../documents/readable-rows.ts'
import type { LocalStore } from '../store/local-store.ts'

/** A page as it is, without a place among those that are kept open. */
export const readPage = async (
  store: LocalStore,
  pages: Pick<Pages, 'peek'>,
  doc: DocName,
  slices: Slices,
): Promise<{ page: Page; lastRow: number }> => {
  const open = pages.peek(doc)
  if (open !== undefined) return open
  const { rows, lastRow } = await store.read(doc)
  const page = new Page()
  try {
    await applySliced(page, rows, slices)
    return { page, lastRow }
  } catch {
    return { page: pageOfReadable(rows), lastRow }
  }
}
