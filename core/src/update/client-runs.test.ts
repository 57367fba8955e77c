import { describe, expect, it } from 'vitest'
import { ClientRuns } from './client-runs.ts'

const log = { log: true, root: 'log:1' }
const receipt = (clock: number) => ({ log: false, root: 'state:1', clock })

/** Entries at clocks 0 1 2, 4, 6 7; receipts at 3 and 5. */
const sample = () => {
  const runs = new ClientRuns<typeof log | ReturnType<typeof receipt>>()
  runs.append(2, log)
  runs.append(1, log)
  runs.append(1, receipt(3))
  runs.append(1, log)
  runs.append(1, receipt(5))
  runs.append(2, log)
  return runs
}

describe('ClientRuns', () => {
  it('knows where each clock lies and which entry it is', () => {
    const runs = sample()
    const places = Array.from({ length: 9 }, (_, clock) => runs.placeAt(clock)?.root)
    const [l, s] = ['log:1', 'state:1']
    expect(places).toEqual([l, l, l, s, l, s, l, l, undefined])
    expect(runs).toMatchObject({ next: 8, entries: 6 })
    const clocks = Array.from({ length: 8 }, (_, n) => runs.clockOf(n))
    expect(clocks).toEqual([undefined, 0, 1, 2, 4, 6, 7, undefined])
  })

  it('goes on from a base, and joins', () => {
    const more = new ClientRuns<typeof log | ReturnType<typeof receipt>>(8, 6)
    more.append(1, log)
    more.append(1, receipt(9))
    more.append(1, log)
    expect([6, 7, 8, 9].map((n) => more.clockOf(n))).toEqual([undefined, 8, 10, undefined])
    expect([7, 8, 9, 11].map((clock) => more.placeAt(clock)?.root)).toEqual([
      undefined,
      'log:1',
      'state:1',
      undefined,
    ])
    const all = sample()
    all.appendAll(more)
    expect(all).toMatchObject({ next: 11, entries: 8 })
    const seen: [string | null, number, number][] = []
    all.eachRun(1, 10, ({ root }, from, to) => seen.push([root, from, to]))
    expect(seen).toEqual([
      ['log:1', 1, 3],
      ['state:1', 3, 4],
      ['log:1', 4, 5],
      ['state:1', 5, 6],
      ['log:1', 6, 9],
      ['state:1', 9, 10],
    ])
  })

  it('has nothing before anything is there', () => {
    const runs = new ClientRuns<typeof log | ReturnType<typeof receipt>>()
    expect(runs.placeAt(0)).toBeUndefined()
    expect(runs.clockOf(1)).toBeUndefined()
    runs.eachRun(0, 10, () => expect.fail())
  })
})
