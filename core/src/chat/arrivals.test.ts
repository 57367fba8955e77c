import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { clientIdOf } from '../base/client-id.ts'
import type { DeviceId } from '../base/ids.ts'
import { encodeLaneWrite } from '../update/lane-write.ts'
import { Arrivals, arrivalKey, MISDATED, readArrivalKey } from './arrivals.ts'
import { activityOf, datedBefore, latestOf } from './dating.ts'
import { EntryKind } from './entry.ts'
import { LaneWriter } from './lane-writer.ts'
import { SYS } from './lanes.ts'
import { Page } from './page.ts'
import { readReceipts } from './read-receipts.ts'

const DAY = 24 * 60 * 60_000
const device = 'device00' as DeviceId
const draft = (at: number) => ({
  ...{ at, kind: EntryKind.message, ref: null, body: Uint8Array.of(0) },
})

/** What the server writes. */
const mark = (key: string, value: unknown, clock = 0): Uint8Array =>
  encodeLaneWrite({ client: clientIdOf(0, 99), clock, items: [{ map: SYS, key, value }] })

describe('marks', () => {
  it('name a writer and the entries of theirs that came', () => {
    const range = { writer: 2 ** 40 - 1, from: 1, to: 100_000 }
    expect(readArrivalKey(arrivalKey(range))).toEqual(range)
    for (const key of [
      'arrived/1/1',
      'arrived/1/0/1',
      'arrived/1/2/1',
      'arrived/01/1/1',
      'arrived/1/1/100001',
      `arrived/${2 ** 40}/1/1`,
      'arrived/1/1/1/1',
      'arrived/1/1/1e3',
      'arrived/-1/1/1',
      'page/2026-01',
      '',
    ])
      expect(readArrivalKey(key), key).toBeUndefined()
  })

  it('say the latest time where several are of an entry, in any order', () => {
    for (const times of [
      [5, 9],
      [9, 5],
    ]) {
      const arrivals = new Arrivals()
      arrivals.add('arrived/7/1/3', times[0])
      arrivals.add('arrived/7/3/4', times[1])
      for (const value of [null, '9', -1, 1.5, Number.NaN]) arrivals.add('arrived/7/1/9', value)
      expect([1, 2, 3, 4, 5].map((n) => arrivals.of(7, n))).toEqual([
        times[0],
        times[0],
        9,
        times[1],
        undefined,
      ])
      expect(arrivals.of(8, 1)).toBeUndefined()
    }
  })

  it('[FOLD-5] make the same page, whatever came first', () => {
    const laneWriter = new LaneWriter(1, 7, device)
    const one = laneWriter.entries([draft(1000)], new Map())
    one.advance()
    const two = laneWriter.entries([draft(2000), draft(DAY)], new Map())
    const marks = mark(arrivalKey({ writer: 7, from: 2, to: 3 }), DAY)
    const orders = [
      [marks, one.update, two.update],
      [one.update, two.update, marks],
      [one.update, marks, two.update],
    ]
    const all = new Y.Doc()
    for (const update of orders[0] ?? []) Y.applyUpdate(all, update)
    for (const updates of [...orders, [Y.encodeStateAsUpdate(all)]]) {
      const page = new Page()
      for (const update of updates) {
        page.apply([update])
        // It is folded in between, as a screen does.
        page.messages()
      }
      expect(page.messages().map(({ arrivedAt }) => arrivedAt)).toEqual([null, DAY, null])
    }
  })

  it('say nothing of what came when it says', () => {
    const page = new Page()
    const at = 10 * DAY
    page.apply([new LaneWriter(1, 7, device).entries([draft(at)], new Map()).update])
    for (const [time, said] of [
      [at + MISDATED, null],
      [at + MISDATED + 1, at + MISDATED + 1],
    ] as const) {
      const clock = said === null ? 0 : 1
      page.apply([mark(arrivalKey({ writer: 7, from: 1, to: 1 + clock }), time, clock)])
      expect(page.messages()[0]?.arrivedAt).toBe(said)
    }
  })
})

const dated = (at: number, arrivedAt: number | null = null) => ({ at, arrivedAt })

describe('dating', () => {
  it('is before the chat by more than a day, or before the membership in which it came', () => {
    const began = 100 * DAY
    const since = 200 * DAY
    expect(datedBefore(dated(0, began), began, undefined)).toBe('chat')
    expect(datedBefore(dated(began - DAY - 1), began, undefined)).toBe('chat')
    expect(datedBefore(dated(began - DAY), began, undefined)).toBeNull()
    expect(datedBefore(dated(0, began), 0, undefined)).toBeNull()
    expect(datedBefore(dated(since - 2 * DAY, since + DAY), began, since)).toBe('membership')
    expect(datedBefore(dated(since - DAY, since + DAY), began, since)).toBeNull()
    // Of a time when they had been in it before.
    expect(datedBefore(dated(150 * DAY), began, since)).toBeNull()
    expect(datedBefore(dated(150 * DAY, 160 * DAY), began, since)).toBeNull()
  })

  it('leaves what is new to the arrival', () => {
    const page = new Page()
    const [one, two] = [new LaneWriter(1, 7, device), new LaneWriter(2, 8, device)]
    page.apply([
      mark(arrivalKey({ writer: 7, from: 1, to: 1 }), 50 * DAY),
      one.entries([draft(DAY)], new Map()).update,
      two.entries([draft(40 * DAY), draft(60 * DAY)], new Map()).update,
    ])
    const messages = page.messages()
    expect(messages.map(activityOf)).toEqual([50 * DAY, 40 * DAY, 60 * DAY])
    expect(latestOf(messages)).toBe(messages[2])
    expect(latestOf(messages.slice(0, 2))).toBe(messages[0])
    expect(latestOf([])).toBeUndefined()
  })
})

describe('what was seen', () => {
  it('[UNREAD-2] is said up to the first message of its writer that was not', () => {
    const page = new Page()
    const [one, two] = [new LaneWriter(1, 7, device), new LaneWriter(2, 8, device)]
    page.apply([
      one.entries(
        [1, 2, 3, 4].map((n) => draft(n * DAY)),
        new Map(),
      ).update,
      two.entries([draft(DAY)], new Map()).update,
    ])
    const said = (...seen: string[]) =>
      readReceipts(page, 2, ({ id }) => seen.includes(id)).map(({ writer, n }) => [writer, n])
    expect(said('7.1', '7.2', '7.4')).toEqual([[7, 2]])
    expect(said('7.4', '7.3', '7.2')).toEqual([])
    expect(said('7.1', '7.2', '7.3', '7.4', '8.1')).toEqual([[7, 4]])
    expect(said()).toEqual([])
  })
})
