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
  if (!listed) await run('apt-get', ['update', '-q'])
  listed = true
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names])
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
