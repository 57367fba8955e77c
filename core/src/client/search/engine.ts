/** Looking for messages, whole: what is loaded only when somebody may look. */
import type { ChatRegistry } from '../chats/chat-registry.ts'
import type { ChatList } from '../list/chat-list.ts'
import { Search } from './search.ts'
import { SearchIndexer, type SearchIndexerOptions } from './search-indexer.ts'
import { UnsentMessages, type UnsentMessagesOptions } from './unsent-messages.ts'

export interface EngineOptions extends SearchIndexerOptions, Omit<UnsentMessagesOptions, 'chats'> {
  chats: ChatRegistry
  list: ChatList
}

export interface Engine {
  index: SearchIndexer
  searches: Search
}

export const searchEngine = (options: EngineOptions): Engine => {
  const index = new SearchIndexer(options)
  const unsent = new UnsentMessages(options)
  return { index, searches: new Search(index, unsent, options.chats, options.list) }
}
