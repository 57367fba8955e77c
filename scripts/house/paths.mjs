/**
 * Paths of the repository that pages and comments name: what is in a link, in backticks, or stands
 * in a comment and has the form of a path to a file.
 */
import { posix } from 'node:path'

/** `storage/seal.ts`, `../a.md`: letters, then at least one slash, and an ending that files have. */
const FILE =
  /(?<![\w:/@.*<{-])((?:\.{1,2}\/)*(?:[\w.-]+\/)+[\w.-]+\.(?:tsx?|mjs|md|css|html|json|js|c))(?![\w/*{])/g
/** A folder in backticks, with its package: `core/src/time`. */
const FOLDER = /`((?:core|sync-server|pwa|tests|bench|docs|scripts|examples)(?:\/[\w.-]+)*\/?)`/g
const LINK = /\]\(([^)\s]+)\)/g

const commentsOf = (source) =>
  [...source.matchAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm)].map(([comment]) => comment).join('\n')

/** Names of files and folders that a text mentions. */
export const namedIn = (path, text) => {
  const isPage = path.endsWith('.md')
  const said = isPage ? text : commentsOf(text)
  const links = isPage
    ? [...said.matchAll(LINK)]
        .map(([, target]) => target.replace(/#.*$/, ''))
        .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    : []
  const rest = isPage ? said.replaceAll(LINK, ']') : said
  const files = [...rest.matchAll(FILE)].map(([, name]) => name)
  const folders = [...rest.matchAll(FOLDER)].map(([, name]) => name.replace(/\/$/, ''))
  return [...new Set([...links, ...files, ...folders])]
}

/** What is built is there when its source is, and `core/time` is short for where its sources are. */
const sourceOf = (name) =>
  /\.\w+$/.test(name)
    ? name.replace(/^([\w-]+)\/dist\/(.+)\.js$/, '$1/src/$2.ts')
    : name.replace(/^(core|sync-server|pwa)\/(?!src\b)/, '$1/src/')

/**
 * Names that stand for nothing, one line each.
 *
 * @param {readonly { path: string, text: string }[]} texts
 * @param {readonly string[]} paths all files of the repository, from its root
 * @param {ReadonlySet<string>} elsewhere names that are no paths of the repository
 */
export const checkPaths = (texts, paths, elsewhere) => {
  const files = new Set(paths)
  const folders = new Set(paths.flatMap(foldersOf))
  const ends = new Set([...files, ...folders].flatMap(endsOf))
  const used = new Set()
  const exists = (from, name) => {
    if (elsewhere.has(name)) return used.add(name)
    const source = sourceOf(name)
    const near = posix.normalize(posix.join(posix.dirname(from), name))
    return ends.has(source) || files.has(near) || folders.has(near)
  }
  const wrong = texts.flatMap(({ path, text }) =>
    namedIn(path, text)
      .filter((name) => !exists(path, name))
      .map((name) => `${path} names ${name}: no such file`),
  )
  const unused = [...elsewhere].filter((name) => !used.has(name))
  return [...wrong, ...unused.map((name) => `${name} is excused, and nothing names it`)]
}

const foldersOf = (path) => {
  const parts = path.split('/')
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'))
}

/** The path, and what is left of it without its first folders: `storage/seal.ts` says enough. */
const endsOf = (path) => {
  const parts = path.split('/')
  return parts.map((_, i) => parts.slice(i).join('/'))
}
