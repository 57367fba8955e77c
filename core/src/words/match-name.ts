/**
 * Whether a name is the one that somebody looks for: every word of the query occurs in it, in any
 * order, whatever the case, the accents, and the signs and spaces in it. The same wherever people
 * and chats are chosen.
 */
import { fold, foldLong } from './fold.ts'
import { spellingsOf } from './spellings.ts'

/** Letters from which on a word may reach over the spaces of a name: "vandenberg". */
const LONG = 5

const signs = /[^\p{L}\p{N}\s]+/gu

/** What somebody is known by, made ready to be looked for: it costs more than to look. */
export interface KnownNames {
  readonly held: readonly string[]
  readonly joined: readonly string[]
}

/** @param texts of one person: the name, and what else they are known by */
export const knownNames = (...texts: readonly string[]): KnownNames => {
  const held = waysToWrite(texts.join(' '))
  return { held, joined: held.map((text) => text.replace(/\s+/gu, '')) }
}

/** As {@link knownNamesMatcher}, of texts as they are. */
export const nameMatcher = (query: string): ((...texts: readonly string[]) => boolean) => {
  const matches = knownNamesMatcher(query)
  return (...texts) => matches(() => knownNames(...texts))
}

/** Whether somebody is looked for; their names are asked for only if that needs them. */
export const knownNamesMatcher = (query: string): ((names: () => KnownNames) => boolean) => {
  const words = query
    .split(/\s+/u)
    .map((word) => waysToWrite(word).filter(Boolean))
    .filter((ways) => ways.length > 0)
  if (words.length === 0) return () => true
  return (names) => {
    const { held, joined } = names()
    return words.every((ways) =>
      ways.some(
        (way) =>
          held.some((text) => text.includes(way)) ||
          (way.length >= LONG && joined.some((text) => text.includes(way))),
      ),
    )
  }
}

/**
 * With its signs and without them: "o'brien" and "obrien"; "müller" as "muller" and "mueller";
 * "paediatrics" as "pediatrics".
 */
const waysToWrite = (text: string): string[] => {
  const long = foldLong(text)
  const folded = long === undefined ? [fold(text)] : [fold(text), long]
  const bare = folded.map((one) => one.replace(signs, ''))
  // What is nothing but signs is looked for as it is.
  if (bare.every((one) => one.trim() === '')) return folded
  const respelled = (one: string): string =>
    one.replace(/[a-z]+/g, (word) => spellingsOf(word).at(-1) ?? word)
  return [...new Set([...folded, ...bare, ...bare.map(respelled)])]
}
