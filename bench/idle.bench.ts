/**
 * What a connection costs that does nothing: memory, and CPU over a time in which the heartbeat of
 * the sockets falls at least once.
 *
 *     npm run bench -- idle [connections=5000] [seconds=31]
 */
import { type Contestant, relay, wardline } from './support/chat-load.ts'
import { pause, printTable } from './support/numbers.ts'

const [connections = 5_000, seconds = 31] = process.argv.slice(2).map(Number)
/** How long what connecting has set off may take, ms. */
const SETTLE = 3_000

interface Case {
  readonly name: string
  readonly contestant: Contestant
  readonly open: boolean
}

const cases: Case[] = [
  { name: 'bare ws relay', contestant: await relay(), open: true },
  { name: 'wardline, signed in', contestant: await wardline(connections / 2), open: false },
  { name: 'wardline, chat on screen', contestant: await wardline(connections / 2), open: true },
]

/** kB. The heap says what is kept; the process as a whole, what it takes for that. */
const memoryOf = async ({ contestant }: Case) => {
  const heap = (await contestant.collectGarbage()) / 1024
  await pause(200)
  return { heap, rss: contestant.server().rss * 1024 }
}
const nothing = { heap: 0, rss: 0 }

try {
  const empty: (typeof nothing)[] = []
  for (const { contestant, open } of cases) {
    // A few first, so that code and caches that every connection shares are there.
    await contestant.connect(25, open)
    await contestant.disconnect()
    await pause(500)
  }
  for (const one of cases) {
    empty.push(await memoryOf(one))
    await one.contestant.connect(connections / 2, one.open)
  }
  await pause(SETTLE)
  const full = await Promise.all(cases.map(memoryOf))
  const before = cases.map(({ contestant }) => contestant.server().cpu)
  await pause(seconds * 1000)
  printTable(
    ['', 'kB a connection', 'of it heap', 'RSS MB', `CPU % over ${seconds} s`],
    cases.map(({ name, contestant }, i) => {
      const [after, start] = [full[i] ?? nothing, empty[i] ?? nothing]
      return [
        name,
        ((after.rss - start.rss) / connections).toFixed(1),
        ((after.heap - start.heap) / connections).toFixed(1),
        (after.rss / 1024).toFixed(0),
        (((contestant.server().cpu - (before[i] ?? 0)) / seconds) * 100).toFixed(2),
      ]
    }),
  )
} finally {
  for (const { contestant } of cases) await contestant.end()
}
