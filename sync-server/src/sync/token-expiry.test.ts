import { expect, it } from 'vitest'
import { TestTimers } from '../base/test-timers.ts'
import { TokenExpiries } from './token-expiry.ts'

it('[HELLO-5] closes each socket when its token ends, with one timer at a time', async () => {
  const timers = new TestTimers()
  const start = timers.now()
  const closed: [string, number][] = []
  let planned = 0
  const expiries = new TokenExpiries({
    now: () => timers.now(),
    elapsed: () => timers.elapsed(),
    after(ms, callback) {
      planned++
      const cancel = timers.after(ms, () => {
        planned--
        callback()
      })
      return () => {
        planned--
        cancel()
      }
    },
  })
  const [first, second, third] = ['first', 'second', 'third'].map((name) => ({
    close: () => closed.push([name, timers.now() - start]),
  }))
  if (first === undefined || second === undefined || third === undefined) throw new Error()
  expiries.watch(second, start + 2_000)
  expiries.watch(first, start + 1_000)
  expiries.watch(third, start + 3_000)
  expect(planned).toBe(1)
  await timers.advance(1_500)
  expect(closed).toEqual([['first', 1_000]])
  // Renewed.
  expiries.watch(second, start + 5_000)
  await timers.advance(3_000)
  expect([closed.slice(1), planned]).toEqual([[['third', 3_000]], 1])
  expiries.forget(second)
  await timers.advance(10_000)
  expect([closed.length, planned]).toEqual([2, 0])
})
