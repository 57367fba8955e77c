// Finds the browsers that the tests drive, or gets them.
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

/** Whether Debian's packages can be installed here. */
const hasPackages = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

let listed = false
const installPackages = async (...names) => {
  // Without a network it is known soon: the tests go on with what is there.
  const soon = ['-q', '-o', 'Acquire::Retries=0', '-o', 'Acquire::http::Timeout=20']
  if (!listed) await run('apt-get', ['update', ...soon])
  listed = true
  await run('apt-get', ['install', '-y', ...soon, '--no-install-recommends', ...names])
}

/** Path of a system Chromium; undefined when Playwright's own is installed instead. */
export const chromium = async () => {
  const found = find()
  if (found !== undefined) return found
  console.log('Getting a Chromium…')
  if (hasPackages) {
    await installPackages('chromium')
    const installed = find()
    if (installed !== undefined) return installed
  }
  if ((await run('npx', ['playwright', 'install', 'chromium'])) !== 0) {
    console.error('No Chromium: install one, or set CHROMIUM_PATH to it.')
    process.exit(1)
  }
  return undefined
}

/**
 * Debian's Chromium without all that is around a page, which takes a quarter less of the CPU for the
 * same pages. Its version is that of the browser beside it.
 */
const SHELL = '/usr/bin/chromium-headless-shell'

/** Path of the shell beside a system Chromium; that Chromium where there is none. */
export const headlessShell = async (browser) => {
  if (browser !== '/usr/bin/chromium') return browser
  if (!existsSync(SHELL) && hasPackages) {
    console.log('Getting the headless shell…')
    await installPackages('chromium-headless-shell')
  }
  return existsSync(SHELL) ? SHELL : browser
}

/** What the core story in other engines needs. Without it that story is skipped there. */
const engines = [
  { name: 'Firefox', program: '/usr/bin/firefox-esr', packages: ['firefox-esr'] },
  {
    name: 'WebKit',
    program: '/usr/bin/WebKitWebDriver',
    packages: ['webkit2gtk-driver', 'xvfb'],
  },
]

/** Gets other engines where that is a matter of packages. */
export const otherEngines = async () => {
  for (const { name, program, packages } of engines) {
    if (existsSync(program) || !hasPackages) continue
    console.log(`Getting ${name}…`)
    await installPackages(...packages)
  }
}
