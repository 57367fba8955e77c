import { expect, it } from 'vitest'
import { type AdminPlace, pathOf, placeOf } from './admin-place.ts'

it('a place is its address, and the other way round', () => {
  const places: AdminPlace[] = [
    { section: 'people', person: null },
    { section: 'people', person: 'dr-ada' },
    { section: 'audit', about: null },
    { section: 'audit', about: 'dm.pat-morgan.dr-ada' },
    { section: 'health' },
  ]
  for (const place of places) expect(placeOf(pathOf(place))).toEqual(place)
})

it('what is not there is the list of people', () => {
  const people = { section: 'people', person: null }
  for (const path of ['/', '/admin', '/admin/', '/admin/nonsense/x', '/admin/people/%E0%A4%A'])
    expect(placeOf(path)).toEqual(people)
})
