import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { A1, A2, B1, changeOf, entry, Server } from './gate-fixture.ts'
import { GateIndex } from './gate-index.ts'
import { splitUpdate } from './split-update.ts'

/** A page in which two devices of one member and one of another write in turns. */
const page = (): Server => {
  const server = new Server()
  const write = (client: number, change: (doc: Y.Doc) => void) => {
    const doc = server.replica(client)
    server.store(changeOf(doc, () => change(doc)))
  }
  for (let n = 1; n <= 60; n++) {
    write(A1, (doc) => doc.getArray('log:1').push([entry(A1, 2 * n - 1), entry(A1, 2 * n)]))
    write(A2, (doc) => doc.getArray('log:1').push([entry(A2, n)]))
    write(B1, (doc) => doc.getArray('log:2').push([entry(B1, n)]))
    if (n % 7 === 0) write(A2, (doc) => doc.getArray('log:1').delete(n))
    if (n % 5 === 0) write(B1, (doc) => doc.getMap('state:2').set(`r/${n}/1`, n))
  }
  return server
}

describe('splitUpdate', () => {
  it.each([1, 200, 1_000, 5_000])(
    'holds the same in parts of %d bytes, each on those before',
    (bytes) => {
      const { doc, index } = page()
      const whole = Y.encodeStateAsUpdate(doc)
      const parts = splitUpdate(whole, bytes)
      expect(parts.length).toBeGreaterThan(1)
      const rebuilt = new GateIndex()
      const copy = new Y.Doc()
      for (const part of parts) {
        rebuilt.addStored(part) // throws for a part that needs a later one
        Y.applyUpdate(copy, part)
        expect(copy.store.pendingStructs).toBeNull()
      }
      expect(rebuilt.describe()).toEqual(index.describe())
      expect(copy.getArray('log:1').toJSON()).toEqual(doc.getArray('log:1').toJSON())
      expect(copy.getMap('state:2').toJSON()).toEqual(doc.getMap('state:2').toJSON())
      expect(Y.encodeStateVector(copy)).toEqual(Y.encodeStateVector(doc))
    },
  )

  it('cuts a run of entries that Yjs has merged into one struct', () => {
    const doc = new Y.Doc()
    doc.clientID = A1
    for (let n = 1; n <= 500; n++) doc.getArray('log:1').push([entry(A1, n)])
    const whole = Y.encodeStateAsUpdate(doc)
    const parts = splitUpdate(whole, 4_000)
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(6_000)
    expect(parts.length).toBeGreaterThan(whole.length / 6_000)
  })

  it('leaves alone what is small, and what is in no lane', () => {
    const whole = Y.encodeStateAsUpdate(page().doc)
    expect(splitUpdate(whole)).toEqual([whole])
    const text = new Y.Doc()
    text.getText('notes').insert(0, 'a'.repeat(100))
    const update = Y.encodeStateAsUpdate(text)
    expect(splitUpdate(update, 10)).toEqual([update])
  })
})
