import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Order, type Placeable } from './order.ts'

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
