import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { clientIdOf, indexOf, isWriter, MAX_INDEX, writerFrom, writerOf } from './client-id.ts'

const LAST_WRITER = 2 ** 40 - 1

describe('[ID-1] a writer', () => {
  it('is 40 random bits', () => {
    expect(writerFrom(Uint8Array.of(0, 0, 0, 0, 0))).toBe(0)
    expect(writerFrom(Uint8Array.of(0, 0, 0, 1, 2))).toBe(258)
    expect(writerFrom(new Uint8Array(5).fill(255))).toBe(LAST_WRITER)
    for (const writer of [0, LAST_WRITER]) expect(isWriter(writer)).toBe(true)
    for (const other of [-1, LAST_WRITER + 1, 0.5, Number.NaN, '7', null])
      expect(isWriter(other)).toBe(false)
  })
})

describe('[ID-2] a client id', () => {
  it('[DOC-4] says by arithmetic which member wrote, and with which writer', () => {
    for (const index of [0, 1, 2, MAX_INDEX])
      for (const writer of [0, 1, 628_292_358_309, LAST_WRITER]) {
        const client = clientIdOf(index, writer)
        expect(Number.isSafeInteger(client)).toBe(true)
        expect([indexOf(client), writerOf(client)]).toEqual([index, writer])
      }
    expect(MAX_INDEX).toBe(8191)
    expect(Number.isSafeInteger(clientIdOf(MAX_INDEX + 1, 0))).toBe(false)
  })

  it('is the same number after Yjs wrote and read it', () => {
    const doc = new Y.Doc()
    doc.clientID = clientIdOf(MAX_INDEX, LAST_WRITER)
    doc.getArray('log:8191').push([1])
    const copy = new Y.Doc()
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
    expect([...copy.store.clients.keys()]).toEqual([clientIdOf(MAX_INDEX, LAST_WRITER)])
  })
})

it('[ID-3] Yjs draws another client id when its own comes from elsewhere, unless it is pinned', () => {
  const own = clientIdOf(1, 7)
  const before = new Y.Doc()
  before.clientID = own
  before.getArray('log:1').push(['before'])
  const after = (pinned: boolean): Y.Doc => {
    const doc = new Y.Doc()
    const pin = (): void => {
      doc.clientID = own
    }
    if (pinned) doc.on('afterTransactionCleanup', pin)
    pin()
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(before))
    return doc
  }
  expect(after(false).clientID).not.toBe(own)
  expect(after(true).clientID).toBe(own)
})
