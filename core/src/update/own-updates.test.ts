import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { clientIdOf } from '../base/client-id.ts'
import { encodeLaneWrite } from './lane-write.ts'
import { ownUpdates } from './own-updates.ts'

const mine = clientIdOf(1, 77)
const theirs = clientIdOf(2, 88)

const docOf = (...updates: Uint8Array[]): Y.Doc => {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc
}

describe('ownUpdates', () => {
  it('leaves out what lies in the lanes of others', () => {
    const doc = docOf(
      encodeLaneWrite({ client: mine, clock: 0, items: [{ log: 'log:1', values: ['a', 'b'] }] }),
      encodeLaneWrite({ client: theirs, clock: 0, items: [{ log: 'log:2', values: ['x'] }] }),
    )
    const own = docOf(...ownUpdates(Y.encodeStateAsUpdate(doc), 1))
    expect(own.getArray('log:1').toArray()).toEqual(['a', 'b'])
    expect(own.getArray('log:2').toArray()).toEqual([])
  })

  it('cuts long runs into parts that integrate in order', () => {
    const values = Array.from({ length: 40 }, (_, i) => [i, new Uint8Array(60_000).fill(i)])
    const write = encodeLaneWrite({
      client: mine,
      clock: 0,
      items: [
        { log: 'log:1', values },
        { map: 'state:1', key: 'd/1/1', value: 5 },
      ],
    })
    const parts = ownUpdates(Y.encodeStateAsUpdate(docOf(write)), 1)
    expect(parts.length).toBeGreaterThan(5)
    for (const part of parts) expect(part.length).toBeLessThan(300_000)
    const own = docOf(...parts)
    expect(own.store.pendingStructs).toBeNull()
    const numbers = own.getArray<[number, Uint8Array]>('log:1').map(([i, bytes]) => [i, bytes[0]])
    expect(numbers).toEqual(values.map((_, i) => [i, i]))
    expect(own.getMap('state:1').get('d/1/1')).toBe(5)
  })

  it('keeps own deletes', () => {
    const doc = docOf(
      encodeLaneWrite({ client: mine, clock: 0, items: [{ log: 'log:1', values: ['a', 'b'] }] }),
    )
    doc.getArray('log:1').delete(0, 1)
    const own = docOf(...ownUpdates(Y.encodeStateAsUpdate(doc), 1))
    expect(own.getArray('log:1').toArray()).toEqual(['b'])
  })

  it('is empty when nothing is theirs', () => {
    expect(ownUpdates(Y.encodeStateAsUpdate(new Y.Doc()), 1)).toEqual([])
  })
})
