import { expect, it } from 'vitest'
import { clientIdOf } from '../base/client-id.ts'
import type { DeviceId } from '../base/ids.ts'
import { EntryKind } from '../chat/entry.ts'
import { LaneWriter } from '../chat/lane-writer.ts'
import { Page } from '../chat/page.ts'
import { retractionOf } from '../chat/retraction.ts'
import { GateIndex } from './gate-index.ts'

const AT = Date.UTC(2026, 0, 15)

it('[ENTRY-5] deletes the elements that the gate knows the entries by, between receipts and what is gone', () => {
  const page = new Page()
  const laneWriters = [7, 8].map((writer) => new LaneWriter(1, writer, 'phone000' as DeviceId))
  const put = (write: { update: Uint8Array; advance(): void }): void => {
    write.advance()
    page.apply([write.update])
  }
  for (let n = 1; n <= 12; n++)
    for (const laneWriter of laneWriters) {
      const body = new Uint8Array([0, n])
      const message = { at: AT + n, kind: EntryKind.message, ref: null, body }
      put(laneWriter.entries([message], page.vector))
      if (n % 3 === 0) put(laneWriter.receipts([{ kind: 'r', writer: 99, n }], AT))
      if (n % 4 !== 0) continue
      const ref = { writer: laneWriter.writer, n: 2 }
      put(laneWriter.entries([{ at: AT + n, kind: EntryKind.edit, ref, body }], page.vector))
    }
  const taken: number[] = []
  for (const n of [9, 2, 3, 14]) {
    const index = new GateIndex()
    index.addStored(page.toUpdate())
    const { added, deletes } = retractionOf(page, page.entry(7, n)!, 1, AT + 20)
    const client = clientIdOf(1, 7)
    const gone = [n, ...page.editsOf(7, n).map((edit) => edit.n)]
    expect(deletes).toEqual(
      gone.map((one) => ({ client, clock: index.clockOf(client, one), len: 1 })),
    )
    put(laneWriters[0]!.entries(added, page.vector, deletes))
    taken.push(...gone)
  }
  expect(taken).toEqual([9, 2, 5, 10, 15, 3, 14])
  const left = page.toDoc().getArray('log:1').toArray() as [number, number, number][]
  const numbers = left.filter(([, writer]) => writer === 7).map(([, , n]) => n)
  expect(numbers).toEqual([1, 4, 6, 7, 8, 11, 12, 13, 16, 17, 18, 19])
})
