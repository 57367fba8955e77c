import { expect, it } from 'vitest'
import { Kept } from './kept.ts'

it('has one object for each key as long as somebody holds it, however many there were since', async () => {
  const kept = new Kept<string, { from: number }>(2)
  let loads = 0
  const load = async () => ({ from: ++loads })
  const [one, same] = await Promise.all([kept.of('a', load), kept.of('a', load)])
  expect([one === same, loads]).toEqual([true, 1])
  for (const key of ['b', 'c', 'd']) await kept.of(key, load)
  expect(await kept.of('a', load)).toBe(one)
  expect(loads).toBe(4)
})

it('remembers no failure, and nothing of before it was cleared', async () => {
  const kept = new Kept<string, { from: string }>(2)
  const fails = kept.of('a', () => Promise.reject(new Error('no')))
  await expect(fails).rejects.toThrow('no')
  let end = (_: { from: string }): void => {}
  const before = kept.of('a', () => new Promise((resolve) => (end = resolve)))
  kept.clear()
  const after = kept.of('a', async () => ({ from: 'after' }))
  end({ from: 'before' })
  expect(await before).toEqual({ from: 'before' })
  expect(await after).toBe(kept.known('a'))
})
