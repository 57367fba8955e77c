import { expect, it } from 'vitest'
import { settle, TestTimers } from '../sync/sync-test-kit.ts'
import { PushQueue } from './push-queue.ts'

const open = (concurrency = 2, limit = 4) => {
  const timers = new TestTimers()
  const errors: unknown[] = []
  const queue = new PushQueue({
    timers,
    concurrency,
    limit,
    onError: (error) => errors.push(error),
    random: () => 0,
  })
  return { timers, errors, queue }
}

it('runs a few jobs at a time, and takes only so many', async () => {
  const { queue } = open()
  const ends: (() => void)[] = []
  const job = () => new Promise<undefined>((resolve) => ends.push(() => resolve(undefined)))
  expect([1, 2, 3, 4, 5].map(() => queue.add(job))).toEqual([true, true, true, true, false])
  expect(ends.length).toBe(2)
  ends[0]?.()
  await settle()
  expect(ends.length).toBe(3)
  expect(queue.add(job)).toBe(true)
})

it('tries again later and later, and gives up in the end', async () => {
  const { queue, timers } = open()
  const at: number[] = []
  const start = timers.now()
  queue.add(async () => {
    at.push((timers.now() - start) / 1000)
    return 0
  })
  await timers.advance(600_000)
  expect(at).toEqual([0, 2, 10, 42, 170])
  expect(queue.size).toBe(0)
})

it('waits as long as it is asked to, unless that is for ever', async () => {
  const { queue, timers } = open()
  const asked = [60_000, 7 * 24 * 3_600_000]
  let tries = 0
  queue.add(async () => asked[tries++])
  await settle()
  await timers.advance(59_000)
  expect(tries).toBe(1)
  await timers.advance(1_000)
  expect(tries).toBe(2)
  expect(queue.size).toBe(0)
})

it('survives a job that fails, and forgets what waits when it stops', async () => {
  const { queue, timers, errors } = open()
  let tries = 0
  queue.add(async () => {
    throw new Error('broken')
  })
  queue.add(async () => {
    tries++
    return 0
  })
  await settle()
  expect(errors).toEqual([new Error('broken')])
  await queue.stop()
  await timers.advance(600_000)
  expect(tries).toBe(1)
  expect(queue.add(async () => undefined)).toBe(false)
})
