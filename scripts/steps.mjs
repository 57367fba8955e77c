// What `npm start` and `npm test` have in common: each does all of its own set-up.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Runs a command to its end; resolves with its exit code. */
export const run = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 0 : 1)))
  })

/** Runs a command and ends this program when it fails. */
export const must = async (command, args, options) => {
  const code = await run(command, args, options)
  if (code !== 0) {
    console.error(`\n${command} ${args.join(' ')} failed.`)
    process.exit(code)
  }
}

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)

/** Installs the packages of the lockfile, unless they are there. */
export const install = async () => {
  const installed = modified(join(root, 'node_modules/.package-lock.json'))
  if (installed > 0 && installed >= modified(join(root, 'package-lock.json'))) return
  console.log('Installing packages…')
  await must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
}

const newest = (folder) => {
  let time = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile())
      time = Math.max(time, modified(join(entry.parentPath ?? entry.path, entry.name)))
  return time
}

/** Builds server and PWA, unless what is built is newer than every source. */
export const build = async () => {
  const sources = ['core/src', 'sync-server/src', 'pwa/src', 'pwa/public']
  const changed = Math.max(
    ...sources.map((folder) => newest(join(root, folder))),
    modified(join(root, 'pwa/index.html')),
    modified(join(root, 'vite.config.ts')),
    modified(join(root, 'package-lock.json')),
  )
  const built = Math.min(
    modified(join(root, 'sync-server/dist/main.js')),
    modified(join(root, 'pwa/dist/index.html')),
  )
  if (built >= changed) return
  console.log('Building…')
  await must('npx', ['tsc', '-b', 'sync-server'])
  await must('npx', ['vite', 'build', '--logLevel', 'warn'])
}
