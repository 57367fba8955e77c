import { nameMatcher } from '../../words/match-name.ts'

/** The chats whose name holds every word of the query, wherever in it. */
export const filterChats = <T extends { title: string }>(
  chats: readonly T[],
  query: string,
): readonly T[] => {
  if (query.trim() === '') return chats
  const matches = nameMatcher(query)
  return chats.filter(({ title }) => matches(title))
}
