import { expect, it } from 'vitest'
import { DelayQueue } from './delay-queue.ts'
import { TestTimers } from './test-timers.ts'

it('has things due in order, with one timer for those that are due at about the same time', async () => {
  const timers = new TestTimers()
  const started = timers.elapsed()
  const due: [string, number][] = []
  let planned = 0
  const counting = {
    now: () => timers.now(),
    elapsed: () => timers.elapsed(),
    after: (ms: number, callback: () => void) => {
      planned++
      return timers.after(ms, callback)
    },
  }
  const queue = new DelayQueue<string>(counting, 1_600, (item) => {
    due.push([item, timers.elapsed() - started])
    // Not due before another such time, though it is added now.
    if (item === 'a') queue.add('again')
  })
  queue.add('a')
  await timers.advance(90)
  queue.add('b')
  await timers.advance(400)
  queue.add('c')
  await timers.advance(10_000)
  expect(due).toEqual([
    ['a', 1_600],
    ['b', 1_600],
    ['c', 2_090],
    ['again', 3_200],
  ])
  expect(planned).toBe(3)
  queue.add('never')
  queue.stop()
  await timers.advance(10_000)
  expect(due).toHaveLength(4)
})
