import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Order, type Placeable } from './order.ts'

/** Time, in ms, that a slow and busy machine may take for what would take minutes in squares. */
const SLOW = 30_000

const entry = (
  writer: number,
  n: number,
  at: number,
  seen: [number, number][] = [],
): Placeable => ({
  writer,
  n,
  at,
  seen: new Map(seen),
})

const orderOf = (entries: readonly Placeable[]): string[] => {
  const order = new Order()
  for (const one of entries) order.add(one)
  return order.placed().map(({ entry: { writer, n } }) => `${writer}.${n}`)
}

describe('Order', () => {
  it('[ORDER-1] puts an answer after its question, whatever the clocks say', () => {
    const question = entry(1, 1, 5_000)
    const answer = entry(2, 1, 1_000, [[1, 1]])
    expect(orderOf([answer, question])).toEqual(['1.1', '2.1'])
  })

  it('[ORDER-2] sorts what did not see each other by time', () => {
    expect(orderOf([entry(1, 1, 300), entry(2, 1, 100), entry(3, 1, 200)])).toEqual([
      '2.1',
      '3.1',
      '1.1',
    ])
  })

  it('keeps a writer’s entries in their order even when its clock goes back', () => {
    expect(orderOf([entry(1, 1, 500), entry(1, 2, 100)])).toEqual(['1.1', '1.2'])
  })

  it('does not let a lying clock pull the others along', () => {
    const liar = entry(1, 1, 9_000_000)
    const honest = entry(2, 1, 200)
    const later = entry(2, 2, 300)
    expect(orderOf([liar, honest, later])).toEqual(['2.1', '2.2', '1.1'])
  })

  it('ends for entries that claim to have seen each other, the same for every arrival', () => {
    const a = entry(1, 1, 100, [[2, 1]])
    const b = entry(2, 1, 200, [[1, 1]])
    expect(orderOf([a, b])).toEqual(orderOf([b, a]))
  })

  it('[ORDER-1] knows that what saw an edit, which is gone, did not see what came after it', () => {
    // 1.2 was an edit of 1.1 and went with it; 2.1 took 1.1 back, and 1.3 came after that.
    const stub = entry(1, 1, 100)
    const retraction = entry(2, 1, 900, [[1, 2]])
    const reaction = entry(2, 2, 950)
    const later = entry(1, 3, 300, [[2, 2]])
    const answer = entry(3, 1, 200, [[2, 1]])
    const order = ['1.1', '2.1', '3.1', '2.2', '1.3']
    const live = new Order()
    for (const one of [stub, retraction, reaction, answer, later]) live.add(one)
    expect(live.placed().map(({ entry: { writer, n } }) => `${writer}.${n}`)).toEqual(order)
    expect(orderOf([later, answer, reaction, retraction, stub])).toEqual(order)
    expect(live.circular).toBe(false)
  })

  it('[ORDER-4] keeps answers after their questions beside somebody’s claims about the future', () => {
    const liar = entry(1, 1, 900, [[2, 99]])
    const question = entry(2, 1, 500, [[1, 1]])
    const answer = entry(3, 1, 400, [[2, 1]])
    const order = ['2.1', '3.1', '1.1']
    expect(orderOf([liar, question, answer])).toEqual(order)
    expect(orderOf([answer, question, liar])).toEqual(order)
  })

  it(
    'does not take forever over what refers into a gap',
    () => {
      const entries = [entry(1, 1, 1), entry(1, 2 ** 30, 2)]
      for (let n = 1; n <= 1_000; n++) entries.push(entry(2, n, n, [[1, 2 ** 30 - 1]]))
      expect(orderOf(entries)).toHaveLength(1_002)
    },
    SLOW,
  )

  it(
    'does not take forever over many that belong to the beginning',
    () => {
      const entries = Array.from({ length: 50_000 }, (_, i) => entry(1, i + 1, 1_000_000 + i))
      for (let n = 1; n <= 50_000; n++) entries.push(entry(2, n, n))
      expect(orderOf(entries)[0]).toBe('2.1')
    },
    SLOW,
  )

  it(
    'takes any number of writers that wait for one',
    () => {
      const waiting = Array.from({ length: 200_000 }, (_, i) => entry(i + 2, 1, 1, [[1, 1]]))
      expect(orderOf([...waiting, entry(1, 1, 1)])[0]).toBe('1.1')
    },
    SLOW,
  )

  it(
    'does not take forever over many circles',
    () => {
      const circles: Placeable[] = []
      for (let i = 1; i <= 20_000; i += 2)
        circles.push(entry(i, 1, i, [[i + 1, 1]]), entry(i + 1, 1, i, [[i, 1]]))
      expect(orderOf(circles)).toHaveLength(20_000)
    },
    SLOW,
  )

  it('[ORDER-3] is a function of the set: any arrival gives the same order, and causes come first', () => {
    const history = fc
      .array(
        fc.record({
          writer: fc.integer({ min: 1, max: 4 }),
          at: fc.integer({ min: 0, max: 50 }),
          sees: fc.array(fc.nat(), { maxLength: 3 }),
        }),
        { maxLength: 30 },
      )
      .map((steps) => {
        const entries: Placeable[] = []
        const counts = new Map<number, number>()
        for (const { writer, at, sees } of steps) {
          const n = (counts.get(writer) ?? 0) + 1
          counts.set(writer, n)
          const seen = new Map<number, number>()
          for (const pick of sees) {
            const other = entries[pick % Math.max(1, entries.length)]
            if (other !== undefined && other.writer !== writer)
              seen.set(other.writer, Math.max(other.n, seen.get(other.writer) ?? 0))
          }
          entries.push({ writer, n, at, seen })
        }
        return entries
      })
    fc.assert(
      fc.property(
        history.chain((entries) =>
          fc.tuple(
            fc.constant(entries),
            fc.shuffledSubarray(entries, { minLength: entries.length }),
          ),
        ),
        ([entries, shuffled]) => {
          const order = orderOf(entries)
          expect(orderOf(shuffled)).toEqual(order)
          const position = new Map(order.map((id, i) => [id, i]))
          for (const { writer, n, seen } of entries)
            for (const [other, upTo] of seen)
              expect(position.get(`${other}.${upTo}`)).toBeLessThan(
                position.get(`${writer}.${n}`) ?? -1,
              )
        },
      ),
    )
  })
})
