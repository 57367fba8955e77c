import { expect, it } from 'vitest'
import * as Y from 'yjs'
import type { MemberIndex, Writer } from '../base/client-id.ts'
import { type DeviceId, monthOf, pageDoc, parseChatId, parseDocName } from '../base/ids.ts'
import { openBody } from '../chat/body.ts'
import { laneOf } from '../chat/lanes.ts'
import { statusOf } from '../chat/status.ts'
import { TextError } from '../chat/text-error.ts'
import { checkUpdate } from '../gate/check-update.ts'
import { GateIndex } from '../gate/gate-index.ts'
import { LivePage } from './live-page.ts'
import { OwnLane } from './own-lane.ts'

const now = Date.UTC(2026, 3, 5, 12)
const month = monthOf(now)
const ref = parseDocName(pageDoc(parseChatId('dm.pat-morgan.dr-ada')!, month))!
const device = 'device01' as DeviceId

/** A member with a document of the page, whose updates go through the gate to all others. */
const join = (index: MemberIndex, gate: GateIndex, others: Y.Doc[]) => {
  const doc = new Y.Doc()
  const page = new LivePage(doc)
  const lane = new OwnLane({ page, month, index, writer: (index * 7) as Writer, device })
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== lane) return
    const verdict = checkUpdate(gate, update, { doc: ref, lane: laneOf(ref, index), now })
    if (verdict.kind !== 'accept') throw new Error(JSON.stringify(verdict))
    verdict.advance()
    for (const other of others) if (other !== doc) Y.applyUpdate(other, verdict.update)
  })
  others.push(doc)
  return { doc, page, lane }
}
const texts = (page: LivePage) =>
  Promise.all(
    page.messages.map(async ({ body }) => {
      const opened = body && (await openBody(body))
      return opened?.kind === 'content' ? opened.content.text : opened
    }),
  )

it('[GATE-5] writes messages and receipts that the gate takes, and that others read', async () => {
  const gate = new GateIndex()
  const docs: Y.Doc[] = []
  const pat = join(1, gate, docs)
  const ada = join(2, gate, docs)
  const asked = await pat.lane.send({ text: 'May I come at ten?' }, now)
  await pat.lane.send({ text: 'Or at eleven' }, now + 1)
  ada.lane.noteDelivered(now + 2)
  ada.lane.noteRead(now + 3, ({ n }) => n === 1)
  await ada.lane.send({ text: 'At ten.' }, now + 4, asked)
  for (const { page } of [pat, ada])
    expect(await texts(page)).toEqual(['May I come at ten?', 'Or at eleven', 'At ten.'])
  const receipts = [pat.page.page.receiptsOf(2)]
  const statuses = [1, 2].map((n) => statusOf(asked.writer, n, true, receipts))
  expect(statuses).toEqual(['read', 'delivered'])
  expect(pat.page.messages[2]?.reply).toMatchObject({ writer: asked.writer, n: 1 })
  // Once is enough.
  const before = Y.encodeStateVector(ada.doc)
  ada.lane.noteDelivered(now + 5)
  expect(Y.encodeStateVector(ada.doc)).toEqual(before)
})

it('goes on after what a page load before it has written', async () => {
  const gate = new GateIndex()
  const docs: Y.Doc[] = []
  const first = join(1, gate, docs)
  await first.lane.send({ text: 'before the reload' }, now)
  const doc = new Y.Doc()
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(first.doc))
  const page = new LivePage(doc)
  const lane = new OwnLane({ page, month, index: 1, writer: 99 as Writer, device })
  await lane.send({ text: 'after it' }, now + 1)
  const all = Y.encodeStateAsUpdate(doc)
  const verdict = checkUpdate(gate, all, { doc: ref, lane: laneOf(ref, 1), now })
  expect(verdict).toMatchObject({ kind: 'accept', messages: 1 })
  expect(await texts(page)).toEqual(['before the reload', 'after it'])
})

it('writes nothing that is no message, or of another month', async () => {
  const { lane, doc } = join(1, new GateIndex(), [])
  await expect(lane.send({ text: ' \n' }, now)).rejects.toThrow(TextError)
  await expect(lane.send({ text: 'x'.repeat(70_000) }, now)).rejects.toThrow(TextError)
  await expect(lane.send({ text: 'late' }, Date.UTC(2026, 4, 1))).rejects.toThrow(RangeError)
  expect(Y.encodeStateVector(doc)).toEqual(Y.encodeStateVector(new Y.Doc()))
  expect((await lane.send({ text: 'the first' }, now)).n).toBe(1)
})
