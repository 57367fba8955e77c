/** A WebSocket as the rest of sync sees it. */
import type { Duplex } from 'node:stream'
import { MAX_HELLO } from '@wardline/core/protocol/frames'
import type { WebSocket } from 'ws'
import type { Flushable, TurnEnd } from '../base/turn-end.ts'
import type { Socket } from './ports.ts'

/** Bytes before the hello besides it: heads of frames, pings. */
const FRAMING = 1024
/** How long the other side may take to agree to a close, ms. */
const CLOSE_MS = 2_000
/** Up to so many bytes what goes out together is copied into one buffer, for one write. */
const JOINED_BYTES = 16 * 1024

/**
 * What is sent within one turn of the event loop leaves in one write, straight to the stream: a
 * message of the server is one frame, which is neither masked nor compressed, so its head is all
 * that there is to add. `ws` reads, and sends what is not a message.
 */
export class SentTogether implements Socket, Flushable {
  readonly #ws: WebSocket
  readonly #stream: Duplex
  readonly #turn: TurnEnd
  #first: Uint8Array | undefined
  #more: Uint8Array[] | undefined
  /** Of what waits for the end of the turn, heads included. */
  #bytes = 0
  #unwatch: (() => void) | undefined

  constructor(ws: WebSocket, stream: Duplex, turn: TurnEnd) {
    this.#ws = ws
    this.#stream = stream
    this.#turn = turn
    this.#unwatch = watchGreeting(ws, stream)
  }

  known(): void {
    this.#unwatch?.()
    this.#unwatch = undefined
  }

  send(bytes: Uint8Array): void {
    if (this.#first === undefined) {
      this.#first = bytes
      this.#turn.add(this)
    } else if (this.#more === undefined) this.#more = [bytes]
    else this.#more.push(bytes)
    this.#bytes += headLength(bytes.length) + bytes.length
  }

  flush(): void {
    const [first, more, total] = [this.#first, this.#more, this.#bytes]
    this.#first = undefined
    this.#more = undefined
    this.#bytes = 0
    if (first === undefined || this.#ws.readyState !== this.#ws.OPEN) return
    if (total <= JOINED_BYTES) {
      const joined = Buffer.allocUnsafe(total)
      let at = place(joined, 0, first)
      if (more !== undefined) for (const bytes of more) at = place(joined, at, bytes)
      this.#stream.write(joined)
      return
    }
    this.#stream.cork()
    for (const bytes of more === undefined ? [first] : [first, ...more]) {
      const head = Buffer.allocUnsafe(headLength(bytes.length))
      writeHead(head, 0, bytes.length)
      this.#stream.write(head)
      this.#stream.write(bytes)
    }
    this.#stream.uncork()
  }

  close(code: number, reason: string): void {
    // What was sent before it comes before it.
    this.flush()
    const ws = this.#ws
    ws.close(code, reason)
    const timer = setTimeout(() => ws.terminate(), CLOSE_MS)
    ws.once('close', () => clearTimeout(timer))
  }

  get bufferedAmount(): number {
    return this.#stream.writableLength + this.#bytes
  }

  pause(): void {
    this.#ws.pause()
  }

  resume(): void {
    this.#ws.resume()
  }
}

/** Final, binary. */
const BINARY = 0x82
const SHORT = 125
const MEDIUM = 0xffff

const headLength = (length: number): number => (length <= SHORT ? 2 : length <= MEDIUM ? 4 : 10)

/** Head of a frame with a message of this length (RFC 6455, 5.2); returns where the message begins. */
const writeHead = (into: Buffer, at: number, length: number): number => {
  into[at] = BINARY
  if (length <= SHORT) into[at + 1] = length
  else if (length <= MEDIUM) {
    into[at + 1] = 126
    into.writeUInt16BE(length, at + 2)
  } else {
    into[at + 1] = 127
    into.writeUInt32BE(Math.floor(length / 2 ** 32), at + 2)
    into.writeUInt32BE(length % 2 ** 32, at + 6)
  }
  return at + headLength(length)
}

const place = (into: Buffer, at: number, message: Uint8Array): number => {
  const begin = writeHead(into, at, message.length)
  into.set(message, begin)
  return begin + message.length
}

/**
 * A message is gathered before anybody sees it, so of whom nobody knows the bytes are counted as
 * they come. Returns what ends that.
 */
const watchGreeting = (ws: WebSocket, stream: Duplex): (() => void) => {
  let left = MAX_HELLO + FRAMING
  const count = (chunk: Buffer): void => {
    left -= chunk.length
    if (left < 0) ws.terminate()
  }
  // Whoever puts messages together listened before, and so sees the end of a hello first.
  stream.on('data', count)
  return () => {
    left = Number.POSITIVE_INFINITY
    stream.off('data', count)
  }
}
