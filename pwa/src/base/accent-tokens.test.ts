import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accentTokens } from './accent-tokens.ts'
import { contrast } from './contrast.ts'
import { hexOfOklch, oklchOf } from './oklch.ts'

const hex = fc
  .integer({ min: 0, max: 0xffffff })
  .map((colour) => `#${colour.toString(16).padStart(6, '0')}`)

describe('the contrast of two colours', () => {
  it('is as the guidelines have it', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
    expect(contrast('#0b6b63', '#0b6b63')).toBe(1)
  })
})

it('a colour taken apart and put together is the same', () => {
  fc.assert(
    fc.property(hex, (colour) => {
      const back = hexOfOklch(oklchOf(colour))
      for (const at of [1, 3, 5]) {
        const of = (text: string): number => Number.parseInt(text.slice(at, at + 2), 16)
        expect(Math.abs(of(back) - of(colour))).toBeLessThanOrEqual(1)
      }
    }),
  )
})

it('every text is read, whatever colour the clinic has', () => {
  fc.assert(
    fc.property(hex, (colour) => {
      const { light, dark } = accentTokens(colour)
      const pairs = (tokens: Readonly<Record<string, string>>, ground: string, ink: string) =>
        [
          ['--on-accent', '--accent'],
          ['--on-accent', '--accent-strong'],
          ['--accent-ink', ground],
          ['--accent-ink', '--accent-soft'],
          ['--accent-ink', '--bubble-mine'],
          ['--bubble-mine-meta', '--bubble-mine'],
          [ink, '--bubble-mine'],
          [ink, '--accent-row'],
          [ink, '--accent-soft'],
        ].map(
          ([one = '', other = '']) =>
            [one, other, contrast(tokens[one] ?? one, tokens[other] ?? other)] as const,
        )
      for (const [one, other, found] of [
        ...pairs(light, '#f0ece4', '#1a2322'),
        ...pairs(dark, '#232a29', '#e8ecea'),
      ])
        expect(found, `${colour}: ${one} on ${other}`).toBeGreaterThanOrEqual(4.5)
      // What can be pressed stands out from what it lies on.
      expect(contrast(light['--accent'] ?? '', '#f5f2ec')).toBeGreaterThanOrEqual(3)
      expect(contrast(dark['--accent'] ?? '', '#232a29')).toBeGreaterThanOrEqual(3)
    }),
  )
})
