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
  ['letters', 'a'.repeat(600_000)],
  ['labels', 'a.'.repeat(300_000)],
  ['domains', 'www.'.repeat(150_000)],
  ['names of mailboxes', 'a@'.repeat(300_000)],
  ['hosts of mailboxes', `a@${'b.'.repeat(300_000)}`],
  ['digits', '0'.repeat(600_000)],
  ['groups of digits', '+1 '.repeat(200_000)],
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
  // Domains without a protocol: only such that can be nothing else.
  ['www.x.example', 'https://www.x.example'],
  ['see clinic.org/a?b=c#d.', 'https://clinic.org/a?b=c#d'],
  ['(clinic.org)', 'https://clinic.org'],
  ['Clinic.org, or my.clinic.health!', 'https://Clinic.org', 'https://my.clinic.health'],
  ['clinic.com:8443/a', 'https://clinic.com:8443/a'],
  ['clinic.com:', 'https://clinic.com'],
  ['»clinic.com«', 'https://clinic.com'],
  ['clinic.company', ...[]],
  ['clinic.com.evil', ...[]],
  ['www.', ...[]],
  ['ok.so it is', ...[]],
  ['2.5.mg, 3 ml.kg/h', ...[]],
  ['Hi.How are you', ...[]],
  ['report.pdf, 5.5.2026, e.g. node.js', ...[]],
  // Mail.
  ['ada@clinic.example', 'mailto:ada@clinic.example'],
  ['write to ada.osei+1@my.clinic.org.', 'mailto:ada.osei+1@my.clinic.org'],
  ['<ada@clinic.org>', 'mailto:ada@clinic.org'],
  ['mailto:ada@clinic.org', 'mailto:ada@clinic.org'],
  ['bank.com@evil.com', 'mailto:bank.com@evil.com'],
  ['ada@clinic', ...[]],
  ['@ada, a@b@clinic.org', ...[]],
  ['https://x.example/a@b.org', 'https://x.example/a@b.org'],
  // Telephone numbers, and other numbers.
  ['+49 30 123456', 'tel:+4930123456'],
  ['call +44 (0)20 7946 0018.', 'tel:+442079460018'],
  ['+1 (555) 010-1234, +15550101234', 'tel:+15550101234', 'tel:+15550101234'],
  ['020 7946 0018', 'tel:02079460018'],
  ['(030) 123456', 'tel:030123456'],
  ['(030/1234567)', 'tel:0301234567'],
  ['01 23 45 67 89', 'tel:0123456789'],
  ['0301234567', ...[]],
  ['01-02-2026 08:30', ...[]],
  ['01/02/2026 08 h', ...[]],
  ['120/80, 0.25 mg, +5 mg, 98.6', ...[]],
  ['Rh+12345678', ...[]],
  ['0 5 10 15 20 25 30', ...[]],
  ['DE89 3704 0044 0532 0130 00', ...[]],
  ['4929-1234-5678-9012', ...[]],
])('finds the addresses of %j', (text, ...addresses) => {
  expect(links(text)).toEqual(addresses)
  expect(
    textParts(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(text)
})
