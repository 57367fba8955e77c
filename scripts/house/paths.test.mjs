import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkPaths, namedIn } from './paths.mjs'
import { pathsOf, textsOf } from './texts.mjs'

const root = join(import.meta.dirname, '../..')

/** Files of others, and files that a program makes. */
const elsewhere = new Set([
  // Of LevelDB's own documentation.
  'doc/table_format.md',
  // What the server and the build make.
  'DATA_DIR/vapid-keys.json',
  'dist/sw.js',
])

it('every file that pages and comments name is there', () => {
  const texts = textsOf(root).filter(({ path }) => !path.startsWith('scripts/house/'))
  const named = texts.flatMap(({ path, text }) => namedIn(path, text))
  expect(named.length).toBeGreaterThan(250)
  expect(checkPaths(texts, pathsOf(root), elsewhere)).toEqual([])
})

describe('the check', () => {
  const paths = ['docs/a.md', 'core/src/storage/seal.ts', 'sync-server/src/main.ts', 'README.md']
  const check = (path, text, excused = new Set()) => checkPaths([{ path, text }], paths, excused)

  it.each([
    ['a link', 'docs/b.md', 'see [it](a.md) and [a part](a.md#part)'],
    [
      'a link to a folder above',
      'docs/adr/b.md',
      '[it](../a.md), [elsewhere](https://x.test/a.md)',
    ],
    ['a path from the root', 'README.md', '`core/src/storage/seal.ts`'],
    ['the end of one', 'core/src/x.ts', '/** See storage/seal.ts. */'],
    ['a folder, in short', 'README.md', '`core/storage`'],
    ['what is built', 'README.md', 'node sync-server/dist/main.js'],
  ])('takes %s', (_what, path, text) => {
    expect(namedIn(path, text).length).toBeGreaterThan(0)
    expect(check(path, text)).toEqual([])
  })

  it.each([
    ['a link', 'docs/b.md', '[it](gone.md)'],
    ['a path in a comment', 'core/src/x.ts', '// Then client/page-writer.ts has it.'],
    ['a path in a page', 'README.md', '`core/src/storage/seals.ts`'],
    ['a folder', 'README.md', '`core/src/stores`'],
  ])('refuses %s that is not there', (_what, path, text) => {
    expect(check(path, text)).toEqual([expect.stringMatching(/^.* names .*: no such file$/)])
  })

  it('looks at comments of a program, and not at what it does', () => {
    expect(namedIn('a.ts', "open('data/some.json') // of data/other.json")).toEqual([
      'data/other.json',
    ])
  })

  it('refuses an excuse that is needed no more', () => {
    expect(check('README.md', '', new Set(['x/y.js']))).toHaveLength(1)
  })
})
