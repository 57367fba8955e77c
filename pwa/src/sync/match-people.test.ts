import { parseUserId } from '@wardline/core/base/ids'
import type { Person } from '@wardline/core/client/model/views'
import { expect, it } from 'vitest'
import { matchPeople } from './match-people.ts'

const person = (id: string, name: string, specialty?: string): Person => ({
  id: parseUserId(id)!,
  name,
  role: 'doctor',
  ...(specialty === undefined ? {} : { specialty }),
})
const people = [
  person('dr-jose', 'Dr José Álvarez', 'Endocrinology'),
  person('dr-ada', 'Dr Ada Osei', 'Cardiology'),
]

it('finds by all words, in name and specialty, whatever the accents', () => {
  expect(matchPeople(people, '').map(({ id }) => id)).toEqual(['dr-ada', 'dr-jose'])
  expect(matchPeople(people, ' alvarez  ENDO').map(({ id }) => id)).toEqual(['dr-jose'])
  expect(matchPeople(people, 'ada endo')).toEqual([])
  expect(matchPeople([person('pat-1', 'Anna Müller')], 'mueller')).toHaveLength(1)
})
