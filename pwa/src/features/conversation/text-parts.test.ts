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

const X = 'https://x.example'
/** A text, and the links in it. */
it.each<[string, ...string[]]>([
  // Brackets that belong to the address, and such as belong to the sentence.
  ['https://en.wikipedia.org/wiki/X_(y)', 'https://en.wikipedia.org/wiki/X_(y)'],
  ['(see https://en.wikipedia.org/wiki/X_(y))', 'https://en.wikipedia.org/wiki/X_(y)'],
  ['https://en.wikipedia.org/wiki/X_(y).', 'https://en.wikipedia.org/wiki/X_(y)'],
  ['(https://en.wikipedia.org/wiki/X_(y).)', 'https://en.wikipedia.org/wiki/X_(y)'],
  ['https://en.wikipedia.org/wiki/X_(y)_(z), and', 'https://en.wikipedia.org/wiki/X_(y)_(z)'],
  [`(${X})`, X],
  [`(${X}/a)`, `${X}/a`],
  [`[${X}/a]`, `${X}/a`],
  [`{${X}/a}`, `${X}/a`],
  [`((${X}/a))`, `${X}/a`],
  [`[link](${X}/a)`, `${X}/a`],
  [`(${X}/a)和`, `${X}/a`],
  [`(${X}/a)b(c)`, `${X}/a`],
  [`${X}/a(b`, `${X}/a(b`],
  [`${X}/a(`, `${X}/a`],
  [`${X}/a[1]`, `${X}/a[1]`],
  [`${X}/a[1]]`, `${X}/a[1]`],
  [`${X}/{id}?q={x}`, `${X}/{id}?q={x}`],
  [`${X}/a(b]`, `${X}/a(b`],
  [`${X}/(a)/(b)/c`, `${X}/(a)/(b)/c`],
  // Ends of sentences.
  [`${X}/a.`, `${X}/a`],
  [`${X}/a.b`, `${X}/a.b`],
  [`${X}/a, then`, `${X}/a`],
  [`${X}/a; ${X}/b`, `${X}/a`, `${X}/b`],
  [`${X}/a: yes`, `${X}/a`],
  [`is it ${X}/a?`, `${X}/a`],
  [`${X}/a?b=c`, `${X}/a?b=c`],
  [`${X}/a!?`, `${X}/a`],
  [`${X}/a...`, `${X}/a`],
  [`${X}/a…`, `${X}/a`],
  [`*${X}/a*`, `${X}/a`],
  [`~${X}/a~`, `${X}/a`],
  [`| ${X}/a |`, `${X}/a`],
  [`|${X}/a|`, `${X}/a`],
  // Quotation marks.
  [`"${X}/a"`, `${X}/a`],
  [`'${X}/a'`, `${X}/a`],
  [`“${X}/a”`, `${X}/a`],
  [`„${X}/a“`, `${X}/a`],
  [`«${X}/a»`, `${X}/a`],
  [`« ${X}/a »`, `${X}/a`],
  [`»${X}/a«`, `${X}/a`],
  [`‹${X}/a›`, `${X}/a`],
  [`‘${X}/a’`, `${X}/a`],
  [`\`${X}/a\``, `${X}/a`],
  [`<${X}/a>`, `${X}/a`],
  // Scripts that put no space behind their punctuation.
  [`${X}/a。次`, `${X}/a`],
  [`${X}/a、次`, `${X}/a`],
  [`「${X}/a」`, `${X}/a`],
  [`『${X}/a』を`, `${X}/a`],
  [`（${X}/a）`, `${X}/a`],
  [`【${X}/a】`, `${X}/a`],
  [`《${X}/a》`, `${X}/a`],
  [`${X}/a，还有`, `${X}/a`],
  [`${X}/a！`, `${X}/a`],
  [`${X}/a？`, `${X}/a`],
  [`${X}/a：`, `${X}/a`],
  [`${X}/a；`, `${X}/a`],
  [`${X}/a\u3000次`, `${X}/a`],
  [`${X}/a، ثم`, `${X}/a`],
  [`${X}/a؟`, `${X}/a`],
  [`${X}/a۔`, `${X}/a`],
  [`${X}/a।`, `${X}/a`],
  // Addresses as they are.
  ['https://ja.wikipedia.org/wiki/東京', 'https://ja.wikipedia.org/wiki/東京'],
  ['https://de.wikipedia.org/wiki/Übelkeit', 'https://de.wikipedia.org/wiki/Übelkeit'],
  ['http://localhost:8080/#chat=1', 'http://localhost:8080/#chat=1'],
  [`HTTPS://X.EXAMPLE/A`, 'HTTPS://X.EXAMPLE/A'],
  [`${X}/a%20b?c=d&e=f#g`, `${X}/a%20b?c=d&e=f#g`],
  [`${X}/a/`, `${X}/a/`],
  [`${X}/a-b_c~d+e`, `${X}/a-b_c~d+e`],
  [`${X}/@name`, `${X}/@name`],
  [`${X}/a\u200b${X}/b`, `${X}/a`, `${X}/b`],
  ['https://', ...[]],
  ['javascript:alert(1)', ...[]],
  ['x.example', ...[]],
])('finds the addresses of %j', (text, ...addresses) => {
  expect(links(text)).toEqual(addresses)
  expect(
    textParts(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(text)
})
