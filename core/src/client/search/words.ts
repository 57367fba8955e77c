/**
 * Words of a text, as search compares them. What people write together, apart or with a sign in
 * between is all of these at once: "X-ray" is x, ray and xray, "5mg" and "5 mg" are 5, mg and 5mg.
 * Scripts that are written without spaces count letter by letter.
 */
import { fold } from '../../words/fold.ts'
import { LONGEST_WORD, spellingsOf, spellingsOfBeginning } from '../../words/spellings.ts'
import { mixedNumber, numberForms } from './numbers.ts'

/** A word, and where it stands in the text it was taken from. */
export interface Word {
  folded: string
  start: number
  end: number
}

/** Letters and digits that nothing comes between. */
export interface Run {
  /** Folded, the usual spelling first. */
  forms: readonly string[]
  /** What it is put together from, with places in the text; none for what is one piece. */
  pieces: readonly Word[]
  start: number
  end: number
}

/** Characters of a query that count. */
const LONGEST_QUERY = 200
/** Most runs that count as one word. */
export const MOST_JOINED = 4
/** Pieces of a run, or runs joined by signs, from which on it is the name of a machine. */
const MANY = 9

const run =
  /(?:\p{Nd}+(?:[.,:/⁄∕]\p{Nd}+)*|[\p{L}\p{M}\p{No}\p{Nl}])+|\p{RI}\p{RI}|\p{Extended_Pictographic}(?:\p{EMod}|[\u{FE0F}\u{20E3}])*(?:\u{200D}\p{Extended_Pictographic}(?:\p{EMod}|\u{FE0F})*)*|%/gu
/** What runs are made of: the kinds that `piece` tells apart, by the number of their group. */
const [NUMBER, FRACTION, RAISED, LETTER] = [1, 2, 3, 4]
const fractions = '\u00BC-\u00BE\u2150-\u215E'
const raised = '\u00B2\u00B3\u00B9\u2070-\u2079'
const spaceless =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}'
const piece = new RegExp(
  [
    '(\\p{Nd}+(?:[.,:/⁄∕]\\p{Nd}+)*)',
    `([${fractions}])`,
    `([${raised}]+)`,
    `([${spaceless}]\\p{M}*)`,
    `((?:(?![${fractions}${raised}${spaceless}])[\\p{L}\\p{M}\\p{No}\\p{Nl}])+)`,
  ].join('|'),
  'gu',
)
const letters = /^[A-Za-z]+$/
const digits = /^\d+$/
const none: readonly Word[] = []

/** The runs of a text in its order. One that is nothing but marks is none. */
export const runsIn = (text: string): Run[] => {
  const runs: Run[] = []
  for (const { 0: found, index: start } of text.matchAll(run)) {
    const end = start + found.length
    if (letters.test(found)) runs.push({ forms: spellingsOf(found), pieces: none, start, end })
    else if (/^[\p{L}\p{M}\p{N}]/u.test(found)) runs.push(...mixed(found, start))
    else {
      const sign = found.replace(/\p{EMod}|\u{FE0F}/gu, '')
      runs.push({ forms: [sign], pieces: none, start, end })
    }
  }
  return runs
}

/** Of a run what is alike: its spellings, and what else of it can be found. */
interface Part {
  kind: number
  forms: readonly string[]
  inner: readonly Word[]
  start: number
  end: number
}

/** A run of more than Latin letters; letters of scripts without spaces are runs of their own. */
const mixed = (found: string, at: number): Run[] => {
  const runs: Run[] = []
  let parts: Part[] = []
  for (const match of found.matchAll(piece)) {
    const kind = match.findIndex((group, n) => n > 0 && group !== undefined)
    const part = partOf(match[0], kind, at + match.index)
    if (part.forms.length === 0) continue
    if (kind !== LETTER) parts.push(part)
    else {
      runs.push(...runOf(parts), { ...part, pieces: none })
      parts = []
    }
  }
  return [...runs, ...runOf(parts)]
}

const partOf = (text: string, kind: number, start: number): Part => {
  const end = start + text.length
  if (kind !== NUMBER && kind !== FRACTION)
    return { kind, forms: spellingsOf(text), inner: none, start, end }
  const inner: Word[] = []
  if (kind === NUMBER && /\P{Nd}/u.test(text))
    for (const { 0: group, index } of text.matchAll(/\p{Nd}+/gu))
      for (const folded of numberForms(fold(group)))
        inner.push({ folded, start: start + index, end: start + index + group.length })
  return { kind, forms: numberForms(fold(text)), inner, start, end }
}

const runOf = (parts: readonly Part[]): Run[] => {
  const [first, last] = [parts[0], parts.at(-1)]
  if (first === undefined || last === undefined) return []
  const { start } = first
  const { end } = last
  if (first === last) return [{ forms: first.forms, pieces: first.inner, start, end }]
  const pieces = parts.flatMap((part) => [
    ...part.forms.map((folded) => ({ folded, start: part.start, end: part.end })),
    ...part.inner,
  ])
  return [{ forms: together(parts), pieces: parts.length < MANY ? pieces : none, start, end }]
}

/** "5" and "mg" are 5mg, "10" and "⁹" 10^9, "1" and "½" 1.5. Of two parts in all spellings. */
const together = (parts: readonly Part[]): string[] => {
  const all = parts.reduce(
    (heads: readonly string[], { kind, forms }, n) => {
      const some = parts.length === 2 || n === 0 ? forms : forms.slice(0, 1)
      return heads.flatMap((head) =>
        some.map((form) => {
          if (kind === RAISED && /\d$/.test(head)) return `${head}^${form}`
          return (kind === FRACTION ? mixedNumber(head, form) : undefined) ?? head + form
        }),
      )
    },
    [''],
  )
  return [...new Set(all.map(cut))]
}

const cut = (word: string): string =>
  word.length > LONGEST_WORD ? word.slice(0, LONGEST_WORD) : word

/** Words in the order of the text, and what they are together. */
export const wordsIn = (text: string): Word[] => {
  const words: Word[] = []
  let chain: Run[] = []
  let last: Run | undefined
  for (const next of runsIn(text)) {
    const { forms, pieces, start, end } = next
    for (const folded of forms) words.push({ folded, start, end })
    for (const word of pieces) words.push(word)
    if (last !== undefined && belong(last, text.slice(last.end, start), next)) {
      if (chain.length === 0) chain.push(last)
      chain.push(next)
      if (chain.length < MANY) pushJoined(words, chain)
      if (isOver(text.slice(last.end, start)) && digits.test(forms[0] ?? ''))
        words.push({ folded: `${last.forms[0]}/${forms[0]}`, start: last.start, end })
    } else if (chain.length > 0) chain = []
    last = next
  }
  return words
}

/** "120 / 80" */
const isOver = (gap: string): boolean => /^\s?\/\s?$/.test(gap)

/** What the last of some runs that belong together makes with those before it. */
const pushJoined = (words: Word[], chain: readonly Run[]): void => {
  const last = chain.at(-1)
  for (let count = 2; count <= Math.min(MOST_JOINED, chain.length); count++) {
    const runs = chain.slice(-count)
    const start = runs[0]?.start ?? 0
    for (const folded of joined(runs.map(({ forms }) => forms)))
      words.push({ folded, start, end: last?.end ?? start })
  }
}

/** Runs as one word, in each way it may be written; none when they never are one. */
export const joined = (runs: readonly (readonly string[])[]): string[] => {
  const usual = runs.map(([form = '']) => form)
  if (usual.every((form) => digits.test(form))) return joinedNumbers(usual)
  let all: readonly string[] = ['']
  // Of a pair all spellings: "5 micrograms" is 5ug.
  for (const forms of runs) {
    const some = runs.length === 2 ? forms : forms.slice(0, 1)
    all = all.flatMap((head) =>
      some.flatMap((form) => {
        const one = /\d$/.test(head) && /^\d/.test(form) ? mixedNumber(head, form) : head + form
        return one === undefined ? [] : [cut(one)]
      }),
    )
  }
  // Rare, and many: they are not worth remembering.
  return all.flatMap((word) => (/[ao]e/.test(word) ? spellingsOfBeginning(word) : word))
}

/** Digits are put together only where that is what they are: "2 5" is not 25. */
const joinedNumbers = (numbers: readonly string[]): string[] => {
  const all = numbers.join('')
  const [first = '', ...others] = numbers
  const isThousands = first.length <= 3 && others.every(({ length }) => length === 3)
  // A telephone, a day.
  if (isThousands || all.length >= 6) return [cut(all)]
  return numbers.length === 2 ? [numbers.join('^')] : []
}

const sign =
  /^(?:['’ʼ‘`´\-‐‑‒–−.&_+·•^°*/]|°\s?|\s?&\s?|[\u{AD}\u{200B}-\u{200D}\u{2060}\u{FEFF}])$/u
const space = /^[\s°]{1,3}$/u
const phone = /^[\s()\-–./]{1,3}$/u
/** Beginnings of words that are often written apart. */
const beginnings = new Set('co non pre post anti semi multi inter intra'.split(' '))

/** Whether two runs with this between them may be one word. */
const belong = (one: Run, gap: string, other: Run): boolean => {
  const [a = '', b = ''] = [one.forms[0], other.forms[0]]
  // Nearly always: two words, and a space.
  if (gap === ' ' && a.length > 5 && !/\d/.test(a)) return false
  if (gap === '' || gap.length > 3) return false
  if (sign.test(gap)) return true
  const [numberA, numberB] = [/^[\d./]+$/.test(a), /^[\d./]+$/.test(b)]
  if (numberA && numberB) return phone.test(gap)
  // "E. coli"
  if (gap === '. ' && /^[^ai]$/u.test(a)) return true
  if (!space.test(gap)) return false
  if (numberA) return b === '%' || b.length <= 5 || isUnit(other)
  if (numberB) return /^[a-z]{1,5}$/.test(a) && /^\d{1,3}$/.test(b)
  // "Hb A1c"
  if (a.length <= 3 && /^[a-z]\d/.test(b)) return /^[a-z]+$/.test(a)
  // "b i d"; but "a" and "I" are words of their own.
  if (a.length === 1 && /^[a-z]$/.test(a) && /^[a-z]$/.test(b)) return true
  return beginnings.has(a) || /^[^ai%\p{Extended_Pictographic}]$/u.test(a)
}

const isUnit = ({ forms }: Run): boolean => forms.some((form) => /^(?:[uµmk]?g|m?l|%)$/.test(form))

/** The words of a query, each once; the last one, which may still be growing, stays the last. */
export const queryWords = (query: string): string[] => {
  const text = query.slice(0, LONGEST_QUERY)
  const words = [...runsIn(text)].flatMap(({ start, end }) => {
    const word = text.slice(start, end).normalize('NFC').toLowerCase()
    // A day, however it is written: 3/4/2026, 3.4.2026
    return /^\d+([.,/])\d+\1\d+$/.test(word) ? word.split(/\D/) : [word]
  })
  return [...new Set(words.reverse())].reverse()
}
