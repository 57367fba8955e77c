import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exportsOf, missingModules, modulesIn, readUses } from './exports.mjs'

const root = join(import.meta.dirname, '../..')
const uses = readUses(root)

it('core exports what others use, and nothing else', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'core/package.json'), 'utf8'))
  expect(uses.size).toBeGreaterThan(50)
  expect(missingModules(root, uses)).toEqual([])
  expect(exports, 'npm run exports').toEqual(exportsOf([...uses.keys()]))
})

describe('a use', () => {
  it.each([
    ["import type { ChatId } from '@wardline/core/base/ids'", ['base/ids']],
    ["await import('@wardline/core/node/connect')", ['node/connect']],
    [
      'see `@wardline/core/chat/lane-writer` and `@wardline/core/yjs`.',
      ['chat/lane-writer', 'yjs'],
    ],
    ["import * as Y from 'yjs'", []],
  ])('is found in %s', (text, modules) => {
    expect(modulesIn(text)).toEqual(modules)
  })

  it('of a module that is not there is a mistake', () => {
    const wrong = new Map([...uses, ['base/nothing', 'docs/programs.md']])
    expect(missingModules(root, wrong)).toEqual([
      'docs/programs.md names @wardline/core/base/nothing, which is not there',
    ])
  })
})
