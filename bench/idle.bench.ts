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

const rssOf = async ({ contestant }: Case): Promise<number> => {
  await contestant.collectGarbage()
  await pause(200)
  return contestant.server().rss
}

try {
  const empty: number[] = []
  for (const { contestant, open } of cases) {
    // A few first, so that code and caches that every connection shares are there.
    await contestant.connect(25, open)
    await contestant.disconnect()
    await pause(500)
  }
  for (const one of cases) {
    empty.push(await rssOf(one))
    await one.contestant.connect(connections / 2, one.open)
  }
  await pause(SETTLE)
  const full = await Promise.all(cases.map(rssOf))
  const before = cases.map(({ contestant }) => contestant.server().cpu)
  await pause(seconds * 1000)
  printTable(
    ['', 'kB a connection', 'RSS MB', `CPU % over ${seconds} s`],
    cases.map(({ name, contestant }, i) => [
      name,
      ((((full[i] ?? 0) - (empty[i] ?? 0)) * 1024) / connections).toFixed(1),
      (full[i] ?? 0).toFixed(0),
      (((contestant.server().cpu - (before[i] ?? 0)) / seconds) * 100).toFixed(2),
    ]),
  )
} finally {
  for (const { contestant } of cases) await contestant.end()
}
