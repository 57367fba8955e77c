import type { MemberIndex } from '@wardline/core/ids/client-id'
import {
  type ChatId,
  type DeviceId,
  type DocName,
  parseDocName,
  type UserId,
  userDoc,
} from '@wardline/core/ids/ids'
import { CloseCode } from '@wardline/core/protocol/close-code'
import {
  type ClientFrame,
  FrameError,
  type PersonPresence,
  type ServerFrame,
  writeServerFrame,
} from '@wardline/core/protocol/frames'
import type { DocHead } from '../storage/store.ts'
import { Channel, type ChannelHost } from './channel.ts'
import { ChatRoomSeat } from './chat-room-seat.ts'
import type { Listening } from './connections.ts'
import type { Move } from './documents.ts'
import type { Outlet } from './outlet.ts'
import type { Claims } from './ports.ts'
import type { SyncContext } from './sync-context.ts'
import { Turns } from './turns.ts'

/** Documents of one connection that are read from the store at the same time. */
const CATCHING_UP = 16

export type Hello = Extract<ClientFrame, { type: 'hello' }>
/** What a connection may send once it is live. */
export type SessionFrame = Exclude<ClientFrame, Hello>

export interface SessionHost {
  readonly outlet: Outlet
  close(code: number, reason: string): void
  /** Less is on its way to the disk than before. */
  settled(): void
}

/**
 * A multiplexed connection of somebody who has said who they are: its channels, the documents it
 * has to hear of, and the cursor that says up to where it has.
 */
export class Session implements Listening, ChannelHost {
  readonly device: DeviceId
  readonly outlet: Outlet
  readonly turns = new Turns(CATCHING_UP)
  claims: Claims
  /** Bytes of updates that are on their way to the disk. */
  pendingBytes = 0
  readonly #context: SyncContext
  readonly #host: SessionHost
  readonly #hello: Hello
  readonly #channels = new Map<number, Channel>()
  readonly #byDoc = new Map<DocName, Channel>()
  readonly #seats = new Map<Channel, ChatRoomSeat>()
  readonly #dirty = new Set<Channel>()
  /** Moves to tell. Those before the welcome are told after it. */
  readonly #changed = new Map<DocName, number>()
  readonly #people = new Map<UserId, PersonPresence>()
  readonly #scopes = new Set<string>()
  #welcomed = false
  #closed = false
  #flushing = false
  #waiting = false
  /** Looks for chats that the user got into or out of; and once more when that came meanwhile. */
  #refreshing: 'no' | 'yes' | 'again' = 'no'
  #cancelCursor: (() => void) | undefined
  #cursor = 0
  #cancelExpiry = () => {}

  constructor(context: SyncContext, host: SessionHost, hello: Hello, claims: Claims) {
    this.#context = context
    this.#host = host
    this.#hello = hello
    this.outlet = host.outlet
    this.claims = claims
    this.device = hello.device
    this.#watchExpiry()
  }

  get user(): UserId {
    return this.claims.userId
  }
  get session(): string {
    return this.claims.session
  }
  get documents() {
    return this.#context.documents
  }
  get directory() {
    return this.#context.directory
  }
  get timers() {
    return this.#context.timers
  }

  /** Says welcome. Rejects with `StoreError`. */
  async start(): Promise<void> {
    const { connections, directory, documents, presence, timers } = this.#context
    const { store } = documents
    const { user } = this
    connections.addListening(this)
    this.#subscribe(userDoc(user))
    // What becomes durable from here on is told as a move, so what is before is the cursor.
    const cursor = documents.seq
    const chats = await directory.chatsOf(user)
    for (const { chat } of chats) this.#subscribe(`chat/${chat.id}`)
    const since = readCursor(this.#hello, store.epoch, cursor)
    const old = chats.filter(({ joinedSeq }) => since !== undefined && joinedSeq <= since)
    const fresh = chats.filter(({ joinedSeq }) => since === undefined || joinedSeq > since)
    const scopesOf = (list: typeof chats) => list.map(({ chat }) => `chat/${chat.id}`)
    const [moved, whole] = await Promise.all([
      store.changedSince([userDoc(user), ...scopesOf(old)], since ?? 0),
      store.changedSince(scopesOf(fresh), 0),
    ])
    if (this.#closed) return
    this.#cursor = cursor
    this.#welcomed = true
    this.send({
      type: 'welcome',
      user,
      serverTime: timers.now(),
      tokenExpiresAt: this.claims.expiresAt,
      epoch: store.epoch,
      cursor: String(cursor),
      complete: since === undefined,
      docs: [...moved, ...whole].map(({ doc, head }) => ({ doc, head })),
    })
    presence.connected(user)
    this.#flushSoon()
    this.#tellContacts()
  }

  stop(): void {
    this.#closed = true
    const { connections, presence } = this.#context
    this.#cancelExpiry()
    this.#cancelCursor?.()
    for (const channel of [...this.#channels.values()]) this.#drop(channel)
    for (const scope of this.#scopes) connections.unsubscribe(scope, this)
    connections.removeListening(this)
    if (this.#welcomed) presence.disconnected(this.user)
  }

  /** @throws FrameError for one that may not come here */
  receive(frame: SessionFrame): void {
    switch (frame.type) {
      case 'open':
        return this.#open(frame)
      case 'close': {
        const channel = this.#channels.get(frame.channel)
        if (channel !== undefined) this.#drop(channel)
        return
      }
      // Of a channel that the server has closed there may be frames on the way.
      case 'update':
        return this.#channels.get(frame.channel)?.update(frame.update)
      case 'awareness': {
        const channel = this.#channels.get(frame.channel)
        if (channel !== undefined) this.#seats.get(channel)?.receive(frame.update)
        return
      }
      case 'renew':
        return this.#renew(frame.token)
      case 'ping':
        return this.send({ type: 'pong' })
    }
  }

  // What channels ask for

  send(frame: ServerFrame): void {
    this.outlet.send(writeServerFrame(frame))
  }

  flushSoon(channel: Channel): void {
    this.#dirty.add(channel)
    this.#flushSoon()
  }

  opened(channel: Channel, index: MemberIndex): void {
    const { chat } = channel
    if (chat === undefined) return
    const send = (update: Uint8Array): void => {
      if (!this.outlet.blocked) this.send({ type: 'awareness', channel: channel.id, update })
    }
    const seat = new ChatRoomSeat(this.#context.rooms, chat, {
      user: this.user,
      index,
      writer: this.#hello.writer,
      send,
    })
    this.#seats.set(channel, seat)
  }

  closeChannel(channel: Channel, code: number, reason: string): void {
    if (this.#channels.get(channel.id) !== channel) return
    channel.flush()
    this.#drop(channel)
    this.send({ type: 'closed', channel: channel.id, code, reason })
  }

  failed(event: string, error: unknown): void {
    this.#context.log('warn', event, { user: this.user, message: String(error) })
  }

  refused({ doc }: Channel, code: string): void {
    const { user, device } = this
    this.#context.refusals.note({ user, device, doc, code })
  }

  pending(bytes: number): void {
    this.pendingBytes += bytes
    if (bytes < 0) this.#host.settled()
  }

  // What the rest of the server says

  moved({ doc, head }: Move): void {
    this.#active()
    if (doc === userDoc(this.user)) this.#refresh()
    const channel = this.#byDoc.get(doc)
    if (channel !== undefined) channel.movedTo = head
    else this.#announce(doc, head)
  }

  presence(person: PersonPresence): void {
    this.#people.set(person.user, person)
    this.#flushSoon()
  }

  close(code: number, reason: string): void {
    this.#host.close(code, reason)
  }

  closeChat(chat: ChatId, code: number, reason: string): void {
    for (const channel of [...this.#channels.values()]) {
      const ref = parseDocName(channel.doc)
      if (ref?.kind !== 'user' && ref?.chat === chat) this.closeChannel(channel, code, reason)
    }
  }

  #open(frame: Extract<ClientFrame, { type: 'open' }>): void {
    const { channel: id, doc } = frame
    if (this.#channels.has(id)) throw new FrameError('the channel is open')
    const refuse = (code: number, reason: string): void =>
      this.send({ type: 'closed', channel: id, code, reason })
    if (this.#byDoc.has(doc)) return refuse(CloseCode.badFrame, 'the document is open')
    if (this.#channels.size >= this.#context.limits.channelsPerConnection)
      return refuse(CloseCode.tooMany, 'too many channels')
    const channel = new Channel(this, frame)
    this.#channels.set(id, channel)
    this.#byDoc.set(doc, channel)
    channel.open(frame.head, frame.stateVector)
  }

  /** Ends a channel. What may not have arrived through it is announced. */
  #drop(channel: Channel): void {
    const head = channel.unsure
    this.#channels.delete(channel.id)
    this.#byDoc.delete(channel.doc)
    this.#dirty.delete(channel)
    this.#seats.get(channel)?.leave()
    this.#seats.delete(channel)
    channel.close()
    if (head > 0) this.#announce(channel.doc, head)
  }

  #announce(doc: DocName, head: number): void {
    this.#changed.set(doc, Math.max(head, this.#changed.get(doc) ?? 0))
    this.#flushSoon()
  }

  #renew(token: string): void {
    const claims = this.#context.verifyToken(token)
    if (claims === undefined || claims.userId !== this.user || !isOf(claims, this.device))
      return this.close(CloseCode.unauthorized, 'not a valid token of this user')
    this.claims = claims
    this.#watchExpiry()
    this.send({ type: 'renewed', tokenExpiresAt: claims.expiresAt })
  }

  #watchExpiry(): void {
    this.#cancelExpiry()
    const left = this.claims.expiresAt - this.timers.now()
    this.#cancelExpiry = this.timers.after(Math.max(0, left), () =>
      this.close(CloseCode.unauthorized, 'the token has expired'),
    )
  }

  #subscribe(scope: string): void {
    if (this.#scopes.has(scope)) return
    this.#scopes.add(scope)
    this.#context.connections.subscribe(scope, this)
  }

  /** The user's document moved: they may have got into a chat, or out of one. */
  #refresh(): void {
    if (this.#refreshing !== 'no') {
      this.#refreshing = 'again'
      return
    }
    this.#refreshing = 'yes'
    this.#refreshScopes()
      .catch((error: unknown) => {
        this.failed('refresh.failed', error)
        this.close(CloseCode.unavailable, 'not available')
      })
      .finally(() => {
        const again = this.#refreshing === 'again'
        this.#refreshing = 'no'
        if (again && !this.#closed) this.#refresh()
      })
  }

  async #refreshScopes(): Promise<void> {
    const chats = await this.directory.chatsOf(this.user)
    if (this.#closed) return
    const scopes = new Map(chats.map(({ chat }) => [`chat/${chat.id}`, chat.id]))
    const fresh = [...scopes.keys()].filter((scope) => !this.#scopes.has(scope))
    for (const scope of fresh) this.#subscribe(scope)
    for (const scope of [...this.#scopes]) {
      if (scope === userDoc(this.user) || scopes.has(scope)) continue
      this.#scopes.delete(scope)
      this.#context.connections.unsubscribe(scope, this)
      this.closeChat(scope.slice('chat/'.length) as ChatId, CloseCode.forbidden, 'not a member')
    }
    if (fresh.length === 0) return
    const docs: readonly DocHead[] = await this.documents.store.changedSince(fresh, 0)
    if (this.#closed) return
    for (const { doc, head } of docs) if (!this.#byDoc.has(doc)) this.#announce(doc, head)
    this.#tellContacts()
  }

  #tellContacts(): void {
    this.#context.presence.contactsOf(this.user).then(
      (people) => {
        if (this.#closed) return
        for (const person of people) this.#people.set(person.user, person)
        this.#flushSoon()
      },
      (error: unknown) => this.failed('presence.failed', error),
    )
  }

  // Sending

  /** Soon, so that what happens at once goes out together. */
  #flushSoon(): void {
    if (this.#flushing || this.#closed) return
    this.#flushing = true
    queueMicrotask(() => {
      this.#flushing = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#closed || !this.#welcomed) return
    if (this.outlet.blocked) {
      if (this.#waiting) return
      this.#waiting = true
      this.outlet.whenClear(() => {
        this.#waiting = false
        this.#flush()
      })
      return
    }
    for (const channel of [...this.#dirty]) channel.flush()
    this.#dirty.clear()
    if (this.#changed.size > 0) {
      const docs = [...this.#changed].map(([doc, head]) => ({ doc, head }))
      this.#changed.clear()
      this.send({ type: 'changed', docs })
    }
    if (this.#people.size > 0) {
      this.send({ type: 'presence', people: [...this.#people.values()] })
      this.#people.clear()
    }
  }

  /** Something happened: says soon that it is sent. */
  #active(): void {
    if (this.#closed || this.#cancelCursor !== undefined) return
    this.#cancelCursor = this.timers.after(this.#context.limits.cursorMs, () => {
      this.#cancelCursor = undefined
      if (!this.#sendCursor()) this.#active()
    })
  }

  /** False while something is not sent that a device with this cursor would never hear of. */
  #sendCursor(): boolean {
    this.#flush()
    if (!this.#welcomed || this.#refreshing !== 'no') return false
    if (this.#changed.size > 0 || this.#dirty.size > 0) return false
    for (const channel of this.#channels.values()) if (!channel.complete) return false
    const { seq } = this.documents
    if (seq > this.#cursor) this.send({ type: 'cursor', cursor: String(seq) })
    this.#cursor = seq
    return true
  }
}

/** A token that names a device is good for that one alone. */
export const isOf = (claims: Claims, device: DeviceId): boolean =>
  claims.device === undefined || claims.device === device

/** The sequence number behind a cursor; undefined when it says nothing here and now. */
const readCursor = (hello: Hello, epoch: string, now: number): number | undefined => {
  if (hello.epoch !== epoch || !/^\d{1,15}$/.test(hello.cursor)) return undefined
  const since = Number(hello.cursor)
  return since <= now ? since : undefined
}
