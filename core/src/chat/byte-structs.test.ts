/** What is peculiar to reading from bytes; that it is what Yjs has, `page-order.test.ts` shows. */
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import type { DeviceId } from '../base/ids.ts'
import { encodeUtf8 } from '../base/utf8.ts'
import { ByteStructs } from './byte-structs.ts'
import { type Authored, EntryKind } from './entry.ts'
import { LaneWriter } from './lane-writer.ts'
import { Page } from './page.ts'
import { retractionOf } from './retraction.ts'

const device = 'device00' as DeviceId
const SECRET = encodeUtf8('a diagnosis that was meant for somebody else')
const body = (text: Uint8Array): Uint8Array => new Uint8Array([0, ...text])
const message = (text: Uint8Array) => ({
  at: 1_000,
  kind: EntryKind.message,
  ref: null,
  body: body(text),
})

const holdsSecret = (bytes: Uint8Array): boolean => bytes.join().includes(SECRET.join())

/** A page of three messages in one update, and an update that takes the second one back. */
const takenBack = () => {
  const page = new Page()
  const ada = new LaneWriter(2, 20, device)
  const texts = [encodeUtf8('one'), SECRET, encodeUtf8('three')]
  const written = ada.entries(texts.map(message), page.frontier)
  written.advance()
  page.apply([written.update])
  const { added, deletes } = retractionOf(page, page.entry(20, 2) as Authored, 2, 2_000)
  return { written: written.update, retraction: ada.entries(added, page.frontier, deletes).update }
}

it('[RETRACT-1] keeps nothing in memory of what was taken back', () => {
  const { written, retraction } = takenBack()
  const entries = new Map<number, Authored>()
  const structs = new ByteStructs({
    entry: (entry) => void entries.set(entry.n, entry),
    receipt() {},
    mark() {},
  })
  structs.apply([written])
  expect(holdsSecret(structs.updates[0] as Uint8Array)).toBe(true)
  structs.apply([retraction])
  expect(structs.takeErased()).toBe(true)
  entries.clear()
  structs.tellAgain()
  expect([...entries.keys()]).toEqual([1, 3, 4])
  expect(structs.updates.some(holdsSecret)).toBe(false)
  for (const entry of entries.values())
    expect(holdsSecret(new Uint8Array(entry.body.buffer))).toBe(false)
  expect(structs.elementsOf(2 * 2 ** 40 + 20)).toBe(4)
})

it('[RETRACT-1] gives updates without it, of which the same page is made', () => {
  const { written, retraction } = takenBack()
  const page = new Page()
  page.apply([written, retraction])
  const updates = page.toUpdates()
  expect(updates.some(holdsSecret)).toBe(false)
  const copy = new Page()
  expect(copy.apply(updates)).toBe(true)
  expect(copy.messages()).toEqual(page.messages())
  expect(copy.messages().map(({ retracted }) => retracted)).toEqual([false, true, false])
})

it('leaves what it cannot read to Yjs, with all that the page had', () => {
  const { written } = takenBack()
  const page = new Page()
  page.apply([written])
  const messages = page.messages()
  const doc = new Y.Doc()
  doc.getText('something else').insert(0, 'text')
  expect(
    new ByteStructs({ entry() {}, receipt() {}, mark() {} }).apply([Y.encodeStateAsUpdate(doc)]),
  ).toBe(false)
  expect(page.apply([Y.encodeStateAsUpdate(doc)])).toBe(true)
  expect(page.messages()).toEqual(messages)
  expect(page.toDoc().getText('something else').toString()).toBe('text')
  expect(() => page.apply([new Uint8Array([9, 9, 9])])).toThrow()
})
