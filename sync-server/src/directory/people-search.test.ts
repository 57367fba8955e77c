import { parseUserId } from '@wardline/core/base/ids'
import { parseBirthDate } from '@wardline/core/chat/birth-date'
import { expect, it } from 'vitest'
import { MAX_FOUND, searchPeople } from './people-search.ts'
import type { Person } from './user.ts'

const person = (id: string, name: string, specialty?: string): Person => ({
  id: parseUserId(id)!,
  name,
  role: 'doctor',
  ...(specialty !== undefined && { specialty }),
})
const people = [
  person('dr-zoe', 'Zoé Müller', 'Cardiology'),
  person('dr-anna', 'Anna Muller'),
  person('dr-ben', 'Ben Laurent', 'Paediatric cardiology'),
]
const find = (query: string): string[] => searchPeople(people, query).map(({ id }) => id)

it('finds everybody by name, or who has all the words', () => {
  expect(find(' ')).toEqual(['dr-anna', 'dr-ben', 'dr-zoe'])
  expect(find('muller')).toEqual(['dr-anna', 'dr-zoe'])
  expect(find('CARDIO  zoe')).toEqual(['dr-zoe'])
  expect(find('Mueller')).toEqual(['dr-zoe'])
  expect(find('pediatric')).toEqual(['dr-ben'])
  expect(find('cardio anna')).toEqual([])
  expect(find('(.*)')).toEqual([])
})

it('finds patients by their birth date as well', () => {
  const birthDate = parseBirthDate('1984-05-02')!
  const patients = [
    { ...person('pat-one', 'Pat Morgan'), birthDate },
    person('pat-two', 'Pat Moran'),
  ]
  expect(searchPeople(patients, 'pat 1984-05').map(({ id }) => id)).toEqual(['pat-one'])
})

it('lists so many and no more', () => {
  const many = Array.from({ length: MAX_FOUND + 1 }, (_, i) => person(`dr-${1000 + i}`, 'Same'))
  expect(searchPeople(many, '').length).toBe(MAX_FOUND)
})
