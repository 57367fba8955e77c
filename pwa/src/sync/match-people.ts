import type { Person } from '@wardline/core/client/model/views'
import { nameMatcher } from '@wardline/core/words/match-name'

/**
 * Those in whose name, specialty or birth date every word occurs, by name: as the server finds
 * them.
 */
export const matchPeople = (people: readonly Person[], query: string): Person[] => {
  const matches = nameMatcher(query)
  return people
    .filter(({ name, specialty = '', birthDate = '' }) => matches(name, specialty, birthDate))
    .sort((a, b) => a.name.localeCompare(b.name))
}
