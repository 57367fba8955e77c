import { describe, expect, it } from 'vitest'
import { continueRuns, Lineage, type Run, readLineage, writeLineage, writerOf } from './lineage.ts'

/** Openings, with so many changes in each. */
const opened = (...changes: readonly number[]) => {
  const all = [Lineage.continued([], 0)]
  let seq = 0
  for (const count of changes) {
    seq += count
    all.push(Lineage.continued(all.at(-1)?.entries ?? [], seq))
  }
  return { all, now: all.at(-1) ?? Lineage.continued([], 0), seq }
}

describe('lineage', () => {
  it('[CURSOR-7] knows the changes of each opening, and no others', () => {
    const { all, now } = opened(3, 4)
    const [first, second] = all
    const place = (lineage: Lineage | undefined, seq: number) =>
      now.locate(lineage?.cursorAt(seq) ?? '', 9)
    expect(place(first, 3)).toEqual({ no: 1, seq: 3 })
    expect(place(first, 4)).toBeUndefined()
    expect(place(second, 7)).toEqual({ no: 2, seq: 7 })
    expect(place(second, 8)).toBeUndefined()
    expect(place(now, 9)).toEqual({ no: 3, seq: 9 })
    expect(place(now, 10)).toBeUndefined()
  })

  it('[CURSOR-7] does not know the openings of a database that has gone another way', () => {
    const { all } = opened(3)
    const before = all[0]?.entries ?? []
    const lost = Lineage.continued(before, 3)
    const kept = Lineage.continued(before, 3)
    expect(kept.current.no).toBe(lost.current.no)
    expect(kept.locate(lost.cursorAt(3), 5)).toBeUndefined()
  })

  it('takes what is no cursor for an unknown one', () => {
    const { now } = opened(3)
    for (const text of [
      '',
      'x',
      '.',
      '.3',
      'a.',
      'a.b',
      '-1',
      '1e3',
      '3.3.3',
      `${'a'.repeat(65)}.3`,
    ])
      expect(now.locate(text, 9)).toBeUndefined()
  })

  it('knows the numbers from before there were openings, up to the first of them', () => {
    const first = Lineage.continued([], 40)
    expect(first.locate('40', 45)).toEqual({ no: 0, seq: 40 })
    expect(first.locate('41', 45)).toBeUndefined()
  })

  it('keeps a thousand openings; a place in an older one is unknown', () => {
    const { all, now } = opened(...Array.from({ length: 1_200 }, () => 1))
    expect(now.entries).toHaveLength(1_000)
    expect(now.locate(all[0]?.cursorAt(0) ?? '', 1_200)).toBeUndefined()
    expect(now.locate('0', 1_200)).toBeUndefined()
    expect(now.locate(all[300]?.cursorAt(300) ?? '', 1_200)).toEqual({ no: 301, seq: 300 })
  })

  it('is read as it was written', () => {
    const { now } = opened(3, 0, 200)
    expect(readLineage(writeLineage(now.entries))).toEqual(now.entries)
  })
})

describe('the runs of a document', () => {
  it('tell who wrote a row, or name somebody later, for whom it is safe to ask again', () => {
    let runs: readonly Run[] = []
    const wrote = new Map<number, number>()
    for (let head = 1; head <= 60; head++) {
      const no = Math.ceil(head / 3)
      runs = continueRuns(runs, head, no)
      wrote.set(head, no)
    }
    expect(runs.length).toBeLessThanOrEqual(8)
    for (const [head, no] of wrote) {
      const told = writerOf(runs, head)
      if (head < (runs[0]?.from ?? 0)) expect(told).toBe(0)
      else if (head < (runs[1]?.from ?? 0)) expect(told).toBeGreaterThanOrEqual(no)
      else expect(told).toBe(no)
    }
    expect(runs[0]?.from).toBe(1)
  })

  it('from before there were openings belong to number 0', () => {
    expect(writerOf(continueRuns([], 5, 2), 4)).toBe(0)
    expect(writerOf(continueRuns([], 5, 2), 5)).toBe(2)
  })
})
