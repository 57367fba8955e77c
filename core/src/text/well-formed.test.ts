import { expect, test } from 'vitest'
import { isWellFormed, wellFormed } from './well-formed.ts'

test.each([
  ['', true, ''],
  ['plain', true, 'plain'],
  ['🩺 and 👍🏽', true, '🩺 and 👍🏽'],
  ['\ud83e', false, '\ufffd'],
  ['a\udc00b', false, 'a\ufffdb'],
  ['\udc00\ud800', false, '\ufffd\ufffd'],
  ['🩺\ud83e', false, '🩺\ufffd'],
])('%j', (text, good, mended) => {
  expect(isWellFormed(text)).toBe(good)
  expect(wellFormed(text)).toBe(mended)
})
