/** Two people in each chat who write to each other, through Socket.IO. */
import { io } from 'socket.io-client'
import { textOf } from '../../tests/support/written-page.ts'
import { chatOf } from '../support/clinic.ts'
import { Pacer } from '../support/pacer.ts'
import { serveRole } from '../support/role.ts'

const people = []
const pacer = new Pacer()

const join = (url, room, author, receipts) =>
  new Promise((ready, fail) => {
    const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false })
    people.push({ socket, room, author })
    socket.on('connect_error', fail)
    socket.on('connect', () => socket.emit('join', room, 0, ready))
    socket.on('message', ({ id, text }) => {
      pacer.received(Number.parseInt(text, 10))
      if (receipts) socket.emit('read', { room, author, read: id })
    })
    socket.on('read', () => {})
  })

serveRole({
  async connect(url, pairs, { receipts }) {
    for (let i = 0; i < pairs.length; i += 50)
      await Promise.all(
        pairs
          .slice(i, i + 50)
          .flatMap((pair) =>
            [pair.patient, pair.doctor].map((name) => join(url, chatOf(pair), name, receipts)),
          ),
      )
  },

  run: (load) =>
    pacer.run(load, (number) => {
      const { socket, room, author } = people[number % people.length]
      socket.emit('message', { room, id: number, author, text: textOf(number), sentAt: Date.now() })
    }),

  disconnect() {
    for (const { socket } of people.splice(0)) socket.disconnect()
  },
})
