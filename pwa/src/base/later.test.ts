import { expect, it } from 'vitest'
import { later } from './later.ts'

interface Api {
  double: (n: number) => Promise<number | null>
}

it('is loaded once, when it is needed', async () => {
  let loads = 0
  const api = later<Api>(
    async () => {
      loads++
      return { double: async (n) => 2 * n }
    },
    { double: null },
  )
  expect(loads).toBe(0)
  expect(await Promise.all([api.double(1), api.double(2)])).toEqual([2, 4])
  expect(await api.double(3)).toBe(6)
  expect(loads).toBe(1)
})

it('answers as without a network while it does not come, and is asked for again', async () => {
  let isThere = false
  const api = later<Api>(
    async () => {
      if (!isThere) throw new Error('away')
      return { double: async (n) => 2 * n }
    },
    { double: null },
  )
  expect(await api.double(1)).toBeNull()
  isThere = true
  expect(await api.double(1)).toBe(2)
})
