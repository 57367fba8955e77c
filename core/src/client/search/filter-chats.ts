import { fold } from './words.ts'

/** The chats whose name holds every word of the query, wherever in it. */
export const filterChats = <T extends { title: string }>(
  chats: readonly T[],
  query: string,
): readonly T[] => {
  const words = query.split(/\s+/u).map(fold).filter(Boolean)
  if (words.length === 0) return chats
  return chats.filter(({ title }) => {
    const name = fold(title)
    return words.every((word) => name.includes(word))
  })
}
