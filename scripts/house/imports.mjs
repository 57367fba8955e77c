/** The imports that there are between the folders of the packages, tests included. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'

/** Packages whose sources lie in `src`. */
export const packages = ['core', 'sync-server', 'pwa']

const SPECIFIER = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"\n]+)['"]/g

/** Paths of the sources of a package, from the root of the repository. */
const sourcesOf = (root, name) =>
  readdirSync(join(root, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => relative(root, join(root, name, 'src', path)).replaceAll('\\', '/'))
    .toSorted()

/**
 * The file that a specifier means; undefined for one of a library.
 *
 * @param {string} file path of the importing file, from the root
 * @param {string} specifier
 */
const targetOf = (file, specifier) => {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(file), specifier))
  const [, name, path] = /^@wardline\/([^/]+)\/(.+)$/.exec(specifier) ?? []
  return name === undefined ? undefined : `${name}/src/${path}.ts`
}

/** Imports of a file from other folders. */
export const importsOf = (file, source) =>
  [...source.matchAll(SPECIFIER)].flatMap(([, specifier]) => {
    const target = targetOf(file, specifier)
    if (target === undefined || !/\.tsx?$/.test(target)) return []
    const [from, to] = [dirname(file), dirname(target)]
    return from === to ? [] : [{ file, target, from, to }]
  })

/** All imports between folders of the repository at `root`. */
export const readImports = (root) =>
  packages
    .flatMap((name) => sourcesOf(root, name))
    .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')))
