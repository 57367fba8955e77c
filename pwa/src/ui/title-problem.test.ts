import { expect, test } from 'vitest'
import { titleProblem } from './title-problem.ts'

test('a name has something to see in it, and fits', () => {
  for (const blank of ['', '   ', '\u200b', '\u3164\u2800'])
    expect(titleProblem(blank)).toBe('Give the group a name.')
  expect(titleProblem(`  ${'x'.repeat(80)}  `)).toBeNull()
  expect(titleProblem('x'.repeat(81))).toBe('This name is too long, by 1 character.')
  expect(titleProblem('😀'.repeat(45))).toBe('This name is too long, by 10 characters.')
})
