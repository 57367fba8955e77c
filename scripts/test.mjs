// `npm test`: installs what the tests need, runs all of them, and counts them in one line.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, otherEngines } from './browsers.mjs'
import { build, install, must, root, run } from './steps.mjs'

await install()
await must('npx', ['tsc', '-b'])
await build()
const browser = await chromium()
await otherEngines()

const reports = join(root, '.cache/reports')
rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })
const env = {
  ...process.env,
  ...(browser === undefined ? {} : { CHROMIUM_PATH: browser }),
  PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'playwright.json'),
}

/** Runs Vitest projects; resolves with its exit code. */
const vitest = (report, ...projects) =>
  run(
    'npx',
    [
      'vitest',
      'run',
      ...projects.map((project) => `--project=${project}`),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${join(reports, report)}`,
    ],
    { env },
  )
const vitestCode = await vitest('vitest.json', 'unit', 'system')
// By themselves: a browser and a server each, and people who wait for them.
const enginesCode = await vitest('engines.json', 'engines')
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
const ofVitest = (code, name) => {
  const report = read(name)
  return {
    code,
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: report?.numPendingTests ?? 0,
  }
}
const pages = read('playwright.json')?.stats
const runs = [
  ofVitest(vitestCode, 'vitest.json'),
  ofVitest(enginesCode, 'engines.json'),
  {
    code: playwrightCode,
    passed: (pages?.expected ?? 0) + (pages?.flaky ?? 0),
    failed: pages?.unexpected ?? 0,
    skipped: pages?.skipped ?? 0,
  },
]
const sum = (count) => runs.reduce((total, each) => total + count(each), 0)
const passed = sum((each) => each.passed)
// A runner that failed without saying what failed counts as one failure.
const failed = sum((each) => (each.code !== 0 ? Math.max(1, each.failed) : each.failed))
const skipped = sum((each) => each.skipped)

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
