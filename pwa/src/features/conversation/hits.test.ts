import { expect, test } from 'vitest'
import { hitText, stepHit } from './hits.ts'

const keys = ['new', 'middle', 'old']

test('hits are stepped through from the newest to the oldest, and not around', () => {
  expect(stepHit(keys, 'new', 1)).toBe('middle')
  expect(stepHit(keys, 'old', 1)).toBeUndefined()
  expect(stepHit(keys, 'middle', -1)).toBe('new')
  expect(stepHit(keys, 'new', -1)).toBeUndefined()
})

test('a hit that is gone leads to the newest', () => {
  expect(stepHit(keys, 'gone', 1)).toBe('new')
  expect(stepHit([], null, 1)).toBeUndefined()
})

test('the place among the hits is told in words', () => {
  expect(hitText(keys, 'middle', false)).toBe('2 of 3')
  expect(hitText(keys, 'gone', true)).toBe('3+')
  expect(hitText([], null, false)).toBe('No results')
})
