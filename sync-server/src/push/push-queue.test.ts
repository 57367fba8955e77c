import { expect, it } from 'vitest'
import { settle, TestTimers } from '../base/test-timers.ts'
import { PushQueue } from './push-queue.ts'

const open = (concurrency = 2, limit = 4) => {
  const timers = new TestTimers()
  const errors: unknown[] = []
  const queue = new PushQueue({
    timers,
    concurrency,
    limit,
    each: { concurrency, limit },
    onError: (error) => errors.push(error),
    random: () => 1,
  })
  return { timers, errors, queue }
}

it('runs a few jobs at a time, and takes only so many', async () => {
  const { queue } = open()
  const ends: (() => void)[] = []
  const job = () => new Promise<undefined>((resolve) => ends.push(() => resolve(undefined)))
  expect([1, 2, 3, 4, 5].map(() => queue.add('ada', job))).toEqual([true, true, true, true, false])
  expect(ends.length).toBe(2)
  ends[0]?.()
  await settle()
  expect(ends.length).toBe(3)
  expect(queue.add('ada', job)).toBe(true)
})

it('tries again later and later, and gives up in the end', async () => {
  const { queue, timers } = open()
  const at: number[] = []
  const start = timers.now()
  queue.add('ada', async () => {
    at.push((timers.now() - start) / 1000)
    return 0
  })
  await timers.advance(600_000)
  expect(at).toEqual([0, 4, 10, 20, 38, 72, 138])
  expect(queue.size).toBe(0)
})

it('waits as long as it is asked to, unless that is for ever', async () => {
  const { queue, timers } = open()
  const asked = [60_000, 7 * 24 * 3_600_000]
  let tries = 0
  queue.add('ada', async () => asked[tries++])
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
  queue.add('ada', async () => {
    throw new Error('broken')
  })
  queue.add('ada', async () => {
    tries++
    return 0
  })
  await settle()
  expect(errors).toEqual([new Error('broken')])
  await queue.stop()
  await timers.advance(600_000)
  expect(tries).toBe(1)
  expect(queue.add('ada', async () => undefined)).toBe(false)
})

it('lets nobody keep the others waiting, or take all the room', async () => {
  const timers = new TestTimers()
  const queue = new PushQueue({
    timers,
    concurrency: 4,
    limit: 100,
    each: { concurrency: 2, limit: 10 },
    onError: () => {},
    random: () => 0,
  })
  const never = () => new Promise<undefined>(() => {})
  const taken = Array.from({ length: 20 }, () => queue.add('liar', never))
  expect(taken.filter(Boolean)).toHaveLength(10)
  const done: string[] = []
  for (const owner of ['ada', 'ada', 'ada', 'pat'])
    queue.add(owner, async () => {
      done.push(owner)
      return undefined
    })
  await settle()
  expect(done.toSorted()).toEqual(['ada', 'ada', 'ada', 'pat'])
  expect(queue.size).toBe(10)
})

it('gives the room back of what was tried in vain', async () => {
  const { queue, timers } = open()
  for (let round = 0; round < 3; round++) {
    expect([1, 2, 3, 4, 5].map(() => queue.add('ada', async () => 0))).toContain(false)
    await timers.advance(600_000)
    expect(queue.size).toBe(0)
  }
})
