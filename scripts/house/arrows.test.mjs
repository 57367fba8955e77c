import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { arrows } from './arrows.mjs'
import { checkArrows } from './check-arrows.mjs'
import { importsOf, readImports } from './imports.mjs'
import { pictureOf, withPicture } from './picture.mjs'

const root = join(import.meta.dirname, '../..')
const imports = readImports(root)

it('imports go along the arrows of the table, and nowhere else', () => {
  expect(imports.length).toBeGreaterThan(1_000)
  expect(checkArrows(imports, arrows)).toEqual([])
})

it('the architecture page shows the imports that there are', () => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
  expect(page, 'npm run draw').toBe(withPicture(page, pictureOf(imports, arrows)))
})

describe('the check', () => {
  const table = new Map([
    ['core/src/a', ['core/src/b']],
    ['core/src/b', []],
  ])
  const from = (file, source) => importsOf(file, source)
  const allowed = from('core/src/a/x.ts', "import { y } from '../b/y.ts'")

  it('takes an arrow of the table', () => {
    expect(checkArrows(allowed, table)).toEqual([])
  })

  it.each([
    ['a type', "import type { X } from '../a/x.ts'"],
    ['a part of what is exported again', "export { x } from '../a/x.ts'"],
    ['something that is loaded later', "const x = await import('../a/x.ts')"],
    ['the name of the package', "import { x } from '@wardline/core/a/x'"],
  ])('refuses an arrow that goes up: %s', (_what, source) => {
    expect(checkArrows([...allowed, ...from('core/src/b/y.ts', source)], table)).toEqual([
      'core/src/b/y.ts imports core/src/a/x.ts: no arrow core/src/b -> core/src/a',
    ])
  })

  it('refuses it in a test, too', () => {
    const tests = from('core/src/b/y.test.ts', "import { x } from '../a/x.ts'")
    expect(checkArrows([...allowed, ...tests], table)).toHaveLength(1)
  })

  it('refuses a folder that it does not know', () => {
    const unknown = from('core/src/c/z.ts', "import { y } from '../b/y.ts'")
    expect(checkArrows([...allowed, ...unknown], table)).toHaveLength(1)
  })

  it('refuses an arrow that nothing uses', () => {
    expect(checkArrows([], table)).toEqual(['unused arrow core/src/a -> core/src/b'])
  })

  it('refuses a circle, though each of its arrows is in the table', () => {
    const circle = new Map([...table, ['core/src/b', ['core/src/a']]])
    const back = from('core/src/b/y.ts', "import { x } from '../a/x.ts'")
    expect(checkArrows([...allowed, ...back], circle)).toHaveLength(2)
  })
})
