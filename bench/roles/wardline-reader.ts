/** One person's device: as the app has it, and as the least that the protocol asks for. */
import { randomBytes } from 'node:crypto'
import type { ChatId, DeviceId, DocName } from '@wardline/core/base/ids'
import { Page } from '@wardline/core/chat/page'
import { Client } from '@wardline/core/client/client'
import type { Dial } from '@wardline/core/client/model/ports'
import { MemoryDatabase, MemoryLocalStore } from '@wardline/core/client/store/memory-local-store'
import { soloBus } from '@wardline/core/client/sync/tab-bus'
import {
  PROTOCOL_VERSION,
  readClientFrame,
  readServerFrame,
  writeClientFrame,
} from '@wardline/core/protocol/frames'
import { WebSocket } from 'ws'
import { systemTimers, type Traffic, until, wsDial } from '../../tests/support/node-device.ts'
import { type Handlers, serveRole } from '../support/role.ts'
import { stopwatch } from '../support/stopwatch.ts'
import type { Access } from '../support/wardline.ts'

export interface Cost {
  readonly ms: number
  /** Of the device's process until then, ms. */
  readonly cpu: number
  /** Payload of the frames, bytes. */
  readonly down: number
  readonly up: number
  /** Documents that were opened. */
  readonly opened: number
}

const TIMEOUT = 60_000
const device = randomBytes(8).toString('hex') as DeviceId
/** The device's disk. */
let database = new MemoryDatabase()
let running: Client | undefined
/** What the lean reader keeps. */
let page = new Page()
let head = 0

/** Starts the app on what the device has, until `done` says that the person sees everything. */
const app = async (access: Access, done: (client: Client) => Promise<void>): Promise<Cost> => {
  const traffic: Traffic = { up: 0, down: 0 }
  let opened = 0
  const plain = wsDial(access.url, traffic)
  const dial: Dial = (events) => {
    const socket = plain(events)
    return {
      close: (code) => socket.close(code),
      send(bytes) {
        if (readClientFrame(bytes).type === 'open') opened++
        socket.send(bytes)
      },
    }
  }
  const store = new MemoryLocalStore(database)
  await store.putMeta({ me: access.person, device })
  const passed = stopwatch()
  const client = await Client.start({
    store,
    bus: soloBus(),
    dial,
    getToken: async () => ({
      kind: 'token',
      token: access.token,
      expiresAt: Date.now() + 600_000,
    }),
    timers: systemTimers,
    random: (length) => new Uint8Array(randomBytes(length)),
  })
  running = client
  await done(client)
  const time = passed()
  // Until its receipts are out and the server has said up to where it has told everything.
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  await until(client, () => client.shell().waiting === 0, TIMEOUT)
  return { ...time, ...traffic, opened }
}

const handlers = {
  /** A device that has nothing. */
  fresh(): void {
    database = new MemoryDatabase()
    page = new Page()
    head = 0
  },

  /** Opens a chat in the app, until so many messages of it are in the view. */
  openChat: (access: Access, chat: ChatId, messages: number): Promise<Cost> =>
    app(access, async (client) => {
      const isThere = () => client.shell().chats.some(({ id, last }) => id === chat && last)
      await until(client, isThere, TIMEOUT)
      const conversation = await client.openConversation(chat)
      const shown = () => conversation?.view()?.items.length === messages
      await until(client, shown, TIMEOUT)
    }),

  /** Starts the app, until the list has a last message that ends like this in so many chats. */
  openInbox: (access: Access, chats: number, text: string): Promise<Cost> =>
    app(access, async (client) => {
      const isThere = () => {
        const shell = client.shell()
        const upToDate = shell.chats.filter(({ last }) => last?.text.startsWith(text))
        return upToDate.length >= chats && shell.connection.phase === 'live'
      }
      await until(client, isThere, TIMEOUT)
    }),

  closeApp(): void {
    running?.close()
    running = undefined
  },

  /** Fetches one page and folds it, with nothing around it. */
  fetchPage: ({ url, token }: Access, doc: DocName, messages: number): Promise<Cost> =>
    new Promise((done, fail) => {
      const passed = stopwatch()
      const traffic = { up: 0, down: 0 }
      const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`)
      const send = (frame: Parameters<typeof writeClientFrame>[0]) => {
        const bytes = writeClientFrame(frame)
        traffic.up += bytes.length
        socket.send(bytes)
      }
      socket.on('error', fail)
      socket.on('open', () =>
        send({
          type: 'hello',
          version: PROTOCOL_VERSION,
          token,
          device,
          writer: 1,
          epoch: '',
          cursor: '',
        }),
      )
      socket.on('message', (data: Buffer) => {
        traffic.down += data.length
        const frame = readServerFrame(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
        if (frame.type === 'welcome')
          send({ type: 'open', channel: 1, doc, head, stateVector: new Uint8Array() })
        if (frame.type === 'rows') page.apply(frame.updates)
        if (frame.type !== 'head') return
        head = frame.head
        const count = page.messages().length
        const time = passed()
        socket.close()
        if (count === messages) done({ ...time, ...traffic, opened: 1 })
        else fail(new Error(`${count} messages instead of ${messages}`))
      })
    }),
} satisfies Handlers

export type WardlineReader = typeof handlers
serveRole(handlers)
