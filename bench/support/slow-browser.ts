/** Chromium on a machine that is some times slower than this one, with a profile that outlives it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core'
import { CHROMIUM_ARGS, chromiumPath } from './chromium.ts'

export interface SlowBrowser {
  /** A page whose scripts run slower, and those of its workers if Chromium can do that. */
  slowPage(): Promise<Page>
  /** One that does not. */
  page(): Promise<Page>
  /** How many times longer the same work took in each page when it was slow, at best. */
  readonly slower: readonly number[]
  /** Kinds of threads beside pages, and whether they are slower. */
  readonly threads: ReadonlyMap<string, boolean>
  /** Another process, on what the browser kept. */
  restart(): Promise<void>
  /** Ends it, and deletes what it kept. */
  remove(): Promise<void>
}

const slow = (session: CDPSession, rate: number): Promise<boolean> =>
  session.send('Emulation.setCPUThrottlingRate', { rate }).then(
    () => true,
    () => false,
  )

/** @param rate how many times slower */
export const slowBrowser = async (rate: number): Promise<SlowBrowser> => {
  const profile = await mkdtemp(join(tmpdir(), 'wardline-bench-'))
  const threads = new Map<string, boolean>()
  const slower: number[] = []
  const begin = async (): Promise<Browser> => {
    const started = await puppeteer.launch({
      executablePath: chromiumPath,
      args: CHROMIUM_ARGS,
      userDataDir: profile,
    })
    started.on('targetcreated', async (target) => {
      const kind = target.type()
      if (kind !== 'service_worker' && kind !== 'shared_worker') return
      const session = await target.createCDPSession().catch(() => undefined)
      if (session !== undefined) threads.set(kind, await slow(session, rate))
    })
    return started
  }
  let browser = await begin()
  return {
    slower,
    threads,
    async slowPage() {
      const page = await browser.newPage()
      await page.setViewport({ width: 1280, height: 900 })
      page.on('workercreated', async (worker) => {
        threads.set('worker', await slow(worker.client, rate))
      })
      // A machine that others use as well takes longer for everything.
      page.setDefaultTimeout(180_000)
      const before = await workIn(page)
      await page.emulateCPUThrottling(rate)
      slower.push((await workIn(page)) / before)
      return page
    },
    page: () => browser.newPage(),
    async restart() {
      await browser.close()
      browser = await begin()
    },
    async remove() {
      await browser.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/** How long a fixed piece of work takes in a page, at best, ms. */
const workIn = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const times = Array.from({ length: 10 }, () => {
      const start = performance.now()
      let sum = 0
      for (let i = 0; i < 20_000_000; i++) sum = (sum + i) | 0
      return performance.now() - start + (sum === 1 ? 1 : 0)
    })
    return Math.min(...times)
  })
