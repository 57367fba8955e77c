/** Joins rooms of the relay and takes in what was said there. */
import { WebSocket } from 'ws'
import { type Handlers, serveRole } from '../support/role.ts'
import { stopwatch } from '../support/stopwatch.ts'
import type { RelayFrame } from './relay-server.ts'
import type { Cost } from './wardline-reader.ts'

const handlers = {
  /** Until every room has said all it has. */
  join: (url: string, rooms: readonly { name: string; from: number }[]): Promise<Cost> =>
    new Promise((done, fail) => {
      const passed = stopwatch()
      const traffic = { up: 0, down: 0 }
      const messages: RelayFrame[] = []
      const socket = new WebSocket(url)
      let left = rooms.length
      socket.on('error', fail)
      socket.on('open', () => {
        for (const { name, from } of rooms) {
          const text = JSON.stringify({ join: name, from } satisfies RelayFrame)
          traffic.up += text.length
          socket.send(text)
        }
      })
      socket.on('message', (data: Buffer) => {
        traffic.down += data.length
        const frame = JSON.parse(String(data)) as RelayFrame | { joined: true }
        if (!('joined' in frame)) messages.push(frame)
        else if (--left === 0) {
          const time = passed()
          socket.close()
          done({ ...time, ...traffic, opened: rooms.length })
        }
      })
    }),
} satisfies Handlers

export type RelayReader = typeof handlers
serveRole(handlers)
