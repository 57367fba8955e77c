import { expect, test } from 'vitest'
import { type RiskSurroundings, StorageRisk } from './storage-risk.ts'

const DAY = 86_400_000

const around = (more: Partial<RiskSurroundings> = {}): RiskSurroundings => {
  const values = new Map<string, string>()
  return {
    state: async () => ({ kind: 'evictable' }),
    ask: async () => ({ kind: 'evictable' }),
    isInstalled: () => false,
    now: () => 1_000 * DAY,
    storage: {
      getItem: (key) => values.get(key) ?? null,
      setItem: (key, value) => void values.set(key, value),
    },
    ...more,
  }
}
const toldIn = async (surroundings: RiskSurroundings): Promise<boolean> => {
  const risk = new StorageRisk(surroundings)
  await risk.look()
  return risk.told.get()
}

test('tells of a browser that may delete, where installing helps', async () => {
  expect(await toldIn(around())).toBe(true)
  expect(await toldIn(around({ isInstalled: () => true }))).toBe(false)
  for (const kind of ['kept', 'unknown'] as const)
    expect(await toldIn(around({ state: async () => ({ kind }) }))).toBe(false)
})

test('what was put off comes back after a month', async () => {
  let now = 1_000 * DAY
  const surroundings = around({ now: () => now })
  const risk = new StorageRisk(surroundings)
  await risk.look()
  risk.putOff()
  expect(risk.told.get()).toBe(false)
  expect(await toldIn(surroundings)).toBe(false)
  now += 31 * DAY
  expect(await toldIn(surroundings)).toBe(true)
})

test('says no more once the browser agrees to keep it', async () => {
  let answer: 'kept' | 'evictable' = 'evictable'
  const risk = new StorageRisk(around({ ask: async () => ({ kind: answer }) }))
  await risk.look()
  await risk.ask()
  expect(risk.told.get()).toBe(true)
  answer = 'kept'
  await risk.ask()
  expect(risk.told.get()).toBe(false)
})
