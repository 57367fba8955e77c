import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { liveTables } from './level-manifest.ts'
import { LevelStore } from './level-store.ts'
import { checkTables } from './level-tables.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wardline-manifest-'))
})
afterEach(() => rm(directory, { recursive: true }))

const tables = async (): Promise<number[]> =>
  (await readdir(directory))
    .flatMap((name) => /^(\d+)\.ldb$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other)

it('has the tables that LevelDB has, however often they were merged', async () => {
  const level = new ClassicLevel(directory)
  for (let round = 0; round < 6; round++) {
    for (let i = 0; i < 300; i++) await level.put(`key!${round}!${i}`, 'x'.repeat(i * 40))
    await level.compactRange('a', round % 2 === 0 ? 'z' : 'key!3')
  }
  await level.close()
  // Opening deletes what is nobody's.
  const again = new ClassicLevel(directory)
  await again.open()
  await again.close()
  const live = await liveTables(directory)
  expect((await tables()).length).toBeGreaterThan(1)
  expect([...(live ?? [])].sort((one, other) => one - other)).toEqual(await tables())
})

it('a table that was half made when a process ended keeps nobody from opening the database', async () => {
  const store = await LevelStore.open(directory, { create: true })
  await store.commit({ records: [{ key: 'kept', value: 'here' }] })
  await store.close()
  const half = join(directory, '000999.ldb')
  await writeFile(half, 'half of a table')
  expect(await checkTables(directory)).toEqual([])
  const again = await LevelStore.open(directory)
  expect((await again.getRecord('kept'))?.value).toBe('here')
  await again.close()
  await expect(readFile(half)).rejects.toMatchObject({ code: 'ENOENT' })
})

it('opens and closes as often as one likes, in the middle of merging too', async () => {
  for (let round = 0; round < 30; round++) {
    const store = await LevelStore.open(directory, { create: true })
    await store.commit({ records: [{ key: `round/${round}`, value: 'x'.repeat(20_000) }] })
    await store.close()
  }
  const store = await LevelStore.open(directory)
  expect(await store.listRecords('round/')).toHaveLength(30)
  await store.close()
})

it('knows nothing of a manifest that is damaged', async () => {
  const store = await LevelStore.open(directory, { create: true })
  await store.close()
  const [name = ''] = (await readdir(directory)).filter((each) => each.startsWith('MANIFEST'))
  const bytes = await readFile(join(directory, name))
  bytes[12]! ^= 1
  await writeFile(join(directory, name), bytes)
  expect(await liveTables(directory)).toBeUndefined()
  expect(await liveTables(join(directory, 'nothing'))).toBeUndefined()
})
