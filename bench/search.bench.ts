/**
 * Search over all messages of a device: making the index, its size, reading it after a start, and
 * a query for each letter typed. In Node over a store in memory, and in Chromium over IndexedDB,
 * with the browser restarted before the index is read.
 *
 *     npm run bench -- search [messages=20000] [searches=60]
 */
import { MemoryLocalStore } from '@wardline/core/client/store/memory-local-store'
import { systemTimers } from '../tests/support/node-device.ts'
import { type SearchBench, searchBench } from './search/work.ts'
import { chromiumWith } from './support/chromium.ts'
import { percentile, printTable } from './support/numbers.ts'

const [messages = 20_000, searches = 60] = process.argv.slice(2).map(Number)

interface Figures {
  built: Awaited<ReturnType<SearchBench['build']>>
  loaded: Awaited<ReturnType<SearchBench['load']>>
  queried: Awaited<ReturnType<SearchBench['query']>>
}

const inNode = async (): Promise<Figures> => {
  const bench = searchBench(new MemoryLocalStore(), systemTimers)
  await bench.fill(messages)
  const built = await bench.build()
  const loaded = await bench.load()
  return { built, loaded, queried: await bench.query(searches) }
}

const inChromium = async (): Promise<Figures> => {
  const browser = await chromiumWith('search/page.ts')
  try {
    const built = await browser.run((page) =>
      page.evaluate(async (count) => {
        const { bench } = globalThis as unknown as { bench: SearchBench }
        await bench.fill(count)
        return await bench.build()
      }, messages),
    )
    const rest = await browser.run((page) =>
      page.evaluate(async (count) => {
        const { bench } = globalThis as unknown as { bench: SearchBench }
        const loaded = await bench.load()
        return { loaded, queried: await bench.query(count) }
      }, searches),
    )
    return { built, ...rest }
  } finally {
    await browser.remove()
  }
}

const row = (name: string, { built, loaded, queried }: Figures) => {
  if (!loaded.complete) throw new Error('what was stored is not the whole index')
  const times = Float64Array.from(queried.times)
  return [
    name,
    built.ms.toFixed(0),
    built.longest.toFixed(0),
    (built.characters / 1e6).toFixed(1),
    loaded.ms.toFixed(0),
    loaded.longest.toFixed(0),
    times.length,
    percentile(times, 0.5).toFixed(1),
    percentile(times, 0.95).toFixed(1),
    percentile(times, 1).toFixed(1),
  ]
}

console.log(`${messages} messages; times in ms`)
printTable(
  [
    '',
    'build',
    'longest slice',
    'stored MB',
    'load',
    'longest slice',
    'queries',
    'p50',
    'p95',
    'max',
  ],
  [row('Node', await inNode()), row('Chromium', await inChromium())],
)
