/** Two people in each chat who write to each other, each with the client of the app. */
import { randomBytes } from 'node:crypto'
import type { ChatId, DeviceId } from '@wardline/core/base/ids'
import { Client } from '@wardline/core/client/client'
import type { Conversation } from '@wardline/core/client/conversation/conversation'
import type { MessageKey } from '@wardline/core/client/model/message-key'
import { MemoryDatabase, MemoryLocalStore } from '@wardline/core/client/store/memory-local-store'
import { soloBus } from '@wardline/core/client/sync/tab-bus'
import { systemTimers, until, wsDial } from '../../tests/support/node-device.ts'
import { textOf } from '../../tests/support/written-page.ts'
import { type Load, type Measured, Pacer } from '../support/pacer.ts'
import type { Presence } from '../support/peer-roles.ts'
import { type Handlers, serveRole } from '../support/role.ts'
import type { Access } from '../support/wardline.ts'
import type { Room } from './wardline-load.ts'

const TIMEOUT = 60_000
/** Chats whose people are connected at a time. */
const AT_ONCE = 50

interface Device {
  readonly client: Client
  readonly chat: ChatId
}

const devices: Device[] = []
const pacer = new Pacer()

const startClient = async ({ url, token, person }: Access): Promise<Client> => {
  const store = new MemoryLocalStore(new MemoryDatabase())
  await store.putMeta({ me: person, device: randomBytes(8).toString('hex') as DeviceId })
  return Client.start({
    store,
    bus: soloBus(),
    dial: wsDial(url),
    getToken: async () => ({ kind: 'token', token, expiresAt: Date.now() + 600_000 }),
    timers: systemTimers,
    random: (length) => new Uint8Array(randomBytes(length)),
  })
}

/** How far from the end of a chat a message is looked for that has just come. */
const NEWEST = 20

/** Takes in what the other one wrote, and marks it as read, as the screen does. */
const follow = (client: Client, conversation: Conversation, receipts: boolean): void => {
  const seen = new Set<string>()
  client.subscribe(() => {
    const fresh: MessageKey[] = []
    for (const item of conversation.view()?.items.slice(-NEWEST) ?? []) {
      if (item.type !== 'message' || item.mine || seen.has(item.key)) continue
      seen.add(item.key)
      pacer.received(Number.parseInt(item.text, 10))
      fresh.push(item.key)
    }
    if (receipts && fresh.length > 0) void client.markRead(conversation.chat, fresh)
  })
}

const connect = async (access: Access, chat: ChatId, { open, receipts }: Presence) => {
  const client = await startClient(access)
  devices.push({ client, chat })
  const isThere = () =>
    client.shell().connection.phase === 'live' && client.shell().chats.some(({ id }) => id === chat)
  await until(client, isThere, TIMEOUT)
  if (!open) return
  const conversation = await client.openConversation(chat)
  if (conversation === undefined) throw new Error(`no ${chat}`)
  follow(client, conversation, receipts)
}

const handlers = {
  async connect(rooms: readonly Room[], presence: Presence): Promise<void> {
    for (let i = 0; i < rooms.length; i += AT_ONCE)
      await Promise.all(
        rooms
          .slice(i, i + AT_ONCE)
          .flatMap(({ chat, members }) => members.map((access) => connect(access, chat, presence))),
      )
  },

  run: (load: Load): Promise<Measured> =>
    pacer.run(load, (number) => {
      const device = devices[number % devices.length]
      void device?.client.send(device.chat, textOf(number))
    }),

  disconnect(): void {
    for (const { client } of devices.splice(0)) client.close()
  },
} satisfies Handlers

export type WardlineAppLoad = typeof handlers
serveRole(handlers)
