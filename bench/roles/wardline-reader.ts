/** One person's device, as the app has it, with a store in memory. */
import { randomBytes } from 'node:crypto'
import type { ChatId, DeviceId } from '@wardline/core/base/ids'
import { Client } from '@wardline/core/client/client'
import type { Conversation } from '@wardline/core/client/conversation/conversation'
import type { ClientSocket, Dial, SocketEvents } from '@wardline/core/client/model/ports'
import { MemoryDatabase, MemoryLocalStore } from '@wardline/core/client/store/memory-local-store'
import { soloBus } from '@wardline/core/client/sync/tab-bus'
import { systemTimers, wsDial } from '../../tests/support/node-device.ts'
import type { Cost } from '../support/peer-roles.ts'
import { type Handlers, serveRole } from '../support/role.ts'
import { stopwatch } from '../support/stopwatch.ts'
import type { Access } from '../support/wardline.ts'
import { resetTraffic, traffic } from '../support/wire.ts'

/** What the person is to have of a chat in the end. */
export interface Wanted {
  readonly chat: ChatId
  /** How its last message begins. */
  readonly last: string
  readonly months: number
}

/** A chat on screen, and what is to be seen of it. */
export interface OnScreen {
  readonly chat: ChatId
  /** In the newest month. */
  readonly messages: number
  readonly last: string
}

export interface AppCost extends Cost {
  /** Until the list has every chat, ms. */
  readonly names: number
  /** Until it has the last message of each. */
  readonly previews: number
  /** Until a screenful of the chat on screen is there, the newest message in it; NaN without one. */
  readonly screenful: number
}

const TIMEOUT = 120_000
/** How often what does not call back is looked at, ms. */
const POLL = 5
const SCREENFUL = 20

const device = randomBytes(8).toString('hex') as DeviceId
/** The device's disk. */
let database = new MemoryDatabase()
let client: Client | undefined
let conversation: Conversation | undefined
let online = true
let socket: { readonly socket: ClientSocket; readonly events: SocketEvents } | undefined

const dialOf =
  (url: string): Dial =>
  (events) => {
    const dialled = wsDial(url)(events)
    socket = { socket: dialled, events }
    return dialled
  }

const start = ({ url, token, person }: Access): Promise<Client> => {
  const store = new MemoryLocalStore(database)
  database.meta = { ...database.meta, me: person, device }
  return Client.start({
    store,
    bus: soloBus(),
    dial: dialOf(url),
    getToken: async () =>
      online ? { kind: 'token', token, expiresAt: Date.now() + 600_000 } : { kind: 'unreachable' },
    timers: systemTimers,
    random: (length) => new Uint8Array(randomBytes(length)),
  })
}

/** Looks whenever the client changes, and now and then, as it does not tell what it stores. */
const until = (of: Client, isDone: () => boolean, what: () => string): Promise<void> =>
  new Promise((done, fail) => {
    const end = performance.now() + TIMEOUT
    const look = () => {
      const late = performance.now() > end
      if (!isDone() && !late) return
      unsubscribe()
      clearInterval(timer)
      if (late) fail(new Error(`not within ${TIMEOUT} ms: ${what()}`))
      else done()
    }
    const unsubscribe = of.subscribe(look)
    const timer = setInterval(look, POLL)
    look()
  })

const pagesOf = (chat: ChatId) =>
  [...database.docs]
    .filter(([doc]) => doc.startsWith(`chat/${chat}/`))
    .map(([, { record }]) => record)

/** Asked often: what is complete is not looked at again. */
const completeness = (wanted: readonly Wanted[]) => {
  const open = new Set(wanted)
  return () => {
    const chats = new Map(client?.shell().chats.map((chat) => [chat.id, chat]))
    for (const one of open) {
      if (chats.get(one.chat)?.last?.text.startsWith(one.last) !== true) return false
      const pages = pagesOf(one.chat)
      if (pages.length < one.months || pages.some(({ head, known }) => head === 0 || head < known))
        return false
      open.delete(one)
    }
    return client?.shell().connection.phase === 'live'
  }
}

const isShown = ({ messages, last }: OnScreen, atLeast: number): boolean => {
  const items = conversation?.view()?.items ?? []
  const newest = items.at(-1)
  return (
    items.length >= Math.min(messages, atLeast) &&
    newest?.type === 'message' &&
    newest.text.startsWith(last)
  )
}

/** Measures from `begin` on, until the person has and sees all. */
const measure = async (
  begin: () => Promise<Client>,
  wanted: readonly Wanted[],
  onScreen?: OnScreen,
): Promise<AppCost> => {
  resetTraffic()
  const passed = stopwatch()
  const running = await begin()
  let [names, previews, screenful] = [Number.NaN, Number.NaN, Number.NaN]
  const notNow = (time: number) => Number.isNaN(time)
  const isComplete = completeness(wanted)
  const isDone = () => {
    const { chats } = running.shell()
    if (notNow(names) && chats.length >= wanted.length) names = passed().ms
    if (notNow(previews) && !notNow(names) && chats.every(({ last }) => last !== null))
      previews = passed().ms
    if (onScreen !== undefined) {
      if (notNow(screenful) && isShown(onScreen, SCREENFUL)) screenful = passed().ms
      if (!isShown(onScreen, Number.POSITIVE_INFINITY)) return false
    }
    return isComplete()
  }
  if (onScreen !== undefined && conversation === undefined) {
    const isListed = () => running.shell().chats.some(({ id }) => id === onScreen.chat)
    await until(running, isListed, () => `no ${onScreen.chat}`)
    conversation = await running.openConversation(onScreen.chat)
  }
  await until(running, isDone, () => {
    const { chats, connection } = running.shell()
    return JSON.stringify([
      connection,
      chats.length,
      chats[0]?.last,
      conversation?.view()?.items.length,
    ])
  })
  const cost = { ...passed(), ...traffic(), names, previews, screenful }
  // Until its receipts are out, and the server has what the next start goes on from.
  await running.idle()
  const isOut = () => [...database.docs.values()].every(({ outbox }) => outbox.length === 0)
  await until(running, isOut, () => 'its receipts are not out')
  return cost
}

const handlers = {
  /** A device that has nothing. */
  fresh(): void {
    database = new MemoryDatabase()
  },

  /** Starts the app on what the device has. */
  start: (access: Access, wanted: readonly Wanted[], onScreen?: OnScreen): Promise<AppCost> =>
    measure(
      async () => {
        client = await start(access)
        return client
      },
      wanted,
      onScreen,
    ),

  /** The network goes; the app stays. */
  goOffline(): void {
    online = false
    const { socket: lost, events } = socket ?? {}
    events?.closed(1006)
    lost?.close()
  },

  /** The network is there again, and the device says so. */
  comeBack: (wanted: readonly Wanted[], onScreen?: OnScreen): Promise<AppCost> =>
    measure(
      async () => {
        if (client === undefined) throw new Error('the app does not run')
        online = true
        client.network(true)
        return client
      },
      wanted,
      onScreen,
    ),

  /** How many messages each of these chats has here, as somebody sees who scrolls up. */
  async count(chats: readonly ChatId[]): Promise<number[]> {
    const counts: number[] = []
    for (const chat of chats) {
      const opened = await client?.openConversation(chat)
      while (opened?.view()?.hasOlder === true) await opened.loadOlder()
      counts.push(opened?.view()?.items.filter(({ type }) => type === 'message').length ?? 0)
      opened?.close()
    }
    return counts
  },

  /** Closes the app. */
  end(): void {
    conversation?.close()
    conversation = undefined
    client?.close()
    client = undefined
  },
} satisfies Handlers

export type WardlineReader = typeof handlers
serveRole(handlers)
