import { expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Writer } from '../base/client-id.ts'
import { type DeviceId, monthOf } from '../base/ids.ts'
import { LivePage } from './live-page.ts'
import { OwnLane } from './own-lane.ts'

const now = Date.UTC(2026, 3, 5)
const device = 'device01' as DeviceId
const writeTo = (doc: Y.Doc) => {
  const page = new LivePage(doc)
  const month = monthOf(now)
  return new OwnLane({ page, month, index: 1, writer: 5 as Writer, device })
}

it('has what was there, follows what comes, and tells of it until it is closed', async () => {
  const doc = new Y.Doc()
  const lane = writeTo(doc)
  await lane.send({ text: 'there already' }, now)
  const page = new LivePage(doc)
  expect(page.messages).toHaveLength(1)
  let told = 0
  const stop = page.subscribe(() => told++)
  await lane.send({ text: 'comes' }, now + 1)
  expect(page.messages).toHaveLength(2)
  expect(told).toBe(1)
  stop()
  await lane.send({ text: 'quietly' }, now + 2)
  expect(told).toBe(1)
  expect(page.messages).toHaveLength(3)
  page.close()
  await lane.send({ text: 'unheard' }, now + 3)
  expect(page.messages).toHaveLength(3)
  expect(new LivePage(doc).messages).toHaveLength(4)
})
