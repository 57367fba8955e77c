import { expect, it } from 'vitest'
import { paced } from './paced.ts'

/** Something that takes 10 ms to draw, and a clock that goes on when the test says so. */
const slow = () => {
  const waiting: { at: number; run: () => void }[] = []
  let now = 0
  const drawn: number[] = []
  const changed = paced(
    () => {
      drawn.push(now)
      now += 10
    },
    {
      elapsed: () => now,
      after: (ms, run) => {
        waiting.push({ at: now + ms, run })
        return () => {}
      },
    },
  )
  const until = (end: number) => {
    for (;;) {
      const [next] = waiting.sort((a, b) => a.at - b.at)
      if (next === undefined || next.at > end) break
      waiting.shift()
      now = Math.max(now, next.at)
      next.run()
    }
    now = Math.max(now, end)
  }
  return { changed, until, drawn }
}

it('draws a change at once', () => {
  const { changed, until, drawn } = slow()
  changed()
  expect(drawn).toEqual([0])
  until(100)
  changed()
  expect(drawn).toEqual([0, 100])
})

it('rests three times as long as it took, and draws the last change of many', () => {
  const { changed, until, drawn } = slow()
  for (let ms = 0; ms < 100; ms++) {
    until(ms)
    changed()
  }
  until(200)
  expect(drawn).toEqual([0, 40, 80, 120])
  until(1_000)
  expect(drawn).toHaveLength(4)
})
