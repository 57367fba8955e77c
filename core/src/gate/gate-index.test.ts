import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { forge } from '../update/forge-fixture.ts'
import { encodeLaneWrite } from '../update/lane-write.ts'
import { A1, A2, B1, changeOf, entry, SERVER, Server } from './gate-fixture.ts'
import { GateIndex } from './gate-index.ts'

const indexOfRows = (...rows: Uint8Array[]): GateIndex => {
  const index = new GateIndex()
  for (const row of rows) index.addStored(row)
  return index
}

/** A page with two devices of one member and one of another, and what was stored of it. */
const page = (): Server => {
  const server = new Server()
  const write = (client: number, change: (doc: Y.Doc) => void) => {
    const doc = server.replica(client)
    server.store(changeOf(doc, () => change(doc)))
  }
  write(A1, (doc) => doc.getArray('log:1').push([entry(A1, 1), entry(A1, 2)]))
  write(B1, (doc) => doc.getArray('log:2').push([entry(B1, 1)]))
  write(A1, (doc) => doc.getMap('state:1').set('r/33/1', 1))
  write(A2, (doc) => doc.getArray('log:1').push([entry(A2, 1)]))
  write(A1, (doc) => doc.getArray('log:1').push([entry(A1, 3)]))
  write(A2, (doc) => doc.getArray('log:1').delete(1))
  return server
}

describe('GateIndex', () => {
  it('knows clocks, places, entries and deletes of stored rows', () => {
    const { index } = page()
    expect([A1, A2, B1, SERVER].map((client) => index.next(client))).toEqual([4, 1, 1, 0])
    expect([A1, A2, B1, SERVER].map((client) => index.lastEntry(client))).toEqual([3, 1, 1, 0])
    expect([0, 1, 2, 3, 4].map((n) => index.clockOf(A1, n))).toEqual([
      undefined,
      0,
      1,
      3,
      undefined,
    ])
    expect(index.clockOf(SERVER, 1)).toBeUndefined()
    expect(index.deletedOf(A1).ranges()).toEqual([[1, 2]])
    expect(index.describe()[0]).toEqual({
      client: A1,
      next: 4,
      entries: 3,
      places: [
        { at: 0, root: 'log:1', key: null },
        { at: 2, root: 'state:1', key: 'r/33/1' },
        { at: 3, root: 'log:1', key: null },
      ],
      deleted: [[1, 2]],
    })
  })

  it('is the same from a snapshot, from merged rows, and from a snapshot with a tail', () => {
    const { doc, rows, index } = page()
    expect(indexOfRows(Y.encodeStateAsUpdate(doc)).describe()).toEqual(index.describe())
    expect(indexOfRows(Y.mergeUpdates(rows)).describe()).toEqual(index.describe())
    const half = new Y.Doc()
    for (const row of rows.slice(0, 3)) Y.applyUpdate(half, row)
    const tail = indexOfRows(Y.encodeStateAsUpdate(half), ...rows.slice(3))
    expect(tail.describe()).toEqual(index.describe())
    const twice = indexOfRows(...rows, Y.encodeStateAsUpdate(half), ...rows)
    expect(twice.describe()).toEqual(index.describe())
  })

  it('knows what a map item was set after as deleted, said or not', () => {
    const doc = new Y.Doc()
    doc.clientID = SERVER
    const first = changeOf(doc, () => doc.getMap('sys').set('title', 'a'))
    const second = changeOf(doc, () => doc.getMap('sys').set('title', 'b'))
    const silent = encodeLaneWrite({
      client: SERVER,
      clock: 0,
      items: [
        { map: 'sys', key: 'title', value: 'a' },
        { map: 'sys', key: 'title', value: 'b', after: { client: SERVER, clock: 0 } },
      ],
    })
    const index = indexOfRows(first, second)
    expect(index.deletedOf(SERVER).ranges()).toEqual([[0, 1]])
    expect(indexOfRows(silent).describe()).toEqual(index.describe())
    expect(indexOfRows(Y.encodeStateAsUpdate(doc)).describe()).toEqual(index.describe())
  })

  it('takes in every V1 content, also nested and collected ones', () => {
    const doc = new Y.Doc()
    doc.clientID = SERVER
    const nested = new Y.Map()
    doc.getMap('sys').set('m', nested)
    nested.set('x', 1)
    nested.set('y', new Y.Text('abc'))
    doc.getText('t').insert(0, 'hello')
    doc.getText('t').insert(0, 'before')
    doc.getMap('sys').delete('m')
    const index = indexOfRows(Y.encodeStateAsUpdate(doc))
    expect(index.next(SERVER)).toBe(Y.getState(doc.store, SERVER))
    expect(index.runsOf(SERVER)?.placeAt(1)?.root).toBeNull()
  })

  it('throws for bytes that cannot have been stored whole', () => {
    const gap = forge([{ client: A1, clock: 3, structs: [{ values: [1] }] }])
    const orphan = forge([
      { client: A1, clock: 0, structs: [{ origin: { client: A2, clock: 0 }, values: [1] }] },
    ])
    const skip = forge([{ client: A1, clock: 0, structs: [{ ref: 10, len: 1 }] }])
    for (const bytes of [gap, orphan, skip, forge([], [[A1, [0, 1]]]), new Uint8Array()])
      expect(() => indexOfRows(bytes)).toThrow(/stored update/)
  })

  it('is not changed by stored bytes that it refuses', () => {
    const index = new GateIndex()
    const bytes = forge([{ client: A1, clock: 0, structs: [{ values: [1] }] }], [[A1, [0, 2]]])
    expect(() => index.addStored(bytes)).toThrow()
    expect(index.describe()).toEqual([])
  })
})
