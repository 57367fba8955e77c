import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { areEqual, contentsOf, countMissing } from './contents.ts'

const docOf = (client: number, values: readonly unknown[], deleted: readonly number[] = []) => {
  const doc = new Y.Doc()
  doc.clientID = client
  for (const value of values) doc.getArray('log:1').push([value])
  for (const at of deleted) doc.getArray('log:1').delete(at, 1)
  return doc
}
const of = (doc: Y.Doc) => contentsOf(Y.encodeStateAsUpdate(doc))!
const one = of(docOf(7, ['a', 'b', { c: new Uint8Array([1]) }]))

describe('what a document says', () => {
  it('is the same however it was put together', () => {
    const doc = new Y.Doc()
    doc.clientID = 7
    doc.getArray('log:1').push(['a', 'b'])
    const pushed = Y.encodeStateAsUpdate(doc)
    doc.getArray('log:1').push([{ c: new Uint8Array([1]) }])
    const again = new Y.Doc()
    Y.applyUpdate(again, Y.encodeStateAsUpdate(doc, Y.encodeStateVectorFromUpdate(pushed)))
    Y.applyUpdate(again, pushed)
    expect(areEqual(of(again), one)).toBe(true)
  })

  it('is another with another value, place, client or length, or when something is deleted', () => {
    const elsewhere = new Y.Doc()
    elsewhere.clientID = 7
    elsewhere.getArray('log:2').push(['a', 'b', { c: new Uint8Array([1]) }])
    const others = [
      docOf(7, ['a', 'x', { c: new Uint8Array([1]) }]),
      docOf(7, ['a', 'b', { c: new Uint8Array([2]) }]),
      docOf(8, ['a', 'b', { c: new Uint8Array([1]) }]),
      docOf(7, ['a', 'b']),
      docOf(7, ['a', 'b', { c: new Uint8Array([1]) }], [1]),
      elsewhere,
    ]
    for (const other of others) {
      expect(areEqual(of(other), one)).toBe(false)
      expect(areEqual(one, of(other))).toBe(false)
    }
  })

  it('is missing elsewhere, unless it was deleted there', () => {
    expect(countMissing(one, of(docOf(7, ['a', 'b', 1])))).toBe(1)
    expect(countMissing(one, of(docOf(7, ['a'])))).toBe(2)
    expect(countMissing(one, of(docOf(8, ['a', 'b'])))).toBe(3)
    const deleted = docOf(7, ['a', 'b', { c: new Uint8Array([1]) }, 'more'], [1])
    expect(countMissing(one, of(deleted))).toBe(0)
    // What is deleted in the given one has to be deleted.
    expect(countMissing(of(deleted), one)).toBe(2)
  })

  it('is not told of what no document of a clinic holds', () => {
    const doc = new Y.Doc()
    doc.getText('body').insert(0, 'somebody else’s')
    expect(contentsOf(Y.encodeStateAsUpdate(doc))).toBeUndefined()
    expect(contentsOf(new Uint8Array([9, 9, 9]))).toBeUndefined()
  })
})
