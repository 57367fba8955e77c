import { type DocName, parseDocName } from '@wardline/core/base/ids'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { JsonValue } from '../base/json.ts'
import { type AuditLine, PRUNED, verifyAudit } from './audit.ts'
import { ALL_LINES, type AuditQuestion, aboutTerm, actionTerm, kindTerm } from './audit-index.ts'
import { MAX_CHANGE_BYTES } from './check-input.ts'
import {
  type Change,
  type Commit,
  KEEP_ROWS,
  type RecordWrite,
  type Row,
  type Store,
} from './store.ts'
import type { StoreError } from './store-error.ts'

/** A store under test, in a place of its own. */
export interface StoreHarness {
  readonly store: Store
  /** Closes the store and opens what it stored again. */
  reopen(): Promise<StoreHarness>
  /** Closes the store, changes the text of an audit line behind its back, and opens it again. */
  tamperWithAudit(n: number, text: string): Promise<StoreHarness>
  /** Closes the store and removes everything. */
  dispose(): Promise<void>
}

const docName = (text: string): DocName => {
  if (parseDocName(text) === undefined) throw new Error(`${text} names no document`)
  return text as DocName
}

const page = docName('chat/dm.anna.drbob/2025-11')
const olderPage = docName('chat/dm.anna.drbob/2025-10')
const chat = docName('chat/dm.anna.drbob')
const otherChat = docName('chat/dm.anna.drbobby')
const user = docName('user/anna')

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const line = (action: string): AuditLine => ({ at: 1_700_000_000_000, actor: 'server', action })

const committed = (commit: Commit): Extract<Commit, { kind: 'committed' }> => {
  if (commit.kind !== 'committed') throw new Error(`expected a commit, got ${commit.kind}`)
  return commit
}

const append = async (store: Store, doc: DocName, ...updates: Uint8Array[]): Promise<number[]> => {
  const change = { appends: updates.map((update) => ({ doc, update })) }
  return [...committed(await store.commit(change)).heads]
}

const appendMany = (store: Store, doc: DocName, count: number): Promise<number[]> =>
  append(store, doc, ...Array.from({ length: count }, (_, i) => bytes(i >> 8, i & 255, 7)))

const headsOf = (rows: readonly Row[] | undefined): number[] | undefined =>
  rows?.map((row) => row.head)

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

const setRecord = (store: Store, write: RecordWrite): Promise<Commit> =>
  store.commit({ records: [write] })

/** What every store must do, whatever it is made of. */
export const storeContract = (name: string, make: () => Promise<StoreHarness>): void => {
  describe(name, () => {
    let harness: StoreHarness
    let store: Store

    const use = (next: StoreHarness): void => {
      harness = next
      store = next.store
    }
    beforeEach(async () => use(await make()))
    afterEach(() => harness.dispose())

    describe('documents', () => {
      it('are empty before anything is written', async () => {
        expect(await store.read(page)).toEqual({ head: 0, snapshot: null, tail: [] })
        expect(await store.head(page)).toBe(0)
        expect(await store.readAfter(page, 0)).toEqual([])
        expect(await store.sizes(page)).toEqual({ tailRows: 0, tailBytes: 0, snapshotBytes: 0 })
        expect(store.lastSeq()).toBe(0)
      })

      it('number their rows from 1 and give them back as they are', async () => {
        expect(await append(store, page, bytes(1, 2))).toEqual([1])
        expect(await append(store, page, bytes(3), bytes(4, 5, 6))).toEqual([2, 3])
        expect(await store.read(page)).toEqual({
          head: 3,
          snapshot: null,
          tail: [
            { head: 1, update: bytes(1, 2) },
            { head: 2, update: bytes(3) },
            { head: 3, update: bytes(4, 5, 6) },
          ],
        })
        expect(await store.readAfter(page, 1)).toEqual([
          { head: 2, update: bytes(3) },
          { head: 3, update: bytes(4, 5, 6) },
        ])
        expect(await store.readAfter(page, 3)).toEqual([])
        expect(await store.sizes(page)).toEqual({ tailRows: 3, tailBytes: 6, snapshotBytes: 0 })
        expect(await store.extent(page)).toEqual({ head: await store.head(page), bytes: 6 })
      })

      it('do not answer for a head they never had', async () => {
        await append(store, page, bytes(1))
        expect(await store.readAfter(page, 2)).toBeUndefined()
      })

      it('do not mix with documents whose names begin alike', async () => {
        await append(store, chat, bytes(1))
        await append(store, page, bytes(2))
        await append(store, otherChat, bytes(3))
        expect((await store.read(chat)).tail).toEqual([{ head: 1, update: bytes(1) }])
        expect((await store.read(page)).tail).toEqual([{ head: 1, update: bytes(2) }])
      })

      it('keep order past a thousand rows', async () => {
        await appendMany(store, page, 1030)
        expect(headsOf((await store.read(page)).tail)).toEqual(range(1, 1030))
        expect(headsOf(await store.readAfter(page, 1020))).toEqual(range(1021, 1030))
      })

      it('refuse an append after another head, and say which', async () => {
        await append(store, page, bytes(1))
        const appends = [
          { doc: chat, update: bytes(9) },
          { doc: page, update: bytes(2), after: 0 },
        ]
        const conflict = { kind: 'conflict', at: 'append', index: 1 }
        expect(await store.commit({ appends })).toEqual(conflict)
        expect(await store.head(chat)).toBe(0)
        expect(await store.head(page)).toBe(1)
        expect(store.lastSeq()).toBe(1)
      })

      it('count the appends before in the same change', async () => {
        const appends = [
          { doc: page, update: bytes(1), after: 0 },
          { doc: page, update: bytes(2), after: 1 },
        ]
        expect(committed(await store.commit({ appends })).heads).toEqual([1, 2])
      })

      it('let exactly one of many racing appends after the same head through', async () => {
        const racing = range(1, 20).map((n) =>
          store.commit({ appends: [{ doc: page, update: bytes(n), after: 0 }] }),
        )
        const results = await Promise.all(racing)
        expect(results.filter((result) => result.kind === 'committed')).toHaveLength(1)
        expect(results[0]?.kind).toBe('committed')
        expect(await store.head(page)).toBe(1)
      })
    })

    describe('commits', () => {
      it('are decided in the order of the calls, with heads and seqs without gaps', async () => {
        const docs = [page, chat, user]
        const schedule = fc.array(fc.array(fc.nat(docs.length - 1), { maxLength: 5 }), {
          minLength: 1,
          maxLength: 40,
        })
        await fc.assert(
          fc.asyncProperty(schedule, async (changes) => {
            const heads = new Map<DocName, number>()
            for (const doc of docs) heads.set(doc, await store.head(doc))
            let seq = store.lastSeq()
            const expected = changes.map((change) => {
              if (change.length > 0) seq += 1
              const numbers = change.map((i) => {
                const doc = docs[i] ?? page
                const head = (heads.get(doc) ?? 0) + 1
                heads.set(doc, head)
                return head
              })
              return { kind: 'committed', seq, heads: numbers }
            })
            const results = await Promise.all(
              changes.map((change) =>
                store.commit({
                  appends: change.map((i) => ({ doc: docs[i] ?? page, update: bytes(i, 1) })),
                }),
              ),
            )
            expect(results).toEqual(expected)
            expect(store.lastSeq()).toBe(seq)
            for (const [doc, head] of heads) {
              const content = await store.read(doc)
              expect(content.head).toBe(head)
              expect(headsOf(content.tail)).toEqual(range(1, head))
            }
          }),
          { numRuns: 20 },
        )
      })

      it('tell who waits in order, never before the call returns, and go on when one cannot be', async () => {
        const told: unknown[] = []
        const submit = (change: Change): Promise<void> =>
          new Promise((settled) => {
            let returned = false
            const tell = (what: unknown): void => {
              told.push(returned && what)
              settled()
            }
            store.submit(change, {
              stored: (commit) => tell(commit.kind === 'committed' ? commit.heads : commit.kind),
              failed: (error) => tell((error as StoreError).code),
            })
            returned = true
          })
        const appends = [{ doc: page, update: bytes(1) }]
        await Promise.all([
          submit({ appends }),
          submit({ appends: [{ doc: page, update: bytes(2), after: 7 }] }),
          submit({ appends }),
        ])
        await submit({ appends: [{ doc: page, update: bytes() }] })
        await submit({ appends })
        expect(told).toEqual([[1], 'conflict', [2], 'STORE_BAD_INPUT', [3]])
      })

      it('store documents, records and audit lines together', async () => {
        const change = {
          appends: [{ doc: user, update: bytes(1) }],
          records: [{ key: 'user/anna', value: { name: 'Anna' }, expect: 0 }],
          audit: [line('user.created')],
        }
        const { seq, heads } = committed(await store.commit(change))
        expect(heads).toEqual([1])
        expect(await store.getRecord('user/anna')).toEqual({
          key: 'user/anna',
          value: { name: 'Anna' },
          version: seq,
        })
        expect((await store.auditTip()).n).toBe(1)

        const conflict = { kind: 'conflict', at: 'record', index: 0 }
        expect(await store.commit(change)).toEqual(conflict)
        expect(await store.head(user)).toBe(1)
        expect((await store.auditTip()).n).toBe(1)
        expect(store.lastSeq()).toBe(seq)
      })

      it('that are empty store nothing', async () => {
        await append(store, page, bytes(1))
        expect(await store.commit({})).toEqual({ kind: 'committed', seq: 1, heads: [] })
        expect(store.lastSeq()).toBe(1)
      })

      it('are there after reopening', async () => {
        const { epoch } = store
        await append(store, page, bytes(1), bytes(2))
        await setRecord(store, { key: 'a', value: [1, 'zwei', null, { drei: true }] })
        await store.commit({ audit: [line('one'), line('two')] })
        use(await harness.reopen())
        expect(store.epoch).toBe(epoch)
        expect(store.lastSeq()).toBe(3)
        expect((await store.read(page)).tail).toEqual([
          { head: 1, update: bytes(1) },
          { head: 2, update: bytes(2) },
        ])
        expect((await store.getRecord('a'))?.value).toEqual([1, 'zwei', null, { drei: true }])
        expect((await store.auditTip()).n).toBe(2)
        expect(await append(store, page, bytes(3))).toEqual([3])
        expect(store.lastSeq()).toBe(4)
      })

      it('are known by who made them, over any number of openings', async () => {
        await append(store, page, bytes(1))
        const first = store.lineage
        const cursor = first.cursorAt(store.lastSeq())
        use(await harness.reopen())
        expect(store.lineage.current.no).toBe(first.current.no + 1)
        await append(store, page, bytes(2), bytes(3))
        await append(store, user, bytes(4))
        use(await harness.reopen())
        const third = store.lineage.current.no
        await append(store, page, bytes(5))
        expect(await store.writtenBy(page, 1)).toBe(third - 2)
        expect(await store.writtenBy(page, 3)).toBe(third - 1)
        expect(await store.writtenBy(page, 4)).toBe(third)
        expect(await store.writtenBy(page, 5)).toBeUndefined()
        expect(await store.writtenBy(user, 1)).toBe(third - 1)
        expect(store.lineage.locate(cursor, store.lastSeq())).toEqual({ no: third - 2, seq: 1 })
        // The first opening ended with its first change: a second one of it is not here.
        const beyond = first.cursorAt(2)
        expect(store.lineage.locate(beyond, store.lastSeq())).toBeUndefined()
        const snapshot = { head: 4, updates: [bytes(9)] }
        await store.compact(page, snapshot, 0)
        expect(await store.writtenBy(page, 3)).toBe(third - 1)
      })

      it('in flight are finished by close', async () => {
        const waiting = range(1, 10).map((n) => append(store, page, bytes(n)))
        const closing = store.close()
        expect(await Promise.all(waiting)).toEqual(range(1, 10).map((head) => [head]))
        await closing
        await store.close()
        use(await harness.reopen())
        expect(await store.head(page)).toBe(10)
      })

      it('and reads are refused once closed', async () => {
        await store.close()
        await expect(append(store, page, bytes(1))).rejects.toMatchObject({ code: 'STORE_CLOSED' })
        await expect(store.read(page)).rejects.toMatchObject({ code: 'STORE_CLOSED' })
        expect(await store.health()).toMatchObject({ ok: false, code: 'STORE_CLOSED' })
        use(await harness.reopen())
      })
    })

    describe('records', () => {
      it('are written only over the expected version', async () => {
        const first = committed(await setRecord(store, { key: 'k', value: 1, expect: 0 })).seq
        const conflict = { kind: 'conflict', at: 'record', index: 0 }
        expect(await setRecord(store, { key: 'k', value: 2, expect: 0 })).toEqual(conflict)
        expect(await setRecord(store, { key: 'k', value: 2, expect: first + 1 })).toEqual(conflict)
        const second = committed(await setRecord(store, { key: 'k', value: 2, expect: first })).seq
        expect(await store.getRecord('k')).toEqual({ key: 'k', value: 2, version: second })
        expect(second).toBeGreaterThan(first)
      })

      it('never have the version of a deleted one again', async () => {
        const first = committed(await setRecord(store, { key: 'k', value: 1 })).seq
        committed(await setRecord(store, { key: 'k', value: null, expect: first }))
        expect(await store.getRecord('k')).toBeUndefined()
        const second = committed(await setRecord(store, { key: 'k', value: 1, expect: 0 })).seq
        expect(second).toBeGreaterThan(first)
        expect(await setRecord(store, { key: 'k', value: 2, expect: first })).toMatchObject({
          kind: 'conflict',
        })
      })

      it('let exactly one of many racing writers through', async () => {
        const racing = range(1, 20).map((value) => setRecord(store, { key: 'k', value, expect: 0 }))
        const kinds = (await Promise.all(racing)).map((result) => result.kind)
        expect(kinds.filter((kind) => kind === 'committed')).toHaveLength(1)
        expect((await store.getRecord('k'))?.value).toBe(1)
      })

      it('can be read by keys and by prefix, in order', async () => {
        const keys = ['b/2', 'a/1', 'a/10', 'a/2', 'a', 'a0']
        await store.commit({ records: keys.map((key) => ({ key, value: key })) })
        const listed = async (prefix: string): Promise<string[]> =>
          (await store.listRecords(prefix)).map(({ key }) => key)
        expect(await listed('a/')).toEqual(['a/1', 'a/10', 'a/2'])
        expect(await listed('a')).toEqual(['a', 'a/1', 'a/10', 'a/2', 'a0'])
        expect(await listed('')).toHaveLength(6)
        expect(await listed('c')).toEqual([])
        const found = await store.getRecords(['a/2', 'nobody', 'b/2'])
        expect([...found].map(([key, { value }]) => [key, value])).toEqual([
          ['a/2', 'a/2'],
          ['b/2', 'b/2'],
        ])
      })

      it('keep any JSON value', async () => {
        await fc.assert(
          fc.asyncProperty(fc.jsonValue(), async (value) => {
            fc.pre(value !== null)
            committed(await setRecord(store, { key: 'k', value: value as JsonValue }))
            const stored = (await store.getRecord('k'))?.value
            expect(stored).toEqual(JSON.parse(JSON.stringify(value)))
          }),
          { numRuns: 25 },
        )
      })
    })

    describe('changedSince', () => {
      const names = async (scopes: string[], since: number): Promise<string[]> =>
        (await store.changedSince(scopes, since)).map(({ doc }) => doc).sort()

      it('names the documents of the scopes that moved, and no others', async () => {
        await append(store, chat, bytes(1))
        await append(store, olderPage, bytes(1))
        await append(store, otherChat, bytes(1))
        await append(store, user, bytes(1))
        const cursor = store.lastSeq()
        const scope = 'chat/dm.anna.drbob'
        expect(await names([scope], 0)).toEqual([chat, olderPage].sort())
        expect(await names([scope, 'user/anna', 'user/nobody'], 0)).toEqual(
          [chat, olderPage, user].sort(),
        )
        expect(await names([scope, 'user/anna'], cursor)).toEqual([])
        expect(await names([], 0)).toEqual([])

        await append(store, page, bytes(1), bytes(2))
        await append(store, otherChat, bytes(2))
        expect(await store.changedSince([scope], cursor)).toEqual([
          { doc: page, head: 2, seq: cursor + 1 },
        ])
      })

      it('says the same after reopening', async () => {
        await append(store, chat, bytes(1))
        await append(store, page, bytes(1))
        use(await harness.reopen())
        expect(await names(['chat/dm.anna.drbob'], 1)).toEqual([page])
      })

      it('does not move with records, audit lines or compaction', async () => {
        await append(store, page, bytes(1))
        await setRecord(store, { key: 'k', value: 1 })
        await store.commit({ audit: [line('x')] })
        await store.compact(page, { head: 1, updates: [bytes(1)] })
        expect(await names(['chat/dm.anna.drbob'], 1)).toEqual([])
        expect(store.lastSeq()).toBe(3)
      })
    })

    describe('compaction', () => {
      const rows = KEEP_ROWS + 36
      const covered = rows - 6

      it('puts the snapshot before the tail and keeps the newest rows behind it', async () => {
        await appendMany(store, page, rows)
        await store.compact(page, { head: covered, updates: [bytes(42, 43)] })
        for (const reopened of [false, true]) {
          if (reopened) use(await harness.reopen())
          const content = await store.read(page)
          expect(content.head).toBe(rows)
          expect(content.snapshot).toEqual({ head: covered, updates: [bytes(42, 43)] })
          expect(headsOf(content.tail)).toEqual(range(covered + 1, rows))
          const oldest = covered - KEEP_ROWS
          expect(headsOf(await store.readAfter(page, oldest))).toEqual(range(oldest + 1, rows))
          expect(await store.readAfter(page, oldest - 1)).toBeUndefined()
          expect(await store.readAfter(page, 0)).toBeUndefined()
          expect(await store.sizes(page)).toEqual({
            tailRows: 6,
            tailBytes: 18,
            snapshotBytes: 2,
          })
        }
        expect(await append(store, page, bytes(1))).toEqual([rows + 1])
      })

      it('of a short document removes no row', async () => {
        await appendMany(store, page, 5)
        await store.compact(page, { head: 5, updates: [bytes(1)] })
        expect(headsOf(await store.readAfter(page, 0))).toEqual(range(1, 5))
        expect((await store.read(page)).tail).toEqual([])
      })

      it('is a repetition without effect for a snapshot that is not newer', async () => {
        await appendMany(store, page, 10)
        await store.compact(page, { head: 8, updates: [bytes(8)] })
        await store.compact(page, { head: 5, updates: [bytes(5)] })
        await store.compact(page, { head: 8, updates: [bytes(9)] })
        expect((await store.read(page)).snapshot).toEqual({ head: 8, updates: [bytes(8)] })
        expect(await store.sizes(page)).toEqual({ tailRows: 2, tailBytes: 6, snapshotBytes: 1 })
      })

      it('that keeps nothing leaves only what the snapshot holds, also behind an older one', async () => {
        await appendMany(store, page, 10)
        await store.compact(page, { head: 8, updates: [bytes(8)] })
        await store.compact(page, { head: 8, updates: [bytes(9)] }, 0)
        expect((await store.read(page)).snapshot).toEqual({ head: 8, updates: [bytes(9)] })
        expect(headsOf(await store.readAfter(page, 8))).toEqual([9, 10])
        expect(await store.readAfter(page, 7)).toBeUndefined()
        expect(await append(store, page, bytes(1))).toEqual([11])
      })

      it('racing with appends and other compactions loses nothing', async () => {
        await appendMany(store, page, 300)
        const snapshots = [50, 300, 120, 299].map((head) =>
          store.compact(page, { head, updates: [bytes(head & 255)] }),
        )
        const appends = range(1, 50).map((n) => append(store, page, bytes(n)))
        const reads = range(1, 20).map(() => store.read(page))
        await Promise.all([...snapshots, ...appends])
        for (const { head, snapshot, tail } of await Promise.all(reads)) {
          expect(headsOf(tail)).toEqual(range((snapshot?.head ?? 0) + 1, head))
        }
        const content = await store.read(page)
        expect(content.snapshot?.head).toBe(300)
        expect(headsOf(content.tail)).toEqual(range(301, 350))
        expect(await store.sizes(page)).toMatchObject({ tailRows: 50, tailBytes: 50 })
      })

      it('takes nothing from under those who read', async () => {
        for (let head = 3; head <= 90; head += 3) {
          await append(store, page, bytes(head - 2), bytes(head - 1), bytes(head))
          const reads = range(1, 4).map(() => store.read(page))
          const after = range(1, 4).map(() => store.readAfter(page, head - 2))
          await store.compact(page, { head: head - 1, updates: [bytes(head - 1)] }, 0)
          for (const content of await Promise.all(reads)) {
            const { snapshot, tail } = content
            expect(snapshot?.updates[0]?.[0] ?? 0).toBe(snapshot?.head ?? 0)
            expect(headsOf(tail)).toEqual(range((snapshot?.head ?? 0) + 1, content.head))
            for (const row of tail) expect(row.update[0]).toBe(row.head)
          }
          for (const rows of await Promise.all(after))
            if (rows !== undefined) expect(headsOf(rows)).toEqual([head - 1, head])
        }
      })
    })

    describe('what was deleted', () => {
      const secret = 'PINEAPPLE-42'
      const holds = (updates: readonly Uint8Array[]): boolean =>
        updates.some((update) => Buffer.from(update).includes(secret))
      const all = async (): Promise<Uint8Array[]> => {
        const { snapshot, tail } = await store.read(page)
        return [...(snapshot?.updates ?? []), ...tail.map(({ update }) => update)]
      }
      /** Three rows, of which the third deletes what the first has brought. */
      const takeBack = async (): Promise<Y.Doc> => {
        const doc = new Y.Doc()
        const rows: Uint8Array[] = []
        doc.on('update', (update: Uint8Array) => rows.push(update))
        const log = doc.getArray<string>('log:1')
        log.push([secret])
        log.push(['other'])
        log.delete(0)
        for (const [i, update] of rows.entries())
          await store.commit({ appends: [{ doc: page, update, erases: i === 2 }] })
        return doc
      }

      it('[RETRACT-4] is not read any more, before it is off the disk and after', async () => {
        expect(await store.toErase()).toEqual([])
        const doc = await takeBack()
        for (const reopened of [false, true]) {
          if (reopened) use(await harness.reopen())
          expect(await store.toErase()).toEqual([page])
          expect(holds(await all())).toBe(false)
          const rows = await store.readAfter(page, 0)
          expect(headsOf(rows)).toEqual([1, 2, 3])
          expect(holds(rows?.map(({ update }) => update) ?? [])).toBe(false)
        }
        const copy = new Y.Doc()
        for (const update of await all()) Y.applyUpdate(copy, update)
        expect(copy.getArray('log:1').toJSON()).toEqual(['other'])
        await store.compact(page, { head: 3, updates: [Y.encodeStateAsUpdate(doc)] }, 0)
        expect(await store.toErase()).toEqual([])
        use(await harness.reopen())
        expect(await store.toErase()).toEqual([])
        expect(holds(await all())).toBe(false)
      })

      it('stays to be erased when the snapshot does not cover its deletion', async () => {
        const doc = await takeBack()
        await store.compact(page, { head: 2, updates: [Y.encodeStateAsUpdate(doc)] }, 0)
        expect(await store.toErase()).toEqual([page])
        await store.compact(page, { head: 3, updates: [Y.encodeStateAsUpdate(doc)] })
        expect(await store.toErase()).toEqual([page])
      })
    })

    describe('a snapshot in parts', () => {
      const parts = (...values: number[]): Uint8Array[] =>
        values.map((value) => bytes(value, value))

      it('is read as it was written, and takes the place of one before it', async () => {
        await appendMany(store, page, 6)
        await store.compact(page, { head: 3, updates: parts(1, 2, 3) })
        expect((await store.read(page)).snapshot).toEqual({ head: 3, updates: parts(1, 2, 3) })
        expect(await store.sizes(page)).toMatchObject({ snapshotBytes: 6, tailRows: 3 })
        await store.compact(page, { head: 4, updates: parts(4, 5) }, 0)
        use(await harness.reopen())
        expect((await store.read(page)).snapshot).toEqual({ head: 4, updates: parts(4, 5) })
        await store.compact(page, { head: 5, updates: parts(6) }, 0)
        expect((await store.read(page)).snapshot).toEqual({ head: 5, updates: parts(6) })
        await store.compact(page, { head: 6, updates: parts(7, 8) }, 0)
        await store.compact(page, { head: 6, updates: parts(9, 10, 11) }, 0)
        expect(await store.read(page)).toEqual({
          head: 6,
          snapshot: { head: 6, updates: parts(9, 10, 11) },
          tail: [],
        })
      })

      it('races with others and is never mixed up', async () => {
        await appendMany(store, page, 20)
        await Promise.all(
          range(1, 20).map((head) =>
            store.compact(page, { head, updates: parts(head, head, head) }),
          ),
        )
        expect((await store.read(page)).snapshot).toEqual({ head: 20, updates: parts(20, 20, 20) })
      })

      it('of nothing is refused', async () => {
        await appendMany(store, page, 1)
        await expect(store.compact(page, { head: 1, updates: [] })).rejects.toMatchObject({
          code: 'STORE_BAD_INPUT',
        })
      })
    })

    const readAll = async (from?: number): Promise<unknown[]> => {
      const found: unknown[] = []
      for await (const { n, text } of store.readAudit(from)) found.push([n, JSON.parse(text)])
      return found
    }

    describe('audit trail', () => {
      it('is empty and intact at first', async () => {
        expect(await verifyAudit(store)).toMatchObject({ kind: 'intact', tip: { n: 0 } })
      })

      it('gives lines back in order, from any of them', async () => {
        const lines = range(1, 600).map((n) => line(`action-${n}`))
        for (let i = 0; i < 600; i += 150) await store.commit({ audit: lines.slice(i, i + 150) })
        const expected = lines.map((each, i) => [i + 1, each])
        expect(await readAll()).toEqual(expected)
        expect(await readAll(257)).toEqual(expected.slice(256))
        expect(await readAll(601)).toEqual([])
        expect(await verifyAudit(store)).toMatchObject({ kind: 'intact', tip: { n: 600 } })
      })

      it('stays one chain over concurrent changes and reopening', async () => {
        await Promise.all(range(1, 30).map((n) => store.commit({ audit: [line(`a${n}`)] })))
        const anchor = await store.auditTip()
        use(await harness.reopen())
        expect(await store.auditTip()).toEqual(anchor)
        await store.commit({ audit: [line('later')] })
        expect(await verifyAudit(store, anchor)).toMatchObject({ kind: 'intact', tip: { n: 31 } })
      })

      it('shows which line somebody changed', async () => {
        await store.commit({ audit: range(1, 9).map((n) => line(`a${n}`)) })
        use(await harness.tamperWithAudit(4, JSON.stringify(line('a4 or so'))))
        expect(await verifyAudit(store)).toEqual({ kind: 'broken', at: 4 })
      })

      it('shows that it is not the one that was anchored', async () => {
        await store.commit({ audit: [line('a'), line('b')] })
        const { hash } = await store.auditTip()
        const forged = { n: 1, hash }
        expect(await verifyAudit(store, forged)).toEqual({ kind: 'broken', at: 1 })
        expect(await verifyAudit(store, { n: 3, hash })).toEqual({ kind: 'broken', at: 3 })
      })
    })

    describe('what is sought in the audit trail', () => {
      const at = 1_700_000_000_000
      const found = async (question: AuditQuestion, limit = 100): Promise<number[]> =>
        (await store.findAudit(question, limit)).map(({ n }) => n)
      const lines: readonly AuditLine[] = [
        { at, actor: 'u-ada', action: 'login.succeeded' },
        { at: at + 1, actor: 'server', action: 'user.created', subject: 'u-pat' },
        { at: at + 2, actor: 'u-ada', action: 'chat.read', subject: 'd.x', concerns: ['u-pat'] },
        // A clock was put back.
        { at: at - 5, actor: 'u-ada', action: 'login.succeeded', subject: 'u-ada' },
        { at: at + 4, actor: 'u-a', action: 'login', subject: 'odd ! id/' },
      ]

      it.each([
        ['everything, newest first', { term: ALL_LINES }, [5, 3, 2, 1, 4]],
        ['who acted, each line once', { term: aboutTerm('u-ada') }, [3, 1, 4]],
        ['who it is about', { term: aboutTerm('u-pat') }, [3, 2]],
        ['a chat', { term: aboutTerm('d.x') }, [3]],
        ['what was done', { term: actionTerm('login.succeeded') }, [1, 4]],
        ['no other that begins so', { term: actionTerm('login') }, [5]],
        ['all of a kind', { term: kindTerm('login') }, [5, 1, 4]],
        ['an id of any characters', { term: aboutTerm('odd ! id/') }, [5]],
        ['nobody', { term: aboutTerm('u-nobody') }, []],
        ['a time from and until', { term: ALL_LINES, from: at, until: at + 2 }, [2, 1]],
        ['a time that ends before it begins', { term: ALL_LINES, from: at, until: at - 9 }, []],
        ['what is older', { term: ALL_LINES, before: { at: at + 1, n: 2 } }, [1, 4]],
      ] as const)('is found: %s', async (_, question, expected) => {
        await store.commit({ audit: lines })
        expect(await found(question)).toEqual(expected)
        expect(await found(question, 2)).toEqual(expected.slice(0, 2))
        use(await harness.reopen())
        expect(await found(question)).toEqual(expected)
      })

      it('is gone when it is too old, and the trail stays whole where that is said', async () => {
        await store.commit({ audit: range(1, 600).map((n) => ({ ...line('old'), at: at + n })) })
        const before = await store.auditTip()
        const [oldest] = await store.findAudit({ term: ALL_LINES, until: at + 501 }, 1)
        await store.pruneAudit(500)
        expect(await verifyAudit(store)).toEqual({ kind: 'broken', at: 501 })
        const details = { through: 500, hash: oldest?.hash ?? '' }
        await store.commit({ audit: [{ ...line(PRUNED), at: at + 900, details }] })
        expect(await verifyAudit(store, before)).toMatchObject({ kind: 'intact', tip: { n: 601 } })
        expect(await found({ term: ALL_LINES }, 1_000)).toHaveLength(101)
        expect(await found({ term: ALL_LINES, until: at + 501 })).toEqual([])
        use(await harness.reopen())
        expect(await store.auditStart()).toEqual({ n: 500, hash: oldest?.hash })
        expect(await readAll()).toHaveLength(101)
        expect(await verifyAudit(store, before)).toMatchObject({ kind: 'intact' })
        await store.pruneAudit(500)
        await store.pruneAudit(100)
        expect(await verifyAudit(store, { n: 500, hash: '0'.repeat(64) })).toMatchObject({
          kind: 'broken',
        })
      })

      it('goes on with its numbers after all was removed', async () => {
        await store.commit({ audit: [line('a'), line('b')] })
        const { hash } = await store.auditTip()
        await store.pruneAudit(9)
        use(await harness.reopen())
        await store.commit({ audit: [{ ...line(PRUNED), details: { through: 2, hash } }] })
        expect(await verifyAudit(store)).toMatchObject({ kind: 'intact', tip: { n: 3 } })
      })
    })

    describe('bad input', () => {
      const bad = { code: 'STORE_BAD_INPUT' }
      const notJson = (value: unknown): JsonValue => value as JsonValue

      it.each([
        ['an empty update', { appends: [{ doc: page, update: bytes() }] }],
        ['a negative after', { appends: [{ doc: page, update: bytes(1), after: -1 }] }],
        ['a broken after', { appends: [{ doc: page, update: bytes(1), after: 0.5 }] }],
        ['an empty key', { records: [{ key: '', value: 1 }] }],
        ['a key with a line feed', { records: [{ key: 'a\n', value: 1 }] }],
        ['a key that is not ASCII', { records: [{ key: 'ä', value: 1 }] }],
        ['a key that is too long', { records: [{ key: 'a'.repeat(513), value: 1 }] }],
        ['a broken version', { records: [{ key: 'a', value: 1, expect: Number.NaN }] }],
        ['undefined', { records: [{ key: 'a', value: notJson(undefined) }] }],
        ['a BigInt', { records: [{ key: 'a', value: notJson(1n) }] }],
        [
          'a record written twice',
          {
            records: [
              { key: 'a', value: 1 },
              { key: 'a', value: 2 },
            ],
          },
        ],
      ])('refuses %s and stores nothing', async (_, change) => {
        const whole = { ...change, audit: [line('x')] }
        await expect(store.commit(whole)).rejects.toMatchObject(bad)
        expect(store.lastSeq()).toBe(0)
        expect((await store.auditTip()).n).toBe(0)
      })

      it('refuses a change that is too large', async () => {
        const update = new Uint8Array(MAX_CHANGE_BYTES / 2 + 1).fill(1)
        const appends = [
          { doc: page, update },
          { doc: page, update },
        ]
        await expect(store.commit({ appends })).rejects.toMatchObject(bad)
        expect(await store.head(page)).toBe(0)
      })

      it('refuses a snapshot of rows that do not exist', async () => {
        await append(store, page, bytes(1))
        const snapshot = { head: 2, updates: [bytes(1)] }
        await expect(store.compact(page, snapshot)).rejects.toMatchObject(bad)
        await expect(store.compact(chat, { ...snapshot, head: 0 })).rejects.toMatchObject(bad)
      })

      it('refuses heads that are none', async () => {
        await expect(store.readAfter(page, -1)).rejects.toMatchObject(bad)
        await expect(store.changedSince([], 1.5)).rejects.toMatchObject(bad)
      })

      it('leaves the store working', async () => {
        const results = await Promise.allSettled([
          append(store, page, bytes(1)),
          append(store, page, bytes()),
          append(store, page, bytes(2)),
        ])
        expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
        expect(await store.head(page)).toBe(2)
      })
    })

    it('health tells that it works', async () => {
      expect(await store.health()).toMatchObject({ ok: true })
      expect(store.lastSeq()).toBe(0)
    })
  })
}
