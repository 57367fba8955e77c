/** What tells patients apart, in words; '' where the person may not know it, or nobody does. */
import type { Person } from '@wardline/core/client/model/views'
import { birthText } from './time-text.ts'

/** "born 2 May 1984 (42)" */
export const bornText = ({ birthDate }: Pick<Person, 'birthDate'>, now: number): string =>
  birthDate === undefined ? '' : `born ${birthText(birthDate, now)}`

/** "Pat Morgan, born 2 May 1984 (42)" */
export const personText = (person: Person, now: number): string => {
  const born = bornText(person, now)
  return born === '' ? person.name : `${person.name}, ${born}`
}

interface Chat {
  title: string
  patients: readonly Person[]
}

/** Under the name of a chat: the birth date of the one it is with, or who is in a group. */
export const patientsText = ({ title, patients }: Chat, now: number): string => {
  const [first, ...others] = patients
  if (first === undefined) return ''
  if (others.length === 0 && first.name === title) return bornText(first, now)
  return patients
    .map((person) =>
      person.birthDate === undefined
        ? person.name
        : `${person.name}, ${birthText(person.birthDate, now)}`,
    )
    .join(' · ')
}
