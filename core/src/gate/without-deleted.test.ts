import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { withoutDeleted } from '../update/without-deleted.ts'
import { A1, A2, changeOf, Server } from './gate-fixture.ts'
import { GateIndex } from './gate-index.ts'

const secret = 'PINEAPPLE-42'
const holds = (updates: readonly Uint8Array[]): boolean =>
  updates.some((update) => String.fromCharCode(...update).includes(secret))

describe('withoutDeleted', () => {
  it('takes the content out of the rows that brought it, and nothing else', () => {
    const server = new Server()
    const write = (client: number, change: (doc: Y.Doc) => void) => {
      const doc = server.replica(client)
      server.store(changeOf(doc, () => change(doc)))
    }
    write(A1, (doc) => doc.getArray('log:1').push(['one', secret, 'three', `${secret} again`]))
    write(A2, (doc) => doc.getArray('log:1').push(['five']))
    write(A1, (doc) => doc.getMap('prefs').set('k', secret))
    write(A1, (doc) => doc.getMap('prefs').set('k', 'other'))
    write(A2, (doc) => doc.getArray('log:1').delete(1))
    write(A2, (doc) => doc.getArray('log:1').delete(2))
    expect(holds(server.rows)).toBe(true)
    const rows = withoutDeleted(server.rows)
    expect(rows).toHaveLength(server.rows.length)
    expect(holds(rows)).toBe(false)
    const copy = new Y.Doc()
    const index = new GateIndex()
    for (const row of rows) {
      Y.applyUpdate(copy, row)
      index.addStored(row)
    }
    expect(copy.getArray('log:1').toJSON()).toEqual(['one', 'three', 'five'])
    expect(copy.getMap('prefs').get('k')).toBe('other')
    expect(index.describe()).toEqual(server.index.describe())
    expect(Y.encodeStateVector(copy)).toEqual(Y.encodeStateVector(server.doc))
  })

  it('gives back the same rows when nothing was deleted', () => {
    const doc = new Y.Doc()
    doc.getArray('log:1').push(['x'])
    const rows = [Y.encodeStateAsUpdate(doc)]
    expect(withoutDeleted(rows)).toBe(rows)
  })
})
