import { expect, it } from 'vitest'
import { startAgain, started } from './start-again.ts'

it('begins the page anew once, until a start was well', () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  let reloads = 0
  const reload = (): void => void reloads++
  expect(startAgain(() => storage, reload)).toBe(true)
  expect(startAgain(() => storage, reload)).toBe(false)
  expect(reloads).toBe(1)
  started(() => storage)
  expect(startAgain(() => storage, reload)).toBe(true)
  expect(reloads).toBe(2)
})

it('lets a page be whose browser keeps nothing for it', () => {
  const refused = (): never => {
    throw new DOMException('no storage', 'SecurityError')
  }
  expect(startAgain(refused, () => expect.unreachable())).toBe(false)
  expect(() => started(refused)).not.toThrow()
})
