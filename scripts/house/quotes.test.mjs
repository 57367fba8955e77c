import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { quotesIn } from './quotes.mjs'

const root = join(import.meta.dirname, '../..')
const read = (path) => readFileSync(join(root, path), 'utf8')
const pages = ['.', 'core', 'docs', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder)).flatMap((name) =>
    name.endsWith('.md') ? [join(folder, name)] : [],
  ),
)
const quotes = pages.flatMap((page) => quotesIn(read(page)).map((quote) => ({ page, ...quote })))

it.each(quotes)('$page shows $path as it is', ({ path, code }) => {
  expect(code).toBe(read(path))
})

it('there are such pages, and a block without a path is none', () => {
  expect(quotes.map(({ path }) => path)).toContain('examples/program.mjs')
  expect(quotesIn('<!-- a/b.mjs -->\n\n```js\nx\n```\n\n```js\ny\n```')).toEqual([
    { path: 'a/b.mjs', code: 'x\n' },
  ])
})
