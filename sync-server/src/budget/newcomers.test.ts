import { expect, it } from 'vitest'
import { Newcomers } from './newcomers.ts'

/** Takes them in, and puts out who has to go. */
const withNewcomers = (limit: number) => {
  const newcomers = new Newcomers<string>(limit)
  const gone: string[] = []
  const enter = (network: string, one: string, mayGo?: (one: string) => boolean): void => {
    const out = newcomers.enter(network, one, mayGo)
    if (out === undefined) return
    newcomers.leave(out)
    gone.push(out)
  }
  return { newcomers, gone, enter }
}

it('is never larger than it may be, and the oldest of the largest network goes', () => {
  const { newcomers, gone, enter } = withNewcomers(100)
  enter('ward', 'nurse')
  for (let i = 0; i < 4_300; i++) enter('flood', `silent ${i}`)
  enter('home', 'patient')
  expect(newcomers.size).toBe(100)
  expect(gone).toHaveLength(4_202)
  expect(gone.slice(0, 2)).toEqual(['silent 0', 'silent 1'])
  expect(gone).not.toContain('nurse')
  expect(gone).not.toContain('patient')
})

it('who comes from the address of the flood has as long as the whole flood takes to come again', () => {
  const { gone, enter } = withNewcomers(100)
  for (let i = 0; i < 500; i++) enter('ward', `silent ${i}`)
  enter('ward', 'nurse')
  for (let i = 0; i < 99; i++) enter('ward', `silent again ${i}`)
  expect(gone).not.toContain('nurse')
})

it('passes over who cannot go', () => {
  const { gone, enter } = withNewcomers(2)
  enter('ward', 'busy')
  enter('ward', 'idle')
  enter('ward', 'new', (one) => one !== 'busy')
  expect(gone).toEqual(['idle'])
  enter('ward', 'newer', () => false)
  expect(gone).toEqual(['idle'])
})
