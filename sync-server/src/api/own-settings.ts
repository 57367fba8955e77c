import { randomBytes } from 'node:crypto'
import { clientIdOf, writerFrom } from '@wardline/core/base/client-id'
import { type ChatId, type UserId, userDoc } from '@wardline/core/base/ids'
import { laneOf, OWNER_INDEX, PREFS } from '@wardline/core/chat/lanes'
import { prefKey } from '@wardline/core/chat/prefs'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import type { Preferences } from '../directory/preferences.ts'
import { withDoc } from '../storage/doc-content.ts'
import type { Store } from '../storage/store.ts'
import { StoreError } from '../storage/store-error.ts'
import type { Documents } from '../sync/documents.ts'
import { submitTo } from './submit.ts'

export interface OwnSettingsOptions {
  readonly store: Pick<Store, 'read'>
  readonly documents: Documents
  readonly prefs: Pick<Preferences, 'of'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** How people keep their chats, as one more device of theirs writes it into their own documents. */
export class OwnSettings {
  readonly #options: OwnSettingsOptions

  constructor(options: OwnSettingsOptions) {
    this.#options = options
  }

  /** Takes off the mark to come back to a chat. Rejects with `StoreError`. */
  unmark(user: UserId, chat: ChatId): Promise<void> {
    return this.set(user, chat, 'markedUnread', false)
  }

  /** Rejects with `StoreError`; throws `WriteRefused` when there is no room for it. */
  async set(
    user: UserId,
    chat: ChatId,
    setting: 'markedUnread' | 'blocked',
    value: boolean,
  ): Promise<void> {
    const { store, documents, prefs, now } = this.#options
    if ((await prefs.of(user, chat))[setting] === value) return
    const doc = userDoc(user)
    const hosted = await documents.hold(doc)
    try {
      const key = prefKey(setting, chat)
      const content = await store.read(doc)
      // Without what it overwrites, the new value would win or lose by its writer's number.
      const after = withDoc(content, (copy) => copy.getMap(PREFS)._map.get(key)?.lastId)
      const client = clientIdOf(OWNER_INDEX, writerFrom(randomBytes(5)))
      const items = [{ map: PREFS, key, value, ...(after && { after }) }]
      const update = encodeLaneWrite({ client, clock: 0, items })
      const lane = laneOf(hosted.ref, OWNER_INDEX)
      if (!hosted.isReady(lane)) await hosted.prepare(update, lane, now(), async () => {})
      if (hosted.gone) throw new StoreError('STORE_UNAVAILABLE', 'the document was lost')
      await submitTo(hosted, { documents, update, lane, now: now() })
    } finally {
      documents.release(hosted)
    }
  }
}
