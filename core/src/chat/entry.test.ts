import { describe, expect, it } from 'vitest'
import type { DeviceId, Month } from '../base/ids.ts'
import {
  type Entry,
  EntryKind,
  entryId,
  MAX_BODY,
  MAX_SEEN,
  readEntry,
  readKind,
  writeEntry,
} from './entry.ts'

const message: Entry = {
  writer: 628_292_358_309,
  n: 3,
  device: 'k3v9q2m7xa' as DeviceId,
  at: 1_767_225_600_123,
  kind: EntryKind.message,
  ref: null,
  seen: new Map([[409_731_122_003, 12]]),
  body: Uint8Array.of(0, 1),
  signature: null,
}
const tuple = (over: Record<number, unknown> = {}): unknown[] => {
  const value: unknown[] = writeEntry(message)
  for (const [place, other] of Object.entries(over)) value[Number(place)] = other
  return value
}

describe('[ENTRY-1] an entry', () => {
  it('is ten plain values, in this order', () => {
    expect(writeEntry(message)).toEqual([
      ...[1, 628_292_358_309, 3, 'k3v9q2m7xa', 1_767_225_600_123, 1, null],
      ...[[409_731_122_003, 12], Uint8Array.of(0, 1), null],
    ])
  })

  it('is read as it was written', () => {
    const seen = new Map([[1, 2]])
    const others: Partial<Entry>[] = [
      {},
      { kind: readKind(0)! },
      { kind: readKind(255)!, signature: new Uint8Array(256) },
      { ref: { writer: 1, n: 2 } },
      { ref: { writer: 1, n: 2, month: '2024-05' as Month } },
      { kind: EntryKind.retraction, ref: { writer: 1, n: 2, stub: { at: 5, seen } } },
      { body: new Uint8Array(MAX_BODY), seen: new Map() },
      { at: 0, n: 2 ** 31 - 1, writer: 2 ** 40 - 1 },
    ]
    for (const over of others) {
      const entry = { ...message, ...over }
      expect(readEntry(writeEntry(entry))).toEqual(entry)
    }
  })

  it.each([
    ['no array', {}],
    ['too short', tuple().slice(0, 9)],
    ['too long', [...tuple(), null]],
    ['of another version', tuple({ 0: 2 })],
    ['of no writer', tuple({ 1: 2 ** 40 })],
    ['without a number', tuple({ 2: 0 })],
    ['with too large a number', tuple({ 2: 2 ** 31 })],
    ['of no device', tuple({ 3: 'NO' })],
    ['of no time', tuple({ 4: 1.5 })],
    ['of no kind', tuple({ 5: 256 })],
    ['of half a kind', tuple({ 5: 1.5 })],
    ['that refers to no place', tuple({ 6: [1] })],
    ['that refers to no month', tuple({ 6: [1, 2, '2024-13'] })],
    ['with half a stub', tuple({ 6: [1, 2, null, 5] })],
    ['with a stub of another page', tuple({ 6: [1, 2, '2024-05', 5, []] })],
    ['that saw half a place', tuple({ 7: [1] })],
    ['that saw a writer twice', tuple({ 7: [1, 2, 1, 3] })],
    ['that saw too much', tuple({ 7: Array.from({ length: 2 * MAX_SEEN + 2 }, (_, i) => i + 1) })],
    ['with a text for a body', tuple({ 8: 'text' })],
    ['without a body', tuple({ 8: new Uint8Array() })],
    ['with too large a body', tuple({ 8: new Uint8Array(MAX_BODY + 1) })],
    ['with too large a signature', tuple({ 9: new Uint8Array(257) })],
  ])('is none that is %s', (_what, value) => {
    expect(readEntry(value)).toBeUndefined()
  })
})

it('[ENTRY-2] the id of an entry is its writer and its number', () => {
  expect(entryId(628_292_358_309, 3)).toBe('628292358309.3')
})

it('[ENTRY-5] a retraction carries what the stub needs', () => {
  const stub = { at: 1_767_225_600_000, seen: new Map([[7, 4]]) }
  const ref = { writer: 628_292_358_309, n: 3, stub }
  const written = writeEntry({ ...message, kind: EntryKind.retraction, ref })
  expect(written[6]).toEqual([628_292_358_309, 3, null, 1_767_225_600_000, [7, 4]])
})
