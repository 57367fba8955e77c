import { expect, it } from 'vitest'
import { ClockWatch } from './clock-watch.ts'

it('tells how far a clock was set, once, and calls drift steady', () => {
  const clock = { at: Date.UTC(2026, 0, 1), passed: 0 }
  const watch = new ClockWatch({ now: () => clock.at, elapsed: () => clock.passed })
  const pass = (wall: number, elapsed: number): number => {
    clock.at += wall
    clock.passed += elapsed
    return watch.look()
  }
  expect(pass(6 * 3_600_000, 6 * 3_600_000)).toBe(0)
  expect(pass(3_605_000, 3_600_000)).toBe(0)
  expect(pass(3 * 86_400_000, 0)).toBe(3 * 86_400_000)
  expect(pass(3_600_000, 3_600_000)).toBe(0)
  expect(pass(-3 * 86_400_000, 0)).toBe(-3 * 86_400_000)
})
