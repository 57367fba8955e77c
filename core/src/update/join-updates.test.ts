import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { joinUpdates } from './join-updates.ts'

const log = (updates: readonly Uint8Array[]): unknown[] => {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc.getArray('log').toArray()
}

it('makes few rows of many, which hold the same', () => {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (let i = 0; i < 1_001; i++) doc.getArray('log').push([i])
  const rows = joinUpdates(updates)
  expect(rows.length).toBeLessThan(20)
  expect(log(rows)).toEqual(log(updates))
})

it('leaves one as it is, and none', () => {
  const update = Y.encodeStateAsUpdate(new Y.Doc())
  expect(joinUpdates([update])[0]).toBe(update)
  expect(joinUpdates([])).toEqual([])
})
