/**
 * A chat as many write it: Socket.IO, a room for each chat. With LevelDB under it each message is
 * stored before it is passed on; LevelDB does not sync. Without it the server repeats from memory.
 * Two roles serve it, one for each.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { textOf } from '../../tests/support/written-page.ts'
import { serveRole } from '../support/role.ts'
import { inLevel, inMemory } from './socketio-store.mjs'

/** @param {boolean} level */
export const serveSocketIo = (level) => {
  let store
  let http
  serveRole({
    async start(dataDir) {
      store = level ? await inLevel(dataDir) : inMemory()
      http = createServer()
      const io = new Server(http, { serveClient: false })
      io.on('connection', (socket) => {
        socket.on('join', async (room, from, answer) => {
          const kept = await store.read(room, from)
          await socket.join(room)
          answer(kept)
        })
        socket.on('message', async (message) => {
          await store.add(message)
          socket.to(message.room).emit('message', message)
        })
        socket.on('read', async (receipt) => {
          await store.putReceipt(receipt)
          socket.to(receipt.room).emit('read', receipt)
        })
      })
      http.listen(0, '127.0.0.1')
      await once(http, 'listening')
      return `http://127.0.0.1:${http.address().port}`
    },

    async stop() {
      http.closeAllConnections()
      await store.close()
    },

    async fill(chats, from, to) {
      for (const room of chats)
        for (let id = from; id < to; id++) {
          const author = id % 2 === 0 ? 'patient' : 'doctor'
          await store.add({ room, id, author, text: textOf(id), sentAt: Date.now() })
        }
    },

    collectGarbage() {
      globalThis.gc?.()
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    },
  })
}
