/**
 * Search over all messages of a device: making the index, its size, reading it after a start, and
 * a query for each letter typed. In Node over a store in memory, and in Chromium over IndexedDB,
 * with the browser restarted before the index is read.
 *
 *     npm run bench -- search [messages=20000] [searches=60]
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryLocalStore } from '@wardline/core/client/memory-local-store'
import { chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { type SearchBench, searchBench } from './search/work.ts'
import { percentile, printTable } from './support/numbers.ts'

const [messages = 20_000, searches = 60] = process.argv.slice(2).map(Number)

interface Figures {
  built: Awaited<ReturnType<SearchBench['build']>>
  loaded: Awaited<ReturnType<SearchBench['load']>>
  queried: Awaited<ReturnType<SearchBench['query']>>
}

const inNode = async (): Promise<Figures> => {
  const bench = searchBench(new MemoryLocalStore())
  await bench.fill(messages)
  const built = await bench.build()
  const loaded = await bench.load()
  return { built, loaded, queried: await bench.query(searches) }
}

const inChromium = async (): Promise<Figures> => {
  const folder = await mkdtemp(join(tmpdir(), 'wardline-bench-'))
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: {
      conditions: ['wardline-source', 'module', 'browser', 'production'],
      dedupe: ['yjs', 'lib0'],
      alias: {
        'local-store-under-test': join(
          import.meta.dirname,
          '../pwa/src/storage/idb-local-store.ts',
        ),
      },
    },
    build: {
      outDir: folder,
      lib: {
        entry: join(import.meta.dirname, 'search/page.ts'),
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
      executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
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
  try {
    const built = await inBrowser((page) =>
      page.evaluate(async (count) => {
        const { bench } = globalThis as unknown as { bench: SearchBench }
        await bench.fill(count)
        return await bench.build()
      }, messages),
    )
    const rest = await inBrowser((page) =>
      page.evaluate(async (count) => {
        const { bench } = globalThis as unknown as { bench: SearchBench }
        const loaded = await bench.load()
        return { loaded, queried: await bench.query(count) }
      }, searches),
    )
    return { built, ...rest }
  } finally {
    await new Promise((resolve) => server.close(resolve))
    await rm(folder, { recursive: true, force: true })
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
