/**
 * 2,000 devices lose the network and come back in the same moment, each with its chat on screen, a
 * quarter of them to news, while others write.
 *
 *     npm run bench -- reconnect [devices=2000] [rate=100]
 */
import { randomBytes } from 'node:crypto'
import { writerFrom } from '@wardline/core/base/client-id'
import { monthOf } from '@wardline/core/base/ids'
import { WrittenPage } from '../tests/support/written-page.ts'
import type { WardlineLoad } from './roles/wardline-load.ts'
import { pairs } from './support/clinic.ts'
import { pause, printTable } from './support/numbers.ts'
import { RoleProcess } from './support/processes.ts'
import { roomsOf, startWardline } from './support/wardline.ts'

const [devices = 2_000, rate = 100] = process.argv.slice(2).map(Number)
const WRITERS = 50
/** How long they write, s; the devices come back when the first of these is over. */
const SECONDS = 5
const MUST_BE = { current: 5_000, writes: 250 }

const people = pairs(devices / 2 + WRITERS)
const server = await startWardline()
const load = await RoleProcess.start<WardlineLoad>('wardline-load')
const writers = await RoleProcess.start<WardlineLoad>('wardline-load')
const presence = { open: true, receipts: false }
try {
  await server.process.call.people(people)
  const rooms = await roomsOf(server, people)
  await load.call.connect(rooms.slice(WRITERS), presence)
  await writers.call.connect(rooms.slice(0, WRITERS), presence)
  await writers.call.run({ rate, seconds: 2 })
  await load.call.drop()
  const month = monthOf(Date.now())
  const news = people.slice(WRITERS, WRITERS + devices / 4).map(async (pair) => ({
    doc: await server.process.call.pageOfNow(pair),
    updates: await new WrittenPage(month, () => writerFrom(randomBytes(5))).write(3),
  }))
  await server.process.call.fill(await Promise.all(news))
  const before = server.process.usage().cpu
  const writing = writers.call.run({ rate, seconds: SECONDS })
  await pause(1_000)
  const came = await load.call.reconnect()
  const cpu = server.process.usage().cpu - before
  const written = await writing
  const row = (what: string, p50: number, p99: number, most: number) => [
    what,
    p50.toFixed(0),
    p99.toFixed(0),
    `≤ ${most}`,
    p99 <= most ? 'met' : 'NOT MET',
  ]
  printTable(
    [`${devices} devices at once, ${rate} messages/s meanwhile`, 'p50 ms', 'p99 ms', 'must be', ''],
    [
      row('a device has all again', came.p50, came.p99, MUST_BE.current),
      row('a message of the others', written.p50, written.p99, MUST_BE.writes),
    ],
  )
  console.log(
    `the last one after ${came.all.toFixed(0)} ms; server CPU ${((cpu * 1000) / devices).toFixed(2)} ms a device; ` +
      `${written.received} of ${written.sent} messages received`,
  )
} finally {
  await load.end()
  await writers.end()
  await server.remove()
}
