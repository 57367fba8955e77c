/**
 * Settings from before there was a bound on them. One person's could be so many that reading them
 * takes all of the memory, so they are taken off before anything else reads them: what is left of
 * such a document is what the server wrote.
 */

import { indexOf, SERVER_INDEX } from '@wardline/core/base/client-id'
import { type DocName, type UserId, userDoc } from '@wardline/core/base/ids'
import { OWNER_INDEX } from '@wardline/core/chat/lanes'
import { MAX_SETTING_CHANGES, MAX_SETTINGS_BYTES } from '@wardline/core/gate/check-update'
import { keepBlocks } from '@wardline/core/update/keep-blocks'
import { STORED_LIMITS } from '@wardline/core/update/parse-limits'
import { parseUpdate } from '@wardline/core/update/parse-update'
import { mergeUpdates } from 'yjs'
import { rowsOf } from '../storage/doc-content.ts'
import { isDamage } from '../storage/seal.ts'
import type { DocContent, Store } from '../storage/store.ts'
import { readUser, USER_PREFIX } from './user.ts'

/** A document below this, bytes, has fewer changes than the bound: each takes 12 bytes and more. */
const SMALL = 12 * MAX_SETTING_CHANGES

type SettingsStore = Pick<Store, 'listRecords' | 'sizes' | 'read' | 'compact' | 'commit'>

/**
 * Takes the settings off each person's document that has more of them than the gate lets in.
 * Returns whose they were. Rejects with `StoreError`.
 */
export const dropBoundlessSettings = async (
  store: SettingsStore,
  now: () => number,
): Promise<readonly UserId[]> => {
  const dropped: UserId[] = []
  for (const { value } of await store.listRecords(USER_PREFIX)) {
    const user = readUser(value).id
    const doc = userDoc(user)
    const content = await largeContent(store, doc)
    if (content === undefined || !isBoundless(content)) continue
    const updates = rowsOf(content).map(({ update }) =>
      keepBlocks(update, (client) => indexOf(client) === SERVER_INDEX),
    )
    await store.compact(doc, { head: content.head, updates: [mergeUpdates(updates)] }, 0)
    const audit = { at: now(), actor: 'server', action: 'settings.dropped', subject: user }
    await store.commit({ audit: [audit] })
    dropped.push(user)
  }
  return dropped
}

/** Undefined for what is small, and for what is damaged: that is noticed when somebody needs it. */
const largeContent = async (
  store: SettingsStore,
  doc: DocName,
): Promise<DocContent | undefined> => {
  try {
    const { snapshotBytes, tailBytes } = await store.sizes(doc)
    return snapshotBytes + tailBytes < SMALL ? undefined : await store.read(doc)
  } catch (error) {
    if (isDamage(error)) return undefined
    throw error
  }
}

/** Without an object for each change: there may be millions. */
const isBoundless = (content: DocContent): boolean => {
  const ends = new Map<number, number>()
  let bytes = 0
  for (const { update } of rowsOf(content)) {
    const parsed = parseUpdate(update, () => 'span', STORED_LIMITS)
    if (!parsed.ok) throw new Error(`a stored update: ${parsed.message}`)
    for (const block of parsed.blocks) {
      if (indexOf(block.client) !== OWNER_INDEX) continue
      ends.set(block.client, Math.max(block.end, ends.get(block.client) ?? 0))
      bytes += block.bytes
    }
  }
  const changes = [...ends.values()].reduce((sum, end) => sum + end, 0)
  return changes > MAX_SETTING_CHANGES || bytes > MAX_SETTINGS_BYTES
}
