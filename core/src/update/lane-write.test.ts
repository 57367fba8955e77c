import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { clientIdOf } from '../base/client-id.ts'
import { encodeLaneWrite, type LaneWrite, laneWriteLength } from './lane-write.ts'

const client = clientIdOf(1, 77)
/** A value with something of each kind, as entries are. */
const entry = (n: number) => [
  ...[1, 77, n, 'device01', 1_700_000_000_000 + n, 0, null],
  ...[[[5, n]], new Uint8Array([0, n]), null],
]

/** The bytes that an honest Yjs client emits for a change. */
const emitted = (doc: Y.Doc, change: () => void): Uint8Array => {
  const updates: Uint8Array[] = []
  const listen = (update: Uint8Array) => updates.push(update)
  doc.on('update', listen)
  doc.transact(change)
  doc.off('update', listen)
  return Y.mergeUpdates(updates)
}

const docOf = (id = client): Y.Doc => {
  const doc = new Y.Doc()
  doc.clientID = id
  return doc
}

const applied = (...writes: LaneWrite[]): Y.Doc => {
  const doc = new Y.Doc()
  for (const write of writes) Y.applyUpdate(doc, encodeLaneWrite(write))
  expect(doc.store.pendingStructs).toBeNull()
  expect(doc.store.pendingDs).toBeNull()
  return doc
}

describe('encodeLaneWrite', () => {
  it('writes the bytes that Yjs writes for a first entry', () => {
    const honest = emitted(docOf(), () => undefined)
    expect(encodeLaneWrite({ client, clock: 0, items: [] })).toEqual(honest)
    const doc = docOf()
    const bytes = emitted(doc, () => doc.getArray('log:1').push([entry(1)]))
    expect(
      encodeLaneWrite({ client, clock: 0, items: [{ log: 'log:1', values: [entry(1)] }] }),
    ).toEqual(bytes)
  })

  it('writes the bytes that Yjs writes for an append and a receipt', () => {
    const doc = docOf()
    doc.getArray('log:1').push([entry(1), entry(2)])
    const append = emitted(doc, () => doc.getArray('log:1').push([entry(3)]))
    expect(
      encodeLaneWrite({
        client,
        clock: 2,
        items: [{ log: 'log:1', after: { client, clock: 1 }, values: [entry(3)] }],
      }),
    ).toEqual(append)
    const receipt = emitted(doc, () => doc.getMap('state:1').set('r/5/1', 1_700_000_000_000))
    expect(
      encodeLaneWrite({
        client,
        clock: 3,
        items: [{ map: 'state:1', key: 'r/5/1', value: 1_700_000_000_000 }],
      }),
    ).toEqual(receipt)
  })

  it('writes the bytes that Yjs writes for an overwrite', () => {
    const doc = docOf()
    doc.getMap('prefs').set('muted', true)
    const honest = emitted(doc, () => doc.getMap('prefs').set('muted', false))
    expect(
      encodeLaneWrite({
        client,
        clock: 1,
        items: [{ map: 'prefs', key: 'muted', value: false, after: { client, clock: 0 } }],
        deletes: [{ client, clock: 0, len: 1 }],
      }),
    ).toEqual(honest)
  })

  it('overwrites in Yjs also when the deletion of the former value is not mentioned', () => {
    const doc = applied(
      { client, clock: 0, items: [{ map: 'prefs', key: 'muted', value: true }] },
      {
        client,
        clock: 1,
        items: [{ map: 'prefs', key: 'muted', value: false, after: { client, clock: 0 } }],
      },
    )
    expect(doc.getMap('prefs').toJSON()).toEqual({ muted: false })
  })

  it('appends merge into one struct', () => {
    const writes = Array.from({ length: 20 }, (_, i): LaneWrite => {
      const values = [entry(i + 1)]
      const item =
        i === 0
          ? { log: 'log:1', values }
          : { log: 'log:1', after: { client, clock: i - 1 }, values }
      return { client, clock: i, items: [item] }
    })
    const doc = applied(...writes)
    expect(doc.store.clients.get(client)).toHaveLength(1)
    expect(doc.getArray('log:1').toArray()).toEqual(writes.map((_, i) => entry(i + 1)))
  })

  it('makes the same document as an honest client, several items and deletes at once', () => {
    const doc = docOf()
    doc.transact(() => {
      doc.getArray('log:1').push([entry(1), entry(2)])
      doc.getMap('state:1').set('d/5/2', 1)
      doc.getArray('log:1').push([entry(3)])
    })
    doc.getArray('log:1').delete(1)
    const write: LaneWrite = {
      client,
      clock: 0,
      items: [
        { log: 'log:1', values: [entry(1), entry(2)] },
        { map: 'state:1', key: 'd/5/2', value: 1 },
        { log: 'log:1', after: { client, clock: 1 }, values: [entry(3)] },
      ],
      deletes: [{ client, clock: 1, len: 1 }],
    }
    expect(laneWriteLength(write)).toBe(4)
    const copy = applied(write)
    expect(Y.encodeStateAsUpdate(copy)).toEqual(Y.encodeStateAsUpdate(doc))
    expect(copy.getArray('log:1').toArray()).toEqual([entry(1), entry(3)])
  })

  it('sorts and merges deletes as Yjs does', () => {
    const other = clientIdOf(1, 99)
    const bytes = encodeLaneWrite({
      client,
      clock: 0,
      items: [],
      deletes: [
        { client, clock: 4, len: 2 },
        { client: other, clock: 0, len: 1 },
        { client, clock: 1, len: 3 },
        { client, clock: 9, len: 1 },
      ],
    })
    const { ds } = Y.decodeUpdate(bytes)
    expect([...ds.clients.keys()]).toEqual([other, client])
    expect(ds.clients.get(client)?.map(({ clock, len }) => [clock, len])).toEqual([
      [1, 5],
      [9, 1],
    ])
  })

  it('a log item without values is a programming error', () => {
    expect(() =>
      encodeLaneWrite({ client, clock: 0, items: [{ log: 'log:1', values: [] }] }),
    ).toThrow(RangeError)
  })
})
