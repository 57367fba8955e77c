/**
 * How many messages a second arrive, each durable before it does, while 99 of 100 take at most
 * 100 ms; and what a message costs. The rate goes up in steps until that breaks.
 *
 *     npm run bench -- throughput [chats=200] [seconds=3]
 */
import { availableParallelism } from 'node:os'
import { contestants } from './support/chat-load.ts'
import { printTable } from './support/numbers.ts'

const [chats = 200, seconds = 3] = process.argv.slice(2).map(Number)
const RATES = [1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 13_000, 16_000, 20_000]
const MAX_P99 = 100

console.log(`${chats} chats of two people, ${seconds} s a step, ${availableParallelism()} cores`)
const rows: (string | number)[][] = []
for (const start of contestants) {
  const contestant = await start(chats)
  try {
    await contestant.connect(chats)
    let best: (string | number)[] = [contestant.name, 0]
    for (const rate of RATES) {
      const cpu = { server: contestant.server().cpu, generator: contestant.generator().cpu }
      const from = performance.now()
      const measured = await contestant.run({ rate, seconds })
      const elapsed = (performance.now() - from) / 1000
      const server = contestant.server().cpu - cpu.server
      const generator = contestant.generator().cpu - cpu.generator
      // The second of warming up has used the server too.
      const messages = (measured.received * (seconds + 1)) / seconds
      const ok = measured.p99 <= MAX_P99 && measured.received === measured.sent
      if (!ok) {
        best.push(server / elapsed > generator / elapsed ? 'server' : 'generator')
        break
      }
      best = [
        contestant.name,
        rate,
        measured.p50.toFixed(1),
        measured.p99.toFixed(0),
        ((server / messages) * 1_000_000).toFixed(0),
        ((generator / messages) * 1_000_000).toFixed(0),
      ]
    }
    rows.push(best)
  } finally {
    await contestant.end()
  }
}
printTable(
  [
    '',
    'messages/s',
    'p50 ms',
    'p99 ms',
    'server CPU ms per 1,000',
    'generator CPU ms per 1,000',
    'gave out first',
  ],
  rows,
)
