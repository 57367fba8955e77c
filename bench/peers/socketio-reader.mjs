/** Joins rooms over one socket and takes in what was said there. */
import { io } from 'socket.io-client'
import { serveRole } from '../support/role.ts'
import { stopwatch } from '../support/stopwatch.ts'
import { resetTraffic, traffic } from '../support/wire.ts'

const kept = new Map()
let socket

serveRole({
  async join(url, chats) {
    resetTraffic()
    const passed = stopwatch()
    socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false })
    await new Promise((done, fail) => {
      socket.on('connect', done)
      socket.on('connect_error', fail)
    })
    await Promise.all(
      chats.map(async ({ name, messages }) => {
        const have = kept.get(name) ?? []
        kept.set(name, have)
        have.push(...(await socket.emitWithAck('join', name, have.length)))
        if (have.length !== messages) throw new Error(`${have.length} messages in ${name}`)
      }),
    )
    return { ...passed(), ...traffic() }
  },

  async leave() {
    socket.disconnect()
  },
})
