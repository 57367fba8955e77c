/** A script in Chromium with a database of its own, which outlives restarts of the browser. */
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { openScriptPage } from '../../tests/support/script-page.ts'

export interface Chromium {
  /** Starts the browser, waits until the script has set `bench`, and ends it after the task. */
  run<T>(task: (page: Page) => Promise<T>): Promise<T>
  /** Deletes what the browser kept. */
  remove(): Promise<void>
}

export const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Nothing that it does by itself. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** @param script path of a module that sets `globalThis.bench`, in the folder of the benches */
export const chromiumWith = async (script: string): Promise<Chromium> => {
  const { url, folder, remove } = await openScriptPage(`bench/${script}`, {
    'local-store-under-test': 'pwa/src/storage/idb-local-store.ts',
    'timers-under-test': 'pwa/src/base/browser-timers.ts',
  })
  return {
    async run(task) {
      const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
        executablePath: chromiumPath,
        args: CHROMIUM_ARGS,
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
    remove,
  }
}
