/**
 * The least that a program has to be to chat through Wardline: a socket, the frames, and a lane writer
 * for each page. It keeps no content, so that under load the server is what is measured.
 */

import { randomBytes } from 'node:crypto'
import { type MemberIndex, type Writer, writerFrom } from '@wardline/core/base/client-id'
import { type DeviceId, type DocName, type UserId, userDoc } from '@wardline/core/base/ids'
import { type Entry, EntryKind, readEntry } from '@wardline/core/chat/entry'
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
  /** Documents to open besides the person's own. The last one is the page it writes in. */
  readonly docs: readonly DocName[]
  /** Its index in the page. */
  readonly index: MemberIndex
  /** Whether it says of what comes that it was delivered and read. */
  readonly receipts?: boolean
  /** A message came; what it throws ends the process. */
  received?(body: Uint8Array): void
  /** So many more of its messages in the page are durable, oldest first. */
  acknowledged?(messages: number): void
}

interface Channel {
  readonly doc: DocName
  /** Frames of this channel that are durable. */
  accepted: number
  /** Called with each head. */
  heard(): void
}

const empty = new Uint8Array()
/** The state vector of a document that holds nothing: whatever is after a head comes. */
const nothing = Uint8Array.of(0)

export class LeanDevice {
  readonly #options: LeanOptions
  readonly #device = randomBytes(8).toString('hex') as DeviceId
  readonly #writer: Writer = writerFrom(randomBytes(5))
  readonly #laneWriter: LaneWriter
  readonly #page: DocName | undefined
  /** Up to where it was told everything, by document. */
  readonly #heads = new Map<DocName, number>()
  readonly #channels = new Map<number, Channel>()
  #lastChannel = 0
  #pageChannel = 0
  /** Whether each frame in the page that is not durable yet is a message, oldest first. */
  #waiting: boolean[] = []
  #position = { epoch: '', cursor: '' }
  #socket: WebSocket | undefined

  constructor(options: LeanOptions) {
    this.#options = options
    this.#page = options.docs.at(-1)
    this.#laneWriter = this.#newLaneWriter(options.index)
  }

  /**
   * Connects; resolves when it has been told everything: of the documents that it opens, and of those
   * that moved while it was away.
   */
  connect(): Promise<void> {
    const { url, user, token, docs } = this.#options
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`, {
      perMessageDeflate: false,
    })
    this.#socket = socket
    this.#channels.clear()
    this.#waiting = []
    return new Promise((done, fail) => {
      socket.on('open', () =>
        this.#send({
          type: 'hello',
          version: PROTOCOL_VERSION,
          token,
          device: this.#device,
          writer: this.#writer,
          ...this.#position,
        }),
      )
      socket.on('error', fail)
      socket.on('close', (code) => fail(new Error(`closed with ${code}`)))
      socket.on('message', (data: Buffer) => {
        const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
        const frame = readServerFrame(bytes)
        if (frame.type !== 'welcome') return this.#receive(frame)
        this.#position = { epoch: frame.epoch, cursor: frame.cursor }
        const moved = frame.docs.filter(({ doc, head }) => (this.#heads.get(doc) ?? -1) < head)
        const open = new Set([userDoc(user), ...docs])
        // A device that is new has no use for what it does not open.
        const all =
          this.#heads.size === 0 ? open : new Set([...open, ...moved.map(({ doc }) => doc)])
        void Promise.all([...all].map((doc) => this.#open(doc))).then(() => done())
      })
    })
  }

  /** Writes a message in its page. */
  send(body: Uint8Array, at: number): void {
    this.#waiting.push(true)
    this.#write(this.#pageChannel, this.#laneWriter, body, at)
  }

  /** Opens another page, writes a message, and closes it; resolves when the message is durable. */
  async touch(page: DocName, index: MemberIndex, body: Uint8Array, at: number): Promise<void> {
    const channel = await this.#open(page)
    const durable = new Promise<void>((done) => {
      const state = this.#channels.get(channel)
      if (state !== undefined)
        state.heard = () => {
          if (state.accepted > 0) done()
        }
    })
    this.#write(channel, this.#newLaneWriter(index), body, at)
    await durable
    this.#send({ type: 'close', channel })
    this.#channels.delete(channel)
  }

  /** The network is gone, without a word. */
  drop(): void {
    this.#socket?.removeAllListeners('close')
    this.#socket?.terminate()
  }

  close(): void {
    this.#socket?.removeAllListeners('close')
    this.#socket?.close()
  }

  #newLaneWriter(index: MemberIndex): LaneWriter {
    return new LaneWriter(index, this.#writer, this.#device)
  }

  /** Resolves with the channel when everything of the document is told. */
  #open(doc: DocName): Promise<number> {
    const channel = ++this.#lastChannel
    if (doc === this.#page) this.#pageChannel = channel
    const head = this.#heads.get(doc) ?? 0
    return new Promise((done) => {
      this.#channels.set(channel, { doc, accepted: 0, heard: () => done(channel) })
      this.#send({ type: 'open', channel, doc, head, stateVector: head === 0 ? empty : nothing })
    })
  }

  #write(channel: number, laneWriter: LaneWriter, body: Uint8Array, at: number): void {
    const draft = { at, kind: EntryKind.message, ref: null, body }
    const write = laneWriter.entries([draft], new Map())
    write.advance()
    this.#send({ type: 'update', channel, update: write.update })
  }

  #send(frame: ClientFrame): void {
    this.#socket?.send(writeClientFrame(frame))
  }

  #receive(frame: ServerFrame): void {
    switch (frame.type) {
      case 'cursor':
        this.#position = { ...this.#position, cursor: frame.cursor }
        return
      case 'rows':
        return this.#read(frame.channel, frame.updates)
      case 'head':
        return this.#head(frame.channel, frame.head, frame.accepted)
      case 'reject':
      case 'closed':
        throw new Error(`channel ${frame.channel}: ${frame.type} ${frame.code}`)
    }
  }

  #read(channel: number, updates: readonly Uint8Array[]): void {
    const { received, receipts = false } = this.#options
    if (channel !== this.#pageChannel || received === undefined) return
    const entries = updates.flatMap(entriesOf).filter(({ writer }) => writer !== this.#writer)
    for (const { body } of entries) received(body)
    if (!receipts || entries.length === 0) return
    const keys = entries.flatMap(({ writer, n }) => [
      { kind: 'd' as const, writer, n },
      { kind: 'r' as const, writer, n },
    ])
    const write = this.#laneWriter.receipts(keys, Date.now())
    write.advance()
    this.#waiting.push(false)
    this.#send({ type: 'update', channel, update: write.update })
  }

  #head(channel: number, head: number, accepted: number): void {
    const state = this.#channels.get(channel)
    if (state === undefined) return
    this.#heads.set(state.doc, head)
    const more = accepted - state.accepted
    state.accepted = accepted
    state.heard()
    if (channel !== this.#pageChannel || more === 0) return
    const messages = this.#waiting.splice(0, more).filter((isMessage) => isMessage)
    this.#options.acknowledged?.(messages.length)
  }
}

/** The entries in an update, read as strictly as the gate reads them. */
const entriesOf = (update: Uint8Array): Entry[] => {
  const parsed = parseUpdate(update, () => 'strict', STORED_LIMITS)
  if (!parsed.ok) throw new Error(`what came is no update: ${parsed.message}`)
  const values = parsed.blocks.flatMap(({ structs }) =>
    structs.flatMap(({ values, key }) => (key === null ? (values ?? []) : [])),
  )
  return values.map((value) => {
    const entry = readEntry(value)
    if (entry === undefined) throw new Error('what came is no entry')
    return entry
  })
}
