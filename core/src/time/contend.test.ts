import { expect, test } from 'vitest'
import { contend } from './contend.ts'

test('ends with the first attempt that is not lost', async () => {
  let left = 3
  expect(await contend(async () => (--left === 0 ? 'won' : undefined))).toBe('won')
})

test('ends though every attempt is lost', async () => {
  let attempts = 0
  const lost = async (): Promise<undefined> => void attempts++
  expect(await contend(lost)).toBeUndefined()
  expect(attempts).toBe(8)
})

test('does not take a failure for an attempt that was lost', async () => {
  let attempts = 0
  const fails = async (): Promise<never> => {
    attempts++
    throw new Error('no disk')
  }
  await expect(contend(fails)).rejects.toThrow('no disk')
  expect(attempts).toBe(1)
})
