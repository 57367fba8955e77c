import { expect, it } from 'vitest'
import { Few } from './few.ts'

it('is a set, of none, one or several', () => {
  const few = new Few<string>()
  expect([few.size, few.has('a'), few.delete('a'), [...few]]).toEqual([0, false, false, []])
  expect([few.add('a'), few.add('a'), few.size, [...few]]).toEqual([true, false, 1, ['a']])
  expect([few.add('b'), few.add('c'), few.add('b'), few.size]).toEqual([true, true, false, 3])
  const met: string[] = []
  for (const one of few) {
    met.push(one)
    few.delete('b')
  }
  expect(met).toEqual(['a', 'c'])
  expect([few.delete('a'), few.delete('a'), few.has('c'), few.size]).toEqual([true, false, true, 1])
  few.clear()
  expect([few.size, [...few], few.add('d'), [...few]]).toEqual([0, [], true, ['d']])
  expect([few.delete('d'), few.size]).toEqual([true, 0])
})
