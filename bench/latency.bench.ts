/**
 * How long a message takes to the other person, and to its tick, at a load that a clinic has.
 *
 *     npm run bench -- latency [chats=200] [rate=200] [seconds=20]
 */
import { contestants } from './support/chat-load.ts'
import { printTable } from './support/numbers.ts'

const [chats = 200, rate = 200, seconds = 20] = process.argv.slice(2).map(Number)
const WARM_UP = 2

console.log(`${chats} chats of two people, ${rate} messages/s for ${seconds} s`)

const rows: (string | number)[][] = []
for (const start of contestants) {
  const contestant = await start(chats)
  try {
    await contestant.connect(chats)
    // Every page gets its first message, and code gets warm.
    await contestant.run({ rate: 2 * chats, seconds: WARM_UP })
    contestant.resetPeak()
    const before = contestant.server().cpu
    const measured = await contestant.run({ rate, seconds })
    const { cpu, peakRss } = contestant.server()
    const acknowledged = Number.isNaN(measured.ackP50)
      ? ['–', '–']
      : [measured.ackP50.toFixed(2), measured.ackP99.toFixed(1)]
    rows.push([
      contestant.name,
      measured.p50.toFixed(2),
      measured.p99.toFixed(1),
      ...acknowledged,
      // The second of warming up is not counted.
      (((cpu - before) * seconds) / (seconds + 1)).toFixed(2),
      peakRss.toFixed(0),
      `${measured.received} of ${measured.sent}`,
    ])
  } finally {
    await contestant.end()
  }
}
printTable(
  ['', 'p50 ms', 'p99 ms', 'stored p50 ms', 'p99 ms', 'server CPU s', 'peak RSS MB', 'received'],
  rows,
)
