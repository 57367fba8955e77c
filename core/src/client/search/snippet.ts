/** The part of a text that shows why it was found. */
import { boundaryAfter } from '../../text/cut.ts'
import { fold, wordsIn } from './words.ts'

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
  const prefix = words.at(-1) ?? ''
  const whole = new Set(words)
  return wordsIn(text).flatMap(({ folded, start, end }) => {
    if (whole.has(folded)) return [{ start, end }]
    if (prefix === '' || !folded.startsWith(prefix)) return []
    return [{ start, end: start + prefixLength(text.slice(start, end), prefix) }]
  })
}

/** Whether a text holds all words of a query; the last one also as the beginning of a word. */
export const holdsWords = (text: string, words: readonly string[]): boolean => {
  const held = wordsIn(text).map(({ folded }) => folded)
  return words.every(
    (word, at) =>
      held.includes(word) ||
      (at === words.length - 1 && held.some((other) => other.startsWith(word))),
  )
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

/** How much of a word, as it is written, the folded prefix covers. */
const prefixLength = (word: string, prefix: string): number => {
  let length = 0
  let covered = 0
  for (const letter of word) {
    if (covered >= prefix.length && !/^\p{M}/u.test(letter)) break
    length += letter.length
    covered += fold(letter).length
  }
  return length
}

/** Just behind the first space from `from` on, or `limit` when there is none before it. */
const wordStart = (line: string, from: number, limit: number): number => {
  const space = line.indexOf(' ', from)
  return space === -1 || space >= limit ? boundaryAfter(line, from) : space + 1
}
