import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { firstClocks, stateBefore } from './state-before.ts'

it('leaves out what clients wrote from a clock on, and nothing else', () => {
  const mine = new Y.Doc()
  const sent: Uint8Array[] = []
  mine.on('update', (update: Uint8Array) => sent.push(update))
  mine.getArray('log:1').push(['a'])
  mine.getArray('log:1').push(['b'])
  const others = new Y.Doc()
  others.getArray('log:2').push(['x', 'y'])
  others.getArray('log:2').delete(0)
  Y.applyUpdate(mine, Y.encodeStateAsUpdate(others))
  mine.getMap('state:1').set('d/5/1', 7)
  mine.getArray('log:1').push(['c'])
  // Yjs joins a run of one client into one struct: the cut goes through it.
  const update = Y.mergeUpdates([Y.encodeStateAsUpdate(mine)])
  const ends = firstClocks(sent.slice(1).filter((_, i) => i !== 1))
  expect(ends).toEqual(new Map([[mine.clientID, 1]]))
  const before = new Y.Doc()
  Y.applyUpdate(before, stateBefore(update, ends))
  expect(before.getArray('log:1').toArray()).toEqual(['a'])
  expect(before.getArray('log:2').toArray()).toEqual(['y'])
  expect(before.getMap('state:1').size).toBe(0)
  expect(before.store.pendingStructs).toBeNull()
  const all = new Y.Doc()
  Y.applyUpdate(all, stateBefore(update, new Map()))
  expect(all.getArray('log:1').toArray()).toEqual(['a', 'b', 'c'])
  const none = new Y.Doc()
  Y.applyUpdate(none, stateBefore(update, new Map([[mine.clientID, 0]])))
  expect(none.getArray('log:1').length).toBe(0)
})
