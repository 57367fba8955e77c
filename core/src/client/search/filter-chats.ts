import { nameMatcher } from '../../words/match-name.ts'

interface Named {
  title: string
  patients?: readonly { name: string; birthDate?: string }[]
}

/**
 * The chats whose name holds every word of the query, wherever in it; for a doctor together with
 * the names and birth dates of the patients in it.
 */
export const filterChats = <T extends Named>(chats: readonly T[], query: string): readonly T[] => {
  if (query.trim() === '') return chats
  const matches = nameMatcher(query)
  return chats.filter(({ title, patients = [] }) =>
    matches(title, ...patients.flatMap(({ name, birthDate = '' }) => [name, birthDate])),
  )
}
