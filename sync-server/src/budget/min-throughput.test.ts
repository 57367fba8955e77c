import { expect, it } from 'vitest'
import { MinThroughput } from './min-throughput.ts'

it('is too slow for who takes in nothing, or hardly anything, of what waits for them', () => {
  const pace = new MinThroughput()
  expect(pace.isTooSlow({ sent: 500_000, waiting: 400_000 }, 30)).toBe(false)
  expect(pace.isTooSlow({ sent: 500_000, waiting: 300_000 }, 30)).toBe(false)
  expect(pace.isTooSlow({ sent: 500_000, waiting: 299_990 }, 30)).toBe(true)
})

it('asks nothing of who has all that they were sent', () => {
  const pace = new MinThroughput()
  for (let i = 0; i < 5; i++) expect(pace.isTooSlow({ sent: 100, waiting: 0 }, 30)).toBe(false)
  // Something was sent just now, after a long silence.
  expect(pace.isTooSlow({ sent: 90_000, waiting: 80_000 }, 30)).toBe(false)
  expect(pace.isTooSlow({ sent: 90_000, waiting: 0 }, 30)).toBe(false)
})
