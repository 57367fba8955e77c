import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { joinUpdates } from './join-updates.ts'

const docOf = (updates: readonly Uint8Array[]): Y.Doc => {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc
}

/** All that a document holds, whether or not it is complete. */
const heldBy = (updates: readonly Uint8Array[]) => {
  const doc = docOf(updates)
  return {
    complete: doc.store.pendingStructs === null && doc.store.pendingDs === null,
    state: [...Y.encodeStateAsUpdate(doc)],
    log: doc.getArray('log').toArray(),
    map: doc.getMap('map').toJSON(),
  }
}

it('makes few rows of many, which hold the same', () => {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (let i = 0; i < 4_001; i++) doc.getArray('log').push([`number ${i} of them`.padEnd(99)])
  const rows = joinUpdates(updates)
  expect(rows.length).toBeLessThan(9)
  expect(docOf(rows).getArray('log').toArray()).toEqual(docOf(updates).getArray('log').toArray())
})

it('leaves one as it is, and none', () => {
  const update = Y.encodeStateAsUpdate(new Y.Doc())
  expect(joinUpdates([update])[0]).toBe(update)
  expect(joinUpdates([])).toEqual([])
})

it('holds the same of any documents, of parts of them, and of parts that came twice', () => {
  const step = fc.record({
    device: fc.nat(2),
    what: fc.constantFrom('push', 'push', 'set', 'delete', 'take'),
    from: fc.nat(2),
  })
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 30 }),
      fc.array(fc.tuple(fc.nat(99), fc.constantFrom('twice', 'lost', 'late', 'merged')), {
        maxLength: 2,
      }),
      (steps, mishaps) => {
        const updates: Uint8Array[] = []
        const docs = [1, 2, 3].map((id) => {
          const doc = new Y.Doc()
          doc.clientID = id
          doc.on('update', (update, origin) => {
            if (origin !== 'other') updates.push(update)
          })
          return doc
        })
        for (const { device, what, from } of steps) {
          const doc = docs[device] as Y.Doc
          const log = doc.getArray('log')
          if (what === 'push') log.push([updates.length])
          else if (what === 'set') doc.getMap('map').set(`key ${from}`, updates.length)
          else if (what === 'delete' && log.length > from) log.delete(from)
          else Y.applyUpdate(doc, Y.encodeStateAsUpdate(docs[from] as Y.Doc), 'other')
        }
        for (const [at, mishap] of mishaps) {
          const [one] = updates.splice(at % Math.max(1, updates.length), 1)
          if (one === undefined) continue
          if (mishap === 'twice') updates.push(one, one)
          else if (mishap === 'late') updates.push(one)
          else if (mishap === 'merged') updates.unshift(Y.mergeUpdates([...updates.slice(1), one]))
        }
        const rows = joinUpdates(updates)
        expect(heldBy(rows)).toEqual(heldBy(updates))
        // What is joined may be merged by Yjs later, and joined again.
        const [first, ...others] = updates
        if (first === undefined) return
        const later = [...joinUpdates(others), first]
        expect(heldBy([Y.mergeUpdates(later)])).toEqual(heldBy(updates))
        expect(heldBy(joinUpdates([...rows, ...later]))).toEqual(heldBy(updates))
      },
    ),
    { numRuns: 500 },
  )
})
