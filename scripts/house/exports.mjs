/**
 * What core exports: its modules that something outside of it imports, or that a page tells readers
 * to import; nothing else.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whatever is outside of core and may name its modules. */
const users = ['sync-server/src', 'pwa/src', 'examples', 'bench', 'tests', 'docs', 'README.md']
const TEXT = /\.(tsx?|m?js|html|md)$/
const MODULE = /@wardline\/core\/([\w/-]+)/g

const filesIn = (root, path) =>
  TEXT.test(path)
    ? [path]
    : readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
        .filter((file) => TEXT.test(file) && !/(^|[\\/])(node_modules|dist)[\\/]/.test(file))
        .map((file) => join(path, file))

/** Modules of core that a text names, as `base/ids`. */
export const modulesIn = (text) => [...text.matchAll(MODULE)].map(([, path]) => path)

/** All modules that are named outside of core, in order, each with a file that names it. */
export const readUses = (root) => {
  const uses = new Map()
  for (const file of users.flatMap((path) => filesIn(root, path)))
    for (const path of modulesIn(readFileSync(join(root, file), 'utf8')))
      if (!uses.has(path)) uses.set(path, file)
  return new Map([...uses].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Uses of modules that core does not have, one line each. */
export const missingModules = (root, uses) =>
  [...uses]
    .filter(([path]) => !existsSync(join(root, 'core/src', `${path}.ts`)))
    .map(([path, file]) => `${file} names @wardline/core/${path}, which is not there`)

/** The `exports` of package.json for some modules. Types lie beside what is built. */
export const exportsOf = (paths) =>
  Object.fromEntries(
    paths.map((path) => [
      `./${path}`,
      { 'wardline-source': `./src/${path}.ts`, default: `./dist/${path}.js` },
    ]),
  )
