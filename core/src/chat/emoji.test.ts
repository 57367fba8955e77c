import { expect, it } from 'vitest'
import { isEmoji } from './emoji.ts'

it.each([
  '👍',
  '❤️',
  '❤',
  '🙏🏽',
  '👩‍⚕️',
  '👨‍👩‍👧‍👦',
  '👩🏽‍❤️‍💋‍👨🏿',
  '🇩🇪',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '1️⃣',
  '#⃣',
  '🇪🇺',
  '🫱🏻‍🫲🏿',
  '🐦‍🔥',
  '☀️',
])('%s', (text) => {
  expect(isEmoji(text)).toBe(true)
})

it.each([
  '',
  'OK',
  'Approved by Ada',
  '👍👍',
  '👍 yes',
  '\u202E👍',
  '1',
  '1\uFE0F',
  '🇩',
  '👍\u{E0041}',
  '👍\u200D',
  '👍\n',
  `👍${'\u200D👍'.repeat(20_000)}`,
  '\u0301'.repeat(20),
])('nothing else: %j', (text) => {
  expect(isEmoji(text)).toBe(false)
})
