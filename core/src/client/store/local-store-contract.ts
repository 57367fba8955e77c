/**
 * What every implementation of {@link LocalStore} keeps to, as tests. Runs against the one in
 * memory, against IndexedDB as a library, and against the IndexedDB of real browsers.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Writer } from '../../base/client-id.ts'
import {
  type ChatId,
  chatDoc,
  directChatId,
  monthOf,
  pageDoc,
  parseUserId,
} from '../../base/ids.ts'
import { parseBirthDate } from '../../chat/birth-date.ts'
import { type ComposerDraft, noDraft } from '../model/composer-draft.ts'
import { messageKey } from '../model/message-key.ts'
import {
  AlreadySentError,
  type DocPatch,
  emptyMeta,
  type LocalStore,
  LocalStoreError,
  type NewRow,
} from './local-store.ts'
import { outgoingStoreContract } from './outgoing-store-contract.ts'

/** One browser profile. */
export interface LocalStoreHarness {
  /** Another tab, or the same one after a restart. */
  open(): Promise<LocalStore>
  /** After the test; stores that are still open may be left so. */
  dispose(): Promise<void>
}

const user = (id: string) => {
  const parsed = parseUserId(id)
  if (parsed === undefined) throw new Error(`not a user id: ${id}`)
  return parsed
}
const chatWith = (doctor: string): ChatId => directChatId(user('pat-ada'), user(doctor))

const chat = chatWith('doc-bea')
const month = monthOf(Date.UTC(2026, 0, 1))
const page = pageDoc(chat, month)
const other = pageDoc(chatWith('doc-cem'), monthOf(Date.UTC(2026, 1, 1)))
const head = chatDoc(chat)

const bytes = (...values: number[]) => new Uint8Array(values)
const theirs = (...values: number[]): NewRow => ({ update: bytes(...values) })
const mine = (writer: number, n: number): NewRow => ({
  update: bytes(writer, n),
  mine: { entries: [{ writer, n }] },
})
const written: ComposerDraft = { ...noDraft, text: 'hello' }
const named = (id: string, text: string): ComposerDraft => ({ ...noDraft, id, text })
const outgoing = { id: 'm1', chat, at: 1, text: '', replyTo: null, files: [], problem: null }
const refused = { body: bytes(0, 1, 2), at: 5, code: 'too-large' }

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof LocalStoreError ? error.code : `not refused: ${String(error)}`
}

export const localStoreContract = (
  name: string,
  createHarness: () => Promise<LocalStoreHarness> | LocalStoreHarness,
): void => {
  describe(`local store contract: ${name}`, () => {
    let harness: LocalStoreHarness
    let store: LocalStore

    beforeEach(async () => {
      harness = await createHarness()
      store = await harness.open()
    })
    afterEach(async () => {
      await store.close()
      await harness.dispose()
    })

    /** The same device after its only tab was closed. */
    const restarted = async (): Promise<LocalStore> => {
      await store.close()
      store = await harness.open()
      return store
    }
    const numbersOf = async (from: LocalStore, after = 0) =>
      (await from.rows(page, after)).map(({ no }) => no)
    const outboxOf = async (from: LocalStore) =>
      (await from.outbox()).map(({ doc, no }) => `${doc}#${no}`)

    describe('a new device', () => {
      it('has nothing', async () => {
        expect(await store.load()).toEqual({
          meta: emptyMeta,
          docs: [],
          outbox: [],
          summaries: [],
          drafts: [],
        })
        expect(await store.rows(page, 0)).toEqual([])
        expect(await store.record(page)).toBeUndefined()
        expect(await store.outbox()).toEqual([])
      })
    })

    describe('append', () => {
      it('numbers rows from 1, per document', async () => {
        expect((await store.append(page, [theirs(1), theirs(2)])).numbers).toEqual([1, 2])
        expect((await store.append(page, [theirs(3)])).numbers).toEqual([3])
        expect((await store.append(other, [theirs(4)])).numbers).toEqual([1])
        expect(await store.rows(page, 0)).toEqual([
          { no: 1, update: bytes(1) },
          { no: 2, update: bytes(2) },
          { no: 3, update: bytes(3) },
        ])
      })

      it('keeps rows and record over a restart', async () => {
        const { record } = await store.append(page, [theirs(1), mine(7, 1)], {
          head: 12,
          known: 14,
          movedAfter: 'one.7',
          rebuilds: [1000, 2000],
          refused: [refused],
        })
        expect(record).toEqual({
          doc: page,
          head: 12,
          known: 14,
          lastRow: 2,
          pushAll: false,
          lost: false,
          movedAfter: 'one.7',
          filesDue: false,
          rebuilds: [1000, 2000],
          refused: [refused],
        })
        const again = await restarted()
        expect(await again.record(page)).toEqual(record)
        expect((await again.load()).docs).toEqual([record])
        expect(await again.rows(page, 0)).toEqual([
          { no: 1, update: bytes(1) },
          { no: 2, update: bytes(7, 1) },
        ])
      })

      it('changes only what the patch names', async () => {
        await store.append(page, [theirs(1)], { head: 3, known: 9, refused: [refused] })
        const { record } = await store.append(page, [theirs(2)], { head: 4 })
        expect(record).toMatchObject({ head: 4, known: 9, lastRow: 2, refused: [refused] })
      })

      it('changes the record alone when there are no rows', async () => {
        const { numbers, record } = await store.append(page, [], { head: 3 })
        expect(numbers).toEqual([])
        expect(record).toMatchObject({ doc: page, head: 3, lastRow: 0 })
        expect(await store.record(page)).toEqual(record)
      })

      it('writes nothing when there is nothing to write', async () => {
        const { numbers, record } = await store.append(page, [])
        expect(numbers).toEqual([])
        expect(record).toMatchObject({ doc: page, head: 0, lastRow: 0 })
        expect(await store.record(page)).toBeUndefined()
      })

      it('gives back the bytes of a view, and shares none with the caller', async () => {
        const buffer = bytes(9, 9, 1, 2, 3, 9)
        await store.append(page, [{ update: buffer.subarray(2, 5) }])
        buffer.fill(0)
        const first = await store.rows(page, 0)
        expect(first).toEqual([{ no: 1, update: bytes(1, 2, 3) }])
        expect(first[0]?.update.buffer.byteLength).toBe(3)
        first[0]?.update.fill(0)
        expect(await store.rows(page, 0)).toEqual([{ no: 1, update: bytes(1, 2, 3) }])
      })

      it('takes many calls at once, in the order of the calls', async () => {
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            store.append(page, [mine(7, index + 1)], { head: index }),
          ),
        )
        expect(answers.map(({ numbers }) => numbers)).toEqual(
          Array.from({ length: 20 }, (_, index) => [index + 1]),
        )
        expect(answers.map(({ record }) => record.lastRow)).toEqual(
          Array.from({ length: 20 }, (_, index) => index + 1),
        )
        expect((await store.record(page))?.head).toBe(19)
      })

      it('numbers rows of two tabs without collision', async () => {
        const tab = await harness.open()
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            (index % 2 === 0 ? store : tab).append(page, [mine(index % 2, index), theirs(index)]),
          ),
        )
        const numbers = answers.flatMap((answer) => answer.numbers)
        expect(numbers.toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: 40 }, (_, index) => index + 1),
        )
        expect(await numbersOf(tab)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
        expect((await store.record(page))?.lastRow).toBe(40)
        await tab.close()
      })
    })

    describe('rows', () => {
      it('gives those after a number, ascending, of that document', async () => {
        await store.append(
          page,
          Array.from({ length: 12 }, (_, index) => theirs(index)),
        )
        await store.append(other, [theirs(1)])
        await store.append(head, [theirs(1)])
        expect(await numbersOf(store, 9)).toEqual([10, 11, 12])
        expect(await numbersOf(store, 12)).toEqual([])
        expect((await store.rows(head, 0)).length).toBe(1)
      })
    })

    describe('outbox', () => {
      it('holds own rows, oldest first per document', async () => {
        await store.append(page, [mine(7, 1), theirs(1), mine(7, 2)])
        await store.append(other, [mine(7, 1)])
        await store.append(
          page,
          Array.from({ length: 9 }, (_, index) => mine(7, index + 3)),
        )
        const rows = await (await restarted()).outbox()
        const ofPage = rows.filter(({ doc }) => doc === page)
        expect(ofPage.map(({ no }) => no)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
        expect(ofPage[1]).toEqual({
          doc: page,
          no: 3,
          update: bytes(7, 2),
          entries: [{ writer: 7, n: 2 }],
        })
        expect(rows.length).toBe(12)
        expect((await store.load()).outbox).toEqual(rows)
      })

      it('gives the rows of one document', async () => {
        await store.append(page, [mine(7, 1), theirs(1), mine(7, 2)])
        await store.append(other, [mine(7, 1)])
        expect((await store.outbox(page)).map(({ doc, no }) => [doc, no])).toEqual([
          [page, 1],
          [page, 3],
        ])
        expect(await store.outbox(head)).toEqual([])
      })

      it('keeps an own row that holds no entry', async () => {
        await store.append(page, [{ update: bytes(1), mine: { entries: [] } }])
        expect(await store.outbox()).toEqual([{ doc: page, no: 1, update: bytes(1), entries: [] }])
      })
    })

    describe('acknowledge', () => {
      it('takes rows up to a number out of the outbox, and leaves the rows', async () => {
        await store.append(page, [mine(7, 1), mine(7, 2), mine(7, 3)], { known: 5 })
        await store.append(other, [mine(7, 1)])
        await store.acknowledge(page, 2, { head: 5 })
        expect((await outboxOf(store)).toSorted()).toEqual([`${other}#1`, `${page}#3`].toSorted())
        expect(await numbersOf(store)).toEqual([1, 2, 3])
        expect(await store.record(page)).toMatchObject({ head: 5, known: 5, lastRow: 3 })
        await store.acknowledge(page, 2)
        expect(await store.record(page)).toMatchObject({ head: 5, known: 5, lastRow: 3 })
      })

      it('changes the record of a document without rows', async () => {
        await store.acknowledge(page, 0)
        expect(await store.record(page)).toBeUndefined()
        await store.acknowledge(page, 0, { pushAll: true })
        expect(await store.record(page)).toMatchObject({ pushAll: true, lastRow: 0 })
      })
    })

    describe('noteHeads', () => {
      it('notes heads and position together', async () => {
        await store.append(page, [theirs(1)], { head: 3, known: 3 })
        await store.noteHeads(
          [
            { doc: page, known: 8 },
            { doc: other, known: 2 },
          ],
          { epoch: 'e1', cursor: 'c1' },
        )
        const state = await (await restarted()).load()
        expect(state.meta).toEqual({ ...emptyMeta, epoch: 'e1', cursor: 'c1' })
        expect(await store.record(page)).toMatchObject({ head: 3, known: 8, lastRow: 1 })
        expect(await store.record(other)).toMatchObject({ head: 0, known: 2, lastRow: 0 })
      })

      it('never lowers what is known', async () => {
        const position = { epoch: 'e1', cursor: 'c1' }
        await store.noteHeads([{ doc: page, known: 8 }], position)
        await store.noteHeads([{ doc: page, known: 5 }], { epoch: 'e1', cursor: 'c2' })
        expect((await store.record(page))?.known).toBe(8)
        expect((await store.load()).meta.cursor).toBe('c2')
        await store.noteHeads(
          [
            { doc: page, known: 9 },
            { doc: page, known: 7 },
          ],
          position,
        )
        expect((await store.record(page))?.known).toBe(9)
      })
    })

    describe('noteHeads, of what is doubted,', () => {
      it('makes its head not count, and has it given again, with the position', async () => {
        await store.append(page, [mine(7, 1)], { head: 3, known: 8 })
        await store.append(other, [theirs(1)], { head: 2, known: 2 })
        await store.noteHeads([{ doc: other, known: 4 }], { epoch: 'e1', cursor: 'two.1' }, [page])
        const again = await restarted()
        expect((await again.load()).meta.cursor).toBe('two.1')
        expect(await again.record(page)).toMatchObject({ head: 0, known: 8, pushAll: true })
        expect(await again.record(other)).toMatchObject({ head: 2, known: 4, pushAll: false })
        expect(await outboxOf(again)).toEqual([`${page}#1`])
      })
    })

    describe('resetHeads', () => {
      it('makes no head count, and every document be given again', async () => {
        await store.append(page, [mine(7, 1)], { head: 3, known: 8, refused: [refused] })
        await store.append(other, [theirs(1)], { head: 2, known: 2 })
        await store.resetHeads()
        const docs = (await store.load()).docs
        expect(docs.length).toBe(2)
        for (const record of docs)
          expect(record).toMatchObject({ head: 0, known: 0, pushAll: true, lost: true, lastRow: 1 })
        expect((await store.record(page))?.refused).toEqual([refused])
        expect(await outboxOf(store)).toEqual([`${page}#1`])
      })
    })

    describe('compact', () => {
      it('joins rows up to a number, and leaves outbox and record', async () => {
        const { record } = await store.append(page, [mine(7, 1), theirs(2), mine(7, 3), mine(7, 4)])
        const outbox = await store.outbox()
        await store.compact(page, 3, [bytes(1, 2, 3)])
        const rows = await store.rows(page, 0)
        expect(rows.map(({ update }) => update)).toEqual([bytes(1, 2, 3), bytes(7, 4)])
        expect(await store.outbox()).toEqual(outbox)
        expect(await store.record(page)).toEqual(record)
        expect((await store.append(page, [theirs(5)])).numbers).toEqual([5])
      })

      it('lets a reader from before it miss nothing', async () => {
        await store.append(page, [theirs(1), theirs(2), theirs(3)])
        await store.compact(page, 3, [bytes(1, 2, 3)])
        // Had read up to 2: row 3 is now only in the joined row.
        expect((await store.rows(page, 2)).map(({ update }) => update)).toEqual([bytes(1, 2, 3)])
        // Had read everything.
        expect(await store.rows(page, 3)).toEqual([])
      })

      it('is done once when two tabs do it', async () => {
        await store.append(page, [theirs(1), theirs(2), theirs(3), theirs(4)])
        await store.compact(page, 3, [bytes(1, 2, 3)])
        await store.compact(page, 2, [bytes(1, 2)])
        expect((await store.rows(page, 0)).map(({ update }) => update)).toEqual([
          bytes(1, 2, 3),
          bytes(4),
        ])
        await store.compact(page, 4, [bytes(1, 2, 3, 4)])
        expect((await store.rows(page, 0)).map(({ update }) => update)).toEqual([bytes(1, 2, 3, 4)])
      })

      it('into several rows lets a reader from before it miss nothing either', async () => {
        await store.append(page, [theirs(1), theirs(2), mine(7, 3), theirs(4)])
        await store.compact(page, 3, [bytes(1, 2), bytes(3)])
        expect((await store.rows(page, 2)).map(({ update }) => update)).toEqual([
          bytes(4),
          bytes(1, 2),
          bytes(3),
        ])
        expect((await store.record(page))?.lastRow).toBe(6)
        expect((await store.outbox()).map(({ no }) => no)).toEqual([3])
        expect((await store.append(page, [theirs(5)])).numbers).toEqual([7])
      })

      it('leaves other documents, and does nothing without rows', async () => {
        await store.append(other, [theirs(1), theirs(2)])
        await store.compact(page, 5, [bytes(1)])
        expect(await store.rows(page, 0)).toEqual([])
        expect((await store.rows(other, 0)).length).toBe(2)
      })
    })

    describe('replace', () => {
      const replaced = async (rows: NewRow[], lastRow: number, patch: DocPatch = {}) => {
        const answer = await store.replace(page, lastRow, rows, patch)
        if (answer === undefined) throw new Error('not replaced')
        return answer
      }

      it('does nothing when another tab wrote meanwhile', async () => {
        const tab = await harness.open()
        const { record } = await store.append(page, [theirs(1)])
        await tab.append(page, [mine(7, 1)])
        expect(await store.replace(page, record.lastRow, [theirs(9)], { head: 9 })).toBeUndefined()
        expect(await numbersOf(store)).toEqual([1, 2])
        expect(await outboxOf(store)).toEqual([`${page}#2`])
        expect((await store.record(page))?.head).toBe(0)
        await tab.close()
      })

      it('writes a document that the device did not have', async () => {
        expect((await replaced([theirs(1)], 0, { head: 4 })).record).toMatchObject({
          head: 4,
          lastRow: 1,
        })
        expect(await store.replace(other, 1, [theirs(1)], { head: 4 })).toBeUndefined()
        expect(await store.record(other)).toBeUndefined()
      })

      it('drops rows and outbox of the document, and writes these', async () => {
        await store.append(page, [mine(7, 1), theirs(2)], { head: 3, known: 8 })
        await store.append(other, [mine(7, 1)])
        const { numbers, record } = await replaced([theirs(9), mine(8, 1)], 2, {
          head: 8,
          rebuilds: [1000],
        })
        expect(record).toMatchObject({ head: 8, known: 8, rebuilds: [1000] })
        expect(record.lastRow).toBe(numbers.at(-1))
        const again = await restarted()
        expect(await again.rows(page, 0)).toEqual([
          { no: numbers[0], update: bytes(9) },
          { no: numbers[1], update: bytes(8, 1) },
        ])
        expect((await outboxOf(again)).toSorted()).toEqual(
          [`${other}#1`, `${page}#${numbers[1]}`].toSorted(),
        )
        expect(await again.record(page)).toEqual(record)
      })

      it('never gives a number twice, so that a late compaction harms nothing', async () => {
        await store.append(page, [theirs(1), theirs(2), theirs(3)])
        const { numbers } = await replaced([theirs(9)], 3)
        expect(numbers[0]).toBeGreaterThan(3)
        await store.compact(page, 3, [bytes(1, 2, 3)])
        expect((await store.rows(page, 0)).map(({ update }) => update)).toEqual([bytes(9)])
      })

      it('puts summaries out of date also when it leaves no rows', async () => {
        await store.append(page, [theirs(1)])
        const { numbers, record } = await replaced([], 1, { head: 0 })
        expect(numbers).toEqual([])
        expect(record.lastRow).toBeGreaterThan(1)
        expect(await store.rows(page, 0)).toEqual([])
        expect(await store.read(page)).toEqual({ rows: [], lastRow: record.lastRow })
      })

      it('can be done again after it left no rows', async () => {
        await store.append(page, [theirs(1)])
        await replaced([], 1)
        const { lastRow } = await store.read(page)
        const { numbers } = await replaced([theirs(2)], lastRow)
        expect(await store.read(page)).toEqual({
          rows: [{ no: numbers[0], update: bytes(2) }],
          lastRow: numbers[0],
        })
      })

      it('counts nothing of a document that never was', async () => {
        expect(await store.read(page)).toEqual({ rows: [], lastRow: 0 })
      })
    })

    describe('meta, summaries, drafts', () => {
      it('keeps meta, and changes only what the patch names', async () => {
        const me = { id: user('pat-ada'), name: 'Ada', role: 'patient' as const }
        const birthDate = parseBirthDate('1984-05-02')
        const people = [
          { id: user('doc-bea'), name: 'Bea', role: 'doctor' as const, specialty: 'Heart' },
          {
            id: user('pat-cas'),
            name: 'Cas',
            role: 'patient' as const,
            ...(birthDate && { birthDate }),
          },
        ]
        const completeAsOf = [{ chat, at: 60_000 }]
        const untoldOpenings = [{ chat, at: 70_000 }]
        await store.putMeta({ me, people, clockOffset: -3, completeAsOf, untoldOpenings })
        await store.putMeta({ clockFloor: 12 })
        const { meta } = await (await restarted()).load()
        expect(meta).toEqual({
          ...emptyMeta,
          ...{ me, people, clockOffset: -3, clockFloor: 12, completeAsOf, untoldOpenings },
        })
        await store.putMeta({ me: null })
        expect((await store.load()).meta.me).toBeNull()
      })

      it('keeps the newest summary of a page', async () => {
        await store.putSummaries([
          { doc: page, atRow: 1, value: { unread: 2, last: { text: 'hi', body: bytes(1) } } },
          { doc: other, atRow: 4, value: null },
        ])
        await store.putSummaries([{ doc: page, atRow: 2, value: { unread: 0 } }])
        const { summaries } = await (await restarted()).load()
        expect(summaries.length).toBe(2)
        expect(summaries).toContainEqual({ doc: page, atRow: 2, value: { unread: 0 } })
        expect(summaries).toContainEqual({ doc: other, atRow: 4, value: null })
      })

      it('keeps drafts, and removes an empty one', async () => {
        const edit = { key: messageKey({ month, writer: 7 as Writer, n: 2 }), text: 'fever' }
        const reply = { ...written, replyTo: messageKey({ month, writer: 9 as Writer, n: 1 }) }
        await store.putDraft({ chat, draft: { ...noDraft, text: 'hel' } })
        await store.putDraft({ chat, draft: { ...reply, edit } })
        await store.putDraft({ chat: chatWith('doc-cem'), draft: written })
        await store.putDraft({ chat: chatWith('doc-cem'), draft: noDraft })
        const { drafts } = await (await restarted()).load()
        expect(drafts).toEqual([{ chat, draft: { ...reply, edit } }])
      })

      it('puts what is left of a draft with the row that came from it', async () => {
        const from = (draft: ComposerDraft): NewRow => ({
          update: bytes(1),
          mine: { entries: [{ writer: 7, n: 1 }], draft: { chat, draft } },
        })
        const edit = { key: messageKey({ month, writer: 7 as Writer, n: 2 }), text: 'fever' }
        await store.putDraft({ chat, draft: { ...written, edit } })
        await store.append(page, [from(written)])
        expect((await store.load()).drafts).toEqual([{ chat, draft: written }])
        await store.append(page, [from(noDraft)])
        const { drafts, outbox } = await (await restarted()).load()
        expect(drafts).toEqual([])
        expect(outbox.length).toBe(2)
      })

      it('keeps every piece of writing in a chat, the last written to last', async () => {
        const [one, two] = [named('d1', 'one'), named('d2', 'two')]
        for (const draft of [one, two, named('d1', 'one more')])
          await store.putDraft({ chat, draft })
        const { drafts } = await (await restarted()).load()
        expect(drafts).toEqual([
          { chat, draft: two },
          { chat, draft: named('d1', 'one more') },
        ])
        await store.putDraft({ chat, draft: named('d1', '') })
        expect((await store.load()).drafts).toEqual([{ chat, draft: two }])
      })

      it('sends a draft once, from whatever tab, and over a restart', async () => {
        const draft = named('d1', 'fever')
        const use = { chat, draft: noDraft, from: { known: draft, print: 7 } }
        const row: NewRow = { update: bytes(1), mine: { entries: [], draft: use } }
        await store.putDraft({ chat, draft })
        const tab = await harness.open()
        const both = await Promise.allSettled([store.append(page, [row]), tab.append(page, [row])])
        expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
        const again = await restarted()
        await expect(again.append(page, [row])).rejects.toBeInstanceOf(AlreadySentError)
        await expect(again.putOutgoing(outgoing, [], use)).rejects.toBeInstanceOf(AlreadySentError)
        expect(await numbersOf(again)).toEqual([1])
        expect(await again.outgoing()).toEqual([])
        expect((await again.load()).drafts).toEqual([])
        // Other words under the name, and the same under another, are other messages.
        const other = { ...use, from: { known: draft, print: 8 } }
        await again.append(page, [{ ...row, mine: { entries: [], draft: other } }])
        await again.putOutgoing(outgoing, [], { ...use, from: { known: written, print: 7 } })
        expect(await numbersOf(again)).toEqual([1, 2])
        await tab.close()
      })

      it('leaves what another tab wrote into the draft meanwhile', async () => {
        const [draft, theirs] = [named('d1', 'fever'), named('d1', 'fever since Monday')]
        await store.putDraft({ chat, draft: theirs })
        const use = { chat, draft: noDraft, from: { known: draft, print: 7 } }
        await store.append(page, [{ update: bytes(1), mine: { entries: [], draft: use } }])
        expect((await (await restarted()).load()).drafts).toEqual([{ chat, draft: theirs }])
      })
    })

    describe('the search index', () => {
      const inOrder = async (from: LocalStore) =>
        (await from.searchParts()).toSorted((a, b) => (a.part < b.part ? -1 : 1))

      it('keeps parts by their names, over a restart', async () => {
        expect(await store.searchParts()).toEqual([])
        await store.putSearchParts([
          { part: 'a', value: '1' },
          { part: 'b', value: '2' },
        ])
        await store.putSearchParts([{ part: 'a', value: 'one' }])
        expect(await inOrder(await restarted())).toEqual([
          { part: 'a', value: 'one' },
          { part: 'b', value: '2' },
        ])
      })

      it('removes a part, and writes in the order that it is given', async () => {
        await store.putSearchParts([
          { part: 'a', value: '1' },
          { part: 'b', value: '2' },
        ])
        await store.putSearchParts([
          { part: 'a', value: '' },
          { part: 'b', value: '' },
          { part: 'b', value: 'again' },
          { part: 'c', value: '' },
        ])
        expect(await inOrder(await restarted())).toEqual([{ part: 'b', value: 'again' }])
      })
    })

    outgoingStoreContract(() => store, restarted)

    describe('tabs', () => {
      it('see what another has committed', async () => {
        const tab = await harness.open()
        await tab.load()
        await store.append(page, [mine(7, 1)], { head: 1 })
        await store.putDraft({ chat, draft: written })
        expect(await numbersOf(tab)).toEqual([1])
        expect(await outboxOf(tab)).toEqual([`${page}#1`])
        expect((await tab.load()).drafts).toEqual([{ chat, draft: written }])
        await tab.close()
      })
    })

    describe('wipe', () => {
      const fill = async () => {
        await store.append(page, [mine(7, 1)], { head: 1 })
        await store.putMeta({ epoch: 'e1', cursor: 'c1' })
        await store.putSummaries([{ doc: page, atRow: 1, value: 1 }])
        await store.putDraft({ chat, draft: written })
        await store.putSearchParts([{ part: 'a', value: '1' }])
      }

      it('deletes everything, and leaves a device that can be used', async () => {
        await fill()
        await store.wipe()
        expect(await store.load()).toEqual({
          meta: emptyMeta,
          docs: [],
          outbox: [],
          summaries: [],
          drafts: [],
        })
        expect(await store.rows(page, 0)).toEqual([])
        expect(await store.searchParts()).toEqual([])
        expect((await store.append(page, [theirs(1)])).numbers).toEqual([1])
        expect(await numbersOf(await restarted())).toEqual([1])
      })

      it('lets a tab that was open write nothing after it', async () => {
        const tab = await harness.open()
        await tab.load()
        await fill()
        await store.wipe()
        expect(await codeOf(tab.append(page, [mine(9, 1)]))).toBe('lost')
        expect(await codeOf(tab.putDraft({ chat, draft: written }))).toBe('lost')
        expect(await codeOf(tab.load())).toBe('lost')
        expect((await store.load()).drafts).toEqual([])
        expect(await store.rows(page, 0)).toEqual([])
        await tab.close()
      })
    })

    describe('close', () => {
      it('keeps what was asked for before it, and refuses what comes after', async () => {
        await Promise.all([store.append(page, [theirs(1)]), store.close()])
        expect(await codeOf(store.load())).toBe('lost')
        expect(await codeOf(store.append(page, [theirs(2)]))).toBe('lost')
        await store.close()
        expect(await numbersOf(await harness.open())).toEqual([1])
      })
    })
  })
}
