import { Page } from '../../chat/page.ts'
import type { DocName } from '../../ids/ids.ts'
import type { LocalStore } from '../local-store.ts'
import { applySliced, type Pages } from '../pages.ts'
import { pageOfReadable } from '../readable-rows.ts'

/** A page as it is, without a place among those that are kept open. */
export const readPage = async (
  store: LocalStore,
  pages: Pick<Pages, 'peek'>,
  doc: DocName,
  pause?: () => Promise<void>,
): Promise<{ page: Page; lastRow: number }> => {
  const open = pages.peek(doc)
  if (open !== undefined) return open
  const { rows, lastRow } = await store.read(doc)
  const page = new Page()
  try {
    await applySliced(page, rows, pause)
    return { page, lastRow }
  } catch {
    return { page: pageOfReadable(rows), lastRow }
  }
}
