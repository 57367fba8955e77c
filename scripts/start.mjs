// `npm start`: installs, builds and runs everything on an embedded database.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, install, root } from './steps.mjs'

await install()
await build()

const server = spawn(process.execPath, [join(root, 'sync-server/dist/main.js')], {
  cwd: root,
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
server.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))
