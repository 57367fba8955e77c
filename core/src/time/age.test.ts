import { expect, test } from 'vitest'
import { Age } from './age.ts'

const clock = { wall: 5_000, mono: 70, now: () => clock.wall, elapsed: () => clock.mono }
const pass = (wall: number, mono: number): void => {
  clock.wall += wall
  clock.mono += mono
}

test('a clock that is set back makes nothing younger', () => {
  const age = new Age(clock)
  pass(-3_600_000, 40)
  expect(age.ms).toBe(40)
})

test('a sleep, in which one clock stands still, counts', () => {
  const age = new Age(clock)
  pass(3_600_000, 10)
  expect(age.ms).toBe(3_600_000)
})
