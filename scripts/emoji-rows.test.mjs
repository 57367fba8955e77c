import { isEmoji } from '@wardline/core/chat/emoji'
import { expect, it } from 'vitest'
import { emojiRows } from './emoji-rows.mjs'

it('has nothing that the server would refuse as a reaction', () => {
  const emoji = emojiRows().flatMap(([one, , , , , tones]) => [one, ...tones.split(' ')])
  expect(emoji.filter((one) => one !== '' && !isEmoji(one))).toEqual([])
})

it('names each, has five tones or none, and stays small', () => {
  const rows = emojiRows()
  expect(rows.length).toBeGreaterThan(1_800)
  expect(new Set(rows.map(([, name]) => name)).size).toBe(rows.length)
  expect(rows.find(([emoji]) => emoji === '👋')).toEqual([
    '👋',
    'waving hand',
    expect.stringContaining('hello'),
    1,
    0.6,
    '👋🏻 👋🏼 👋🏽 👋🏾 👋🏿',
  ])
  expect(new Set(rows.map(([, , , , , tones]) => tones.split(' ').length))).toEqual(new Set([1, 5]))
  expect(rows.find(([emoji]) => emoji === '🇫🇷')?.[4]).toBe(-1)
  expect(JSON.stringify(rows).length).toBeLessThan(160_000)
})
