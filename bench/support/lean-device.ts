/**
 * The least that a program has to be to chat through Wardline: a socket, the frames, and a lane writer
 * for one page. It keeps nothing, so that under load the server is what is measured.
 */

import type { MemberIndex, Writer } from '@wardline/core/base/client-id'
import { type DeviceId, type DocName, type UserId, userDoc } from '@wardline/core/base/ids'
import { EntryKind, readEntry } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import {
  type ClientFrame,
  PROTOCOL_VERSION,
  readServerFrame,
  type ServerFrame,
  writeClientFrame,
} from '@wardline/core/protocol/frames'
import { STORED_LIMITS } from '@wardline/core/update/parse-limits'
import { parseUpdate } from '@wardline/core/update/parse-update'
import { WebSocket } from 'ws'

export interface LeanOptions {
  /** As `http://…`. */
  readonly url: string
  readonly user: UserId
  readonly token: string
  /** Its index in the page. */
  readonly index: MemberIndex
  readonly writer: Writer
  readonly device: DeviceId
  /** Documents to open besides the person's own. The last one is the page it writes in. */
  readonly docs: readonly DocName[]
  /** A message came; what it throws ends the process. */
  received?(body: Uint8Array): void
  /** So many more of its frames are durable, oldest first. */
  acknowledged?(frames: number): void
}

const empty = new Uint8Array()

export class LeanDevice {
  readonly #options: LeanOptions
  readonly #socket: WebSocket
  readonly #laneWriter: LaneWriter
  readonly #page: number
  readonly #ready: Promise<void>
  #accepted = 0

  constructor(options: LeanOptions) {
    const { url, user, token, index, writer, device, docs } = options
    this.#options = options
    this.#laneWriter = new LaneWriter(index, writer, device)
    this.#page = docs.length + 1
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}/socket`, {
      perMessageDeflate: false,
    })
    const waiting = new Set<number>()
    this.#ready = new Promise((ready, fail) => {
      this.#socket.on('open', () =>
        this.#send({
          type: 'hello',
          version: PROTOCOL_VERSION,
          token,
          device,
          writer,
          epoch: '',
          cursor: '',
        }),
      )
      this.#socket.on('error', fail)
      this.#socket.on('close', (code) => fail(new Error(`closed with ${code}`)))
      this.#socket.on('message', (data: Buffer) => {
        const frame = readServerFrame(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
        if (frame.type === 'welcome')
          for (const [i, doc] of [userDoc(user), ...docs].entries()) {
            waiting.add(i + 1)
            this.#send({ type: 'open', channel: i + 1, doc, head: 0, stateVector: empty })
          }
        else if (frame.type === 'head' && waiting.delete(frame.channel)) {
          if (waiting.size === 0) ready()
        } else this.#receive(frame)
      })
    })
  }

  /** Resolves when every document is open. */
  ready(): Promise<void> {
    return this.#ready
  }

  /** Writes a message. */
  send(body: Uint8Array, at: number): void {
    const draft = { at, kind: EntryKind.message, ref: null, body }
    const write = this.#laneWriter.entries([draft], new Map())
    write.advance()
    this.#send({ type: 'update', channel: this.#page, update: write.update })
  }

  close(): void {
    this.#socket.removeAllListeners('close')
    this.#socket.close()
  }

  #send(frame: ClientFrame): void {
    this.#socket.send(writeClientFrame(frame))
  }

  #receive(frame: ServerFrame): void {
    switch (frame.type) {
      case 'rows':
        if (frame.channel !== this.#page || this.#options.received === undefined) return
        for (const update of frame.updates)
          for (const body of bodiesOf(update)) this.#options.received(body)
        return
      case 'head':
        if (frame.channel !== this.#page) return
        this.#options.acknowledged?.(frame.accepted - this.#accepted)
        this.#accepted = frame.accepted
        return
      case 'reject':
      case 'closed':
        throw new Error(`channel ${frame.channel}: ${frame.type} ${frame.code}`)
    }
  }
}

/** Bodies of the entries in an update, read as strictly as the gate reads them. */
function* bodiesOf(update: Uint8Array): Iterable<Uint8Array> {
  const parsed = parseUpdate(update, () => 'strict', STORED_LIMITS)
  if (!parsed.ok) throw new Error(`what came is no update: ${parsed.message}`)
  for (const { structs } of parsed.blocks)
    for (const { values, key } of structs)
      for (const value of key === null ? (values ?? []) : []) {
        const entry = readEntry(value)
        if (entry === undefined) throw new Error('what came is no entry')
        yield entry.body
      }
}
