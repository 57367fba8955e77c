import { describe, expect, it, vi } from 'vitest'
import {
  type DeviceId,
  type DocName,
  directChatId,
  pageDoc,
  parseMonth,
  parseUserId,
} from '../../base/ids.ts'
import { sealBody } from '../../chat/body.ts'
import { EntryKind } from '../../chat/entry.ts'
import { HybridClock } from '../../chat/hybrid-clock.ts'
import { LaneWriter } from '../../chat/lane-writer.ts'
import { Page } from '../../chat/page.ts'
import { retractionOf } from '../../chat/retraction.ts'
import { Slices } from '../../time/slices.ts'
import { MemoryDatabase, MemoryLocalStore } from '../store/memory-local-store.ts'
import { Pages } from './pages.ts'

const chat = directChatId(parseUserId('pat-morgan')!, parseUserId('dr-ada')!)
const month = (n: number): DocName =>
  pageDoc(chat, parseMonth(`2026-${String(n).padStart(2, '0')}`)!)
const MiB = 1024 * 1024

/** Messages of one writer, about a MiB in each update. */
const history = async (n: number, updates: number): Promise<Uint8Array[]> => {
  const laneWriter = new LaneWriter(1, 7, 'device01' as DeviceId)
  const page = new Page()
  const made: Uint8Array[] = []
  for (let i = 0; i < updates; i++) {
    const body = await sealBody({ text: 'x'.repeat(60_000) })
    const added = Array.from({ length: 17 }, () => ({
      at: Date.UTC(2026, n - 1, 5),
      kind: EntryKind.message,
      ref: null,
      body,
    }))
    const { update, advance } = laneWriter.entries(added, page.frontier)
    advance()
    made.push(update)
  }
  return made
}

const open = () => {
  const store = new MemoryLocalStore(new MemoryDatabase())
  const heads: (number | undefined)[] = []
  const known = new Set<DocName>()
  let now = 0
  const seen = { changed: 0, erased: 0, incomplete: 0, pauses: 0, heads }
  const pages = new Pages({
    store,
    clock: new HybridClock({ now: () => Date.UTC(2026, 11, 1), elapsed: () => 0 }, 0),
    random: (length) => new Uint8Array(length).fill(9),
    device: 'device02' as DeviceId,
    writer: 99,
    indexIn: () => 2,
    hasRows: (doc) => known.has(doc),
    changed: (open, record) => {
      known.add(open.doc)
      seen.changed++
      seen.heads.push(record?.head)
    },
    erased: () => void seen.erased++,
    wrote() {},
    incomplete: () => void seen.incomplete++,
    slices: new Slices({
      elapsed: () => (now += 10),
      pause: async () => {
        seen.pauses++
      },
    }),
  })
  return { store, pages, seen }
}

describe('pages in memory', () => {
  it('are no more than their bytes allow, the ones used last and those on screen', async () => {
    const { pages } = open()
    const months = [1, 2, 3, 4, 5, 6]
    for (const n of months)
      await pages.receive(month(n), await history(n, 6), { head: 6, known: 6 })
    const kept = () => months.filter((n) => pages.peek(month(n)) !== undefined)
    expect(kept()).toEqual([5, 6])
    pages.pin([month(1)])
    for (const n of [1, 2, 3]) await pages.open(month(n))
    expect(kept()).toEqual([1, 3])
    // One alone may be larger than all of it.
    await pages.receive(month(8), await history(8, 20), { head: 1, known: 1 })
    expect(pages.peek(month(8))?.page.messages().length).toBe(20 * 17)
    await pages.open(month(2))
    expect([pages.peek(month(8)), kept()]).toEqual([undefined, [1, 2]])
  }, 60_000)

  it('are folded once when they come in parts, in slices that let others run', async () => {
    const { pages, seen, store } = open()
    const parts = await history(1, 8)
    for (const part of parts.slice(0, -1))
      expect(await pages.receive(month(1), [part], {})).toBe(false)
    expect([pages.peek(month(1)), seen.changed]).toEqual([undefined, 0])
    const last = parts.slice(-1)
    expect(await pages.receive(month(1), last, { head: 8, known: 8 })).toBe(true)
    expect(seen).toMatchObject({ changed: 1, incomplete: 0 })
    expect(seen.pauses).toBeGreaterThan(4)
    expect(pages.peek(month(1))?.page.messages().length).toBe(8 * 17)
    expect((await store.record(month(1)))?.head).toBe(8)
  }, 60_000)

  it('are taken in once, with their record, and without reading what was just stored', async () => {
    const { pages, seen, store } = open()
    await pages.open(month(1))
    const reads = [vi.spyOn(store, 'rows'), vi.spyOn(store, 'record'), vi.spyOn(store, 'read')]
    for (const [i, update] of (await history(1, 3)).entries())
      expect(await pages.receive(month(1), [update], { head: i + 1, known: i + 1 })).toBe(true)
    expect(seen).toMatchObject({ changed: 3, heads: [1, 2, 3] })
    expect(reads.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0])
    expect(pages.peek(month(1))?.page.messages().length).toBe(3 * 17)
    expect((await store.record(month(1)))?.head).toBe(3)
  })

  it('are not read where nothing was here, and are where another tab wrote in spite of that', async () => {
    const { pages, seen, store } = open()
    const reads = vi.spyOn(store, 'read')
    const [one, two] = await history(1, 2)
    await pages.receive(month(1), [one!], { head: 1, known: 1 })
    expect(reads).not.toHaveBeenCalled()
    expect(pages.peek(month(1))?.page.messages().length).toBe(17)
    await store.append(month(2), [{ update: one! }])
    await pages.receive(month(2), [two!], { head: 2, known: 2 })
    expect(pages.peek(month(2))).toMatchObject({ lastRow: 2 })
    expect(pages.peek(month(2))?.page.messages().length).toBe(2 * 17)
    expect(seen).toMatchObject({ changed: 2, heads: [1, 2], incomplete: 0 })
  })

  it('take in what another tab wrote between, too, and say so once', async () => {
    const { pages, seen, store } = open()
    await pages.open(month(1))
    const [one, two] = await history(1, 2)
    await store.append(month(1), [{ update: one! }])
    await pages.receive(month(1), [two!], { head: 2, known: 2 })
    expect(seen).toMatchObject({ changed: 1, heads: [2] })
    expect(pages.peek(month(1))).toMatchObject({ lastRow: 2 })
    expect(pages.peek(month(1))?.page.messages().length).toBe(2 * 17)
  })

  it('are folded as they come when somebody looks at them', async () => {
    const { pages, seen } = open()
    pages.pin([month(1)])
    const [first] = await history(1, 2)
    expect(await pages.receive(month(1), [first!], {})).toBe(true)
    expect(seen.changed).toBe(1)
    expect(pages.peek(month(1))?.bytes).toBeGreaterThan(0.9 * MiB)
  }, 60_000)
})

it('[RETRACT-1] takes out of the rows what was taken back, also after it was stopped before', async () => {
  const { pages, store, seen } = open()
  const [written] = await history(1, 1)
  const page = new Page()
  page.apply([written!])
  const entry = page.entry(7, 2)!
  const { added, deletes } = retractionOf(page, entry, 1, Date.UTC(2026, 0, 6))
  const lane = new LaneWriter(1, 7, 'device01' as DeviceId)
  lane
    .entries(
      Array.from({ length: 17 }, () => ({ ...entry })),
      page.frontier,
    )
    .advance()
  const { update } = lane.entries(added, page.frontier, deletes)
  // As they are when the device stops right after it stored them.
  await store.append(month(1), [{ update: written! }, { update }])
  const held = async () =>
    (await store.rows(month(1), 0)).reduce((sum, row) => sum + row.update.length, 0)
  const before = await held()
  await pages.open(month(1))
  expect(before - (await held())).toBeGreaterThan(55_000)
  // Files that were only in there go as well.
  expect(seen.erased).toBe(1)
  expect(pages.peek(month(1))?.page.messages().length).toBe(17)
})
