import { expect, test } from 'vitest'
import { hueOf, initialsOf } from './avatar-look.ts'

test('initials leave out titles and punctuation', () => {
  expect(initialsOf('Dr Ada Osei')).toBe('AO')
  expect(initialsOf('Prof. Jean-Luc Moreau')).toBe('JM')
  expect(initialsOf('  mia  ')).toBe('M')
  expect(initialsOf('“Sam” (Ward 3)')).toBe('S3')
  expect(initialsOf('ليلى حداد')).toBe('لح')
  expect(initialsOf('Dr')).toBe('D')
  expect(initialsOf('E\u0301va Ångström')).toBe('E\u0301Å')
  expect(initialsOf('किरण 𝒳avier')).toBe('कि𝒳')
  expect(initialsOf('')).toBe('')
})

test('a hue is stable', () => {
  expect(hueOf('dr-ada')).toBe(hueOf('dr-ada'))
  const seen = new Set(Array.from({ length: 200 }, (_, i) => hueOf(`user-${i}`)))
  expect(seen.size).toBe(9)
})
