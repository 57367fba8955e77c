import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { retiredWords } from './retired-words.mjs'
import { textsOf } from './texts.mjs'
import { checkRetired, checkTerms, termsIn } from './words.mjs'

const root = join(import.meta.dirname, '../..')
const texts = textsOf(root).filter(({ path }) => !path.startsWith('scripts/house/'))
const sources = texts
  .filter(({ path }) => /^(core|sync-server|pwa)\/src\/.*(?<!\.test)\.tsx?$/.test(path))
  .map(({ text }) => text)

it('the glossary has the words of the code', () => {
  const terms = termsIn(readFileSync(join(root, 'docs/glossary.md'), 'utf8'))
  expect(terms.words.length).toBeGreaterThan(40)
  expect(terms.parts.length).toBeGreaterThan(40)
  expect(checkTerms(terms, sources)).toEqual([])
})

it('nothing says a word that was replaced', () => {
  expect(checkRetired(texts, retiredWords)).toEqual([])
})

describe('the check', () => {
  const glossary = '| word |\n| **state map** | a `Y.Map`, see `PageIndex` |\n| `FairPool` | |\n'

  it('reads words and parts', () => {
    expect(termsIn(glossary)).toEqual({ words: ['state map'], parts: ['PageIndex', 'FairPool'] })
  })

  it('takes a word however code writes it, and parts that are declared', () => {
    const declared = 'export class PageIndex {}\nexport interface FairPool {}'
    for (const said of ['stateMap', 'STATE_MAP', 'a state-map', 'StateMaps'])
      expect(checkTerms(termsIn(glossary), [declared, said])).toEqual([])
  })

  it('refuses a word that no source says, and a part that is only mentioned', () => {
    expect(
      checkTerms(termsIn(glossary), ['new PageIndex(); class FairPool {}; estate mapping']),
    ).toEqual(['no source says state map', 'no source declares PageIndex'])
  })

  it('refuses a term that stands twice', () => {
    const terms = { words: ['a', 'a'], parts: [] }
    expect(checkTerms(terms, ['a'])).toEqual(['a is in the glossary twice'])
  })

  it.each([
    'class PageShelf {}',
    'pageShelves',
    '// on the page shelf',
    'page-shelf.ts',
    'PAGE_SHELF',
  ])('refuses a word that was replaced: %s', (text) => {
    const retired = new Map([
      ['page shelf', 'page index'],
      ['page shelve', 'page index'],
    ])
    expect(checkRetired([{ path: 'a.ts', text }], retired)).toHaveLength(1)
  })

  it('takes what only looks like one', () => {
    const texts = [{ path: 'a.ts', text: 'open pending happens, spend; Opening; a compendium' }]
    expect(checkRetired(texts, new Map([['pen', 'lane writer']]))).toEqual([])
  })
})
