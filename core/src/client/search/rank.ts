/** From what the index found to what the screen shows. */

import type { MemberIndex } from '../../base/client-id.ts'
import { type ChatId, parseDocName } from '../../base/ids.ts'
import { activityOf } from '../../chat/dating.ts'
import type { Chat } from '../chats/chat-registry.ts'
import { nameIn } from '../chats/member-names.ts'
import type { MessageKey } from '../model/message-key.ts'
import type { Person } from '../model/views.ts'
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

/** A message that was found. */
export interface Candidate {
  chat: ChatId
  key: MessageKey
  author: MemberIndex
  at: number
  arrivedAt: number | null
  text: string
  /** Whether it holds the last word as it is, and not only as the beginning of one. */
  whole: boolean
}

export const candidates = (hits: readonly Hit[]): Candidate[] =>
  hits.flatMap(({ message: { doc, id, author, at, arrivedAt, text }, whole }) => {
    const ref = parseDocName(doc)
    if (ref?.kind !== 'page') return []
    const key = `${ref.month}/${id}` as const
    return [{ chat: ref.chat, key, author, at, arrivedAt, text, whole }]
  })

export interface Known {
  chat: Chat
  title: string
  patients: readonly Person[]
}

/** `known` says what there is to say of a chat; messages of others are left out. */
export const ranked = (
  among: readonly Candidate[],
  words: readonly string[],
  { chat, limit = LIMIT }: SearchOptions,
  known: (id: ChatId) => Known | undefined,
): { messages: FoundMessage[]; total: number } => {
  const found = among.flatMap((candidate) => {
    if (chat !== undefined && candidate.chat !== chat) return []
    const about = known(candidate.chat)
    return about === undefined ? [] : [{ ...candidate, about }]
  })
  // In an open chat the person goes through it from one to the next.
  if (chat !== undefined) found.sort((a, b) => b.at - a.at)
  else found.sort((a, b) => Number(b.whole) - Number(a.whole) || activityOf(b) - activityOf(a))
  const messages = found.slice(0, limit).map(
    ({ about, author, key, at, arrivedAt, text, ...message }): FoundMessage => ({
      chat: message.chat,
      key,
      title: about.title,
      authorName: nameIn(about.chat, author),
      patients: about.patients,
      mine: author === about.chat.me,
      at,
      arrivedAt,
      snippet: snippetOf(text, words),
    }),
  )
  return { messages, total: found.length }
}
