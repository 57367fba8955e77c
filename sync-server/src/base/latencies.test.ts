import { expect, it } from 'vitest'
import { Latencies } from './latencies.ts'

it('says how long half of them took, and nearly all; only the last ones count', () => {
  const latencies = new Latencies(100)
  expect(latencies.read()).toBeUndefined()
  latencies.add(7)
  expect(latencies.read()).toEqual({ count: 1, p50: 7, p99: 7 })
  for (let ms = 1; ms <= 200; ms++) latencies.add(ms)
  expect(latencies.read()).toEqual({ count: 100, p50: 150, p99: 199 })
})
