/**
 * What a chat costs without anything that Wardline promises: a bare `ws` relay of JSON, without
 * storage, accounts or checks. On request it keeps what was said in memory, and repeats it.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { textOf } from '../../tests/support/written-page.ts'
import type { PeerServer, Served } from '../support/peer-roles.ts'
import { serveRole } from '../support/role.ts'

export type RelayFrame =
  /** From now on messages of these rooms come; first those from number `from` on. */
  | { join: string; from?: number }
  | { room: string; id: number; author: string; text: string; sentAt: number }
  /** Somebody read this message. */
  | { room: string; read: number }

const rooms = new Map<string, Set<WebSocket>>()
const kept = new Map<string, string[]>()

const receive = (socket: WebSocket, text: string): void => {
  const frame = JSON.parse(text) as RelayFrame
  if ('join' in frame) {
    const room = rooms.get(frame.join) ?? new Set()
    rooms.set(frame.join, room.add(socket))
    socket.once('close', () => room.delete(socket))
    for (const old of kept.get(frame.join)?.slice(frame.from ?? 0) ?? []) socket.send(old)
    socket.send('{"joined":true}')
    return
  }
  for (const other of rooms.get(frame.room) ?? []) if (other !== socket) other.send(text)
}

const handlers = {
  async start(): Promise<string> {
    const http = createServer()
    const sockets = new WebSocketServer({ server: http, perMessageDeflate: false })
    sockets.on('connection', (socket) => {
      socket.setMaxListeners(0)
      socket.on('error', () => {})
      socket.on('message', (data) => receive(socket, String(data)))
    })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    return `ws://127.0.0.1:${(http.address() as AddressInfo).port}`
  },

  async stop(): Promise<void> {},

  /** Keeps messages, to be repeated to whoever joins. */
  fill(chats: readonly string[], from: number, to: number): void {
    for (const room of chats) {
      const messages = kept.get(room) ?? []
      kept.set(room, messages)
      for (let id = from; id < to; id++) {
        const author = id % 2 === 0 ? 'patient' : 'doctor'
        messages.push(JSON.stringify({ room, id, author, text: textOf(id), sentAt: Date.now() }))
      }
    }
  },

  /** Returns what is left in use, bytes. */
  collectGarbage(): number {
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  },
} satisfies Served<PeerServer>

serveRole(handlers)
