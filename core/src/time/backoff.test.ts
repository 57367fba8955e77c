import { expect, test } from 'vitest'
import { Backoff, chanceFrom } from './backoff.ts'

const waits = (backoff: Backoff, count: number): number[] =>
  Array.from({ length: count }, () => backoff.next())

test('a wait doubles up to the longest, for however long it goes on', () => {
  const backoff = new Backoff({ first: 100, longest: 1_000 })
  expect(waits(backoff, 6)).toEqual([100, 200, 400, 800, 1_000, 1_000])
  expect(waits(backoff, 2_000).at(-1)).toBe(1_000)
})

test('begins anew when it worked', () => {
  const backoff = new Backoff({ first: 100, longest: 1_000 })
  waits(backoff, 5)
  backoff.reset()
  expect(backoff.next()).toBe(100)
})

test('what dies young has not worked', () => {
  const backoff = new Backoff({ first: 100, longest: 1_000, steady: 50 })
  waits(backoff, 2)
  backoff.held(49)
  expect(backoff.next()).toBe(400)
  backoff.held(50)
  expect(backoff.next()).toBe(100)
})

test('chance makes a wait shorter, and never shorter than the least', () => {
  const none = new Backoff({ first: 100, longest: 1_000, least: 7 }, () => 0)
  expect(waits(none, 2)).toEqual([7, 7])
  const half = chanceFrom(() => Uint8Array.of(128, 0))
  expect(new Backoff({ first: 100, longest: 1_000 }, half).next()).toBe(50)
})
