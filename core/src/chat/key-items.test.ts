/** Keys that several devices set over each other, as stock Yjs clients may. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { ByteStructs } from './byte-structs.ts'
import { DocStructs } from './doc-structs.ts'
import { KeyItems } from './key-items.ts'
import type { PageStructs, StructSink } from './page-structs.ts'

const KEYS = ['d/7/1', 'd/7/2', 'r/7/1']

const step = fc.record({
  device: fc.nat(3),
  what: fc.constantFrom('set', 'set', 'set', 'delete', 'take', 'take'),
  key: fc.constantFrom(...KEYS),
  from: fc.nat(3),
})

const receiptsOf = (make: (sink: StructSink) => PageStructs, parts: readonly Uint8Array[][]) => {
  const values = new Map<string, unknown>()
  const structs = make({
    entry() {},
    receipt: (_index, key, value) => {
      if (value === undefined) values.delete(key)
      else values.set(key, value)
    },
    mark() {},
  })
  for (const part of parts) expect(structs.apply(part)).toBe(true)
  expect(structs.isComplete).toBe(true)
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1))
}

it('[FOLD-5] a key holds what Yjs shows, whoever set it over whose, and however it comes', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.uniqueArray(fc.nat(1000), { minLength: 4, maxLength: 4 }),
      fc.nat(),
      (steps, ids, cut) => {
        const updates: Uint8Array[] = []
        const devices = ids.map((id) => {
          const doc = new Y.Doc()
          doc.clientID = id + 1
          doc.on('update', (update, origin) => {
            if (origin !== 'other') updates.push(update)
          })
          return doc
        })
        steps.forEach(({ device, what, key, from }, time) => {
          const doc = devices[device] as Y.Doc
          const map = doc.getMap('state:1')
          if (what === 'set') map.set(key, time)
          else if (what === 'delete') map.delete(key)
          else Y.applyUpdate(doc, Y.encodeStateAsUpdate(devices[from] as Y.Doc), 'other')
        })
        const all = new Y.Doc()
        for (const update of updates) Y.applyUpdate(all, update)
        const early = new Y.Doc()
        const at = cut % (updates.length + 1)
        for (const update of updates.slice(0, at)) Y.applyUpdate(early, update)
        const rest = updates.slice(at)
        const ways = [
          [updates],
          updates.map((update) => [update]),
          [[Y.encodeStateAsUpdate(all)]],
          [[...rest, Y.encodeStateAsUpdate(early)]],
          [[Y.encodeStateAsUpdate(early)], rest],
        ]
        const expected = [...all.getMap('state:1').entries()].sort(([a], [b]) => (a < b ? -1 : 1))
        for (const way of ways) {
          expect(receiptsOf((sink) => new DocStructs(sink), way)).toEqual(expected)
          expect(receiptsOf((sink) => new ByteStructs(sink), way)).toEqual(expected)
        }
      },
    ),
    { numRuns: 300 },
  )
}, 60_000)

it('reads a key that somebody set 100,000 times, all over, about as fast as other keys', () => {
  const MANY = 100_000
  const items = new KeyItems('state:1', 'd/7/1')
  const add = (clock: number, after: number | undefined): void => {
    const origin = after === undefined ? null : { client: 1, clock: after }
    items.add({ client: 1, clock, len: 1, origin, value: clock, deleted: false })
  }
  add(0, undefined)
  for (let clock = 1; clock < MANY / 2; clock++) add(clock, clock - 1)
  const last = items.value
  for (let clock = MANY / 2; clock < MANY; clock++) add(clock, (clock * 7919) % (MANY / 2 - 1))
  for (let clock = 0; clock < MANY / 2 - 1; clock++) items.delete(1, clock, clock + 1)
  expect(items.value).toBe(last)
  items.delete(1, 0, MANY)
  expect(items.value).toBeUndefined()
}, 20_000)
