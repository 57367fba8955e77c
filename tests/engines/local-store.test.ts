/**
 * The contract of local stores against the IndexedDB of real browsers, each of its tests a test
 * here. A browser that is not on this machine is left out, and counted as skipped.
 */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { openScriptPage } from '../support/script-page.ts'
import { firefoxPath, openFirefox } from './firefox.ts'
import type { ContractPage } from './local-store-page.ts'
import type { TestResult } from './suite.ts'
import { openWebKit, webKitPaths } from './webkit.ts'

const inPage = (): Promise<TestResult[]> => (globalThis as unknown as ContractPage).runAll()

const page = await openScriptPage('tests/engines/local-store-page.ts', {
  vitest: 'tests/engines/suite.ts',
  'local-store-under-test': 'pwa/src/storage/idb-local-store.ts',
})

const inChromium = async (): Promise<TestResult[] | undefined> => {
  const executablePath = process.env.CHROMIUM_PATH ?? chromium.executablePath()
  if (!existsSync(executablePath)) return undefined
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const tab = await browser.newPage()
    await tab.goto(page.url)
    return await tab.evaluate(inPage)
  } finally {
    await browser.close()
  }
}

const inEngine = async (
  opening: ReturnType<typeof openFirefox> | undefined,
): Promise<TestResult[] | undefined> => {
  const engine = await opening
  if (engine === undefined) return undefined
  try {
    const tab = await (await engine.newProfile()).newTab()
    await tab.open(page.url)
    return await tab.run(inPage, undefined)
  } finally {
    await engine.close()
  }
}

const firefox = firefoxPath()
const webKit = webKitPaths()
const browsers: readonly [string, () => Promise<TestResult[] | undefined>][] = [
  ['Chromium', inChromium],
  ['Firefox', () => inEngine(firefox === undefined ? undefined : openFirefox(firefox))],
  ['WebKit', () => inEngine(webKit === undefined ? undefined : openWebKit(webKit))],
]

try {
  for (const [name, run] of browsers) {
    const results = await run()
    if (results === undefined) it.skip(`${name}: the contract of local stores`)
    else {
      it(`${name}: runs all of the contract`, () => expect(results.length).toBeGreaterThan(50))
      for (const { name: test, problem } of results)
        it(`${name}: ${test}`, () => expect(problem).toBeNull())
    }
  }
} finally {
  await page.remove()
}
