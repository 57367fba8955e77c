/** A script in Chromium with a database of its own, which outlives restarts of the browser. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { build } from 'vite'

export interface Chromium {
  /** Starts the browser, waits until the script has set `bench`, and ends it after the task. */
  run<T>(task: (page: Page) => Promise<T>): Promise<T>
  /** Deletes what the browser kept. */
  remove(): Promise<void>
}

/** @param script path of a module that sets `globalThis.bench`, in the folder of the benches */
export const chromiumWith = async (script: string): Promise<Chromium> => {
  const benches = join(import.meta.dirname, '..')
  const folder = await mkdtemp(join(tmpdir(), 'wardline-bench-'))
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: {
      conditions: ['wardline-source', 'module', 'browser', 'production'],
      dedupe: ['yjs', 'lib0'],
      alias: {
        'local-store-under-test': join(benches, '../pwa/src/storage/idb-local-store.ts'),
        'timers-under-test': join(benches, '../pwa/src/base/browser-timers.ts'),
      },
    },
    build: {
      outDir: folder,
      lib: { entry: join(benches, script), formats: ['es'], fileName: () => 'page.js' },
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
  return {
    async run(task) {
      const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
        executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--no-first-run',
          '--disable-background-networking',
        ],
      })
      try {
        const page = await context.newPage()
        await page.goto(url)
        await page.waitForFunction(() => 'bench' in globalThis)
        return await task(page)
      } finally {
        await context.close()
      }
    },
    async remove() {
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
