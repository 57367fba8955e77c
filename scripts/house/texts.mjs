/** What people read and write in the repository: sources, tests, scripts and pages. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDERS = ['bench', 'core', 'docs', 'examples', 'pwa', 'scripts', 'sync-server', 'tests']
const NOT_OURS = new Set(['node_modules', 'dist'])
const TEXT = /\.(css|html|js|json|md|mjs|ts|tsx)$/

/** Files below a folder, as paths from the root; folders of others left out. */
const below = (root, folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (!entry.isDirectory()) return [path]
    return NOT_OURS.has(entry.name) ? [] : below(root, path)
  })

/** All files of the repository: those at its root, and those in its folders. */
export const pathsOf = (root) => {
  const atRoot = readdirSync(root, { withFileTypes: true })
  const files = atRoot.filter((entry) => entry.isFile()).map(({ name }) => name)
  const folders = atRoot.filter((entry) => entry.isDirectory() && FOLDERS.includes(entry.name))
  return [...files, ...folders.flatMap(({ name }) => below(root, name))].toSorted()
}

/** Those that are text, with it. */
export const textsOf = (root) =>
  pathsOf(root)
    .filter((path) => TEXT.test(path) && path !== 'package-lock.json')
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
