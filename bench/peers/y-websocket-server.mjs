/** The server of y-websocket with y-leveldb, as its own start script puts them together. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { serveRole } from '../support/role.ts'
import { conversation, empty } from './yjs-texts.mjs'

let http
let persistence
/** What each filled chat consists of; all are filled with the same words. */
let filled = empty

serveRole({
  async start(dataDir) {
    process.env.YPERSISTENCE = dataDir
    console.info = () => {}
    const server = await import('@y/websocket-server/utils')
    persistence = server.getPersistence().provider
    http = createServer()
    const sockets = new WebSocketServer({ server: http, perMessageDeflate: false })
    sockets.on('connection', server.setupWSConnection)
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    return `ws://127.0.0.1:${http.address().port}`
  },

  async stop() {
    http.closeAllConnections()
    await persistence.destroy()
  },

  async fill(chats, from, to) {
    const { added, whole } = conversation(filled, from, to)
    filled = whole
    for (const name of chats) await persistence.storeUpdate(name, added)
  },

  collectGarbage() {
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  },
})
