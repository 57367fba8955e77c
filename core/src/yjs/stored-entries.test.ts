import { expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Writer } from '../base/client-id.ts'
import { type DeviceId, monthOf } from '../base/ids.ts'
import type { DocConnection } from './connect-doc.ts'
import { LivePage } from './live-page.ts'
import { OwnLane } from './own-lane.ts'
import { StoredEntries } from './stored-entries.ts'

const now = Date.UTC(2026, 3, 5)
const device = 'device01' as DeviceId

it('knows what came back, and listens only while something did not', async () => {
  const doc = new Y.Doc()
  const page = new LivePage(doc)
  const lane = new OwnLane({ page, month: monthOf(now), index: 1, writer: 5 as Writer, device })
  const calls: string[] = []
  const listeners = new Set<(synced: boolean) => void>()
  let copy = new Y.Doc()
  const stored = new StoredEntries({
    page,
    index: 1,
    connect: (made) => {
      copy = made
      calls.push('made')
      const awareness = { setLocalState: (state: unknown) => calls.push(`says ${state}`) }
      return {
        provider: {
          awareness,
          on: (_event: string, listener: (synced: boolean) => void) => listeners.add(listener),
          off: (_event: string, listener: (synced: boolean) => void) => listeners.delete(listener),
        },
        connect: () => calls.push('connect'),
        disconnect: () => calls.push('disconnect'),
        close: () => calls.push('close'),
      } as unknown as DocConnection
    },
  })
  expect(calls).toEqual([])
  const first = await lane.send({ text: 'one' }, now)
  expect(calls).toEqual(['made', 'says null'])
  expect([stored.has(first), stored.waiting.length]).toEqual([false, 1])

  let told = 0
  stored.subscribe(() => told++)
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  expect([stored.has(first), stored.waiting.length, told]).toEqual([true, 0, 1])
  expect(calls.at(-1)).toBe('disconnect')
  await lane.send({ text: 'two' }, now + 1)
  expect(calls.at(-1)).toBe('connect')
  expect(stored.waiting.map(({ n }) => n)).toEqual([2])

  let rechecked = false
  const recheck = stored.recheck().then(() => {
    rechecked = true
  })
  expect(calls.slice(-2)).toEqual(['disconnect', 'connect'])
  for (const listener of listeners) listener(false)
  await Promise.resolve()
  expect(rechecked).toBe(false)
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  for (const listener of listeners) listener(true)
  await recheck
  expect([stored.waiting.length, listeners.size]).toEqual([0, 0])
  await stored.recheck()
  stored.close()
  expect(calls.at(-1)).toBe('close')
})
