import { expect, it } from 'vitest'
import { recipientsOf } from './recipients.ts'

const members = [
  { index: 1 },
  { index: 2, since: 1 },
  { index: 3, since: 1, left: true },
  { index: 4, since: 9 },
]
const toWhom = (kind: 'direct' | 'group', at: number, arrivedAt: number | null = null): number[] =>
  recipientsOf({ kind, members }, { author: 1, at, arrivedAt }).map(({ index }) => index)

it('[RECEIPT-4] a message of a group is for those who were in it, and still are', () => {
  expect(toWhom('group', 5)).toEqual([2])
  expect(toWhom('group', 9)).toEqual([2, 4])
  // By when it came, where it says it was written at another time.
  expect(toWhom('group', 0, 9)).toEqual([2, 4])
})

it('[RECEIPT-4] a message of a direct chat is for the other, though the server knew nothing of it', () => {
  expect(toWhom('direct', 0)).toEqual([2, 4])
})
