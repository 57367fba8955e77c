import { expect, test } from 'vitest'
import { EntryKind, MAX_BODY } from '../chat/entry.ts'
import type { Writer } from '../ids/client-id.ts'
import { parseDeviceId } from '../ids/ids.ts'
import { Pen } from './pen.ts'
import { TextError } from './text-error.ts'

const draft = (length: number) => ({
  at: 1,
  kind: EntryKind.message,
  ref: null,
  body: new Uint8Array(length),
})

test('writes nothing that reading refuses, and counts on as if nothing had been', () => {
  const pen = new Pen(1, 7 as Writer, parseDeviceId('device01')!)
  const write = (length: number) => pen.entries([draft(1), draft(length)], new Map())
  expect(() => write(MAX_BODY + 1)).toThrow(TextError)
  expect(write(MAX_BODY).entries.map(({ n }) => n)).toEqual([1, 2])
})
