import { expect, it } from 'vitest'
import { bytesText } from './bytes-text.ts'

it('a number of bytes is read at a glance', () => {
  expect([0, 999, 1_000, 9_949, 9_950, 999_499, 999_500, 2_500_000_000].map(bytesText)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '9.9 kB',
    '10 kB',
    '999 kB',
    '1.0 MB',
    '2.5 GB',
  ])
})
