/**
 * What one frame costs the gate: honest ones, beside applying them with Yjs, and frames made to
 * cost as much as they can. Each is judged against a page of 10,000 messages.
 *
 *     npm run bench -- gate
 */

import { clientIdOf, writerOf } from '@wardline/core/base/client-id'
import { type DeviceId, parseDocName, parseMonth } from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import { type Entry, EntryKind, MAX_BODY, MAX_SEEN, writeEntry } from '@wardline/core/chat/entry'
import { laneOf } from '@wardline/core/chat/lanes'
import { checkUpdate } from '@wardline/core/gate/check-update'
import { GateIndex } from '@wardline/core/gate/gate-index'
import { encodeLaneWrite, type LaneItem } from '@wardline/core/update/lane-write'
import * as Y from 'yjs'
import { countingWriters, WrittenPage } from '../tests/support/written-page.ts'
import { printTable } from './support/numbers.ts'

const MESSAGES = 10_000
/** How long, in ms, a case is repeated. */
const TIME = 400
const FRAME = 128 * 1024

const doc = parseDocName('chat/dm.patient.doctor/2026-11')!
const month = parseMonth('2026-11')!
const lane = laneOf(doc, 1)
const now = Date.parse('2026-11-22T12:00:00Z')
const client = clientIdOf(1, 2 ** 40 - 1)
const writer = writerOf(client)

const entry = (n: number, more: Partial<Entry> = {}) =>
  writeEntry({
    writer,
    n,
    device: 'bench000' as DeviceId,
    at: now,
    kind: EntryKind.message,
    ref: null,
    seen: new Map(),
    body: new Uint8Array([0]),
    signature: null,
    ...more,
  })

const log = (values: readonly unknown[]): Uint8Array =>
  encodeLaneWrite({ client, clock: 0, items: [{ log: 'log:1', values }] })

const page = await new WrittenPage(month, countingWriters()).write(MESSAGES)
const state = new Y.Doc()
state.transact(() => {
  for (const update of page) Y.applyUpdate(state, update)
})
const index = new GateIndex()
index.addStored(Y.encodeStateAsUpdate(state))

const body = await sealBody({ text: 'Take one a day with a glass of water, before you eat.' })
const seen = new Map(Array.from({ length: MAX_SEEN }, (_, i) => [i + 1, 1]))
const receipts = Array.from({ length: 2_000 }, (_, i): LaneItem => {
  return { map: 'state:1', key: `d/${i + 1}/1`, value: now }
})
/** Of another member, as stock clients echo everything. */
const foreign = new Y.Doc()
foreign.clientID = clientIdOf(2, 7)
for (let i = 0; i < 4_000; i++) foreign.getArray('log:2').push([i])
/** One clock deleted of every other, so that no two ranges join. */
const holes = Array.from({ length: 20_000 }, (_, i) => ({ client, clock: 2 * i, len: 1 }))
let nested: unknown = 1
for (let i = 0; i < 5_000; i++) nested = [nested]

const cases: readonly (readonly [name: string, update: Uint8Array, appliesToo?: boolean])[] = [
  ['honest: a message', log([entry(1, { body })]), true],
  [
    'honest: 64 messages joined',
    log(Array.from({ length: 64 }, (_, i) => entry(i + 1, { body }))),
    true,
  ],
  ['honest: all of the page again', Y.encodeStateAsUpdate(state)],
  ['hostile: the longest body', log([entry(1, { body: new Uint8Array(MAX_BODY) })])],
  ['hostile: as much seen as fits', log([entry(1, { seen })])],
  [
    'hostile: entries as small as can be',
    log(Array.from({ length: 2_000 }, (_, i) => entry(i + 1))),
  ],
  ['hostile: receipts for nobody', encodeLaneWrite({ client, clock: 0, items: receipts })],
  ['hostile: another’s structs', Y.encodeStateAsUpdate(foreign)],
  [
    'hostile: deletes of what is not there',
    encodeLaneWrite({ client, clock: 0, items: [], deletes: holes }),
  ],
  ['hostile: arrays in arrays', log([nested])],
  ['hostile: noise', crypto.getRandomValues(new Uint8Array(65_536))],
  ['hostile: zeros', new Uint8Array(FRAME)],
  ['hostile: ones', new Uint8Array(FRAME).fill(255)],
]

/** Microseconds for one call. */
const time = (run: () => void): number => {
  run()
  const start = performance.now()
  let runs = 0
  while (performance.now() - start < TIME) {
    run()
    runs++
  }
  return ((performance.now() - start) * 1_000) / runs
}

const rows = cases.map(([name, update, appliesToo]) => {
  const judge = () => checkUpdate(index, update, { doc, lane, now })
  const verdict = judge()
  const cost = time(judge)
  const apply = appliesToo === true ? time(() => Y.applyUpdate(new Y.Doc(), update)).toFixed(1) : ''
  const kind = verdict.kind === 'refuse' ? verdict.code : verdict.kind
  const size = update.length / 1024
  return [name, kind, size.toFixed(1), cost.toFixed(1), (cost / size).toFixed(1), apply]
})
console.log(`against a page of ${MESSAGES} messages`)
printTable(['frame', 'verdict', 'kB', 'µs', 'µs/kB', 'Yjs applies it: µs'], rows)
