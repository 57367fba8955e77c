/** The same people, through the relay. */
import { WebSocket } from 'ws'
import { textOf } from '../../tests/support/written-page.ts'
import { chatOf, type Pair } from '../support/clinic.ts'
import { type Load, type Measured, Pacer } from '../support/pacer.ts'
import type { PeerLoad, Presence, Served } from '../support/peer-roles.ts'
import { serveRole } from '../support/role.ts'
import type { RelayFrame } from './relay-server.ts'

interface Person {
  readonly socket: WebSocket
  readonly room: string
  readonly name: string
}

const people: Person[] = []
const pacer = new Pacer()

const join = (url: string, room: string, name: string, receipts: boolean): Promise<void> => {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  people.push({ socket, room, name })
  return new Promise((ready, fail) => {
    socket.on('open', () => socket.send(JSON.stringify({ join: room } satisfies RelayFrame)))
    socket.on('error', fail)
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as RelayFrame | { joined: true }
      if ('joined' in frame) ready()
      if (!('text' in frame)) return
      pacer.received(Number.parseInt(frame.text, 10))
      if (receipts) socket.send(JSON.stringify({ room, read: frame.id } satisfies RelayFrame))
    })
  })
}

const handlers = {
  async connect(url: string, pairs: readonly Pair[], { receipts }: Presence): Promise<void> {
    for (let i = 0; i < pairs.length; i += 50)
      await Promise.all(
        pairs
          .slice(i, i + 50)
          .flatMap((pair) => [
            join(url, chatOf(pair), pair.patient, receipts),
            join(url, chatOf(pair), pair.doctor, receipts),
          ]),
      )
  },

  run: (load: Load): Promise<Measured> =>
    pacer.run(load, (number) => {
      const person = people[number % people.length]
      if (person === undefined) return
      const { socket, room, name: author } = person
      const frame = { room, id: number, author, text: textOf(number), sentAt: Date.now() }
      socket.send(JSON.stringify(frame satisfies RelayFrame))
    }),

  disconnect(): void {
    for (const { socket } of people.splice(0)) socket.close()
  },
} satisfies Served<PeerLoad>

serveRole(handlers)
