import { expect, it } from 'vitest'
import { textParts } from './text-parts.ts'

const links = (text: string) => textParts(text).flatMap(({ href }) => (href === null ? [] : [href]))

it('makes no link that reads as another', () => {
  expect(links('https://bank.example@evil.example/')).toEqual([])
  expect(links('https://evil.example/\u202Emoc.elpmaxe.knab//:sptth')).toEqual([
    'https://evil.example/',
  ])
})

// Each would take minutes if every place of it were tried.
it.each([
  ['dots', `https://x.example/${'.'.repeat(600_000)}a`],
  ['beginnings', 'https://'.repeat(80_000)],
  ['links', 'https://x.example '.repeat(30_000)],
])('takes as long as the text: %s', (_name, text) => {
  expect(
    textParts(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(text)
})
