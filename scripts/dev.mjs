// `npm run dev`: the app from its sources and the server, on one address; both follow changes.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { addressOf } from './dev/address.mjs'
import { endAll, start } from './dev/children.mjs'
import { startServer } from './dev/server.mjs'
import { install, root, run } from './steps.mjs'

/** What the server answers, as opposed to the app; with sockets on two of them. */
const SERVER_PATHS = '^/(api|sync|socket|healthz)(/|\\?|$)'

const fail = (line) => {
  console.error(`wardline: ${line}`)
  process.exit(1)
}

const { CLIENT_URL } = process.env
const address = addressOf(CLIENT_URL)
if (address === undefined)
  fail(
    `CLIENT_URL is ${JSON.stringify(CLIENT_URL)}, expected an http origin such as http://localhost:5173`,
  )

await install()
const compile = ['tsc', '-b', 'sync-server']
// A mistake in a type is no reason not to start: the compiler goes on saying it.
const code = await run('npx', compile)
if (code !== 0 && !existsSync(join(root, 'sync-server/dist/main.js'))) process.exit(code)

const dataDir = process.env.DATA_DIR?.trim() || join(root, '.cache/dev-data')
const server = await startServer({
  ...process.env,
  NODE_ENV: 'development',
  CLIENT_URL: address.origin,
  DATA_DIR: dataDir,
})
start('types', ['npx', ...compile, '--watch', '--preserveWatchOutput'])

const { createServer } = await import('vite')
const app = await createServer({
  root: join(root, 'pwa'),
  configFile: join(root, 'vite.config.ts'),
  clearScreen: false,
  server: {
    host: address.hostname,
    port: Number(address.port || 80),
    strictPort: true,
    proxy: { [SERVER_PATHS]: { target: server.url, ws: true } },
  },
})

let ending = false
const stop = async (code) => {
  // Whoever asks twice means now.
  if (ending) process.exit(code)
  ending = true
  await app.close()
  await server.rest()
  await endAll()
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0))

try {
  await app.listen()
} catch (error) {
  console.error(`wardline: CLIENT_URL ${address.origin} cannot be used: ${error.message}`)
  await stop(1)
}
if (await server.answers())
  console.log(`\nDevelop at ${address.origin}, the data is in ${dataDir}\n`)
else if (!ending) {
  console.error('wardline: the server does not start; it says why above')
  await stop(1)
}
