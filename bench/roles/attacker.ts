/** Somebody with clients of their own, who asks for as much as they can and takes in nothing. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { writerFrom } from '@wardline/core/base/client-id'
import type { DeviceId, DocName } from '@wardline/core/base/ids'
import { PROTOCOL_VERSION, writeClientFrame } from '@wardline/core/protocol/frames'
import { WebSocket } from 'ws'
import { type Handlers, serveRole } from '../support/role.ts'

/** Not the address of the honest ones; Linux has all of 127.0.0.0/8. */
const ADDRESS = '127.0.0.2'

const sockets = new Set<{ terminate(): void }>()
let running = true

const socketTo = (url: string, protocols: readonly string[] = []): WebSocket => {
  const socket = new WebSocket(url.replace('http', 'ws'), [...protocols], {
    localAddress: ADDRESS,
    perMessageDeflate: false,
  })
  sockets.add(socket)
  socket.on('error', () => {})
  return socket
}

const rawTo = async (url: string): Promise<Socket> => {
  const { port, hostname } = new URL(url)
  const socket = connect({ port: Number(port), host: hostname, localAddress: ADDRESS })
  sockets.add({ terminate: () => socket.destroy() })
  socket.on('error', () => {})
  await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  return socket
}

const closedOf = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', resolve))

/** Keeps so many of these going, until it is over. */
const keepUp = async (count: number, work: (i: number) => Promise<unknown>): Promise<void> => {
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      while (running) await work(i).catch(() => {})
    }),
  )
}

const handlers = {
  /** Opens all of these documents on so many sockets, and reads none of what comes. */
  slowSockets(url: string, token: string, count: number, docs: readonly DocName[]): void {
    for (let i = 0; i < count; i++) {
      const socket = socketTo(`${url}/socket`)
      socket.on('open', () => {
        const device = randomBytes(8).toString('hex') as DeviceId
        socket.send(
          writeClientFrame({
            type: 'hello',
            version: PROTOCOL_VERSION,
            token,
            device,
            writer: writerFrom(randomBytes(5)),
            epoch: '',
            cursor: '',
          }),
        )
        for (const [i, doc] of docs.entries())
          socket.send(
            writeClientFrame({
              type: 'open',
              channel: i + 1,
              doc,
              head: 0,
              stateVector: new Uint8Array(),
            }),
          )
        socket.pause()
      })
    }
  },

  /** Opens a document on so many plain sockets after each other, 30 at a time, and says nothing. */
  async silentPlain(url: string, token: string, count: number, doc: DocName): Promise<void> {
    for (let i = 0; i < count && running; i += 30)
      await Promise.all(
        Array.from({ length: Math.min(30, count - i) }, async () => {
          const socket = socketTo(`${url}/sync/${doc}`, ['wardline.sync', `bearer.${token}`])
          await Promise.race([once(socket, 'message'), closedOf(socket)])
          socket.terminate()
          sockets.delete(socket)
        }),
      )
  },

  /** Asks for these addresses, so many at a time, until it is over. */
  async ask(url: string, token: string, count: number, paths: readonly string[]): Promise<void> {
    await keepUp(count, async (i) => {
      const path = paths[i % paths.length] ?? ''
      const answer = await fetch(url + path, { headers: { Authorization: `Bearer ${token}` } })
      await answer.arrayBuffer()
      if (answer.status === 429) await new Promise((resolve) => setTimeout(resolve, 50))
    })
  },

  /** Signs in with the right password, so many at a time, until it is over. */
  async signIn(url: string, email: string, password: string, count: number): Promise<void> {
    const body = JSON.stringify({ email, password })
    await keepUp(count, async () => {
      const socket = await rawTo(url)
      const head = `POST /api/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n`
      socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`)
      socket.resume()
      await once(socket, 'close')
    })
  },

  /** Keeps so many sockets that say nothing. */
  async silent(url: string, count: number): Promise<void> {
    await keepUp(count, async () => {
      const socket = socketTo(`${url}/socket`)
      await closedOf(socket)
      sockets.delete(socket)
    })
  },

  /** Connections that send a letter now and then, of what never becomes a request. */
  async dribble(url: string, count: number): Promise<void> {
    const all: Socket[] = []
    for (let i = 0; i < count && running; i++) {
      const socket = await rawTo(url)
      socket.resume()
      if (i % 3 === 0) socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-A: ')
      // Refused, and it does not go.
      else if (i % 3 === 1)
        socket.write(
          'GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
        )
      // Asks, and does not read the answer.
      else {
        socket.pause()
        socket.write('GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(100))
      }
      all.push(socket)
    }
    const timer = setInterval(() => {
      for (const [i, socket] of all.entries()) if (i % 3 < 2 && socket.writable) socket.write('a')
    }, 1_000)
    timer.unref()
  },

  /** Lets all of it go. */
  stop(): void {
    running = false
    for (const socket of sockets) socket.terminate()
    sockets.clear()
  },
} satisfies Handlers

export type Attacker = typeof handlers
serveRole(handlers)
