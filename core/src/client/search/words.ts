/**
 * Words of a text, as search compares them: folded, so that "jose" finds "José" and "strasse"
 * finds "Straße". Scripts that are written without spaces count letter by letter.
 */

/** A word, and where it stands in the text it was taken from. */
export interface Word {
  folded: string
  start: number
  end: number
}

/** Longer ones are names of machines, not words; what lies beyond is not compared. */
const LONGEST = 64
/** Characters of a query that count. */
const LONGEST_QUERY = 200

const run = /[\p{L}\p{M}\p{N}]+/gu
const spaceless =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*/gu
const plain = /^[0-9A-Za-z]*$/

/** Letters that do not come apart into a base and a mark. */
const bases: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ı: 'i',
  þ: 'th',
}

/** Lower case, without accents. */
export const fold = (text: string): string => {
  if (plain.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøđðłıþ]/g, (letter) => bases[letter] ?? letter)
}

/** Words in the order of the text. One that is nothing but marks is none. */
export const wordsIn = (text: string): Word[] => {
  const words: Word[] = []
  const push = (part: string, start: number) => {
    const folded = fold(part).slice(0, LONGEST)
    if (folded !== '') words.push({ folded, start, end: start + part.length })
  }
  for (const { 0: found, index } of text.matchAll(run)) {
    if (plain.test(found)) push(found, index)
    else for (const [part, at] of unspaced(found)) push(part, index + at)
  }
  return words
}

/** The words of a query, each once; the last one, which may still be growing, stays the last. */
export const queryWords = (query: string): string[] => {
  const words = wordsIn(query.slice(0, LONGEST_QUERY)).map(({ folded }) => folded)
  return [...new Set(words.reverse())].reverse()
}

/** Cuts letters of scripts without spaces out of a run, as words of their own. */
const unspaced = (text: string): [part: string, at: number][] => {
  const parts: [string, number][] = []
  let end = 0
  for (const { 0: letter, index } of text.matchAll(spaceless)) {
    if (index > end) parts.push([text.slice(end, index), end])
    parts.push([letter, index])
    end = index + letter.length
  }
  if (end < text.length) parts.push([text.slice(end), end])
  return parts
}
