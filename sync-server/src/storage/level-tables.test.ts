import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkTables, mendTables } from './level-tables.ts'

let directory: string
let table: string
let whole: Buffer

const keys = Array.from({ length: 2_000 }, (_, i) => `key!${String(i).padStart(5, '0')}`)

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wardline-tables-'))
  const level = new ClassicLevel(directory)
  for (const [i, key] of keys.entries())
    await level.put(key, `${'words '.repeat(i % 17)}${i * 7919}`)
  await level.compactRange('a', 'z')
  await level.close()
  const tables = (await readdir(directory)).filter((name) => name.endsWith('.ldb'))
  expect(tables).toHaveLength(1)
  table = tables[0]!
  whole = await readFile(join(directory, table))
})
afterEach(() => rm(directory, { recursive: true }))

it('finds nothing wrong with what LevelDB has written', async () => {
  expect(await checkTables(directory)).toEqual([])
  expect(await mendTables(directory)).toEqual([])
})

it('finds a flipped bit wherever it is, and empties no more than its block', async () => {
  let mended = 0
  const steps = 60
  for (let step = 0; step < steps; step++) {
    const bytes = Buffer.from(whole)
    const at = Math.floor((bytes.length * (step + 0.5)) / steps)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (step % 8))
    const copy = await mkdtemp(join(tmpdir(), 'wardline-tables-'))
    for (const name of await readdir(directory))
      await writeFile(join(copy, name), await readFile(join(directory, name)))
    await writeFile(join(copy, table), bytes)
    const [damage] = await checkTables(copy)
    expect(damage?.table, `at ${at}`).toBe(table)
    if (damage?.unreadable === false) {
      mended++
      await mendTables(copy)
      expect(await checkTables(copy)).toEqual([])
      expect(await readFile(join(copy, 'damaged', table))).toEqual(bytes)
      const level = new ClassicLevel(copy)
      const [range] = damage.lost
      const isLost = (key: string): boolean =>
        range !== undefined && key > (range.after ?? '') && key <= range.upTo
      expect(await level.keys().all(), `at ${at}`).toEqual(keys.filter((key) => !isLost(key)))
      await level.put('key!00000', 'again')
      await level.compactRange('a', 'z')
      await level.put('key!01000', 'again')
      await level.compactRange('a', 'z')
      expect(await level.get('key!01000')).toBe('again')
      await level.close()
    }
    await rm(copy, { recursive: true })
  }
  expect(mended).toBeGreaterThan(steps * 0.8)
}, 120_000)
