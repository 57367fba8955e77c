/** Joins rooms of the relay and takes in what was said there. */
import { WebSocket } from 'ws'
import type { Cost, PeerReader, Served } from '../support/peer-roles.ts'
import { serveRole } from '../support/role.ts'
import { stopwatch } from '../support/stopwatch.ts'
import { resetTraffic, traffic } from '../support/wire.ts'
import type { RelayFrame } from './relay-server.ts'

/** How many messages of each room are here. */
const kept = new Map<string, number>()
let socket: WebSocket | undefined

const handlers = {
  join: (url: string, chats: readonly { name: string; messages: number }[]): Promise<Cost> =>
    new Promise((done, fail) => {
      resetTraffic()
      const passed = stopwatch()
      const opened = new WebSocket(url)
      socket = opened
      let missing = chats.reduce(
        (sum, { messages, name }) => sum + messages - (kept.get(name) ?? 0),
        0,
      )
      opened.on('error', fail)
      opened.on('open', () => {
        for (const { name } of chats)
          opened.send(
            JSON.stringify({ join: name, from: kept.get(name) ?? 0 } satisfies RelayFrame),
          )
      })
      opened.on('message', (data: Buffer) => {
        const frame = JSON.parse(String(data)) as RelayFrame | { joined: true }
        if (!('text' in frame)) return
        kept.set(frame.room, (kept.get(frame.room) ?? 0) + 1)
        if (--missing === 0) done({ ...passed(), ...traffic() })
      })
    }),

  async leave(): Promise<void> {
    socket?.close()
  },
} satisfies Served<PeerReader>

serveRole(handlers)
