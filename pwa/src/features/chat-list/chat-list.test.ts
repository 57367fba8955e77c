import { expect, test } from 'vitest'
import { steadyOrder } from './steady-order.ts'

test('the order stays under a finger', () => {
  const a = { id: 'a' }
  const b = { id: 'b' }
  const c = { id: 'c' }
  expect(steadyOrder([b, a], null)).toEqual([b, a])
  expect(steadyOrder([b, a], ['a', 'b'])).toEqual([a, b])
  expect(steadyOrder([c, b, a], ['a', 'b'])).toEqual([a, b, c])
  expect(steadyOrder([b], ['a', 'b'])).toEqual([b])
})
