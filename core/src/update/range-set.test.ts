import { describe, expect, it } from 'vitest'
import { addRanges, RangeSet } from './range-set.ts'

describe('RangeSet', () => {
  it('is the set of what was added, in any order', () => {
    let seed = 7
    const below = (n: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      return (seed >>> 8) % n
    }
    for (let round = 0; round < 300; round++) {
      const set = new RangeSet()
      const model = new Set<number>()
      const ranges = Array.from({ length: below(14) }, () => ({
        clock: below(40),
        len: 1 + below(5),
      }))
      if (round % 2 === 0) set.addAll(ranges)
      else for (const { clock, len } of ranges) set.add(clock, clock + len)
      for (const { clock, len } of ranges) for (let i = 0; i < len; i++) model.add(clock + i)
      const held = Array.from({ length: 50 }, (_, i) => i).filter((i) => set.has(i))
      expect(held).toEqual([...model].sort((a, b) => a - b))
      const bounds = set.ranges().flat()
      expect(bounds).toEqual([...new Set(bounds)].sort((a, b) => a - b))
      const [from, to] = [below(25), 25 + below(25)]
      const gaps: number[] = []
      set.eachGap(from, to, (a, b) => {
        expect(a).toBeLessThan(b)
        for (let i = a; i < b; i++) gaps.push(i)
      })
      expect(gaps).toEqual(
        Array.from({ length: to - from }, (_, i) => from + i).filter((i) => !model.has(i)),
      )
    }
  })

  it('a hundred thousand scattered ranges are added at once', () => {
    const ranges = Array.from({ length: 100_000 }, (_, i) => ({
      client: 1,
      clock: ((i * 7919) % 100_000) * 2,
      len: 1,
    }))
    const sets = new Map<number, RangeSet>()
    addRanges(sets, ranges)
    expect(sets.get(1)?.ranges()).toHaveLength(100_000)
  })
})
