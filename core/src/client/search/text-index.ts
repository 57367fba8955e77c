/** An index of texts by number, with words folded and cut as everywhere in the search. */
import MiniSearch, { type Options } from 'minisearch'
import { wordsIn } from './words.ts'

interface Text {
  id: number
  text: string
}

export type TextIndex = MiniSearch<Text>

const options: Options<Text> = {
  fields: ['text'],
  tokenize: (text) => wordsIn(text).map(({ folded }) => folded),
  // Folded by then.
  processTerm: (term) => term,
  // Words are taken out one by one, so there is nothing to sweep.
  autoVacuum: false,
}

export const newTextIndex = (): TextIndex => new MiniSearch(options)

/** What `toJSON` gave. @throws when it is something else */
export const readTextIndex = (stored: unknown): TextIndex =>
  // Its own reader checks the version of the form.
  MiniSearch.loadJS<Text>(stored as Parameters<typeof MiniSearch.loadJS<Text>>[0], options)

/** Texts with all the words, the last one at least as the beginning of one. */
export const textsWith = (
  index: TextIndex,
  words: readonly string[],
): readonly { id: number; whole: boolean }[] =>
  index
    .search(words.join(' '), {
      tokenize: (query) => query.split(' '),
      combineWith: 'AND',
      prefix: (_word, at, all) => at === all.length - 1,
    })
    .map(({ id, terms }) => ({ id, whole: words.every((word) => terms.includes(word)) }))
