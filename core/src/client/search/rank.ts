/** From what the index found to what the screen shows. */
import { type ChatId, parseDocName } from '../../ids/ids.ts'
import type { Chat } from '../chat-book.ts'
import type { MessageKey } from '../message-key.ts'
import type { FoundMessage, SearchOptions } from './results.ts'
import type { Hit } from './segment.ts'
import { snippetOf } from './snippet.ts'

/** Messages that a search gives back when it is not told how many. */
const LIMIT = 60
/** Messages of which the best are shown; of so many, another word or letter narrows them down. */
const ENOUGH = 300

/** How many of the newest messages a search has to look at. */
export const enoughFor = ({ chat, limit = LIMIT }: SearchOptions): number =>
  chat === undefined ? Math.max(limit, ENOUGH) : limit

export interface Known {
  chat: Chat
  title: string
}

/** `known` says what there is to say of a chat; messages of others are left out. */
export const ranked = (
  hits: readonly Hit[],
  words: readonly string[],
  { chat, limit = LIMIT }: SearchOptions,
  known: (id: ChatId) => Known | undefined,
): { messages: FoundMessage[]; total: number } => {
  const found = hits.flatMap((hit) => {
    const ref = parseDocName(hit.message.doc)
    if (ref?.kind !== 'page' || (chat !== undefined && ref.chat !== chat)) return []
    const about = known(ref.chat)
    return about === undefined ? [] : [{ ...hit, ref, about }]
  })
  // In an open chat the person goes through it from one to the next.
  const rank = ({ whole }: Hit) => (chat === undefined && whole ? 1 : 0)
  found.sort((a, b) => rank(b) - rank(a) || b.message.at - a.message.at)
  const messages = found.slice(0, limit).map(({ message, ref, about }): FoundMessage => {
    const key: MessageKey = `${ref.month}/${message.id}`
    return {
      chat: ref.chat,
      key,
      title: about.title,
      authorName: about.chat.members.find((member) => member.index === message.author)?.name ?? '',
      mine: message.author === about.chat.me,
      at: message.at,
      snippet: snippetOf(message.text, words),
    }
  })
  return { messages, total: found.length }
}
