import { type ChatId, type UserId, userDoc } from '@wardline/core/base/ids'
import { PREFS } from '@wardline/core/chat/lanes'
import { type ChatPrefs, readChatPrefs } from '@wardline/core/chat/prefs'
import { Lru } from '../base/lru.ts'
import { withDoc } from '../storage/doc-content.ts'
import type { Store } from '../storage/store.ts'

/** Settings that are kept in memory, of all users together. */
const CACHED_SETTINGS = 200_000

type PrefStore = Pick<Store, 'head' | 'read' | 'onReset'>

interface Known {
  /** The head of the user's document that the settings are of. */
  readonly head: number
  readonly prefs: ReadonlyMap<string, unknown>
}

const newCache = (): Lru<UserId, Known> => new Lru(CACHED_SETTINGS, ({ prefs }) => 1 + prefs.size)

/** People's settings of their chats, as their own documents have them. */
export class Preferences {
  readonly #store: PrefStore
  #known = newCache()

  constructor(store: PrefStore) {
    this.#store = store
    // After a failed write the same head may stand for other content.
    store.onReset(() => {
      this.#known = newCache()
    })
  }

  /** Rejects with `StoreError`. */
  async of(user: UserId, chat: ChatId): Promise<ChatPrefs> {
    const { prefs } = await this.#read(user)
    return readChatPrefs((key) => prefs.get(key), chat)
  }

  async #read(user: UserId): Promise<Known> {
    const doc = userDoc(user)
    const known = this.#known.get(user)
    if (known !== undefined && known.head === (await this.#store.head(doc))) return known
    const content = await this.#store.read(doc)
    const prefs = withDoc(content, (copy) => new Map(copy.getMap(PREFS).entries()))
    const read = { head: content.head, prefs }
    this.#known.set(user, read)
    return read
  }
}
