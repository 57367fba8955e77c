/**
 * How long a start takes with 300 chats: one IndexedDB database for all documents against
 * y-indexeddb, which has one for each. In Chromium, after a restart of the browser each time.
 *
 *     node bench/run.mjs bench/local-store.bench.ts [docs=300] [rows=50] [rounds=5]
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import type { LocalStoreBench } from './local-store/page.ts'

const [docs = 300, rows = 50, rounds = 5] = process.argv.slice(2).map(Number)
const folder = await mkdtemp(join(tmpdir(), 'wardline-bench-'))

await build({
  configFile: false,
  logLevel: 'error',
  resolve: {
    conditions: ['wardline-source', 'module', 'browser', 'production'],
    dedupe: ['yjs', 'lib0'],
    alias: {
      'local-store-under-test': join(import.meta.dirname, '../pwa/src/storage/idb-local-store.ts'),
    },
  },
  build: {
    outDir: folder,
    lib: {
      entry: join(import.meta.dirname, 'local-store/page.ts'),
      formats: ['es'],
      fileName: () => 'page.js',
    },
  },
})
await writeFile(join(folder, 'index.html'), '<script type="module" src="/page.js"></script>')

const server = createServer(async (request, response) => {
  const file = request.url === '/page.js' ? 'page.js' : 'index.html'
  response.setHeader('Content-Type', file === 'page.js' ? 'text/javascript' : 'text/html')
  response.end(await readFile(join(folder, file)))
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `http://localhost:${(server.address() as AddressInfo).port}`

const inBrowser = async <T>(task: (page: Page) => Promise<T>): Promise<T> => {
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  try {
    const page = await context.newPage()
    await page.goto(url)
    await page.waitForFunction(() => 'bench' in globalThis)
    return await task(page)
  } finally {
    await context.close()
  }
}

const run = (what: 'list' | 'one' | 'each') =>
  inBrowser((page) =>
    page.evaluate(
      ([name, count]) => (globalThis as unknown as { bench: LocalStoreBench }).bench[name](count),
      [what, docs] as const,
    ),
  )

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

try {
  await inBrowser((page) =>
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
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true, force: true })
}
