// `npm test`: installs what the tests need, runs all of them, and counts them in one line.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from './chromium.mjs'
import { build, install, must, root, run } from './steps.mjs'

await install()
await must('npx', ['tsc', '-b'])
await build()
const browser = await chromium()

const reports = join(root, '.cache/reports')
rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })
const env = {
  ...process.env,
  ...(browser === undefined ? {} : { CHROMIUM_PATH: browser }),
  PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'playwright.json'),
}

const vitestReport = join(reports, 'vitest.json')
const vitestCode = await run(
  'npx',
  ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
  { env },
)
const playwrightCode = await run(
  'npx',
  ['playwright', 'test', '--config', 'tests/e2e/playwright.config.ts', '--reporter=list,json'],
  { env },
)

const read = (name) => {
  try {
    return JSON.parse(readFileSync(join(reports, name), 'utf8'))
  } catch {
    return undefined
  }
}
const units = read('vitest.json')
const pages = read('playwright.json')?.stats
// A runner that failed without saying what failed counts as one failure.
const counted = (code, failed) => (code !== 0 ? Math.max(1, failed) : failed)
const passed = (units?.numPassedTests ?? 0) + (pages?.expected ?? 0) + (pages?.flaky ?? 0)
const failed =
  counted(vitestCode, units?.numFailedTests ?? 0) + counted(playwrightCode, pages?.unexpected ?? 0)

console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
