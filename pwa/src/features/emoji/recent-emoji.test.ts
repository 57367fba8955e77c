import { expect, it } from 'vitest'
import { withRecent } from './recent-emoji.ts'

it('the latest comes first, and each once', () => {
  expect(withRecent('🎉', ['👍', '🎉', '🙏'])).toEqual(['🎉', '👍', '🙏'])
  expect(withRecent('🩺', [])).toEqual(['🩺'])
})

it('as many as three lines have', () => {
  const many = Array.from({ length: 30 }, (_, at) => String.fromCodePoint(0x1f600 + at))
  const recent = many.reduce<readonly string[]>((before, emoji) => withRecent(emoji, before), [])
  expect(recent).toEqual(many.slice(-21).reverse())
})
