/**
 * Which texts hold which words: for each word the numbers of the texts, as the index at the end of
 * a book has it. Words come folded.
 */

/** What a query found. */
export interface Matches {
  /** Texts that hold every word, the last one at least as the beginning of a word. */
  all: ReadonlySet<number>
  /** Those of them that hold the last word as it is. */
  whole: ReadonlySet<number>
}

/** A word and the numbers of its texts, as they are stored. */
export type StoredWord = [word: string, texts: number[]]

export class WordList {
  readonly #texts: Map<string, number[]>

  constructor(stored: readonly StoredWord[] = []) {
    this.#texts = new Map(stored)
  }

  add(text: number, words: Iterable<string>): void {
    for (const word of new Set(words)) {
      const texts = this.#texts.get(word)
      if (texts === undefined) this.#texts.set(word, [text])
      else texts.push(text)
    }
  }

  /** `words`: all that it was added with. */
  remove(text: number, words: Iterable<string>): void {
    for (const word of new Set(words)) {
      const texts = this.#texts.get(word) ?? []
      const rest = texts.filter((other) => other !== text)
      if (rest.length > 0) this.#texts.set(word, rest)
      else this.#texts.delete(word)
    }
  }

  find(words: readonly string[]): Matches {
    const last = words.at(-1)
    if (last === undefined) return { all: new Set(), whole: new Set() }
    /** Texts with the words before the last; undefined for all texts. */
    let before: ReadonlySet<number> | undefined
    for (const word of words.slice(0, -1)) before = this.#among(before, this.#texts.get(word) ?? [])
    const whole = this.#among(before, this.#texts.get(last) ?? [])
    const all = new Set(whole)
    if (before === undefined || before.size > 0)
      for (const [word, texts] of this.#texts)
        if (word.startsWith(last))
          for (const text of texts) if (before === undefined || before.has(text)) all.add(text)
    return { all, whole }
  }

  stored(): StoredWord[] {
    return [...this.#texts]
  }

  #among(before: ReadonlySet<number> | undefined, texts: readonly number[]): ReadonlySet<number> {
    return new Set(before === undefined ? texts : texts.filter((text) => before.has(text)))
  }
}

/** Whether a value is what `stored` gives for texts with these numbers. */
export const areStoredWords = (
  value: unknown,
  texts: { has(text: number): boolean },
): value is StoredWord[] =>
  Array.isArray(value) && value.every((entry) => isStoredWord(entry, texts))

const isStoredWord = (entry: unknown, texts: { has(text: number): boolean }): boolean => {
  if (!Array.isArray(entry)) return false
  const [word, numbers] = entry as unknown[]
  return (
    typeof word === 'string' &&
    Array.isArray(numbers) &&
    numbers.every((number) => typeof number === 'number' && texts.has(number))
  )
}
