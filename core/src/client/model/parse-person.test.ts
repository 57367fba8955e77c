import { expect, it } from 'vitest'
import { parsePerson } from './parse-person.ts'

const bea = { id: 'doc-bea', name: 'Bea', role: 'doctor', specialty: 'Heart' }

it('reads a birth date that is one', () => {
  const pat = { id: 'pat-morgan', name: 'Pat', role: 'patient' }
  expect(parsePerson({ ...pat, birthDate: '1984-05-02' })).toEqual({
    ...pat,
    birthDate: '1984-05-02',
  })
  for (const birthDate of ['2 May 1984', '1984-02-30', 1984, null])
    expect(parsePerson({ ...pat, birthDate })).toEqual(pat)
})

it('reads a person, and leaves out what it does not know', () => {
  expect(parsePerson({ ...bea, email: 'x' })).toEqual(bea)
  expect(parsePerson({ ...bea, specialty: null })).toEqual({
    id: 'doc-bea',
    name: 'Bea',
    role: 'doctor',
  })
})

it.each([
  null,
  'doc-bea',
  {},
  { ...bea, id: 'NO' },
  { ...bea, role: 'admin' },
  { ...bea, name: 1 },
])('does not take %j for a person', (value) => {
  expect(parsePerson(value)).toBeUndefined()
})
