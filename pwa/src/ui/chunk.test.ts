import { expect, it } from 'vitest'
import { Chunk } from './chunk.ts'

/** A chunk whose file comes, or does not, when the test says so. */
const chunkOf = () => {
  const asked: { come: (parts: string) => void; fail: () => void }[] = []
  const chunk = new Chunk(
    () =>
      new Promise<string>((come, fail) =>
        asked.push({ come, fail: () => fail(new Error('away')) }),
      ),
  )
  const states: string[] = []
  chunk.subscribe(() => states.push(chunk.get().kind))
  return { chunk, asked, states }
}

it('is loaded once, however many ask for it', async () => {
  const { chunk, asked, states } = chunkOf()
  const both = [chunk.load(), chunk.load()]
  expect(asked).toHaveLength(1)
  asked[0]?.come('parts')
  expect(await Promise.all(both)).toEqual(['parts', 'parts'])
  expect(await chunk.load()).toBe('parts')
  expect(asked).toHaveLength(1)
  expect(states).toEqual(['here'])
  expect(chunk.get()).toEqual({ kind: 'here', parts: 'parts' })
})

it('says that it did not come, and can be asked for again', async () => {
  const { chunk, asked, states } = chunkOf()
  const first = chunk.load()
  asked[0]?.fail()
  await expect(first).rejects.toThrow('away')
  const second = chunk.load()
  expect(states).toEqual(['failed', 'away'])
  asked[1]?.come('parts')
  expect(await second).toBe('parts')
  expect(states).toEqual(['failed', 'away', 'here'])
})
