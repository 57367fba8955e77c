/**
 * Connections of which nobody knows whose they are: bounded in all, with a share for each network,
 * and none stays that only keeps the server waiting. What waits for the server is left alone. Listens
 * before whoever answers requests, who leaves those alone whose connection it has ended.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { peerOf } from '../base/peer.ts'
import { MinThroughput } from '../budget/min-throughput.ts'
import { networkOf } from '../budget/network.ts'
import { Newcomers } from '../budget/newcomers.ts'
import { userOf } from './context.ts'

/** Connections at once, of HTTP: sockets have limits of their own. */
export const MAX_HTTP_CONNECTIONS = 8192
/** Time for the head of a request, ms. */
const HEAD_MS = 10_000
/** Time for the rest of it, of whom nobody knows, ms. A file may take as long as Node gives it. */
const BODY_MS = 30_000
/**
 * Requests of a connection that have no answer yet. Who sends them in a row without waiting, which no
 * browser does, would have all of them answered into memory at once.
 */
export const MAX_PIPELINED = 4
/** How often is looked who only keeps the server waiting, ms. */
const LOOK_MS = 10_000

interface Visitor {
  readonly socket: Socket
  readonly pace: MinThroughput
  request: IncomingMessage | undefined
  response: ServerResponse | undefined
  /** Requests without an answer. */
  open: number
  /** When the request began, ms on a clock that only goes forward. */
  since: number
  /** Listens to the end of the socket. */
  readonly gone: () => void
}

export interface AdmissionOptions {
  readonly trustedProxies: number
  readonly limit?: number
  /** Milliseconds, of a clock that only goes forward. */
  readonly now?: () => number
}

export class Admission {
  readonly #newcomers: Newcomers<Visitor>
  readonly #visitors = new Map<Socket, Visitor>()
  readonly #trustedProxies: number
  readonly #now: () => number
  readonly #timer: NodeJS.Timeout

  constructor(http: Server, options: AdmissionOptions) {
    this.#newcomers = new Newcomers(options.limit ?? MAX_HTTP_CONNECTIONS)
    this.#trustedProxies = options.trustedProxies
    this.#now = options.now ?? (() => performance.now())
    http.headersTimeout = HEAD_MS
    http.on('connection', (socket: Socket) => this.#came(socket))
    http.on('request', (request, response) => this.#asked(request, response))
    http.on('upgrade', (_request: IncomingMessage, socket: Socket) => this.#left(socket))
    this.#timer = setInterval(() => this.look(), LOOK_MS)
    this.#timer.unref()
  }

  get size(): number {
    return this.#newcomers.size
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Cuts off who does not send what they began to send, or take in what they asked for. */
  look(): void {
    const now = this.#now()
    for (const { socket, pace, request, response, since } of this.#visitors.values()) {
      const isSlow = pace.isTooSlow(
        { sent: socket.bytesWritten, waiting: socket.writableLength },
        LOOK_MS / 1000,
      )
      const isLate =
        request !== undefined &&
        !request.complete &&
        userOf(request) === undefined &&
        now - since > BODY_MS
      if (isLate || (isSlow && response?.headersSent === true)) socket.destroy()
    }
  }

  #came(socket: Socket): void {
    const visitor: Visitor = {
      socket,
      pace: new MinThroughput(),
      request: undefined,
      response: undefined,
      open: 0,
      since: this.#now(),
      gone: () => this.#left(socket),
    }
    this.#visitors.set(socket, visitor)
    socket.once('close', visitor.gone)
    this.#enter(visitor, networkOf(socket.remoteAddress ?? ''))
  }

  #asked(request: IncomingMessage, response: ServerResponse): void {
    const visitor = this.#visitors.get(request.socket)
    if (visitor === undefined) return
    if (++visitor.open > MAX_PIPELINED) return void request.socket.destroy()
    visitor.request = request
    visitor.response = response
    visitor.since = this.#now()
    // Behind a proxy it says only now for whom it is.
    if (this.#trustedProxies > 0) {
      this.#newcomers.leave(visitor)
      this.#enter(visitor, networkOf(peerOf(request, this.#trustedProxies).address))
    }
    response.once('close', () => {
      visitor.open--
      if (visitor.response !== response) return
      visitor.request = undefined
      visitor.response = undefined
    })
  }

  #enter(visitor: Visitor, network: string): void {
    this.#newcomers.enter(network, visitor, keepsWaiting)?.socket.destroy()
  }

  #left(socket: Socket): void {
    const visitor = this.#visitors.get(socket)
    if (visitor === undefined) return
    this.#visitors.delete(socket)
    this.#newcomers.leave(visitor)
    // Of a WebSocket nothing of this is to stay for as long as it is open.
    socket.off('close', visitor.gone)
  }
}

/** Whether the next step is theirs, and nobody knows who they are. */
const keepsWaiting = ({ request, response }: Visitor): boolean => {
  if (request === undefined || response === undefined) return true
  if (userOf(request) !== undefined) return false
  return !request.complete || response.headersSent
}
