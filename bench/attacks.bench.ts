import { clientIdOf, writerOf } from '@wardline/core/base/client-id'
import {
  chatDoc,
  type DeviceId,
  type DocName,
  monthOf,
  pageDoc,
  parseMonth,
} from '@wardline/core/base/ids'
import { EntryKind, writeEntry } from '@wardline/core/chat/entry'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import type { Attacker } from './roles/attacker.ts'
import { chatOf, pairs } from './support/clinic.ts'
import { LeanDevice } from './support/lean-device.ts'
import { pause, percentile, printTable } from './support/numbers.ts'
import { RoleProcess } from './support/processes.ts'
import { startWardline } from './support/wardline.ts'

const [secondsText = '10', ...names] = process.argv.slice(2)
const SECONDS = Number(secondsText)
const PASSWORD = 'a password for the bench'
const [bad, good] = pairs(2)
if (bad === undefined || good === undefined) throw new Error('two pairs')

const wardline = await startWardline()
const { call } = wardline.process
await call.people([bad, good])
for (const id of [bad.patient, good.patient]) await call.password(id, PASSWORD)
const [badToken = '', goodToken = '', goodDoctor = ''] = await call.tokens([
  bad.patient,
  good.patient,
  good.doctor,
])

/** As many entries as a lane may have, as small as they can be. */
const tiny = (count: number): Uint8Array => {
  const client = clientIdOf(1, 4711)
  const values = Array.from({ length: count }, (_, i) =>
    writeEntry({
      writer: writerOf(client),
      n: i + 1,
      device: 'bench000' as DeviceId,
      at: Date.now() + ((i * 7919) % 100_000),
      kind: EntryKind.message,
      ref: null,
      seen: new Map(),
      body: new Uint8Array([0]),
      signature: null,
    }),
  )
  return encodeLaneWrite({ client, clock: 0, items: [{ log: 'log:1', values }] })
}
/** Few and large. */
const bulk = (bytes: number): Uint8Array => {
  const client = clientIdOf(1, 4711)
  const values = Array.from({ length: Math.floor(bytes / 65_536) }, (_, i) =>
    writeEntry({
      writer: writerOf(client),
      n: i + 1,
      device: 'bench000' as DeviceId,
      at: Date.now(),
      kind: EntryKind.message,
      ref: null,
      seen: new Map(),
      body: new Uint8Array(65_500),
      signature: null,
    }),
  )
  return encodeLaneWrite({ client, clock: 0, items: [{ log: 'log:1', values }] })
}
const monthsFrom = (year: number, count: number): DocName[] =>
  Array.from({ length: count }, (_, i) => {
    const month = parseMonth(
      `${year + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`,
    )
    if (month === undefined) throw new Error('a month')
    return pageDoc(chatOf(bad), month)
  })
const tinyPages = monthsFrom(2000, 6)
const bulkPages = monthsFrom(2010, 16)
const tinyUpdate = tiny(99_000)
const bulkUpdate = bulk(8 * 1024 * 1024)
// One after the other: they are pages of the same chat.
for (const doc of tinyPages) await call.fill([{ doc, updates: [tinyUpdate] }])
for (const doc of bulkPages) await call.fill([{ doc, updates: [bulkUpdate] }])
await call.compacted([...tinyPages, ...bulkPages])
await wardline.restart()

interface Attack {
  readonly name: string
  readonly title: string
  begin(attacker: RoleProcess<Attacker>): Promise<unknown>
}
const url = wardline.url
const messagesBefore = (doc: DocName): string => {
  const [, chat, month] = doc.split('/')
  return `/api/chat/chats/${chat}/messages?limit=1&before=${chat}~${month}~4711.1`
}
const attacks: Attack[] = [
  { name: 'none', title: 'nothing', begin: async () => {} },
  {
    name: 'slow',
    title: '30 slow sockets × 16 months of 8 MiB',
    begin: (attacker) => attacker.call.slowSockets(url, badToken, 30, bulkPages),
  },
  {
    name: 'silent-plain',
    title: '136 plain sockets that say nothing',
    begin: (attacker) => attacker.call.silentPlain(url, badToken, 136, tinyPages[0] as DocName),
  },
  {
    name: 'folds',
    title: '60 HTTP requests at once for months of tiny entries',
    begin: (attacker) => attacker.call.ask(url, badToken, 60, tinyPages.map(messagesBefore)),
  },
  {
    name: 'sign-in',
    title: '150 sign-ins at once',
    begin: (attacker) => attacker.call.signIn(url, `${bad.patient}@example.org`, PASSWORD, 150),
  },
  {
    name: 'silent',
    title: '4,300 silent sockets',
    begin: (attacker) => attacker.call.silent(url, 4_300),
  },
  {
    name: 'dribble',
    title: '3,000 dribbling connections',
    begin: (attacker) => attacker.call.dribble(url, 3_000),
  },
]

/** An honest person for a while: how long everything took, ms, and what went wrong. */
const honest = async (seconds: number) => {
  const took = {
    socket: [] as number[],
    http: [] as number[],
    signIn: [] as number[],
    connect: [] as number[],
  }
  const problems = new Map<string, number>()
  const note = (problem: string) => problems.set(problem, (problems.get(problem) ?? 0) + 1)
  const chat = chatOf(good)
  const waiting: (() => void)[] = []
  const device = new LeanDevice({
    url: wardline.url,
    user: good.patient,
    token: goodToken,
    index: 1,
    docs: [chatDoc(chat), pageDoc(chat, monthOf(Date.now()))],
    acknowledged: (frames) => {
      for (let i = 0; i < frames; i++) waiting.shift()?.()
    },
  })
  const began = performance.now()
  await device.connect()
  took.connect.push(performance.now() - began)
  // However long that took: what follows is measured for as long as it was to be.
  const end = performance.now() + seconds * 1000
  const timed = async (list: number[], work: () => Promise<unknown>) => {
    const start = performance.now()
    try {
      await work()
      list.push(performance.now() - start)
    } catch (error) {
      note(String(error instanceof Error ? error.message : error))
      list.push(performance.now() - start)
    }
  }
  const every = async (ms: number, work: () => Promise<unknown>) => {
    while (performance.now() < end) {
      const next = performance.now() + ms
      await work()
      await pause(Math.max(0, next - performance.now()))
    }
  }
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(wardline.url + path, {
      ...init,
      headers: { Authorization: `Bearer ${goodDoctor}`, 'Content-Type': 'application/json' },
    })
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`${path.slice(0, 20)}: ${answer.status}`)
  }
  const body = new TextEncoder().encode(`\0${JSON.stringify({ text: 'How are you today?' })}`)
  await Promise.all([
    every(25, () =>
      timed(
        took.socket,
        () =>
          new Promise<void>((done) => {
            waiting.push(done)
            device.send(body, Date.now())
          }),
      ),
    ),
    every(150, () => timed(took.http, () => ask(`/api/chat/chats/${chat}/messages?limit=20`))),
    every(500, () => timed(took.http, () => ask('/api/chat/chats'))),
    every(1000, () =>
      timed(took.signIn, () =>
        ask('/api/auth/login', {
          method: 'POST',
          body: JSON.stringify({ email: `${good.patient}@example.org`, password: PASSWORD }),
        }),
      ),
    ),
    every(300, () =>
      timed(took.connect, async () => {
        const other = new LeanDevice({
          url: wardline.url,
          user: good.patient,
          token: goodToken,
          index: 1,
          docs: [chatDoc(chat)],
        })
        await other.connect()
        other.close()
      }),
    ),
  ])
  device.close()
  return { took, problems }
}

const p = (list: readonly number[], share: number) =>
  percentile(Float64Array.from(list), share).toFixed(0)

const rows: (string | number)[][] = []
try {
  for (const { name, title, begin } of attacks) {
    if (names.length > 0 && !names.includes(name)) continue
    const attacker = await RoleProcess.start<Attacker>('attacker')
    wardline.process.resetPeak()
    const before = wardline.process.usage()
    const lag = wardline.process.call.lag(SECONDS * 1000)
    const begun = begin(attacker).catch((error: unknown) => console.log(name, String(error)))
    const { took, problems } = await honest(SECONDS)
    const stopped = attacker.call.stop().catch(() => {})
    await lag
    const after = wardline.process.usage()
    rows.push([
      title,
      p(took.socket, 0.99),
      p(took.http, 0.99),
      p(took.signIn, 0.99),
      p(took.connect, 0.99),
      await lag,
      (after.peakRss - before.rss).toFixed(0),
      (after.cpu - before.cpu).toFixed(1),
      [...problems].map(([problem, count]) => `${count}× ${problem}`).join(', '),
    ])
    console.log(rows.at(-1)?.join(' | '))
    // What it has begun need not come to its end.
    await Promise.race([Promise.all([begun, stopped]), pause(5_000)])
    await attacker.end()
    await pause(1_500)
  }
  printTable(
    [
      '',
      'socket p99 ms',
      'HTTP p99',
      'sign-in p99',
      'connect p99',
      'longest block ms',
      'MB more',
      'CPU s',
      'refused',
    ],
    rows,
  )
} finally {
  await wardline.remove()
}
