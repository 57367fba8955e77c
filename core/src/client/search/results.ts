/** What a search finds, for the screen. */
import type { ChatId } from '../../base/ids.ts'
import type { MessageKey } from '../model/message-key.ts'
import type { Person } from '../model/views.ts'
import type { Snippet } from './snippet.ts'

export interface FoundMessage {
  chat: ChatId
  /** Unique in its chat. */
  key: MessageKey
  /** Of the chat. */
  title: string
  /** For doctors: the patients who are in the chat. */
  patients: readonly Person[]
  authorName: string
  mine: boolean
  at: number
  /** When it got to the server, ms, if that is not about `at`. */
  arrivedAt: number | null
  snippet: Snippet
}

export interface SearchResults {
  /** Chats whose name holds every word, in the order of the list. */
  chats: readonly ChatId[]
  /** The best of the newest: whole words before beginnings of words, then by when there was something new. */
  messages: readonly FoundMessage[]
  /** How many messages were found, of which `messages` may be the first. */
  total: number
  /** Whether there are older ones beyond those that were counted. */
  more: boolean
  /** False while messages on this device are not in the index yet. */
  complete: boolean
  /** True when there are so many messages that the oldest months are not in the index. */
  partial: boolean
}

export const nothingFound: SearchResults = {
  chats: [],
  messages: [],
  total: 0,
  more: false,
  complete: true,
  partial: false,
}

export interface SearchOptions {
  /** Only messages of this chat, the newest first. */
  chat?: ChatId
  /** Most messages to give back. */
  limit?: number
}
