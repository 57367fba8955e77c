/** Finding people by what their name or specialty holds, whatever the case and the accents. */
import type { Person } from './user.ts'

/** Most people in one answer; a longer list is searched, not read. */
export const MAX_FOUND = 100

/** Those in whom every word of the query occurs, by name. An empty query finds everybody. */
export const searchPeople = <P extends Person>(
  people: readonly P[],
  query: string,
): readonly P[] => {
  const words = fold(query).split(/\s+/).filter(Boolean)
  return people
    .filter(({ name, specialty }) => {
      const text = fold(`${name} ${specialty ?? ''}`)
      return words.every((word) => text.includes(word))
    })
    .sort((one, other) => one.name.localeCompare(other.name, 'en') || (one.id < other.id ? -1 : 1))
    .slice(0, MAX_FOUND)
}

const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
