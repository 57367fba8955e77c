import { expect, it } from 'vitest'
import { MAX_AWARENESS_ENTRIES, readAwareness, writeAwareness } from './awareness-codec.ts'

const entries = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ client: i + 1, clock: 1, state: { typing: true } }))

it('reads what it writes, up to a bound', () => {
  const most = entries(MAX_AWARENESS_ENTRIES)
  expect(readAwareness(writeAwareness(most))).toEqual(most)
  expect(readAwareness(writeAwareness(entries(MAX_AWARENESS_ENTRIES + 1)))).toBeUndefined()
})
