/** A WebSocket as the rest of sync sees it. */
import { Socket as NetSocket } from 'node:net'
import type { Duplex } from 'node:stream'
import { MAX_HELLO } from '@wardline/core/protocol/frames'
import type { WebSocket } from 'ws'
import type { Flushable, TurnEnd } from '../base/turn-end.ts'
import { MinThroughput, type Sending } from '../budget/min-throughput.ts'
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
  /** Frames that wait for the end of the turn; nearly always there is none, or one. */
  #first: Buffer | undefined
  #more: Buffer[] | undefined
  #bytes = 0
  /** It has answered since the last ping. */
  #alive = true
  readonly #pace = new MinThroughput()
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
    const frame = frameOf(bytes, this.#isBehind ? Buffer.allocUnsafeSlow : Buffer.allocUnsafe)
    this.#bytes += frame.length
    if (this.#first === undefined) {
      this.#first = frame
      this.#turn.add(this)
    } else if (this.#more === undefined) this.#more = [frame]
    else this.#more.push(frame)
  }

  flush(): void {
    const [first, more, bytes] = [this.#first, this.#more, this.#bytes]
    this.#first = undefined
    this.#more = undefined
    this.#bytes = 0
    if (first === undefined || this.#ws.readyState !== this.#ws.OPEN) return
    const stream = this.#stream
    if (more === undefined) stream.write(first)
    else if (bytes <= JOINED_BYTES && !this.#isBehind)
      stream.write(Buffer.concat([first, ...more], bytes))
    else {
      stream.cork()
      for (const frame of [first, ...more]) stream.write(frame)
      stream.uncork()
    }
  }

  close(code: number, reason: string): void {
    // What was sent before it comes before it.
    this.flush()
    const ws = this.#ws
    ws.close(code, reason)
    const timer = setTimeout(() => ws.terminate(), CLOSE_MS)
    ws.once('close', () => clearTimeout(timer))
  }

  answered(): void {
    this.#alive = true
  }

  /** Ends it if the other side does not answer, or take in what it is sent; otherwise asks again. */
  beat(seconds: number): void {
    const ws = this.#ws
    // Answers to pings say nothing of whether what is sent is read.
    if (this.#pace.isTooSlow(sendingOf(this.#stream), seconds)) return ws.terminate()
    // One that is not read from cannot be heard answering either.
    if (ws.isPaused) return
    if (!this.#alive) return ws.terminate()
    this.#alive = false
    ws.ping()
  }

  get bufferedAmount(): number {
    return this.#stream.writableLength + this.#bytes
  }

  /**
   * What waits must not be a piece of the memory that all sockets share: it would keep what went out
   * to others beside it.
   */
  get #isBehind(): boolean {
    return this.#stream.writableLength > 0
  }

  pause(): void {
    this.#ws.pause()
  }

  resume(): void {
    this.#ws.resume()
  }
}

const sendingOf = (stream: Duplex): Sending => ({
  sent: stream instanceof NetSocket ? stream.bytesWritten : 0,
  waiting: stream instanceof NetSocket ? stream.writableLength : 0,
})

/** Final, binary. */
const BINARY = 0x82
const SHORT = 125
const MEDIUM = 0xffff

/** A frame (RFC 6455, 5.2) with a copy of the message. */
const frameOf = (message: Uint8Array, allocate: (size: number) => Buffer): Buffer => {
  const { length } = message
  const begin = length <= SHORT ? 2 : length <= MEDIUM ? 4 : 10
  const frame = allocate(begin + length)
  frame[0] = BINARY
  if (length <= SHORT) frame[1] = length
  else if (length <= MEDIUM) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2)
    frame.writeUInt32BE(length % 2 ** 32, 6)
  }
  frame.set(message, begin)
  return frame
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
