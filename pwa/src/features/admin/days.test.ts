import { expect, it } from 'vitest'
import { dayEnd, dayStart } from './days.ts'

it('a day has its hours, however many', () => {
  expect(dayStart('2026-03-29')).toBe(new Date(2026, 2, 29).getTime())
  expect(dayEnd('2026-02-28')).toBe(new Date(2026, 2, 1).getTime())
  expect([dayStart(''), dayEnd('')]).toEqual([null, null])
})
