/** Messages that the server refused: kept beside their page until the person decides. */
import { type ChatId, type DocName, pageDoc } from '../../base/ids.ts'
import type { PageIndex } from '../chats/page-index.ts'
import { REFUSED_WRITER, readMessageKey } from '../model/message-key.ts'
import type { LocalStore, RefusedMessage } from '../store/local-store.ts'
import type { TabBus } from '../sync/tab-bus.ts'

export interface RefusedMessagesOptions {
  store: LocalStore
  pageIndex: PageIndex
  bus: TabBus
  changed(doc: DocName): void
}

export class RefusedMessages {
  readonly #options: RefusedMessagesOptions

  constructor(options: RefusedMessagesOptions) {
    this.#options = options
  }

  /**
   * Takes a message out of the list, after `use` has done with it what there is to do. Returns
   * whether the key is of one.
   */
  async take(
    id: ChatId,
    key: string,
    use: (message: RefusedMessage) => Promise<void>,
  ): Promise<boolean> {
    const place = readMessageKey(key)
    if (place?.writer !== REFUSED_WRITER) return false
    const { store, pageIndex, bus, changed } = this.#options
    const doc = pageDoc(id, place.month)
    const refused = pageIndex.refused(doc)
    const message = refused.find(({ at }) => at === place.n)
    if (message === undefined) return false
    await use(message)
    const { record } = await store.append(doc, [], {
      refused: refused.filter((other) => other !== message),
    })
    pageIndex.setRecord(record)
    bus.post({ type: 'rows', doc })
    changed(doc)
    return true
  }
}
