/**
 * 100 doctors write in 10,000 chats, one after the other, and have one of them on screen each: what
 * the server keeps must not grow with the chats that were touched.
 *
 *     npm run bench -- many-chats [chats=10000] [active=100] [steps=5]
 */
import { monthOf, pageDoc } from '@wardline/core/base/ids'
import type { WardlineLoad } from './roles/wardline-load.ts'
import { chatOf, userId } from './support/clinic.ts'
import { printTable } from './support/numbers.ts'
import { RoleProcess } from './support/processes.ts'
import { accessesOf, startWardline } from './support/wardline.ts'

const [chats = 10_000, active = 100, steps = 5] = process.argv.slice(2).map(Number)
const MB = 1024 * 1024
/** More than an entry of some index, less than a document. */
const MOST_KB = 0.5
/** A doctor's index in a direct chat. */
const DOCTOR = 2

const doctors = Array.from({ length: active }, (_, i) => userId(`doctor-${i}`))
const people = Array.from({ length: chats }, (_, i) => ({
  patient: userId(`patient-${Math.floor(i / active)}`),
  doctor: doctors[i % active] ?? userId('doctor-0'),
}))
/** On screen, one of each doctor's. */
const shown = doctors.map((doctor) => ({ patient: userId('patient-on-screen'), doctor }))
const month = monthOf(Date.now())
const rows: (string | number)[][] = []

const server = await startWardline()
const load = await RoleProcess.start<WardlineLoad>('wardline-load')
try {
  await server.process.call.people([...people, ...shown])
  await server.restart()
  const accesses = await accessesOf(server, doctors, 'doctor')
  const rooms = accesses.flatMap((access, i) => {
    const pair = shown[i]
    return pair === undefined ? [] : [{ chat: chatOf(pair), members: [access] }]
  })
  await load.call.connect(rooms, { open: true, receipts: false })
  const used: number[] = []
  const note = async (touched: number) => {
    const bytes = await server.process.call.collectGarbage()
    used.push(bytes)
    rows.push([touched, (bytes / MB).toFixed(1), server.process.usage().rss.toFixed(0)])
  }
  await note(0)
  for (let step = 0; step < steps; step++) {
    const part = people.slice((step * chats) / steps, ((step + 1) * chats) / steps)
    const pages = doctors.map((doctor) =>
      part.filter((pair) => pair.doctor === doctor).map((pair) => pageDoc(chatOf(pair), month)),
    )
    await load.call.touch(pages, DOCTOR)
    await note(((step + 1) * chats) / steps)
  }
  printTable(['chats touched', 'in use MB', 'RSS MB'], rows)
  // What the server remembers has its bounds, and is full by then.
  const full = Math.ceil(steps * 0.6)
  const [first = 0, last = 0] = [used[full], used.at(-1)]
  const each = (last - first) / (chats - (full * chats) / steps) / 1024
  console.log(
    `${each.toFixed(2)} kB for each chat after the first ${(full * chats) / steps}; must be ≤ ${MOST_KB}: ` +
      (each <= MOST_KB ? 'met' : 'NOT MET'),
  )
} finally {
  await load.end()
  await server.remove()
}
