/** The words of docs/glossary.md, held against the sources: those that are said, and those that are not. */

/**
 * What the glossary names: words in the first column in bold, and parts of the program, which are
 * all names in backticks that begin as those of classes do.
 */
export const termsIn = (glossary) => ({
  words: [...glossary.matchAll(/^\| \*\*([^*]+)\*\*/gm)].map(([, word]) => word),
  parts: [...glossary.matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, name]) => name),
})

/** A word as code writes it: `state map` is also `stateMap`, `state-map` and `StateMaps`. */
const inCode = (word) => new RegExp(`(?<![a-z])${word.split(' ').join('[ _-]?')}`, 'i')

const DECLARED = /\b(?:class|interface|type|function|const) ([A-Z]\w*)/g

/**
 * Terms that nothing in the sources is called by, one line each, and those that stand twice.
 *
 * @param {{ words: readonly string[], parts: readonly string[] }} terms
 * @param {readonly string[]} sources
 */
export const checkTerms = ({ words, parts }, sources) => {
  const declared = new Set(
    sources.flatMap((source) => [...source.matchAll(DECLARED)].map(([, name]) => name)),
  )
  const isSaid = (word) => sources.some((source) => inCode(word).test(source))
  const twice = [...words, ...parts].filter((term, i, all) => all.indexOf(term) !== i)
  return [
    ...words.filter((word) => !isSaid(word)).map((word) => `no source says ${word}`),
    ...parts.filter((name) => !declared.has(name)).map((name) => `no source declares ${name}`),
    ...twice.map((term) => `${term} is in the glossary twice`),
  ]
}

/** The text as words: `FileShelf`, `file-shelf` and `a file shelf` say the same; `file(shelf` does not. */
const wordsOf = (text) => {
  const words = text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z\s_-]+/g) ?? []
  return ` ${words.join(' ').toLowerCase()} `
}

/**
 * Where a word stands that was replaced, one line each.
 *
 * @param {readonly { path: string, text: string }[]} texts
 * @param {ReadonlyMap<string, string>} retired word, in small letters → what to say
 */
export const checkRetired = (texts, retired) =>
  texts.flatMap(({ path, text }) => {
    const said = wordsOf(text)
    return [...retired]
      .filter(([word]) => said.includes(` ${word} `) || said.includes(` ${word}s `))
      .map(([word, instead]) => `${path} says ${word}: say ${instead}`)
  })
