import { expect, test } from 'vitest'
import type { Writer } from '../base/client-id.ts'
import { parseDeviceId } from '../base/ids.ts'
import { EntryKind, MAX_BODY } from './entry.ts'
import { LaneWriter } from './lane-writer.ts'
import { TextError } from './text-error.ts'

const draft = (length: number) => ({
  at: 1,
  kind: EntryKind.message,
  ref: null,
  body: new Uint8Array(length),
})

test('writes nothing that reading refuses, and counts on as if nothing had been', () => {
  const laneWriter = new LaneWriter(1, 7 as Writer, parseDeviceId('device01')!)
  const write = (length: number) => laneWriter.entries([draft(1), draft(length)], new Map())
  expect(() => write(MAX_BODY + 1)).toThrow(TextError)
  expect(write(MAX_BODY).entries.map(({ n }) => n)).toEqual([1, 2])
})
