// `npm test`: installs what the tests need, runs all of them, and counts them in one line.
// `npm test -- budget` holds what things cost against a budget besides, for who may be refused by it.
import { chromium, headlessShell, otherEngines } from './browsers.mjs'
import { isNewer, NEWER, newerNode } from './node24.mjs'
import { budget, close, playwright, vitest } from './runners.mjs'
import { build, install, must } from './steps.mjs'

await install()
await must('npx', ['tsc', '-b'])
await build()
const browser = await chromium()
await otherEngines()
const shell = await headlessShell(browser)
const env = {
  ...process.env,
  ...(browser !== undefined && { CHROMIUM_PATH: browser, HEADLESS_SHELL_PATH: shell }),
}

/** What tells most of a Node in 90 s at most, on two cores. `npm run test:node24` runs all of it. */
const QUICK = [
  'core/src',
  'sync-server/src',
  'pwa/src',
  ...['files', 'http', 'programs', 'recovery', 'sync', 'two-people', 'work-thread'].map(
    (name) => `tests/integration/${name}.test.ts`,
  ),
]

/** The same tests on Node 24. Where it cannot be had they count as one that is skipped. */
const onNewerNode = async () => {
  const newer = newerNode()
  if (newer !== undefined)
    return vitest('node24', ['--project=unit', '--project=system', ...QUICK], newer)
  console.log(
    `Node ${NEWER} is not to be had here: the tests that run on it too are skipped, counted as one.`,
  )
  return { passed: 0, failed: 0, skipped: 1 }
}

const runs = [
  await vitest('vitest', ['--project=unit', '--project=system'], { env }),
  // By themselves: a browser and a server each, and people who wait for them.
  await vitest('engines', ['--project=engines'], { env }),
]
if (!isNewer) runs.push(await onNewerNode())
runs.push(await playwright(env))
if (process.argv.includes('budget')) runs.push(await budget())
close(runs)
