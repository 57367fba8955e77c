import { expect, it } from 'vitest'
import { later } from './later.ts'

const calls = () => {
  const done: string[] = []
  const there = {
    note: (text: string) => void done.push(text),
    ask: async (text: string) => `${text}!`,
    inner: { ask: async (text: string) => `${text}?` },
  }
  return { done, there }
}

const shape = { note: 'method', ask: 'method', inner: { ask: 'method' } } as const

it('does what was asked for before, in order, when it is there', async () => {
  const { done, there } = calls()
  let resolve: (parts: typeof there) => void = () => {}
  const promise = new Promise<typeof there>((done) => {
    resolve = done
  })
  const early = later(promise, shape)
  early.note('one')
  const answers = Promise.all([early.ask('two'), early.inner.ask('three')])
  early.note('four')
  expect(done).toEqual([])
  resolve(there)
  expect(await answers).toEqual(['two!', 'three?'])
  expect(done).toEqual(['one', 'four'])
  early.note('five')
  expect(done).toEqual(['one', 'four', 'five'])
})

it('has each method once, so that whoever depends on it is not told of a change', async () => {
  const { there } = calls()
  const early = later(Promise.resolve(there), shape)
  const { note } = early
  const { ask } = early.inner
  await early.ask('')
  expect(early.note).toBe(note)
  expect(early.inner.ask).toBe(ask)
})

it('says of each call that it failed, when it does not come', async () => {
  const { there } = calls()
  const early = later<typeof there>(Promise.reject(new Error('away')), shape)
  await expect(early.ask('one')).rejects.toThrow('away')
})

it('has what is named and nothing else, so that what may be left out can be seen to be', () => {
  const { there } = calls()
  const early = later(Promise.resolve(there), shape)
  expect(Object.keys(early)).toEqual(['note', 'ask', 'inner'])
  expect('send' in early).toBe(false)
})
