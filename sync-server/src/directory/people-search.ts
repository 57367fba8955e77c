/** Finding people by what their name, specialty or birth date holds, however it is written. */
import { nameMatcher } from '@wardline/core/words/match-name'
import type { Patient } from './user.ts'

/** Most people in one answer; a longer list is searched, not read. */
export const MAX_FOUND = 100

/** Those in whom every word of the query occurs, by name. An empty query finds everybody. */
export const searchPeople = <P extends Patient>(
  people: readonly P[],
  query: string,
): readonly P[] => {
  const matches = nameMatcher(query)
  return people
    .filter(({ name, specialty = '', birthDate = '' }) => matches(name, specialty, birthDate))
    .sort((one, other) => one.name.localeCompare(other.name, 'en') || (one.id < other.id ? -1 : 1))
    .slice(0, MAX_FOUND)
}
