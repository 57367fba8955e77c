/** Deletes what a device has of a chat that was erased for everybody. */
import { type ChatId, chatDoc, type DocName } from '../../base/ids.ts'
import type { LocalStore } from '../store/local-store.ts'
import type { Pages } from './pages.ts'
import type { SysDocs } from './sys-docs.ts'

export interface PurgeOptions {
  readonly store: Pick<LocalStore, 'read'>
  readonly pages: Pick<Pages, 'replace'>
  readonly sysDocs: Pick<SysDocs, 'replace'>
}

/** The server has nothing of it either, and what was not sent goes nowhere any more. */
const NOTHING = { head: 0, known: 0, pushAll: false, lost: false, refused: [] } as const

/**
 * @param pages of the chat
 * @throws LocalStoreError when the device could not store it
 */
export const purgeChat = async (
  chat: ChatId,
  pages: readonly DocName[],
  options: PurgeOptions,
): Promise<void> => {
  const isHere = async (doc: DocName): Promise<boolean> =>
    (await options.store.read(doc)).rows.length > 0
  for (const doc of pages)
    if (await isHere(doc))
      await options.pages.replace(doc, async () => ({ rows: [], patch: NOTHING }))
  const doc = chatDoc(chat)
  if (await isHere(doc)) await options.sysDocs.replace(doc, [], NOTHING)
}
