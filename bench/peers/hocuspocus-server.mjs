/** Hocuspocus, with its extension for a database over LevelDB. */
import { join } from 'node:path'
import { Database } from '@hocuspocus/extension-database'
import { Server } from '@hocuspocus/server'
import { ClassicLevel } from 'classic-level'
import { serveRole } from '../support/role.ts'
import { conversation, empty } from './yjs-texts.mjs'

let server
let db
let filled = empty

serveRole({
  async start(dataDir) {
    db = new ClassicLevel(join(dataDir, 'documents'), { valueEncoding: 'buffer' })
    await db.open()
    server = new Server({
      port: 0,
      address: '127.0.0.1',
      quiet: true,
      stopOnSignals: false,
      // With its limit of 100 a socket with more documents is closed again and again.
      maxPendingDocuments: 100_000,
      maxUnauthenticatedQueueMessages: 1_000_000,
      extensions: [
        new Database({
          fetch: async ({ documentName }) => (await db.get(documentName)) ?? null,
          store: ({ documentName, state }) => db.put(documentName, state),
        }),
      ],
    })
    await server.listen()
    return `ws://127.0.0.1:${server.address.port}`
  },

  async stop() {
    await server.destroy()
    await db.close()
  },

  async fill(chats, from, to) {
    const { whole } = conversation(filled, from, to)
    filled = whole
    for (const name of chats) await db.put(name, whole)
  },

  collectGarbage() {
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  },
})
