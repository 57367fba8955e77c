import { expect, it } from 'vitest'
import { Lru } from './lru.ts'

it('forgets what was used longest ago', () => {
  const lru = new Lru<string, number>(2)
  lru.set('a', 1)
  lru.set('b', 2)
  expect(lru.get('a')).toBe(1)
  lru.set('c', 3)
  expect(['a', 'b', 'c'].map((key) => lru.get(key))).toEqual([1, undefined, 3])
})

it('forgets by weight, and keeps what came last, however heavy', () => {
  const lru = new Lru<string, string>(10, (text) => text.length)
  lru.set('a', 'xxxx')
  lru.set('b', 'xxxx')
  lru.set('a', 'xxxxx')
  expect([lru.get('a'), lru.get('b')]).toEqual(['xxxxx', 'xxxx'])
  lru.set('c', 'xx')
  expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual([undefined, 'xxxx', 'xx'])
  lru.set('d', 'x'.repeat(100))
  expect([lru.get('b'), lru.get('c'), lru.get('d')?.length]).toEqual([undefined, undefined, 100])
  lru.delete('d')
  lru.set('e', 'xxxxx')
  lru.set('f', 'xxxxx')
  expect([lru.get('e'), lru.get('f')]).toEqual(['xxxxx', 'xxxxx'])
})
