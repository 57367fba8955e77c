/**
 * How long a start takes with 300 chats: one IndexedDB database for all documents against
 * y-indexeddb, which has one for each. In Chromium, after a restart of the browser each time.
 *
 *     npm run bench -- local-store [docs=300] [rows=50] [rounds=5]
 */
import type { LocalStoreBench } from './local-store/page.ts'
import { chromiumWith } from './support/chromium.ts'

const [docs = 300, rows = 50, rounds = 5] = process.argv.slice(2).map(Number)
const browser = await chromiumWith('local-store/page.ts')

const run = (what: 'list' | 'one' | 'each') =>
  browser.run((page) =>
    page.evaluate(
      ([name, count]) => (globalThis as unknown as { bench: LocalStoreBench }).bench[name](count),
      [what, docs] as const,
    ),
  )

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

try {
  await browser.run((page) =>
    page.evaluate(
      ([count, each]) =>
        (globalThis as unknown as { bench: LocalStoreBench }).bench.fill(count, each),
      [docs, rows] as const,
    ),
  )
  const times = { list: [] as number[], one: [] as number[], each: [] as number[] }
  for (let round = 0; round < rounds; round++)
    for (const what of ['list', 'one', 'each'] as const) times[what].push(await run(what))
  const list = median(times.list)
  const one = median(times.one)
  const each = median(times.each)
  const ms = (value: number) => `${value.toFixed(0)} ms`
  console.log(`${docs} documents of ${rows} rows, median of ${rounds} starts of the browser`)
  console.log(`what the list of chats needs    ${ms(list)}`)
  console.log(`all documents, one database     ${ms(one)}`)
  console.log(`all documents, y-indexeddb      ${ms(each)}`)
  console.log(`y-indexeddb / one database      ${(each / one).toFixed(1)}`)
  console.log(`y-indexeddb / list of chats     ${(each / list).toFixed(1)}`)
} finally {
  await browser.remove()
}
