import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCitations } from './check-citations.mjs'
import { citedIn, hasTests, promisesIn, readCitations, rulesIn } from './citations.mjs'
import { excusedRules } from './excused-rules.mjs'

const root = join(import.meta.dirname, '../..')

it('every rule and every promise is cited by a test, and what is cited exists', () => {
  const citations = readCitations(root)
  expect(citations.defined.length).toBeGreaterThan(160)
  expect(citations.held.length).toBeGreaterThan(160)
  expect(checkCitations(citations, excusedRules)).toEqual([])
})

describe('the check', () => {
  const reason = 'another program would have to be looked into'
  const check = ({
    defined = ['GATE-1', 'GATE-2'],
    mentioned = [],
    held = defined,
    excused = {},
  }) => checkCitations({ defined, mentioned, held }, new Map(Object.entries(excused)))

  it('takes rules that are cited, or excused with a reason', () => {
    expect(check({})).toEqual([])
    expect(check({ held: ['GATE-1'], excused: { 'GATE-2': reason } })).toEqual([])
  })

  it('refuses a rule that no test cites', () => {
    expect(check({ held: ['GATE-1'] })).toEqual(['no test cites [GATE-2]'])
  })

  it('refuses a citation of a rule that does not exist', () => {
    const mentioned = [{ path: 'a.test.ts', name: 'GATE-3' }]
    expect(check({ mentioned })).toEqual(['a.test.ts cites [GATE-3]: no such rule'])
  })

  it('refuses a rule that is defined twice', () => {
    expect(check({ defined: ['GATE-1', 'GATE-1'] })).toEqual(['[GATE-1] is defined twice'])
  })

  it.each([
    ['of a rule that does not exist', { 'GATE-9': reason }, /no such rule/],
    ['of a rule that is cited', { 'GATE-1': reason }, /a test cites it/],
  ])('refuses an excuse %s', (_what, excused, problem) => {
    expect(check({ excused })).toEqual([expect.stringMatching(problem)])
  })

  it('refuses an excuse without a reason', () => {
    expect(check({ held: ['GATE-1'], excused: { 'GATE-2': 'no' } })).toHaveLength(1)
  })
})

describe('reading', () => {
  it('finds rules, each time that one is defined', () => {
    const text = '- **[GATE-1]** One.\n| **[LIMIT-12]** Two | [GATE-3] |\n**[GATE-1]**'
    expect(rulesIn(text)).toEqual(['GATE-1', 'LIMIT-12', 'GATE-1'])
  })

  it('finds promises, and no other list', () => {
    const text = '# A\n1. No.\n## Promises\n\n1. **A.**\n2. **B.**\n\n## Other\n\n1. C.\n'
    expect(promisesIn(text)).toEqual(['PROMISE-1', 'PROMISE-2'])
    expect(promisesIn('## Promises\n1. A')).toEqual(['PROMISE-1'])
    expect(promisesIn('nothing')).toEqual([])
  })

  it('finds citations, one by one or from one to another', () => {
    expect(citedIn("it('[FOLD-1] [FOLD-2] a')")).toEqual(['FOLD-1', 'FOLD-2'])
    expect(citedIn('[ORDER-1 to 3] and [HELLO-2 to HELLO-3]')).toEqual(
      ['ORDER-1', 'ORDER-2', 'ORDER-3', 'HELLO-2', 'HELLO-3'], //
    )
    expect(citedIn('FOLD-1, [fold-1], [x], UTF-8, [ORDER-1 to FOLD-3]')).toEqual([])
  })

  it('looks for tests where there are tests', () => {
    for (const path of ['core/src/a.test.ts', 'tests/e2e/a.e2e.ts', 'core/src/store-contract.ts'])
      expect(hasTests(path)).toBe(true)
    for (const path of ['core/src/a.ts', 'docs/protocol.md', 'scripts/house/x.test.mjs'])
      expect(hasTests(path)).toBe(false)
  })
})
