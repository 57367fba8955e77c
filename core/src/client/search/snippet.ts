/** The part of a text that shows why it was found. */
import { boundaryAfter } from '../../text/cut.ts'
import { fold } from '../../words/fold.ts'
import { holds, soughtIn } from './sought.ts'
import { wordsIn } from './words.ts'

/** A place in a text, in UTF-16 units. */
export interface Mark {
  start: number
  end: number
}

export interface Snippet {
  text: string
  /** What the query found in it, in order, without overlaps. */
  marks: readonly Mark[]
}

/** Most characters of a snippet. */
const LENGTH = 160
/** Characters kept before the first mark of a longer text. */
const BEFORE = 32

/** Where the words of a query stand in a text; the last one also as the beginning of a word. */
export const marksIn = (text: string, words: readonly string[]): Mark[] => {
  const sought = soughtIn(words)
  const whole = new Set(sought.flatMap(({ forms }) => forms))
  const beginnings = [...new Set(sought.flatMap((word) => word.beginnings))]
  const marks = wordsIn(text).flatMap(({ folded, start, end }): Mark[] => {
    if (whole.has(folded)) return [{ start, end }]
    const lengths = beginnings
      .filter((beginning) => folded.startsWith(beginning))
      .map(({ length }) => length)
    if (lengths.length === 0) return []
    const length = prefixLength(text.slice(start, end), Math.min(...lengths))
    return [{ start, end: start + length }]
  })
  return withoutOverlaps(marks)
}

/** Whether a text holds all words of a query; the last one also as the beginning of a word. */
export const holdsWords = (text: string, words: readonly string[]): boolean => {
  const held = new Set(wordsIn(text).map(({ folded }) => folded))
  return soughtIn(words).every((word) => holds(held, word))
}

const withoutOverlaps = (marks: Mark[]): Mark[] => {
  const apart: Mark[] = []
  for (const mark of marks.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = apart.at(-1)
    if (last === undefined || mark.start >= last.end) apart.push({ ...mark })
    else last.end = Math.max(last.end, mark.end)
  }
  return apart
}

export const snippetOf = (text: string, words: readonly string[]): Snippet => {
  // Space for space, so that the marks stay where they are.
  const line = text.replace(/\s/gu, ' ')
  const marks = marksIn(line, words)
  if (line.length <= LENGTH) return { text: line, marks }
  const first = marks[0]?.start ?? 0
  const from = first <= BEFORE ? 0 : wordStart(line, first - BEFORE, first)
  const to = boundaryAfter(line, Math.min(line.length, from + LENGTH))
  const lead = from > 0 ? '…' : ''
  const shift = lead.length - from
  return {
    text: `${lead}${line.slice(from, to)}${to < line.length ? '…' : ''}`,
    marks: marks
      .filter(({ end }) => end <= to)
      .map(({ start, end }) => ({ start: start + shift, end: end + shift })),
  }
}

/** How much of a word, as it is written, so many letters of it folded cover. */
const prefixLength = (word: string, letters: number): number => {
  let length = 0
  let covered = 0
  for (const letter of word) {
    if (covered >= letters && !/^\p{M}/u.test(letter)) break
    length += letter.length
    if (/^[\p{L}\p{N}%]/u.test(letter)) covered += fold(letter).length
  }
  return length
}

/** Just behind the first space from `from` on, or `limit` when there is none before it. */
const wordStart = (line: string, from: number, limit: number): number => {
  const space = line.indexOf(' ', from)
  return space === -1 || space >= limit ? boundaryAfter(line, from) : space + 1
}
