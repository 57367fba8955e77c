import { expect, it } from 'vitest'
import { Slices } from './slices.ts'

/** Each piece takes so many ms; what is seen of it in order, turns of others as '|'. */
const start = () => {
  const seen: string[] = []
  let now = 0
  const slices = new Slices({
    elapsed: () => now,
    pause: async () => {
      seen.push('|')
      // Whatever takes its turn takes time as well.
      now += 100
    },
  })
  const piece = (name: string, ms: number) =>
    slices.run(() => {
      seen.push(name)
      now += ms
      return name
    })
  return { seen, slices, piece }
}

it('lets others have their turn after so much work, and not after each piece', async () => {
  const { seen, piece } = start()
  const done = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => piece(name, 3)))
  expect(done).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(seen.join('')).toBe('|abc|de')
})

it('lets others have their turn before what comes later', async () => {
  const { seen, piece } = start()
  await piece('a', 1)
  for (let turn = 0; turn < 5; turn++) await null
  await piece('b', 1)
  expect(seen.join('')).toBe('|a|b')
})

it('goes on after a piece that fails, or that waits for something', async () => {
  const { seen, slices, piece } = start()
  const failed = slices.run(() => {
    throw new Error('no')
  })
  const waits = slices.run(() => new Promise<never>(() => {}))
  const next = piece('a', 1)
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('a')
  expect(seen.join('')).toBe('|a')
  expect(await Promise.race([waits, 'waiting'])).toBe('waiting')
})

it('does all at once where nobody else waits', () => {
  const slices = new Slices({ elapsed: () => 0 })
  let done = false
  void slices.run(() => {
    done = true
  })
  expect(done).toBe(true)
})
