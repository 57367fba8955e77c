/** What a query asks of a text: for each of its words, one of the ways to write it. */
import { spellingsOf, spellingsOfBeginning, withNumbers } from '../../words/spellings.ts'
import { joined, MOST_JOINED, runsIn } from './words.ts'

/** A word of a query. */
export interface Sought {
  /** Any of these words is it. */
  readonly forms: readonly string[]
  /** So is any that begins with one of these. */
  readonly beginnings: readonly string[]
}

const known = new WeakMap<readonly string[], readonly Sought[]>()

/** @param words what `queryWords` made of a query; of the last the beginning is enough */
export const soughtIn = (words: readonly string[]): readonly Sought[] => {
  const before = known.get(words)
  if (before !== undefined) return before
  const sought = read(words)
  known.set(words, sought)
  return sought
}

const read = (words: readonly string[]): Sought[] => {
  const runs = words.map(formsOf)
  const last = words.length - 1
  const all = runs.map((forms, at) => {
    const beginnings = at < last ? [] : [...beginningsOf(words[at] ?? '', forms)]
    const others = forms
      .flatMap(withNumbers)
      .filter((word) => !beginnings.some((beginning) => word.startsWith(beginning)))
    return { forms: [...forms, ...others], beginnings }
  })
  // Words that stand side by side may be written as one, which then stands for each of them.
  for (let from = 0; from < last; from++)
    for (let to = from + 1; to <= last && to < from + MOST_JOINED; to++)
      for (const word of joined(runs.slice(from, to + 1)))
        for (let at = from; at <= to; at++) {
          all[at]?.forms.push(word)
          if (to === last) all[at]?.beginnings.push(word)
        }
  return all.map(({ forms, beginnings }) => ({
    forms: [...new Set(forms)],
    beginnings: [...new Set(beginnings)],
  }))
}

const formsOf = (word: string): readonly string[] => [...runsIn(word)][0]?.forms ?? [word]

const beginningsOf = (word: string, forms: readonly string[]): readonly string[] =>
  /^\p{L}+$/u.test(word) ? [...spellingsOf(word), ...spellingsOfBeginning(word)] : forms

/** Whether words of a text are what was asked for. */
export const holds = (held: ReadonlySet<string>, { forms, beginnings }: Sought): boolean => {
  if (forms.some((form) => held.has(form))) return true
  for (const word of held)
    if (beginnings.some((beginning) => word.startsWith(beginning))) return true
  return false
}
