import { expect, it } from 'vitest'
import { hasBegun, parseBirthDate } from './birth-date.ts'

it.each(['1984-05-02', '1900-01-01', '2024-02-29', '2000-02-29'])('takes %s for a day', (text) => {
  expect(parseBirthDate(text)).toBe(text)
})

it.each([
  '',
  '1984',
  '1984-5-2',
  '02.05.1984',
  '1984-05-02T00:00:00Z',
  ' 1984-05-02',
  '1984-05-00',
  '1984-05-32',
  '1984-13-01',
  '1984-02-30',
  '2023-02-29',
  '1900-02-29',
  '1899-12-31',
  '0984-05-02',
  '+01984-05-02',
  19840502,
  null,
  ['1984-05-02'],
])('does not take %j for one', (value) => {
  expect(parseBirthDate(value)).toBeUndefined()
})

it('knows today wherever it is today already', () => {
  const now = Date.UTC(2026, 0, 15, 10)
  expect(hasBegun(parseBirthDate('2026-01-15')!, now - 1)).toBe(true)
  expect(hasBegun(parseBirthDate('2026-01-16')!, now - 1)).toBe(false)
  expect(hasBegun(parseBirthDate('2026-01-16')!, now)).toBe(true)
})
