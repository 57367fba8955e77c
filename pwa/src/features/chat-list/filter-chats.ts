import type { ChatSummary } from '@wardline/core/client/views'

/** Lower case without accents, so that "jose" finds "José". */
const fold = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase()

/** The chats whose name holds every word of the query. */
export const filterChats = (
  chats: readonly ChatSummary[],
  query: string,
): readonly ChatSummary[] => {
  const words = fold(query).split(/\s+/u).filter(Boolean)
  if (words.length === 0) return chats
  return chats.filter(({ title }) => {
    const name = fold(title)
    return words.every((word) => name.includes(word))
  })
}
