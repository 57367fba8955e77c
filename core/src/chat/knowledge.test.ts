import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeviceId } from '../base/ids.ts'
import { type Entry, type EntryId, EntryKind, entryId } from './entry.ts'
import { Knowledge } from './knowledge.ts'
import { Order } from './order.ts'

const entry = (
  writer: number,
  n: number,
  seen: [number, number][] = [],
  more: Partial<Entry> = {},
): Entry => ({
  writer,
  n,
  device: 'device00' as DeviceId,
  at: 0,
  kind: EntryKind.message,
  ref: null,
  seen: new Map(seen),
  body: new Uint8Array([0]),
  signature: null,
  ...more,
})

/** A replica that holds these entries. */
const replica = (entries: readonly Entry[], stubs: readonly EntryId[] = []) => {
  const held = new Map<EntryId, Entry>()
  const vector = new Map<number, number>()
  const order = new Order<Entry>()
  const knowledge = new Knowledge({
    vector: () => vector,
    entry: (writer, n) => held.get(entryId(writer, n)),
    isStub: (id) => stubs.includes(id),
    isBefore: (a, b) => order.isBefore(a, b),
    turns: () => order.turns,
  })
  const add = (one: Entry) => {
    held.set(entryId(one.writer, one.n), one)
    vector.set(one.writer, Math.max(one.n, vector.get(one.writer) ?? 0))
    order.add(one)
    knowledge.add(one)
  }
  for (const one of entries) add(one)
  const had = (of: Entry, what: Entry) => knowledge.had(of, what)
  return { add, had, vector, frontier: () => knowledge.frontier(vector) }
}

describe('Knowledge', () => {
  const question = entry(1, 1)
  const answer = entry(2, 1, [[1, 1]])
  const thanks = entry(3, 1, [[2, 1]])

  it('[ENTRY-6] implies what the authors of the named entries had seen', () => {
    const { had, frontier } = replica([question, answer, thanks])
    expect(had(answer, question)).toBe(true)
    expect(had(thanks, question)).toBe(true)
    expect(had(answer, thanks)).toBe(false)
    expect([...frontier()]).toEqual([[3, 1]])
  })

  it('goes on from the writer’s own last entry', () => {
    const later = entry(2, 2)
    expect(replica([question, answer, later]).had(later, question)).toBe(true)
  })

  it('goes as far back as it takes', () => {
    const later = Array.from({ length: 30 }, (_, i) => entry(2, i + 2))
    const { add, had } = replica([question, answer, ...later])
    for (const one of later) expect(had(one, question)).toBe(true)
    const unheard = entry(1, 2)
    add(unheard)
    for (const one of later) expect(had(one, unheard)).toBe(false)
  })

  it('takes what is named as exact, whatever others claim', () => {
    // 2 claims to have seen what does not exist yet; 3 names what it had.
    const liar = entry(2, 1, [[1, 9]])
    const honest = entry(3, 1, [
      [2, 1],
      [1, 1],
    ])
    const { had, frontier, add } = replica([question, liar])
    expect(frontier().get(1)).toBe(1)
    add(honest)
    const second = entry(1, 2)
    add(second)
    expect(had(honest, question)).toBe(true)
    expect(had(honest, second)).toBe(false)
  })

  it('does not tell what an entry on the way would have to tell', () => {
    expect(replica([question, thanks]).had(thanks, question)).toBeUndefined()
    // Its author could have changed what it says since.
    const forgetful = entry(2, 1)
    expect(replica([question, forgetful, thanks], ['2.1']).had(thanks, question)).toBeUndefined()
  })

  it('does not imply by an edit alone, which goes when its message is taken back', () => {
    const edit = entry(2, 1, [[1, 1]], { kind: EntryKind.edit })
    const { frontier } = replica([question, edit])
    expect([...frontier()]).toEqual([
      [1, 1],
      [2, 1],
    ])
  })

  it('is not led astray by numbers that are not there', () => {
    const liar = entry(2, 1, [[7, 2 ** 31 - 1]])
    expect(replica([question, liar]).had(liar, question)).toBeUndefined()
  })

  it('says the same as naming everything would, for any history', () => {
    const steps = fc.array(
      fc.record({
        device: fc.integer({ min: 0, max: 3 }),
        reloads: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
        edits: fc.boolean(),
        at: fc.integer({ min: 0, max: 20 }),
        hears: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(steps, (history) => {
        const devices = [0, 1, 2, 3].map(() => ({ ...replica([]), list: [] as Entry[], writer: 0 }))
        const all = replica([])
        const counts = new Map<number, number>()
        const truth = new Map<Entry, ReadonlyMap<number, number>>()
        let writers = 0
        for (const { device, reloads, edits, at, hears } of history) {
          const here = devices[device] as (typeof devices)[number]
          for (const other of hears)
            for (const one of devices[other]?.list ?? [])
              if (!here.list.includes(one)) {
                here.add(one)
                here.list.push(one)
              }
          if (reloads || here.writer === 0) here.writer = ++writers
          const n = (counts.get(here.writer) ?? 0) + 1
          counts.set(here.writer, n)
          const seen = [...here.frontier()].filter(([writer]) => writer !== here.writer)
          const kind = edits ? EntryKind.edit : EntryKind.message
          const one = entry(here.writer, n, seen, { at, kind })
          truth.set(one, new Map(here.vector))
          here.add(one)
          here.list.push(one)
          all.add(one)
        }
        for (const [of, vector] of truth)
          for (const what of truth.keys())
            if (what !== of && what.writer !== of.writer)
              expect(all.had(of, what)).toBe((vector.get(what.writer) ?? 0) >= what.n)
      }),
    )
  })
})
