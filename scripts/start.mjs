// `npm start`: installs, builds and runs everything on an embedded database.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, install, root } from './steps.mjs'

await install()
await build()

// In a group of its own: Ctrl-C would reach it twice otherwise, and a second one has it end at once.
const server = spawn(process.execPath, [join(root, 'sync-server/dist/main.js')], {
  cwd: root,
  stdio: 'inherit',
  detached: true,
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => server.kill('SIGTERM'))
server.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))
