/** For tests: a sync server with time, network and tokens in the hands of the test. */

import { clientIdOf, type MemberIndex, type Writer } from '@wardline/core/base/client-id'
import {
  type ChatId,
  type DeviceId,
  type DocName,
  directChatId,
  type Month,
  monthOf,
  pageDoc,
  parseDeviceId,
  parseUserId,
  type UserId,
} from '@wardline/core/base/ids'
import { type Entry, EntryKind, writeEntry } from '@wardline/core/chat/entry'
import { logName } from '@wardline/core/chat/lanes'
import {
  type ClientFrame,
  PROTOCOL_VERSION,
  readServerFrame,
  type ServerFrame,
  writeClientFrame,
} from '@wardline/core/protocol/frames'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import { settle, TestTimers } from '../base/test-timers.ts'
import type { Timers } from '../base/timers.ts'
import type { Quotas } from '../config/quotas.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import type { Store } from '../storage/store.ts'
import type { SyncLimits } from './limits.ts'
import type { Claims, Socket, SocketHandler } from './ports.ts'
import { createSyncServer, type SyncServer } from './sync-server.ts'

/** The server's end of a socket whose messages a test reads. */
export class TestSocket implements Socket {
  readonly sent: Uint8Array[] = []
  bufferedAmount = 0
  paused = false
  closedWith: { code: number; reason: string } | undefined
  handler: SocketHandler | undefined

  send(bytes: Uint8Array): void {
    if (this.closedWith !== undefined) throw new Error('sent after the end')
    this.sent.push(bytes.slice())
  }

  close(code: number, reason: string): void {
    if (this.closedWith !== undefined) return
    this.closedWith = { code, reason }
    queueMicrotask(() => this.handler?.closed())
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }
}

export type Frame<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>

/** A program that speaks the multiplexed protocol, one frame at a time. */
export class TestClient {
  readonly socket = new TestSocket()
  readonly #handler: SocketHandler

  constructor(server: SyncServer, address?: string) {
    this.#handler = server.accept(this.socket, address)
    this.socket.handler = this.#handler
  }

  send(frame: ClientFrame): void {
    this.#handler.receive(writeClientFrame(frame))
  }

  sendBytes(bytes: Uint8Array): void {
    this.#handler.receive(bytes)
  }

  /** The network is gone. */
  drop(): void {
    this.#handler.closed()
  }

  hello(user: UserId, options: Partial<Extract<ClientFrame, { type: 'hello' }>> = {}): void {
    this.send({
      type: 'hello',
      version: PROTOCOL_VERSION,
      token: tokenOf(user),
      device: deviceOf(user),
      writer: writerOfUser(user),
      epoch: '',
      cursor: '',
      ...options,
    })
  }

  open(channel: number, doc: DocName, head = 0, stateVector: Uint8Array = new Uint8Array()): void {
    this.send({ type: 'open', channel, doc, head, stateVector })
  }

  update(channel: number, update: Uint8Array): void {
    this.send({ type: 'update', channel, update })
  }

  get frames(): ServerFrame[] {
    return this.socket.sent.map((bytes) => readServerFrame(bytes))
  }

  /** Frames of one kind that came so far. */
  of<T extends ServerFrame['type']>(type: T): Frame<T>[] {
    return this.frames.filter((frame): frame is Frame<T> => frame.type === type)
  }

  /** Frames since the last call. */
  take(): ServerFrame[] {
    const frames = this.frames
    this.socket.sent.length = 0
    return frames
  }
}

const userId = (text: string): UserId => {
  const id = parseUserId(text)
  if (id === undefined) throw new Error('not a user id')
  return id
}

export const pat = userId('pat-morgan')
export const ada = userId('dr-ada')
export const ben = userId('dr-ben')
export const eve = userId('eve-patient')
export const chat: ChatId = directChatId(pat, ada)

export const deviceOf = (user: UserId): DeviceId => {
  const id = parseDeviceId(`device${user.replaceAll('-', '')}`)
  if (id === undefined) throw new Error('not a device id')
  return id
}

/** A writer that is the same in all of a test, and another for each user. */
export const writerOfUser = (user: UserId): Writer => {
  let writer = 7
  for (const char of user) writer = (writer * 31 + char.charCodeAt(0)) % 2 ** 40
  return writer
}

/** Tokens of the kit name who holds them and until when. */
export const tokenOf = (user: UserId, expiresAt = Date.UTC(2030, 0, 1), device = ''): string =>
  `${user}|${expiresAt}|${device}`

/** A token for some chats alone, as an API token can be. */
export const scopedTokenOf = (user: UserId, chats: readonly ChatId[]): string =>
  `${tokenOf(user)}|${chats.join(',')}`

const verifyToken =
  (timers: Timers) =>
  (token: string): Claims | undefined => {
    const [user = '', until, device = '', chats] = token.split('|')
    const id = parseUserId(user)
    const expiresAt = Number(until)
    if (id === undefined || !(expiresAt > timers.now())) return undefined
    const parsed = parseDeviceId(device)
    return {
      userId: id,
      session: `s-${user}${chats ?? ''}`,
      expiresAt,
      ...(parsed && { device: parsed }),
      ...(chats !== undefined && { chats: new Set(chats.split(',') as ChatId[]) }),
    }
  }

export interface TestServer {
  readonly server: SyncServer
  readonly store: Store
  readonly timers: TestTimers
  connect(): TestClient
  /** A client that was welcomed. */
  welcomed(user: UserId): Promise<TestClient>
}

export interface TestServerOptions {
  readonly store?: Store
  readonly limits?: Partial<SyncLimits>
  readonly quotas?: Partial<Quotas>
  readonly timers?: TestTimers
}

/** A server with the four people of the kit. */
export const startTestServer = async (options: TestServerOptions = {}): Promise<TestServer> => {
  const { store = new MemoryStore(), limits = {}, quotas = {}, timers = new TestTimers() } = options
  const verify = verifyToken(timers)
  const server = createSyncServer({ store, timers, limits, quotas, verifyToken: verify })
  for (const [id, role] of [
    [pat, 'patient'],
    [eve, 'patient'],
    [ada, 'doctor'],
    [ben, 'doctor'],
  ] as const) {
    if ((await server.directory.getUser(id)) !== undefined) continue
    const made = await server.directory.createUser({
      id,
      roles: [role],
      name: id,
      email: `${id}@example.org`,
      passwordHash: '$argon2id$none',
    })
    if (!made.ok) throw new Error(made.error)
  }
  const connect = (): TestClient => new TestClient(server)
  return {
    server,
    store,
    timers,
    connect,
    async welcomed(user) {
      const client = connect()
      client.hello(user)
      await settle()
      return client
    },
  }
}

export const plainBody = (text: string): Uint8Array =>
  new Uint8Array([0, ...new TextEncoder().encode(JSON.stringify({ text }))])

/** Writes messages into one member's log of one page, as update bytes. */
export class TestLaneWriter {
  readonly client: number
  readonly #index: MemberIndex
  readonly #writer: Writer
  readonly #user: UserId
  readonly #at: number
  #n = 0

  constructor(user: UserId, index: MemberIndex, at: number, writer = writerOfUser(user)) {
    this.#user = user
    this.#index = index
    this.#writer = writer
    this.#at = at
    this.client = clientIdOf(index, writer)
  }

  get month(): Month {
    return monthOf(this.#at)
  }

  page(of: ChatId = chat): DocName {
    return pageDoc(of, this.month)
  }

  message(text: string): Uint8Array {
    const clock = this.#n++
    const entry: Entry = {
      writer: this.#writer,
      n: this.#n,
      device: deviceOf(this.#user),
      at: this.#at + this.#n,
      kind: EntryKind.message,
      ref: null,
      seen: new Map(),
      body: plainBody(text),
      signature: null,
    }
    const after = clock === 0 ? {} : { after: { client: this.client, clock: clock - 1 } }
    return encodeLaneWrite({
      client: this.client,
      clock,
      items: [{ log: logName(this.#index), values: [writeEntry(entry)], ...after }],
    })
  }
}
