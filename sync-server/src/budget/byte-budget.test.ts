import { expect, it } from 'vitest'
import { settle, TestTimers } from '../base/test-timers.ts'
import { ByteBudget, type Hold } from './byte-budget.ts'

const open = () => {
  const timers = new TestTimers()
  const budget = new ByteBudget({ total: 100, share: 30, patienceMs: 5_000 }, timers)
  const holds = new Map<string, Hold>()
  const evicted: string[] = []
  const take = (who: string, bytes: number, name = who): void => {
    const evict = (): void => {
      evicted.push(name)
      holds.get(name)?.release()
    }
    void budget.take(who, bytes, evict).then((hold) => holds.set(name, hold))
  }
  return { budget, timers, holds, evicted, take }
}

it('one person, with whatever many sockets, holds a share, and waits for themselves', async () => {
  const { budget, take, holds } = open()
  for (let i = 0; i < 30; i++) take('pat', 10, `pat ${i}`)
  take('ada', 10)
  await settle()
  expect(budget.held('pat')).toBe(30)
  expect([...holds.keys()]).toEqual(['pat 0', 'pat 1', 'pat 2', 'ada'])
  holds.get('pat 1')?.release()
  holds.get('pat 1')?.release()
  await settle()
  expect(holds.has('pat 3')).toBe(true)
  expect(budget.held('pat')).toBe(30)
  expect(budget.held()).toBe(40)
})

it('a piece larger than a share is had by who holds nothing', async () => {
  const { budget, take, holds } = open()
  take('pat', 70, 'large')
  take('pat', 1, 'small')
  await settle()
  expect(budget.held('pat')).toBe(70)
  holds.get('large')?.release()
  await settle()
  expect(budget.held('pat')).toBe(1)
})

it('when all is held, who holds most loses it after a while, and nobody else', async () => {
  const { budget, timers, take, holds, evicted } = open()
  take('slow', 60)
  for (const who of ['a', 'b', 'c', 'd']) take(who, 10)
  take('honest', 20)
  take('late', 1)
  await timers.advance(4_000)
  expect(budget.held()).toBe(100)
  expect(holds.has('honest')).toBe(false)
  await timers.advance(1_000)
  expect(evicted).toEqual(['slow'])
  expect(budget.held('honest')).toBe(20)
  expect(budget.held('late')).toBe(1)
  await timers.advance(60_000)
  expect(evicted).toEqual(['slow'])
})

it('takes nothing away while there is room', async () => {
  const { timers, take, evicted } = open()
  take('slow', 60)
  take('slow', 60, 'slow again')
  await timers.advance(60_000)
  expect(evicted).toEqual([])
})
