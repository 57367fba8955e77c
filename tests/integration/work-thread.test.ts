/** Long work in a thread of the compiled server: the same answers, and no harm when it dies. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseMonth } from '@wardline/core/base/ids'
import {
  type Executor,
  MAX_AT_ONCE,
  MAX_LIGHT,
  openWorkerPool,
  type WorkerPool,
} from '@wardline/sync-server/work/worker-pool'
import { afterEach, expect, it } from 'vitest'
import { countingWriters, WrittenPage } from '../support/written-page.ts'

const entry = pathToFileURL(
  resolve(import.meta.dirname, '../../sync-server/dist/work/work-thread.js'),
)
const LARGE = 2 ** 30
const pools: WorkerPool[] = []
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.stop()
})

const places = (): { here: Executor; beside: Executor } => {
  const pool = openWorkerPool(entry)
  pools.push(pool)
  return { here: pool.at(0), beside: pool.at(LARGE) }
}

it('answers what is answered in place', async () => {
  const month = parseMonth('2026-01')!
  const page = new WrittenPage(month, countingWriters())
  const updates = await page.write(300)
  const more = await page.write(10)
  const { here, beside } = places()
  expect(beside).not.toBe(here)
  const ask = async (place: Executor) => {
    const question = { name: 'newest', about: { before: undefined, count: 5 } } as const
    const told = await place.run('pat', 'page', 'ask', async () => ({
      updates,
      args: ['page', true, question] as const,
    }))
    const after = await place.run('pat', 'page', 'ask', async () => ({
      updates: more,
      args: ['page', false, question] as const,
    }))
    const vector = await place.run('pat', 'page', 'stateVector', async () => ({
      updates,
      args: [] as const,
    }))
    const diff = await place.run('pat', 'page', 'diff', async () => ({
      updates: [...updates, ...more],
      args: [vector] as const,
    }))
    const merged = await place.run('pat', 'page', 'merge', async () => ({
      updates,
      args: [] as const,
    }))
    const none = await place.run('pat', 'page', 'diff', async () => ({
      updates,
      args: [Uint8Array.of(255)] as const,
    }))
    return { told, after, vector, diff, merged, none }
  }
  const answer = await ask(beside)
  expect(answer).toEqual(await ask(here))
  expect(answer.after).toMatchObject({ kind: 'answer' })
  expect(answer.none).toBeUndefined()
})

it('work that breaks its thread fails alone; what was kept is known to be gone', async () => {
  const { beside } = places()
  const era = beside.era('page')
  const question = { name: 'newest', about: { before: undefined, count: 5 } } as const
  const broken = beside.run('pat', 'page', 'merge', async () => ({
    // Noise: Yjs throws.
    updates: [Uint8Array.of(255, 255, 255, 255, 255)],
    args: [] as const,
  }))
  await expect(broken).rejects.toThrow()
  expect(beside.era('page')).toBe(era)
  const missing = await beside.run('ada', 'page', 'ask', async () => ({
    updates: [],
    args: ['page', false, question] as const,
  }))
  expect(missing).toEqual({ kind: 'missing' })
})

it('small, larger and large documents are worked on in different places', async () => {
  const pool = openWorkerPool(entry)
  pools.push(pool)
  const [small, light, heavy] = [MAX_AT_ONCE, MAX_LIGHT, MAX_LIGHT + 1].map(pool.at)
  expect(new Set([small, light, heavy]).size).toBe(3)
  expect(pool.at(0)).toBe(small)
  expect(pool.at(2 ** 30)).toBe(heavy)
})
