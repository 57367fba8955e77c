/**
 * What things cost, in frames, bytes and rows: opening a chat must not depend on how much history
 * it has, and coming back must cost what changed. Counts, so that a busy machine changes nothing.
 */

import {
  type ChatId,
  chatDoc,
  type DeviceId,
  type DocName,
  directChatId,
  type Month,
  monthOf,
  pageDoc,
  parseUserId,
  userDoc,
} from '@wardline/core/base/ids'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import { Client } from '@wardline/core/client/client'
import type { Conversation } from '@wardline/core/client/conversation/conversation'
import type { Dial } from '@wardline/core/client/model/ports'
import type { Person } from '@wardline/core/client/model/views'
import { MemoryDatabase, MemoryLocalStore } from '@wardline/core/client/store/memory-local-store'
import { soloBus } from '@wardline/core/client/sync/tab-bus'
import {
  type ClientFrame,
  PROTOCOL_VERSION,
  readClientFrame,
  readServerFrame,
  writeClientFrame,
} from '@wardline/core/protocol/frames'
import { MemoryStore } from '@wardline/sync-server/storage/memory-store'
import { describe, expect, it } from 'vitest'
import { ada, chat, pat, START, stranger, World } from '../support/world.ts'
import { countingWriters, textOf, WrittenPage } from '../support/written-page.ts'

const PER_MONTH = 1_000
/** A year costs at most this much more than a month. */
const MOST = 1.3

const newest = monthOf(START)
const monthsBack = (count: number): Month[] =>
  Array.from({ length: count }, (_, i) => monthOf(Date.UTC(2026, 10 - i, 15)))

const commit = async (world: World, doc: DocName, updates: readonly Uint8Array[]) => {
  for (const update of updates) await world.server.commit({ appends: [{ doc, update }] })
}

/** A chat of Pat and Ada with so many months of messages, and the text of the last one. */
const clinicOf = async (months: number): Promise<{ world: World; last: string }> => {
  const world = await World.open()
  const made = await world.server.directory.registerDirectChat(pat.id, ada.id, pat.id)
  if (!made.ok) throw new Error(made.error.code)
  const nextWriter = countingWriters()
  for (const month of monthsBack(months)) {
    await world.server.directory.registerPage(chat, month)
    const updates = await new WrittenPage(month, nextWriter).write(PER_MONTH)
    await commit(world, pageDoc(chat, month), updates)
  }
  return { world, last: textOf(PER_MONTH - 1) }
}

interface Traffic {
  up: number
  down: number
  readonly opened: DocName[]
}

const counted = (dial: Dial, traffic: Traffic): Dial => {
  return (events) => {
    const socket = dial({
      ...events,
      received(bytes) {
        traffic.down += bytes.length
        events.received(bytes)
      },
    })
    return {
      close: (code) => socket.close(code),
      send(bytes) {
        traffic.up += bytes.length
        const frame = readClientFrame(bytes)
        if (frame.type === 'open') traffic.opened.push(frame.doc)
        socket.send(bytes)
      },
    }
  }
}

/** A local store that counts what is read of documents. */
class CountingStore extends MemoryLocalStore {
  rowsRead = 0
  bytesRead = 0

  override async rows(...args: Parameters<MemoryLocalStore['rows']>) {
    const rows = await super.rows(...args)
    this.#count(rows)
    return rows
  }

  override async read(...args: Parameters<MemoryLocalStore['read']>) {
    const stored = await super.read(...args)
    this.#count(stored.rows)
    return stored
  }

  #count(rows: readonly { update: Uint8Array }[]): void {
    this.rowsRead += rows.length
    for (const { update } of rows) this.bytesRead += update.length
  }
}

/** One run of the app on a device. */
class App {
  readonly traffic: Traffic = { up: 0, down: 0, opened: [] }
  readonly store: CountingStore
  readonly #world: World
  readonly client: Client
  conversation: Conversation | undefined

  private constructor(world: World, store: CountingStore, client: Client, traffic: Traffic) {
    this.#world = world
    this.store = store
    this.client = client
    this.traffic = traffic
  }

  static async start(world: World, me: Person, database: MemoryDatabase, online = true) {
    const traffic: Traffic = { up: 0, down: 0, opened: [] }
    const store = new CountingStore(database)
    await store.putMeta({ me, device: 'device00' as DeviceId })
    const client = await Client.start({
      store,
      bus: soloBus(),
      dial: counted(
        world.network.dial(() => online),
        traffic,
      ),
      getToken: async () => ({ kind: 'token', token: me.id, expiresAt: START + 600_000 }),
      timers: world.timers,
      random: world.bytes,
    })
    return new App(world, store, client, traffic)
  }

  /** Delivers frames one by one, until `done` or nothing more comes for a while. */
  async until(done: () => boolean | Promise<boolean>): Promise<void> {
    for (let quiet = 0; quiet < 100; ) {
      await this.#world.settle()
      if (await done()) return
      const [link] = this.#world.network.busy()
      link?.accept(this.#world.accept)
      if (link?.deliverToServer() || link?.deliverToClient()) quiet = 0
      else {
        quiet++
        this.#world.timers.advance(50)
      }
    }
    if (!(await done())) throw new Error('it never happened')
  }

  /** Until nothing more is to do, in either direction. */
  async rest(): Promise<void> {
    for (let quiet = 0; quiet < 60; quiet++) {
      await this.#world.drain()
      this.#world.timers.advance(50)
    }
    await this.client.idle()
  }

  /** Opens the chat as soon as it is known, until its newest message is there. */
  async untilShown(id: ChatId, last: string): Promise<void> {
    await this.until(async () => {
      const known = this.client.shell().chats.some((one) => one.id === id)
      if (known) this.conversation ??= await this.client.openConversation(id)
      await this.conversation?.update()
      const item = this.conversation?.view()?.items.at(-1)
      return item?.type === 'message' && item.text === last
    })
  }

  close(): void {
    this.client.close()
  }
}

describe('[PROMISE-6] opening a chat costs the same with a month and with a year of history', () => {
  it('on the wire, for a device that has nothing and asks for the newest page', async () => {
    const costOf = async (months: number): Promise<number> => {
      const { world } = await clinicOf(months)
      let bytes = 0
      const answered = new Set<number>()
      const handler = world.server.accept({
        bufferedAmount: 0,
        close() {},
        send(sent) {
          bytes += sent.length
          const frame = readServerFrame(sent)
          if (frame.type === 'head') answered.add(frame.channel)
        },
      })
      const send = async (frame: ClientFrame) => {
        const sent = writeClientFrame(frame)
        bytes += sent.length
        handler.receive(sent)
        await world.settle()
      }
      await send({
        type: 'hello',
        version: PROTOCOL_VERSION,
        token: ada.id,
        device: 'device00' as DeviceId,
        writer: 1,
        epoch: '',
        cursor: '',
      })
      for (const [i, doc] of [userDoc(ada.id), chatDoc(chat), pageDoc(chat, newest)].entries())
        await send({ type: 'open', channel: i + 1, doc, head: 0, stateVector: new Uint8Array() })
      await world.settle()
      expect(answered).toEqual(new Set([1, 2, 3]))
      return bytes
    }
    const month = await costOf(1)
    expect(month).toBeGreaterThan(PER_MONTH * 80)
    expect(await costOf(12)).toBeLessThanOrEqual(MOST * month)
  })

  it('on the wire, for the app on a device that has nothing, until the chat shows', async () => {
    const costOf = async (months: number): Promise<number> => {
      const { world, last } = await clinicOf(months)
      const app = await App.start(world, ada, new MemoryDatabase())
      await app.untilShown(chat, last)
      const { up, down } = app.traffic
      await app.rest()
      // What came meanwhile is kept for later, and not on screen.
      expect(app.conversation?.view()?.items).toHaveLength(PER_MONTH)
      app.close()
      return up + down
    }
    const month = await costOf(1)
    expect(month).toBeGreaterThan(PER_MONTH * 80)
    expect(await costOf(12)).toBeLessThanOrEqual(MOST * month)
  })

  it('in rows read from the device’s own database, without a network', async () => {
    const costOf = async (months: number) => {
      const { world, last } = await clinicOf(months)
      const database = new MemoryDatabase()
      const first = await App.start(world, ada, database)
      await first.untilShown(chat, last)
      await first.rest()
      first.close()
      world.network.cutAll()
      const again = await App.start(world, ada, database, false)
      await again.untilShown(chat, last)
      const { rowsRead, bytesRead } = again.store
      expect(again.traffic.down).toBe(0)
      expect(again.conversation?.view()?.hasOlder).toBe(months > 1)
      again.close()
      return { rowsRead, bytesRead }
    }
    const month = await costOf(1)
    const year = await costOf(12)
    expect(month.bytesRead).toBeGreaterThan(PER_MONTH * 80)
    expect(year.rowsRead).toBeLessThanOrEqual(MOST * month.rowsRead)
    expect(year.bytesRead).toBeLessThanOrEqual(MOST * month.bytesRead)
  })
})

/** A program on the multiplexed socket, and what it was sent. */
const program = (world: World, me: Person) => {
  const sent: Uint8Array[] = []
  const handler = world.server.accept({
    bufferedAmount: 0,
    close(code) {
      throw new Error(`closed with ${code}`)
    },
    send: (bytes) => void sent.push(bytes.slice()),
  })
  const send = async (frame: ClientFrame): Promise<void> => {
    handler.receive(writeClientFrame(frame))
    await world.settle()
  }
  return {
    sent,
    send,
    gone: () => handler.closed(),
    hello: (cursor: string) =>
      send({
        type: 'hello',
        version: PROTOCOL_VERSION,
        token: me.id,
        device: 'device00' as DeviceId,
        writer: me === ada ? 1 : 2,
        epoch: cursor === '' ? '' : world.store.epoch,
        cursor,
      }),
  }
}

/** Ada in so many chats, and so many messages in the one with Pat. */
const practiceOf = async (chats: number, messages: number): Promise<World> => {
  const world = await World.open(
    1,
    Array.from({ length: chats - 1 }, (_, i) => stranger(i)),
  )
  const { directory } = world.server
  for (let i = 0; i < chats - 1; i++)
    await directory.registerDirectChat(stranger(i).id, ada.id, ada.id)
  await directory.registerDirectChat(pat.id, ada.id, pat.id)
  await directory.registerPage(chat, newest)
  const updates = await new WrittenPage(newest, countingWriters()).write(messages)
  await commit(world, pageDoc(chat, newest), updates)
  return world
}

/** Counts what is asked of the server's store from now on, without what is under way. */
const countOperations = async (world: World): Promise<() => number> => {
  const { store } = world
  let count = 0
  let within = 0
  for (const name of Object.getOwnPropertyNames(MemoryStore.prototype)) {
    const method: unknown = Reflect.get(store, name)
    if (name === 'constructor' || typeof method !== 'function') continue
    Reflect.set(store, name, (...args: unknown[]): unknown => {
      // What the store asks of itself is no more.
      if (within === 0) count++
      within++
      try {
        return Reflect.apply(method, store, args)
      } finally {
        within--
      }
    })
  }
  // Compaction looks at what was made above.
  for (let before = -1; before < count; ) {
    before = count
    for (let i = 0; i < 10; i++) await world.settle()
  }
  const done = count
  return () => count - done
}

describe('[PROMISE-6] the server does as much for one with much behind them', () => {
  it('for a message: store, frames and bytes', async () => {
    const costOf = async (chats: number, messages: number) => {
      const world = await practiceOf(chats, messages)
      const page = pageDoc(chat, newest)
      const head = await world.store.head(page)
      const [reader, author] = [program(world, ada), program(world, pat)]
      const stateVector = new Uint8Array()
      for (const each of [reader, author]) {
        await each.hello('')
        await each.send({ type: 'open', channel: 1, doc: page, head, stateVector })
      }
      const lane = new LaneWriter(1, 2 ** 39, 'device00' as DeviceId)
      const body = Uint8Array.of(0, ...new TextEncoder().encode('{"text":"One more."}'))
      const write = async () => {
        const draft = { at: START, kind: EntryKind.message, ref: null, body }
        const { update, advance } = lane.entries([draft], new Map())
        advance()
        await author.send({ type: 'update', channel: 1, update })
        await world.timers.advance(2_000)
        await world.settle()
      }
      // What is read once is read by now.
      await write()
      const operations = await countOperations(world)
      for (const { sent } of [reader, author]) sent.length = 0
      await write()
      const all = [...reader.sent, ...author.sent]
      const types = all.map((bytes) => readServerFrame(bytes).type).sort()
      const bytes = all.reduce((sum, { length }) => sum + length, 0)
      return { types, operations: operations(), bytes }
    }
    // Not so many that the page is compacted meanwhile.
    const few = await costOf(2, 10)
    const many = await costOf(200, 40)
    expect(few.types).toEqual(['cursor', 'cursor', 'head', 'rows'])
    expect(many.types).toEqual(few.types)
    expect(many.operations).toBe(few.operations)
    // Larger numbers take a byte more.
    expect(many.bytes).toBeLessThanOrEqual(few.bytes + 10)
  })

  it('for a device that comes back when nothing has changed', async () => {
    const costOf = async (chats: number, messages: number) => {
      const world = await practiceOf(chats, messages)
      const before = program(world, ada)
      await before.hello('')
      const welcome = readServerFrame(before.sent[0] ?? new Uint8Array())
      if (welcome.type !== 'welcome') throw new Error(welcome.type)
      expect(welcome.docs.length).toBeGreaterThan(chats)
      before.gone()
      const operations = await countOperations(world)
      const again = program(world, ada)
      await again.hello(welcome.cursor)
      expect(again.sent.map((bytes) => readServerFrame(bytes).type)).toEqual(['welcome'])
      return { operations: operations(), bytes: again.sent[0]?.length ?? 0 }
    }
    const few = await costOf(2, 10)
    const many = await costOf(200, 40)
    expect(many.operations).toBe(few.operations)
    expect(many.bytes).toBeLessThanOrEqual(few.bytes + 10)
    expect(many.bytes).toBeLessThan(200)
  })
})

describe('[PROMISE-6] coming back costs what changed', () => {
  it('[EPOCH-3] after a restart of the server, too: it lost nothing, and says so without rows', async () => {
    const { world, last } = await clinicOf(12)
    const database = new MemoryDatabase()
    const first = await App.start(world, ada, database)
    await first.untilShown(chat, last)
    await first.rest()
    await first.client.send(chat, 'the last thing before it')
    // Stored by the server; no cursor says so yet.
    await first.until(async () => (await first.store.outbox()).length === 0)
    first.close()
    world.crashServer()
    world.startServer()
    const again = await App.start(world, ada, database)
    await again.rest()
    expect(again.client.shell().connection).toEqual({ phase: 'live' })
    expect(again.traffic.opened.length).toBeLessThanOrEqual(3)
    expect(again.traffic.down).toBeLessThan(2_000)
    expect(again.traffic.up).toBeLessThan(2_000)
    again.close()
  })

  it('opens at most 12 documents when 10 of 300 chats changed, and moves a few kB', async () => {
    const world = await World.open()
    const nextWriter = countingWriters()
    const pages: { doc: DocName; written: WrittenPage }[] = []
    for (let i = 0; i < 300; i++) {
      const id = parseUserId(`patient-${i}`)
      if (id === undefined) throw new Error('not a user id')
      const { directory } = world.server
      await directory.createUser({
        id,
        name: `Patient ${i}`,
        roles: ['patient'],
        email: `${id}@example.org`,
        passwordHash: '-',
      })
      await directory.registerDirectChat(id, ada.id, id)
      const of = directChatId(id, ada.id)
      await directory.registerPage(of, newest)
      const written = new WrittenPage(newest, nextWriter)
      const doc = pageDoc(of, newest)
      pages.push({ doc, written })
      await commit(world, doc, await written.write(20))
    }
    const database = new MemoryDatabase()
    const first = await App.start(world, ada, database)
    await first.rest()
    const { chats, connection } = first.client.shell()
    expect(connection).toEqual({ phase: 'live' })
    expect(chats.filter(({ last }) => last?.text === textOf(19))).toHaveLength(300)
    first.close()
    await world.drain()

    let content = 0
    for (const { doc, written } of pages.slice(0, 10)) {
      const updates = await written.write(5)
      for (const update of updates) content += update.length
      await commit(world, doc, updates)
    }
    const again = await App.start(world, ada, database)
    await again.rest()
    const { traffic, client } = again
    expect(client.shell().connection).toEqual({ phase: 'live' })
    const upToDate = client.shell().chats.filter(({ last }) => last?.text === textOf(24))
    expect(upToDate).toHaveLength(10)
    expect(traffic.opened.length).toBeGreaterThanOrEqual(10)
    expect(traffic.opened.length).toBeLessThanOrEqual(12)
    // The messages themselves, and hardly more.
    expect(traffic.down).toBeLessThan(content + 4_000)
    expect(traffic.up).toBeLessThan(4_000)
    again.close()
  })
})
