/**
 * Other ways to write a word: British and American, with the old ligatures, units and Greek letters
 * by name. A word is not translated: two drugs, or two names of one, stay two.
 */
import { fold, foldLong } from './fold.ts'

type Rule = readonly [pattern: RegExp, to: string]

/** Each makes the American, or the newer, spelling. They need not make words: both sides go through. */
const rules: readonly Rule[] = [
  [/our(?=$|s$|ed$|ing$|ful$|able$|less$|al$)/, 'or'],
  [/is(?=(?:e[ds]?|er|ing|ations?)$)/, 'iz'],
  [/ys(?=(?:e[ds]?|er|ing)$)/, 'yz'],
  [/(lit|met|cent|fib|tit|calib)re(?=[sd]?$)/, '$1er'],
  [/ogue(?=s?$)/, 'og'],
  [/gramme(?=s?$)/, 'gram'],
  [/(licen|defen|offen|practi)ce/, '$1se'],
  [/(label|counsel|travel|cancel|signal|model|channel|level|tunnel|control)l(?=ed|ing|or)/, '$1'],
  [/^sulph/, 'sulf'],
  [/^ceph/, 'cef'],
  [/oxycillin/, 'oxicillin'],
  [/^frusemide$/, 'furosemide'],
  [/^lignocaine$/, 'lidocaine'],
  [/aluminium/, 'aluminum'],
  [/^grey/, 'gray'],
]
const mayChange =
  /[ao]e|our|is(?:e|a|i)|ys(?:e|i)|re[sd]?$|ogue|gramme|ce|ll(?:ed|ing|or)|^sulph|^ceph|oxycillin|^frusemide$|^lignocaine$|aluminium|^grey/
/** Letters of the shortest word that rules are for, and of one with æ or œ: a shoe is no she. */
const SHORTEST = 5
const SHORTEST_LIGATURE = 6

/** Units by their name. */
const units: Readonly<Record<string, string>> = {
  mcg: 'ug',
  microgram: 'ug',
  milligram: 'mg',
  kilogram: 'kg',
  gram: 'g',
  millilitre: 'ml',
  milliliter: 'ml',
  litre: 'l',
  liter: 'l',
  percent: '%',
  mcmol: 'umol',
  mcl: 'ul',
}

const greek: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  γ: 'gamma',
  δ: 'delta',
  ε: 'epsilon',
  κ: 'kappa',
  λ: 'lambda',
  μ: 'mu',
  π: 'pi',
  σ: 'sigma',
  τ: 'tau',
  ω: 'omega',
}

/** Spellings of a folded word of Latin letters, beside itself. */
const latinSpellings = (word: string, ligature: number): string[] => {
  const unit = units[word.replace(/(?<=gram|it(?:re|er))s$/, '').replace('gramme', 'gram')]
  const spellings = unit === undefined ? [] : [unit]
  if (word.length < SHORTEST || !mayChange.test(word)) return spellings
  let changed = word.length < ligature ? word : word.replace(/[ao]e/g, 'e')
  for (const [pattern, to] of rules) changed = changed.replace(pattern, to)
  return changed === word ? spellings : [...spellings, changed]
}

const spellingsFrom = (word: string, ligature: number): string[] => {
  const base = fold(word)
  if (/^[a-z0-9]*$/.test(base)) {
    const long = foldLong(word)
    const all = [base, ...latinSpellings(base, ligature)]
    if (long !== undefined) all.push(long, ...latinSpellings(long, ligature))
    return all
  }
  // "µg" is a unit, "β" a letter with a name, and "βhCG" begins with one.
  const micro = /^μ([a-z]+)$/.exec(base)?.[1]
  if (micro !== undefined) return [`u${micro}`, base]
  const letter = /^([α-ω])([a-z]*)$/.exec(base)
  const name = greek[letter?.[1] ?? '']
  if (name !== undefined) return [`${name}${letter?.[2] ?? ''}`, base]
  // The Arabic article is written together with its word.
  if (base.length >= 5 && base.startsWith('ال')) return [base, base.slice(2)]
  return [base]
}

/** Longer ones are names of machines, not words; what lies beyond is not compared. */
export const LONGEST_WORD = 64

/** People use the same few thousand words again and again. */
const known = new Map<string, readonly string[]>()
const MOST_KNOWN = 4_096
const LONGEST_KNOWN = 24

/** A word's spellings, folded, the usual one first. The same for whatever is written for the same. */
export const spellingsOf = (word: string): readonly string[] => {
  const before = known.get(word)
  if (before !== undefined) return before
  const spellings = spellingsFrom(word, SHORTEST_LIGATURE)
    .filter((one, at, all) => one !== '' && all.indexOf(one) === at)
    .map((one) => one.slice(0, LONGEST_WORD))
  if (known.size >= MOST_KNOWN) known.clear()
  if (word.length <= LONGEST_KNOWN) known.set(word, spellings)
  return spellings
}

/** The same of the beginning of a word, which may be of a longer one. */
export const spellingsOfBeginning = (word: string): string[] => [
  ...new Set(spellingsFrom(word, SHORTEST).filter(Boolean)),
]

/** A word in the singular and in the plural. */
export const withNumbers = (word: string): string[] => {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return [word]
  if (/[^aeiou]ies$/.test(word)) return [word, `${word.slice(0, -3)}y`]
  if (word.endsWith('ses') || word.endsWith('xes'))
    return [word, word.slice(0, -2), `${word.slice(0, -2)}is`]
  if (word.endsWith('sis')) return [word, `${word.slice(0, -2)}es`]
  if (/[^aeiou]y$/.test(word)) return [word, `${word.slice(0, -1)}ies`]
  if (/(?:s|x)$/.test(word))
    return /(?:ss|us|is|x)$/.test(word) ? [word, `${word}es`] : [word, word.slice(0, -1)]
  return [word, `${word}s`]
}
