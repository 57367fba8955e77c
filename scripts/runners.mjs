/** Runs test runners, and counts what all of them say in one line. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root, run } from './steps.mjs'

/**
 * What came of a run. A runner that failed without saying what failed counts as one failure.
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/** Where a runner is to put its report. None of an earlier run is there. */
const reportOf = (name) => {
  const path = join(root, '.cache/reports', `${name}.json`)
  mkdirSync(dirname(path), { recursive: true })
  rmSync(path, { force: true })
  return path
}

const read = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

const countsOf = (code, { passed = 0, failed = 0, skipped = 0 }) => ({
  passed,
  failed: code !== 0 ? Math.max(1, failed) : failed,
  skipped,
})

/**
 * @param {string} name of the report
 * @param {readonly string[]} args projects and files
 * @param {{ node?: string, env?: NodeJS.ProcessEnv }} on which Node, the one that runs if not given
 * @returns {Promise<Counts>}
 */
export const vitest = async (name, args, { node = process.execPath, env = process.env } = {}) => {
  const path = reportOf(name)
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`]
  const code = await run(node, [vitest, 'run', ...args, ...reporters], { env })
  const report = read(path)
  return countsOf(code, {
    passed: report?.numPassedTests,
    failed: report?.numFailedTests,
    skipped: report?.numPendingTests,
  })
}

/** @returns {Promise<Counts>} of the tests in a browser */
export const playwright = async (env) => {
  const path = reportOf('playwright')
  const config = 'tests/e2e/playwright.config.ts'
  const code = await run(
    'npx',
    ['playwright', 'test', '--config', config, '--reporter=list,json'],
    { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: path } },
  )
  const stats = read(path)?.stats
  return countsOf(code, {
    passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
    failed: stats?.unexpected,
    skipped: stats?.skipped,
  })
}

/** @returns {Promise<Counts>} of what the short benches may cost */
export const budget = async () => {
  const path = reportOf('budget')
  const code = await run(process.execPath, ['bench/run.mjs', 'check', 'quick'], {
    env: { ...process.env, BUDGET_REPORT: path },
  })
  return countsOf(code, read(path) ?? {})
}

/**
 * Says what came of all runs together, and ends this program.
 *
 * @param {readonly Counts[]} runs
 */
export const close = (runs) => {
  const sum = (what) => runs.reduce((total, counts) => total + counts[what], 0)
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')]
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exit(failed === 0 && passed > 0 ? 0 : 1)
}
