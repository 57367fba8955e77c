/**
 * The numbered rules of docs/protocol.md and the promises of docs/architecture.md, and where tests
 * say that they hold them: `[GATE-3]`, `[PROMISE-2]`, or `[FOLD-1 to 3]` for several.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { textsOf } from './texts.mjs'

const CITATION = /\[([A-Z]{2,})-(\d+)(?: to (?:\1-)?(\d+))?\]/g

/** Names of the rules that a text defines, `**[GATE-3]**`, in their order; twice if it does so twice. */
export const rulesIn = (text) =>
  [...text.matchAll(/\*\*\[([A-Z]{2,}-\d+)\]\*\*/g)].map(([, name]) => name)

/** Names of the promises: the numbered list under the heading. */
export const promisesIn = (text) => {
  const [, list = ''] = /^## Promises\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(text) ?? []
  return [...list.matchAll(/^(\d+)\. /gm)].map(([, number]) => `PROMISE-${number}`)
}

/** Names that a text cites. */
export const citedIn = (text) =>
  [...text.matchAll(CITATION)].flatMap(([, area, from, to = from]) =>
    Array.from(
      { length: Math.max(1, Number(to) - Number(from) + 1) },
      (_, more) => `${area}-${Number(from) + more}`,
    ),
  )

/** What a program says without its comments: a rule is held by a test, not by a remark. */
const withoutComments = (source) =>
  source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')

/** Whether the file at this path has tests in it: its own, or those that others run. */
export const hasTests = (path) =>
  /\.(test|e2e)\.(tsx?|mjs)$|-contract\.ts$/.test(path) && !path.startsWith('scripts/house/')

/**
 * Everything that the check looks at.
 *
 * @param {string} root folder of the repository
 */
export const readCitations = (root) => {
  const page = (name) => readFileSync(join(root, 'docs', name), 'utf8')
  const texts = textsOf(root).filter(({ path }) => !path.startsWith('scripts/house/'))
  return {
    defined: [...rulesIn(page('protocol.md')), ...promisesIn(page('architecture.md'))],
    mentioned: texts.flatMap(({ path, text }) => citedIn(text).map((name) => ({ path, name }))),
    held: texts
      .filter(({ path }) => hasTests(path))
      .flatMap(({ text }) => citedIn(withoutComments(text))),
  }
}
