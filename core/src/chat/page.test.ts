import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { DeviceId, Month } from '../base/ids.ts'
import { openBody, sealBody } from './body.ts'
import { EntryKind, entryId, readKind } from './entry.ts'
import { LaneWriter } from './lane-writer.ts'
import { Page } from './page.ts'

const device = 'device00' as DeviceId

const ada = () => new LaneWriter(2, 20, device)
const pat = () => new LaneWriter(1, 10, device)

const message = async (text: string, at: number) => ({
  at,
  kind: EntryKind.message,
  ref: null,
  body: await sealBody({ text }),
})

/** Writes into a page and returns the update. */
const write = (page: Page, made: { update: Uint8Array; advance(): void }): Uint8Array => {
  made.advance()
  page.apply([made.update])
  return made.update
}

const texts = async (page: Page): Promise<string[]> =>
  Promise.all(
    page.messages().map(async ({ body }) => {
      if (body === null) return '(retracted)'
      const opened = await openBody(body)
      return opened.kind === 'content' ? opened.content.text : '?'
    }),
  )

describe('Page', () => {
  it('[FOLD-1] folds the logs of all members into one timeline', async () => {
    const page = new Page()
    const [p, a] = [pat(), ada()]
    write(page, p.entries([await message('hello', 100)], page.frontier))
    write(page, a.entries([await message('good morning', 90)], page.frontier))
    write(page, p.entries([await message('thanks', 300)], page.frontier))
    expect(await texts(page)).toEqual(['hello', 'good morning', 'thanks'])
    expect(page.messages().map(({ author }) => author)).toEqual([1, 2, 1])
  })

  it('[FOLD-2] takes edits from the author alone', async () => {
    const page = new Page()
    const [p, a] = [pat(), ada()]
    write(page, p.entries([await message('twelve', 100)], page.frontier))
    const ref = { writer: p.writer, n: 1 }
    const edit = async (text: string, at: number) => ({
      at,
      kind: EntryKind.edit,
      ref,
      body: await sealBody({ text }),
    })
    write(page, a.entries([await edit('forged', 150)], page.frontier))
    expect(await texts(page)).toEqual(['twelve'])
    write(page, p.entries([await edit('eleven', 160)], page.frontier))
    write(page, p.entries([await edit('ten', 170)], page.frontier))
    expect(await texts(page)).toEqual(['ten'])
    expect(page.messages()[0]?.history).toHaveLength(2)
  })

  it('[FOLD-3] leaves a stub of a retraction, in the same place with and without the content', async () => {
    const full = new Page()
    const [p, a] = [pat(), ada()]
    const first = p.entries([await message('secret', 100)], full.frontier)
    write(full, first)
    write(full, a.entries([await message('ok', 200)], full.frontier))
    const retraction = {
      at: 300,
      kind: EntryKind.retraction,
      ref: { writer: p.writer, n: 1, stub: { at: 100, seen: new Map() } },
      body: new Uint8Array([0]),
    }
    write(full, p.entries([retraction], full.frontier))
    expect(await texts(full)).toEqual(['(retracted)', 'ok'])
    const doc = full.toDoc()
    const before = Y.encodeStateVector(doc)
    doc.getArray('log:1').delete(0, 1)
    full.apply([Y.encodeStateAsUpdate(doc, before)])
    expect(full.takeErased()).toBe(true)
    expect(await texts(full)).toEqual(['(retracted)', 'ok'])
    expect(full.unreadFor(2)).toEqual([])
  })

  it('[ENTRY-4] takes no stub for an entry of somebody else, whichever comes first', async () => {
    const [p, a] = [pat(), ada()]
    const forged = {
      at: 50,
      kind: EntryKind.retraction,
      ref: { writer: p.writer, n: 2, stub: { at: 50, seen: new Map() } },
      body: new Uint8Array([0]),
    }
    const page = new Page()
    write(page, a.entries([forged], page.frontier))
    expect(page.messages()).toEqual([])
    expect(page.vector.has(p.writer)).toBe(false)
    expect(page.undeliveredFor(1)).toEqual([{ writer: a.writer, n: 1 }])
    write(page, p.entries([await message('one', 100)], page.frontier))
    write(page, p.entries([await message('two', 200)], page.frontier))
    expect(await texts(page)).toEqual(['one', 'two'])
    expect(page.messages().map(({ author }) => author)).toEqual([1, 1])
  })

  it('[ENTRY-4] takes no stub for an entry that never was, however many receipts there are', () => {
    const a = ada()
    const page = new Page()
    const stub = { at: 50, seen: new Map() }
    const ref = { writer: a.writer, n: 9, stub }
    const body = new Uint8Array([0])
    write(page, a.entries([{ at: 50, kind: EntryKind.retraction, ref, body }], page.frontier))
    for (let n = 1; n < 20; n++) write(page, a.receipts([{ kind: 'd', writer: 10, n }], 60))
    // Whoever believed it would tell that entries 2 to 9 were delivered, long before they are written.
    expect(page.messages()).toEqual([])
    expect(page.undeliveredFor(1)).toEqual([{ writer: a.writer, n: 1 }])
  })

  it('[ENTRY-3] lets no entry change one of this page that names another', async () => {
    const page = new Page()
    const p = pat()
    write(page, p.entries([await message('here', 100)], page.frontier))
    const ref = { writer: p.writer, n: 1, month: '2020-01' as Month }
    const body = await sealBody({ text: 'elsewhere' })
    write(page, p.entries([{ at: 110, kind: EntryKind.edit, ref, body }], page.frontier))
    expect(await texts(page)).toEqual(['here'])
  })

  it('[FOLD-3] leaves the stub when the retraction comes before what it takes back', async () => {
    const full = new Page()
    const [phone, tablet, a] = [pat(), new LaneWriter(1, 11, device), ada()]
    const first = write(full, phone.entries([await message('secret', 100)], full.frontier))
    write(full, a.entries([await message('ok', 200)], full.frontier))
    const gone = new Y.Doc()
    Y.applyUpdate(gone, first)
    gone.getArray('log:1').delete(0, 1)
    const retraction = {
      at: 300,
      kind: EntryKind.retraction,
      ref: { writer: phone.writer, n: 1, stub: { at: 100, seen: new Map() } },
      body: new Uint8Array([0]),
    }
    const page = new Page()
    page.apply([tablet.entries([retraction], full.frontier).update])
    expect(await texts(page)).toEqual([])
    page.apply([Y.encodeStateAsUpdate(gone)])
    expect(await texts(page)).toEqual(['(retracted)'])
  })

  it('[FOLD-4] keeps one reaction per member, the latest', async () => {
    const page = new Page()
    const [p, a] = [pat(), ada()]
    write(page, p.entries([await message('hi', 100)], page.frontier))
    for (const [i, mark] of ['+', '-'].entries())
      write(
        page,
        a.entries(
          [
            {
              at: 110 + i,
              kind: EntryKind.reaction,
              ref: { writer: p.writer, n: 1 },
              body: await sealBody({ text: mark }),
            },
          ],
          page.frontier,
        ),
      )
    const reactions = page.messages()[0]?.reactions
    expect(reactions?.size).toBe(1)
    const latest = await openBody(reactions?.get(2) ?? new Uint8Array())
    expect(latest).toEqual({ kind: 'content', content: { text: '-' } })
  })

  it('[UNREAD-1] counts what lies beyond the read watermark of each writer', async () => {
    const page = new Page()
    const tablet = new LaneWriter(2, 21, device)
    const [p, a] = [pat(), ada()]
    write(page, a.entries([await message('one', 100), await message('two', 110)], page.frontier))
    write(page, p.receipts([{ kind: 'r', writer: a.writer, n: 2 }], 120))
    expect(page.unreadFor(1)).toHaveLength(0)
    // Written offline before, on another device, and arriving late: it has not been read.
    write(page, tablet.entries([await message('zero', 50)], new Map()))
    expect(page.unreadFor(1).map(({ id }) => id)).toEqual([entryId(21, 1)])
    expect(page.undeliveredFor(1)).toEqual([{ writer: 21, n: 1 }])
  })

  it('[RECEIPT-3] needs one receipt for all that came of a writer, and none for its own', async () => {
    const page = new Page()
    const [p, a] = [pat(), ada()]
    const burst = [
      await message('one', 100),
      await message('two', 110),
      await message('three', 120),
    ]
    write(page, a.entries(burst, page.frontier))
    write(page, p.entries([await message('own', 130)], page.frontier))
    expect(page.undeliveredFor(1)).toEqual([{ writer: a.writer, n: 3 }])
    write(page, p.receipts([{ kind: 'd', writer: a.writer, n: 3 }], 140))
    expect(page.undeliveredFor(1)).toEqual([])
    expect(page.receiptsOf(1).timeOf('d', a.writer, 1)).toBe(140)
    expect(page.undeliveredFor(2)).toEqual([{ writer: p.writer, n: 1 }])
  })

  it('[ENTRY-1] keeps what is of a later kind, in its place, and reads nothing into it', async () => {
    const page = new Page()
    const [p, a] = [pat(), ada()]
    const first = await message('first', 100)
    write(page, p.entries([first], page.frontier))
    const before = page.messages()
    for (const kind of [0, 5, 200, 255]) {
      const ref = { writer: p.writer, n: 1 }
      const body = await sealBody({ text: 'a poll, perhaps' })
      const later = { at: 500, kind: readKind(kind)!, ref, body }
      write(page, p.entries([later], page.frontier))
    }
    expect(page.messages()).toEqual(before)
    expect(page.entriesOf(1).map(({ kind, n }) => [n, kind])).toEqual([
      [1, EntryKind.message],
      [2, 0],
      [3, 5],
      [4, 200],
      [5, 255],
    ])
    expect(page.undeliveredFor(2)).toEqual([{ writer: p.writer, n: 5 }])
    // Who had it, had what its author had: it orders as every entry does.
    write(page, a.entries([await message('after', 1)], page.frontier))
    expect(await texts(page)).toEqual(['first', 'after'])
    const copy = new Page()
    copy.apply([page.toUpdate()])
    expect(copy.messages()).toEqual(page.messages())
    expect(copy.entriesOf(1)).toEqual(page.entriesOf(1))
  })

  it('is the same page in whatever order the updates come, and in one go', async () => {
    const page = new Page()
    const [p, a] = [pat(), ada()]
    const updates: Uint8Array[] = []
    for (let i = 0; i < 20; i++) {
      const laneWriter = i % 3 === 0 ? a : p
      updates.push(
        write(page, laneWriter.entries([await message(`m${i}`, 1000 - i * 7)], page.frontier)),
      )
      updates.push(write(page, laneWriter.receipts([{ kind: 'd', writer: 10, n: i + 1 }], i)))
    }
    const all = new Page()
    expect(all.apply(updates)).toBe(true)
    const backwards = new Page()
    for (const update of [...updates].reverse()) backwards.apply([update])
    expect(await texts(all)).toEqual(await texts(page))
    expect(await texts(backwards)).toEqual(await texts(page))
  })

  it('says when updates build on something that is not here', async () => {
    const source = new Page()
    const p = pat()
    write(source, p.entries([await message('one', 1)], source.frontier))
    const second = write(source, p.entries([await message('two', 2)], source.frontier))
    expect(new Page().apply([second])).toBe(false)
  })
})
