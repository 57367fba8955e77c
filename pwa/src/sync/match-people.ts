import type { Person } from '@wardline/core/client/views'

const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()

/** Those in whose name or specialty every word occurs, by name: as the server finds them. */
export const matchPeople = (people: readonly Person[], query: string): Person[] => {
  const words = fold(query).split(/\s+/u).filter(Boolean)
  return people
    .filter(({ name, specialty = '' }) => {
      const text = fold(`${name} ${specialty}`)
      return words.every((word) => text.includes(word))
    })
    .sort((a, b) => a.name.localeCompare(b.name))
}
