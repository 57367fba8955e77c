/** Answers what a person looks for: chats by name, and messages on this device by their words. */
import type { ChatRegistry } from '../chats/chat-registry.ts'
import type { ChatList } from '../list/chat-list.ts'
import { filterChats } from './filter-chats.ts'
import { candidates, enoughFor, ranked } from './rank.ts'
import { nothingFound, type SearchOptions, type SearchResults } from './results.ts'
import type { SearchIndexer } from './search-indexer.ts'
import type { UnsentMessages } from './unsent-messages.ts'
import { queryWords } from './words.ts'

export class Search {
  readonly #index: SearchIndexer
  readonly #unsent: UnsentMessages
  readonly #chats: ChatRegistry
  readonly #list: ChatList

  constructor(index: SearchIndexer, unsent: UnsentMessages, chats: ChatRegistry, list: ChatList) {
    this.#index = index
    this.#unsent = unsent
    this.#chats = chats
    this.#list = list
  }

  async search(query: string, options: SearchOptions): Promise<SearchResults> {
    if (query.trim() === '') return nothingFound
    const words = queryWords(query)
    const chats = options.chat === undefined ? filterChats(this.#list.all(), query) : []
    const { hits, more, complete, partial } = await this.#index.search({
      words,
      chat: options.chat,
      enough: enoughFor(options),
    })
    const unsent = await this.#unsent.search(words, options.chat)
    const found = ranked([...unsent, ...candidates(hits)], words, options, (id) => {
      const chat = this.#chats.get(id)
      if (chat === undefined) return undefined
      const { title, patients } = this.#list.of(chat)
      return { chat, title, patients }
    })
    return { chats: chats.map(({ id }) => id), ...found, more, complete, partial }
  }
}
