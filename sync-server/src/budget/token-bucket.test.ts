import { expect, it } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

it('may be overdrawn, and then says how long to wait', () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 20 }, 0)
  bucket.take(20, 0)
  expect(bucket.wait(0)).toBe(100)
  bucket.take(30, 0)
  expect(bucket.wait(0)).toBe(3100)
  expect(bucket.wait(3100)).toBe(0)
})

it('saves up no more than its burst, also when the clock goes back', () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 20 }, 1_000_000)
  bucket.take(20, 2_000_000)
  expect(bucket.wait(1_000_000)).toBe(100)
  expect(bucket.wait(9_000_000)).toBe(0)
  bucket.take(20, 9_000_000)
  expect(bucket.wait(9_000_000)).toBe(100)
})
