/** docs/limits.md says what the code does, and every bound of the code is in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const SOURCES = ['core/src', 'sync-server/src', 'pwa/src']
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

interface Limit {
  readonly what: string
  readonly bound: string
  readonly per: string
  readonly beyond: string
  readonly held: string
}

const limits: readonly Limit[] = read('docs/limits.md')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => {
    const [what = '', bound = '', per = '', beyond = '', held = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    return { what, bound, per, beyond, held }
  })

const KiB = 1024
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const units: Readonly<Record<string, number>> = {
  KiB,
  MiB: KiB * KiB,
  GiB: KiB * KiB * KiB,
  ms: 1,
  s: 1000,
  min: MINUTE,
  h: HOUR,
  days: 24 * HOUR,
}

/** The number that a bound begins with, in bytes, ms or as it is. */
const numberOf = (bound: string): number => {
  const match = /^([\d,]+)(?: (KiB|MiB|GiB|ms|s|min|h|days)\b)?/.exec(bound)
  if (match === null) throw new Error(`no number: ${bound}`)
  return Number(match[1]?.replaceAll(',', '')) * (units[match[2] ?? ''] ?? 1)
}

/** What a constant, or a field of one object, is in a source file; only arithmetic. */
const valueIn = (source: string, name: string): number => {
  const match = new RegExp(
    `\\b${name}(?:: number)?\\s*[=:]\\s*(-?[\\d(][^,;\\n}]*|[A-Z][\\w *+/()-]*)`,
  ).exec(source)
  if (match === null) throw new Error(`no number called ${name}`)
  const text = (match[1] ?? '').trim().replace(/(?<=\d)_(?=\d)/g, '')
  const known = text.replace(/[A-Z_a-z]\w*/g, (other) => String(valueIn(source, other)))
  if (!/^[\d\s()*+/.-]+$/.test(known)) throw new Error(`${name} is no arithmetic: ${known}`)
  return Number(new Function(`return ${known}`)())
}

const filesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !/\.test\.tsx?$/.test(path))

/** Bounds on work and on what nobody can make grow: no rows. */
const NO_GROWTH = new Set([
  'MAX_CLOCK',
  'MAX_CLOCK_JUMP',
  'MAX_PULL',
  'MAX_ROUNDS',
  'MAX_STEPS',
  'MAX_SAME_KEY',
  'MAX_TRIES',
  'MAX_ASKS',
  'MAX_LENGTH',
  'MAX_OVERLOOKED',
  'MAX_PAGE',
  'MAX_FOUND',
  'MAX_PREVIEW_SIDE',
])

it('is one table, with a number and a place for each row', () => {
  expect(limits.length).toBeGreaterThan(20)
  for (const limit of limits) {
    for (const cell of Object.values(limit)) expect(cell, limit.what).not.toBe('')
    expect(limit.what, 'the area comes first').toMatch(/^\*\*[a-z ]+\*\*: /)
  }
  const areas = limits.map(({ what }) => what.slice(2, what.indexOf('**', 2)))
  expect(areas).toEqual([...areas].sort())
})

it.each(limits)('$what: the number of the table is that of the code', ({ bound }) => {
  const place = /`([\w/.-]+)#(\w+)`/.exec(bound)
  const [, file = '', name = ''] = place ?? []
  const path = SOURCES.map((source) => `${source}/${file}`).find((each) =>
    existsSync(join(ROOT, each)),
  )
  expect(path, `${file} is a source`).toBeDefined()
  expect(valueIn(read(path ?? ''), name)).toBe(numberOf(bound))
})

it.each(limits)('$what: a test holds it', ({ held }) => {
  const [, path = '', title = ''] = /^`([\w/.-]+)` (.+)$/.exec(held) ?? []
  expect(existsSync(join(ROOT, path)), path).toBe(true)
  const titles = [
    ...read(path).matchAll(/\b(?:it|test|describe)(?:\.each\([\s\S]*?\))?\(\s*(['"`])(.*?)\1/g),
  ].map(([, , text = '']) => text)
  expect(
    titles.filter((text) => text.includes(title)),
    `${path}: ${title}`,
  ).not.toEqual([])
})

it('has a row for every bound of the core and of the server', () => {
  const rows = new Set(limits.map(({ bound }) => /#(\w+)`/.exec(bound)?.[1]))
  const missing = ['core/src', 'sync-server/src']
    .flatMap(filesOf)
    .flatMap((path) =>
      [...read(path).matchAll(/^(?:export )?const (MAX_\w+) = \(?[\d-]/gm)].map(
        ([, name = '']) => [path, name] as const,
      ),
    )
    .filter(([, name]) => !rows.has(name) && !NO_GROWTH.has(name))
  expect(missing, 'docs/limits.md says how a row is written').toEqual([])
})
