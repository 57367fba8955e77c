/**
 * A clinic in a box: a server on a store in memory, devices with tabs and databases in memory,
 * and a network and a clock that move only when the test says so. Nothing here sleeps.
 */

import {
  type ChatId,
  type DeviceId,
  directChatId,
  parseUserId,
  type UserId,
} from '@wardline/core/base/ids'
import type { GroupStatement } from '@wardline/core/chat/group-statement'
import { Client } from '@wardline/core/client/client'
import type { Conversation } from '@wardline/core/client/conversation/conversation'
import type { FileTransfer } from '@wardline/core/client/files/file-transfer'
import type { ConversationView, Person } from '@wardline/core/client/model/views'
import { MemoryDatabase, MemoryLocalStore } from '@wardline/core/client/store/memory-local-store'
import type { Quotas } from '@wardline/sync-server/config/quotas'
import { GroupSeal } from '@wardline/sync-server/directory/group-seal'
import { MemoryDisk, MemoryStore } from '@wardline/sync-server/storage/memory-store'
import { createSyncServer, type SyncServer } from '@wardline/sync-server/sync/sync-server'
import { randomFrom } from './random.ts'
import { SimulatedNetwork } from './simulated-network.ts'
import { TabHub } from './tab-hub.ts'
import { VirtualTimers } from './virtual-timers.ts'

export const START = Date.UTC(2026, 10, 22, 9)

const user = (id: string): UserId => {
  const parsed = parseUserId(id)
  if (parsed === undefined) throw new Error(id)
  return parsed
}

export const pat: Person = { id: user('pat-morgan'), name: 'Pat Morgan', role: 'patient' }
export const ada: Person = { id: user('dr-ada'), name: 'Dr Ada Osei', role: 'doctor' }
export const chat: ChatId = directChatId(pat.id, ada.id)

/** Others, for groups. */
export const ben: Person = { id: user('dr-ben'), name: 'Dr Ben Laurent', role: 'doctor' }
export const sam: Person = { id: user('sam-rivera'), name: 'Sam Rivera', role: 'patient' }
/** Any number of people of whom nothing else is known. */
export const stranger = (n: number): Person => ({
  id: user(`stranger-${n}`),
  name: `Stranger ${n}`,
  role: 'patient',
})

export class World {
  readonly timers = new VirtualTimers(START)
  readonly network = new SimulatedNetwork()
  disk: MemoryDisk
  /** Of servers that start from now on. */
  quotas: Partial<Quotas> = {}
  readonly random: () => number
  readonly devices: Device[] = []
  store: MemoryStore
  server: SyncServer
  serverUp = true
  /** How wrong the server's clock is, ms; may change while it runs. */
  serverSkew = 0

  constructor(seed = 1, disk = new MemoryDisk()) {
    this.random = randomFrom(seed)
    this.disk = disk
    this.store = new MemoryStore({ disk })
    this.server = this.#serve()
  }

  static async open(seed?: number, others: readonly Person[] = []): Promise<World> {
    const world = new World(seed)
    await world.#people([pat, ada, ...others])
    return world
  }

  bytes = (length: number): Uint8Array =>
    Uint8Array.from({ length }, () => Math.floor(this.random() * 256))

  async device(me: Person, name: string, clockSkew = 0): Promise<Device> {
    const profile = new Profile(name.padEnd(8, '0') as DeviceId, clockSkew)
    return await this.#add(new Device(this, me, profile, name))
  }

  /** Sets the clock of a device. */
  setClock(device: Device, skew: number): void {
    device.profile.clockSkew = skew
  }

  /** Another tab of the browser in which `device` is one. */
  async tab(device: Device, name: string): Promise<Device> {
    return await this.#add(new Device(this, device.me, device.profile, name))
  }

  async #add(device: Device): Promise<Device> {
    this.devices.push(device)
    await device.start()
    return device
  }

  /** Ends the server as a crash does: whatever was not durable is gone. */
  crashServer(): void {
    this.serverUp = false
    this.network.cutAll()
  }

  startServer(): void {
    this.store = new MemoryStore({ disk: this.disk })
    this.server = this.#serve()
    this.serverUp = true
  }

  /**
   * A copy of the server's disk as it is, under a new epoch, as a backup is once restored; or,
   * when nobody says so, under the same.
   */
  backup({ told = true } = {}): MemoryDisk {
    const copy = new MemoryDisk()
    if (!told) Object.assign(copy, { epoch: this.disk.epoch })
    copy.seq = this.disk.seq
    copy.incarnations = this.disk.incarnations
    copy.audit.push(...this.disk.audit)
    for (const [key, record] of this.disk.records) copy.records.set(key, { ...record })
    for (const [name, doc] of this.disk.docs) copy.docs.set(name, { ...doc, rows: [...doc.rows] })
    return copy
  }

  /** The server goes on with another disk. */
  restore(disk: MemoryDisk): void {
    this.crashServer()
    this.disk = disk
    this.startServer()
  }

  async recallGroup(
    statement: GroupStatement,
    seal: string,
    actor: UserId,
    online: boolean,
  ): Promise<boolean> {
    if (!online || !this.serverUp) return false
    await this.server.directory.groups.recall(statement, seal, actor)
    return true
  }

  /** Lets promises run until none is left to run. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
  }

  /** Delivers everything and lets time pass until the world is quiet. */
  async quiesce(ms = 6_000): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      await this.drain()
      this.timers.advance(100)
    }
    await this.drain()
  }

  async drain(): Promise<void> {
    do {
      await this.settle()
      for (const link of this.network.busy()) {
        link.accept(this.accept)
        while (link.deliverToServer() || link.deliverToClient());
      }
      await this.settle()
    } while (this.network.busy().length > 0)
    for (const device of this.devices) await device.client?.idle()
  }

  readonly accept: Parameters<import('./simulated-network.ts').Link['accept']>[0] = (socket) =>
    this.server.accept(socket)

  #serve(): SyncServer {
    return createSyncServer({
      store: this.store,
      timers: {
        now: () => this.timers.now() + this.serverSkew,
        elapsed: this.timers.elapsed,
        after: (ms, callback) => this.timers.after(ms, callback),
      },
      seal: new GroupSeal('of this world'),
      quotas: this.quotas,
      // A token is the user's name here: who signs in how is not what is simulated.
      verifyToken: (token) => ({
        userId: user(token),
        session: token,
        expiresAt: this.timers.now() + this.serverSkew + 600_000,
      }),
    })
  }

  async #people(people: readonly Person[]): Promise<void> {
    for (const person of people) {
      const made = await this.server.directory.createUser({
        id: person.id,
        name: person.name,
        roles: [person.role],
        email: `${person.id}@example.org`,
        passwordHash: '-',
      })
      if (!made.ok) throw new Error(JSON.stringify(made))
    }
  }
}

/** What the tabs of a browser share. */
class Profile {
  readonly id: DeviceId
  clockSkew: number
  readonly database = new MemoryDatabase()
  readonly tabs = new TabHub()
  online = true

  constructor(id: DeviceId, clockSkew: number) {
    this.id = id
    this.clockSkew = clockSkew
  }
}

/** A tab of a browser profile. */
export class Device {
  readonly world: World
  readonly me: Person
  readonly profile: Profile
  readonly name: string
  store: MemoryLocalStore
  client: Client | undefined
  conversation: Conversation | undefined
  /** The chat that it shows and writes in. */
  chat: ChatId = chat
  /** How it sends files, if it does. */
  files: FileTransfer | undefined
  /** Everything that came to it, since a test emptied it. */
  heard: Uint8Array[] = []

  constructor(world: World, me: Person, profile: Profile, name: string) {
    this.world = world
    this.me = me
    this.profile = profile
    this.name = name
    this.store = new MemoryLocalStore(profile.database)
  }

  get id(): DeviceId {
    return this.profile.id
  }

  get database(): MemoryDatabase {
    return this.profile.database
  }

  get online(): boolean {
    return this.profile.online
  }

  set online(online: boolean) {
    this.profile.online = online
  }

  async start(): Promise<void> {
    const { world, me, profile } = this
    this.store = new MemoryLocalStore(this.database)
    await this.store.putMeta({ me, device: this.id, people: [pat, ada] })
    const now = (): number => world.timers.now() + world.serverSkew
    this.client = await Client.start({
      store: this.store,
      bus: profile.tabs.bus(),
      dial: (events) => {
        const received = (bytes: Uint8Array) => {
          this.heard.push(bytes)
          events.received(bytes)
        }
        return world.network.dial(() => this.online && world.serverUp)({ ...events, received })
      },
      getToken: async () =>
        this.online && world.serverUp
          ? { kind: 'token', token: me.id, expiresAt: now() + 600_000, serverTime: now() }
          : { kind: 'unreachable' },
      timers: world.timers.skewed(() => profile.clockSkew),
      random: world.bytes,
      recallGroup: ({ statement, seal }) => world.recallGroup(statement, seal, me.id, this.online),
      ...(this.files && { files: this.files }),
    })
    if (me.id === pat.id || me.id === ada.id) this.client.startChat(me.id === pat.id ? ada : pat)
  }

  /** Closes the tab, without a word to anyone. */
  kill(): void {
    this.client?.close()
    this.client = undefined
    this.conversation = undefined
  }

  goOffline(): void {
    this.online = false
    this.world.network.cutAll()
  }

  goOnline(): void {
    this.online = true
    this.client?.wake()
  }

  async open(): Promise<ConversationView> {
    this.conversation ??= await this.client?.openConversation(this.chat)
    const view = await this.view()
    if (view === undefined) throw new Error('no conversation')
    return view
  }

  async view(): Promise<ConversationView | undefined> {
    await this.conversation?.update()
    return this.conversation?.view()
  }

  async send(text: string): Promise<void> {
    await this.client?.send(this.chat, text)
  }

  /** Reads everything that is on screen. */
  async read(): Promise<void> {
    const view = await this.open()
    const keys = view.items.filter((item) => item.type === 'message' && !item.mine)
    await this.client?.markRead(
      this.chat,
      keys.map(({ key }) => key),
    )
  }

  async texts(): Promise<string[]> {
    const view = await this.open()
    return view.items.flatMap((item) => (item.type === 'message' ? [item.text] : []))
  }

  async statuses(): Promise<Record<string, string>> {
    const view = await this.open()
    return Object.fromEntries(
      view.items.flatMap((item) =>
        item.type === 'message' && item.mine ? [[item.text, item.status ?? '']] : [],
      ),
    )
  }

  get unread(): number {
    return this.client?.shell().chats.find(({ id }) => id === this.chat)?.unread ?? 0
  }
}
