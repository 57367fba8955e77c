/**
 * A group of 100 in which everybody reads: each message goes to 99, and each of them says to the other
 * 99 that it was delivered and read.
 *
 *     npm run bench -- group [members=100] [rate=1] [seconds=30]
 */
import type { WardlineLoad } from './roles/wardline-load.ts'
import { userId } from './support/clinic.ts'
import { printTable } from './support/numbers.ts'
import { RoleProcess } from './support/processes.ts'
import { accessesOf, startWardline } from './support/wardline.ts'

const [members = 100, rate = 1, seconds = 30] = process.argv.slice(2).map(Number)
console.log(`a group of ${members}, ${rate} messages/s for ${seconds} s`)

const people = Array.from({ length: members }, (_, i) => userId(`doctor-${i}`))
const patient = userId('patient-0')
const server = await startWardline()
const rows: (string | number)[][] = []
try {
  await server.process.call.people(people.map((doctor) => ({ patient, doctor })))
  const chat = await server.process.call.group(people)
  const room = { chat, members: await accessesOf(server, people, 'doctor') }
  for (const receipts of [false, true]) {
    const load = await RoleProcess.start<WardlineLoad>('wardline-load')
    try {
      await load.call.connect([room], { open: true, receipts })
      const before = { server: server.process.usage().cpu, clients: load.usage().cpu }
      const measured = await load.call.run({ rate, seconds })
      const messages = rate * (seconds + 1)
      rows.push([
        receipts ? 'all read, and say so' : 'all read',
        measured.p50.toFixed(1),
        measured.p99.toFixed(0),
        measured.ackP99.toFixed(0),
        (((server.process.usage().cpu - before.server) / messages) * 1000).toFixed(1),
        (((load.usage().cpu - before.clients) / messages) * 1000).toFixed(1),
        `${measured.received} of ${measured.sent}`,
      ])
    } finally {
      await load.end()
    }
  }
} finally {
  await server.remove()
}
printTable(
  [
    '',
    'p50 ms',
    'p99 ms',
    'stored p99 ms',
    'server CPU ms a message',
    'clients CPU ms a message',
    'received',
  ],
  rows,
)
