/** Puts WebSockets on an HTTP server: `/socket`, and `/sync/<doc>` for y-websocket clients. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { CloseCode } from '@wardline/core/protocol/close-code'
import { MAX_FRAME } from '@wardline/core/protocol/frames'
import { BEARER, PLAIN_PROTOCOL } from '@wardline/core/protocol/plain-protocols'
import { type WebSocket, WebSocketServer } from 'ws'
import { judgeOrigin, type OriginPolicy } from '../base/origins.ts'
import { peerOf } from '../base/peer.ts'
import { TurnEnd } from '../base/turn-end.ts'
import type { SocketHandler } from './ports.ts'
import type { SyncServer } from './sync-server.ts'
import { SentTogether } from './web-socket.ts'

/** How long a socket may not answer before it is taken for dead, ms. */
const PING_MS = 30_000
/** How long the other side may take to end a connection that it does not get, ms. */
const CLOSE_MS = 2_000

export interface SocketEndpoint {
  /** Resolves when no socket is left. Close the sync server first. */
  close(): Promise<void>
}

type Route = { readonly kind: 'multiplexed' } | { readonly kind: 'plain'; readonly doc: string }

export const serveSockets = (
  http: Server,
  sync: Pick<SyncServer, 'accept' | 'acceptPlain'>,
  origins: OriginPolicy,
): SocketEndpoint => {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(PLAIN_PROTOCOL) ? PLAIN_PROTOCOL : false),
  })
  const turn = new TurnEnd()
  const own = new WeakMap<WebSocket, SentTogether>()
  const onPong = function (this: WebSocket): void {
    own.get(this)?.answered()
  }

  // What listens to a socket must not be made in here: it would keep the request and its headers
  // for as long as the socket is open.
  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on('error', destroy)
    const route = routeOf(request)
    if (route === undefined) return refuse(stream, '404 Not Found')
    if (judgeOrigin(request, origins) === 'foreign') return refuse(stream, '403 Forbidden')
    sockets.handleUpgrade(request, stream, head, (ws) => {
      const socket = new SentTogether(ws, stream, turn)
      own.set(ws, socket)
      ws.on('pong', onPong)
      // Whatever goes wrong, the close event follows.
      ws.on('error', ignore)
      connect(
        ws,
        route.kind === 'multiplexed'
          ? sync.accept(socket, peerOf(request, origins.trustedProxies).address)
          : sync.acceptPlain(socket, route.doc, tokenOf(request)),
      )
    })
  }
  http.on('upgrade', onUpgrade)

  const heartbeat = setInterval(() => {
    for (const ws of sockets.clients) own.get(ws)?.beat(PING_MS / 1000)
  }, PING_MS)

  return {
    async close() {
      clearInterval(heartbeat)
      http.off('upgrade', onUpgrade)
      http.on('upgrade', (_request, stream) => refuse(stream, '503 Service Unavailable'))
      const left = [...sockets.clients].map(
        (ws) => new Promise<void>((resolve) => ws.once('close', () => resolve())),
      )
      for (const ws of sockets.clients)
        if (ws.readyState === ws.OPEN) ws.close(CloseCode.restarting, 'going down')
      await Promise.all(left)
    },
  }
}

function destroy(this: Duplex): void {
  this.destroy()
}

function ignore(): void {}

const connect = (ws: WebSocket, handler: SocketHandler): void => {
  ws.on('message', (data, isBinary) => {
    if (!isBinary) return ws.close(CloseCode.badFrame, 'binary messages only')
    // With the default binaryType a message is one Buffer; lib0 wants it as plain bytes.
    if (data instanceof Buffer)
      handler.receive(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  })
  ws.on('close', () => handler.closed())
}

const routeOf = (request: IncomingMessage): Route | undefined => {
  const [path = ''] = (request.url ?? '').split('?')
  if (path === '/socket') return { kind: 'multiplexed' }
  if (!path.startsWith('/sync/')) return undefined
  try {
    return { kind: 'plain', doc: decodeURIComponent(path.slice('/sync/'.length)) }
  } catch {
    return undefined // Not a percent-encoding.
  }
}

const tokenOf = (request: IncomingMessage): string => {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',')
  const bearer = offered.map((text) => text.trim()).find((text) => text.startsWith(BEARER))
  return bearer?.slice(BEARER.length) ?? ''
}

const refuse = (stream: Duplex, status: string): void => {
  // The other side need not close its half, and would stay for good.
  const timer = setTimeout(() => stream.destroy(), CLOSE_MS)
  stream.once('close', () => clearTimeout(timer))
  stream.once('finish', () => stream.destroy())
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
