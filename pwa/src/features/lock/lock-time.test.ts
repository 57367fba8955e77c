import { expect, it } from 'vitest'
import { isDue, lockMinutesOf } from './lock-time.ts'

it('a person can have a device lock sooner than the clinic wants, and not later', () => {
  expect(lockMinutesOf(0, 0)).toBe(0)
  expect(lockMinutesOf(0, 5)).toBe(5)
  expect(lockMinutesOf(10, 0)).toBe(10)
  expect(lockMinutesOf(10, 5)).toBe(5)
  expect(lockMinutesOf(10, 30)).toBe(10)
})

it('a device locks after its time without a touch, also when its clock was set back', () => {
  expect(isDue(5, 1_000, 1_000 + 299_999)).toBe(false)
  expect(isDue(5, 1_000, 1_000 + 300_000)).toBe(true)
  expect(isDue(5, 9_000_000, 1_000)).toBe(true)
  expect(isDue(0, 1_000, 9_000_000)).toBe(false)
  expect(isDue(5, 0, 9_000_000)).toBe(false)
})
