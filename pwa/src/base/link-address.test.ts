import { expect, test } from 'vitest'
import { linkTokenOf } from './link-address.ts'

test.each([
  ['/join', '#abc-_1', 'abc-_1'],
  ['/reset', '#abc', 'abc'],
  ['/join', '', ''],
  ['/join', '#a b', ''],
  ['/join', `#${'a'.repeat(65)}`, ''],
  ['/', '#abc', undefined],
  ['/joined', '#abc', undefined],
])('%s%s is a link with %s', (pathname, hash, token) => {
  expect(linkTokenOf({ pathname, hash })).toBe(token)
})
