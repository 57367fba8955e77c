/** An index of texts by number, with words folded and cut as everywhere in the search. */
import MiniSearch, { type Options, type QueryCombination } from 'minisearch'
import { type Sought, soughtIn } from './sought.ts'
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

interface Found {
  id: number
  whole: boolean
}

/** Texts with all words of a query, the last one at least as the beginning of one. */
export const textsWith = (index: TextIndex, words: readonly string[]): readonly Found[] => {
  const { sought, others, last } = planOf(words)
  if (last === undefined) return []
  if (others === undefined)
    return index.search(last).map(({ id, terms }) => ({ id, whole: areWhole(sought, terms) }))
  // Many words begin with a letter: what has the others is looked at alone.
  const held = new Map(index.search(others).map(({ id, terms }) => [id, terms]))
  if (held.size === 0) return []
  const boostDocument = (id: number): number => (held.has(id) ? 1 : 0)
  return index.search(last, { boostDocument }).map(({ id, terms }) => ({
    id,
    whole: areWhole(sought, [...(held.get(id) ?? []), ...terms]),
  }))
}

const areWhole = (sought: readonly Sought[], terms: readonly string[]): boolean =>
  sought.every(({ forms }) => forms.some((form) => terms.includes(form)))

interface Plan {
  sought: readonly Sought[]
  /** All but the last one. */
  others: QueryCombination | undefined
  last: QueryCombination | undefined
}

/** The same query goes to one segment after the other. */
const plans = new WeakMap<readonly string[], Plan>()

const planOf = (words: readonly string[]): Plan => {
  const before = plans.get(words)
  if (before !== undefined) return before
  const sought = soughtIn(words)
  const queries = sought.map(queryFor)
  const last = queries.pop()
  const others = queries.length === 0 ? undefined : { combineWith: 'AND' as const, queries }
  const plan = { sought, others, last }
  plans.set(words, plan)
  return plan
}

/** Any of the words; one string for all of them, for each has its price. */
const queryFor = ({ forms, beginnings }: Sought): QueryCombination => {
  const wholes = forms.filter((form) => !beginnings.some((start) => form.startsWith(start)))
  return {
    combineWith: 'OR',
    queries: [[...wholes, ...beginnings].join(' ')],
    tokenize: (query) => query.split(' '),
    prefix: (term) => beginnings.includes(term),
  }
}
