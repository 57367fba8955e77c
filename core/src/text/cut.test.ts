import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundaryAfter, cutStart, cutText } from './cut.ts'
import { isWellFormed } from './well-formed.ts'

const family = '👨‍👩‍👧‍👦'
const whole = [
  family,
  '👍🏽',
  '🇩🇪',
  '1️⃣',
  '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  'e\u0301',
  '각',
  '한',
  'क्षि',
  '\r\n',
  '𝒳',
  'a',
]

test.each(whole)('a cut never goes through %j', (one) => {
  const text = `x${one.repeat(3)}y`
  for (let most = 0; most <= text.length; most++) {
    const cut = cutText(text, most)
    expect(text.startsWith(cut)).toBe(true)
    expect(cut.length).toBeLessThanOrEqual(most)
    expect([0, 1, ...[1, 2, 3].map((n) => 1 + n * one.length), text.length]).toContain(cut.length)
    const end = cutStart(text, most)
    expect(text.endsWith(end)).toBe(true)
    expect(end.length).toBeLessThanOrEqual(most)
    expect([0, 1, ...[1, 2, 3].map((n) => 1 + n * one.length), text.length]).toContain(end.length)
  }
})

test('what fits stays, and half a character never does', () => {
  expect(cutText('short', 200)).toBe('short')
  expect(cutText(`${'x'.repeat(199)}😀`, 200)).toBe('x'.repeat(199))
  expect(cutText(`${'x'.repeat(198)}😀!`, 200)).toBe(`${'x'.repeat(198)}😀`)
  expect(cutText('', 0)).toBe('')
})

test('one character that is longer than the room for it is cut between code points', () => {
  const piled = `a${'\u0301'.repeat(500)}`
  expect(cutText(piled, 200)).toBe(piled.slice(0, 200))
  const joined = Array.from({ length: 90 }, () => '👩').join('\u200d')
  for (let most = 1; most < 200; most++) expect(isWellFormed(cutText(joined, most))).toBe(true)
})

test('any text is cut to a beginning that fits and is well-formed', () => {
  const texts = fc.array(fc.constantFrom(...whole, ' ', '\n')).map((parts) => parts.join(''))
  fc.assert(
    fc.property(texts, fc.nat(40), (text, most) => {
      const cut = cutText(text, most)
      expect(text.startsWith(cut)).toBe(true)
      expect(cut.length).toBeLessThanOrEqual(most)
      expect(isWellFormed(cut)).toBe(true)
      expect(isWellFormed(cutStart(text, most))).toBe(true)
    }),
  )
})

test('the next place for a cut is behind the character', () => {
  expect(boundaryAfter(`a${family}b`, 1)).toBe(1)
  expect(boundaryAfter(`a${family}b`, 2)).toBe(1 + family.length)
  expect(boundaryAfter('abc', 3)).toBe(3)
})
