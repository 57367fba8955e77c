// Finds a Chromium for the end-to-end tests, or gets one.
import { existsSync } from 'node:fs'
import { run } from './steps.mjs'

const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const find = () => places.find((path) => path !== undefined && existsSync(path))

/** Path of a system Chromium; undefined when Playwright's own is installed instead. */
export const chromium = async () => {
  const found = find()
  if (found !== undefined) return found
  console.log('Getting a Chromium…')
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await run('apt-get', ['update', '-q'])
    await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'])
    const installed = find()
    if (installed !== undefined) return installed
  }
  if ((await run('npx', ['playwright', 'install', 'chromium'])) !== 0) {
    console.error('No Chromium: install one, or set CHROMIUM_PATH to it.')
    process.exit(1)
  }
  return undefined
}
