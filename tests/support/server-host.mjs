// A process that runs the servers of many tests, one after the other or side by side: each the whole
// server on a port and a data directory of its own, as main.js starts it. What it is told and what
// it answers: `ServerHost`.
import { ownOnly } from '../../sync-server/dist/base/make-folder.js'
import { readConfig } from '../../sync-server/dist/config/config.js'
import { startServer } from '../../sync-server/dist/server.js'

ownOnly()

/** By the id that the tests' side has given. */
const servers = new Map()

const start = async (id, env) => {
  const config = readConfig(env)
  if (!config.ok) throw new Error(config.error)
  const server = await startServer(config.value)
  servers.set(id, server)
  return server.port
}

const stop = async (id) => {
  await servers.get(id)?.close()
  servers.delete(id)
}

process.on('message', ({ call, id, env }) => {
  const work = env === undefined ? stop(id) : start(id, env)
  work.then(
    (port) => process.send?.({ call, port }),
    (error) => process.send?.({ call, error: String(error) }),
  )
})
process.on('disconnect', () => process.exit())
