import type { MemberIndex } from '@wardline/core/base/client-id'
import {
  type ChatId,
  type DeviceId,
  type DocName,
  parseDocName,
  type UserId,
  userDoc,
} from '@wardline/core/base/ids'
import { CloseCode, mayRetry } from '@wardline/core/protocol/close-code'
import {
  type ClientFrame,
  FrameError,
  type PersonPresence,
  type ServerFrame,
  writeServerFrame,
} from '@wardline/core/protocol/frames'
import { Semaphore } from '../base/semaphore.ts'
import type { Hold } from '../budget/byte-budget.ts'
import { ConnectionMemory } from '../budget/connection-memory.ts'
import type { Place } from '../storage/lineage.ts'
import type { DocHead, Row } from '../storage/store.ts'
import { AwarenessMembership } from './awareness-membership.ts'
import type { BackpressuredSocket } from './backpressured-socket.ts'
import { Channel, type ChannelHost } from './channel.ts'
import { ChatScopes, type ScopesHost, scopeOfChat } from './chat-scopes.ts'
import type { Listening } from './connections.ts'
import type { Move } from './documents.ts'
import { FrameScheduler, type OutboxHost } from './frame-scheduler.ts'
import { type Hello, isOf, readCursor } from './hello.ts'
import type { HostedDoc } from './hosted-doc.ts'
import type { Claims } from './ports.ts'
import type { SyncContext } from './sync-context.ts'
import { TokenExpiry } from './token-expiry.ts'

/** Documents of one connection that are read from the store at the same time. */
const CATCHING_UP = 16

/** What a connection may send once it is live. */
export type SessionFrame = Exclude<ClientFrame, Hello>

export interface SessionHost {
  readonly output: BackpressuredSocket
  close(code: number, reason: string): void
  /** Less is on its way to the disk than before. */
  settled(): void
}

/**
 * A multiplexed connection of somebody who has said who they are: its channels, the documents it
 * has to hear of, and the cursor that says up to where it has.
 */
export class MultiplexedConnection implements Listening, ChannelHost, ScopesHost, OutboxHost {
  readonly device: DeviceId
  readonly output: BackpressuredSocket
  readonly turns = new Semaphore(CATCHING_UP)
  claims: Claims
  heardAt: number
  /** Bytes of updates that are on their way to the disk. */
  pendingBytes = 0
  readonly #context: SyncContext
  readonly #host: SessionHost
  readonly #hello: Hello
  readonly #channels = new Map<number, Channel>()
  readonly #byDoc = new Map<DocName, Channel>()
  readonly #memberships = new Map<Channel, AwarenessMembership>()
  readonly #outbox: FrameScheduler
  readonly #holds: ConnectionMemory
  readonly #scopes: ChatScopes
  /** Where the device was before it connected. */
  #place: Place | undefined
  /** Documents whose rows it got on this connection, if there is need to know. */
  readonly #given = new Set<DocName>()
  #welcomed = false
  #closed = false
  readonly #expiry: TokenExpiry

  constructor(context: SyncContext, host: SessionHost, hello: Hello, claims: Claims) {
    this.#context = context
    this.#host = host
    this.#hello = hello
    this.output = host.output
    this.claims = claims
    this.device = hello.device
    this.heardAt = context.timers.elapsed()
    this.#scopes = new ChatScopes(context, this, this)
    this.#holds = new ConnectionMemory(context.memory, claims.userId, () =>
      this.close(CloseCode.tooMany, 'others are waiting'),
    )
    this.#outbox = new FrameScheduler(this, context.limits.cursorMs)
    this.#expiry = new TokenExpiry(context.timers, this)
    this.#expiry.watch(claims.expiresAt)
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

  /** Everybody was told of everything up to here. */
  get told(): number {
    return this.documents.seq
  }

  cursorAt(seq: number): string {
    return this.documents.store.lineage.cursorAt(seq)
  }

  /** Whether something is known that this connection will be sent later. */
  get unfinished(): boolean {
    if (this.#scopes.refreshing) return true
    for (const channel of this.#channels.values()) if (!channel.complete) return true
    return false
  }

  /** Says welcome. Rejects with `StoreError`. */
  async start(): Promise<void> {
    const { connections, directory, documents, presence, timers } = this.#context
    const { store } = documents
    const { user } = this
    connections.addListening(this)
    // What becomes durable from here on is told as a move, so what is before is the cursor.
    const cursor = documents.seq
    const chats = await directory.chatsOf(user)
    this.#scopes.addChats(chats)
    const { lineage } = store
    this.#place = readCursor(this.#hello, store, cursor)
    const since = this.#place?.seq
    const old = chats.filter(({ joinedSeq }) => since !== undefined && joinedSeq <= since)
    const fresh = chats.filter(({ joinedSeq }) => since === undefined || joinedSeq > since)
    const scopesOf = (list: typeof chats) => list.map(({ chat }) => scopeOfChat(chat.id))
    const [moved, whole] = await Promise.all([
      store.changedSince([userDoc(user), ...scopesOf(old)], since ?? 0),
      store.changedSince(scopesOf(fresh), 0),
    ])
    if (this.#closed) return
    this.#welcomed = true
    this.send({
      type: 'welcome',
      user,
      serverTime: timers.now(),
      tokenExpiresAt: this.claims.expiresAt,
      epoch: store.epoch,
      cursor: lineage.cursorAt(cursor),
      complete: since === undefined,
      docs: [...moved, ...whole].map(({ doc, head }) => ({ doc, head })),
    })
    this.#outbox.open(cursor)
    presence.connected(user)
    this.#tellContacts()
  }

  stop(): void {
    this.#closed = true
    const { connections, presence } = this.#context
    this.#expiry.stop()
    this.#outbox.stop()
    this.#holds.stop()
    for (const channel of [...this.#channels.values()]) this.#drop(channel)
    this.#scopes.stop()
    connections.removeListening(this)
    if (this.#welcomed) presence.disconnected(this.user)
  }

  /** @throws FrameError for one that may not come here */
  receive(frame: SessionFrame): void {
    this.heardAt = this.timers.elapsed()
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
        if (channel !== undefined) this.#memberships.get(channel)?.receive(frame.update)
        return
      }
      case 'renew':
        return this.#renew(frame.token)
      case 'ping':
        return this.send({ type: 'pong' })
      default:
        frame satisfies never
    }
  }

  // What channels ask for

  send(frame: ServerFrame): void {
    this.output.send(writeServerFrame(frame))
  }

  flushSoon(channel: Channel): void {
    this.#outbox.add(channel)
  }

  opened(channel: Channel, index: MemberIndex): void {
    const { chat } = channel
    if (chat === undefined) return
    const send = (update: Uint8Array): void => {
      if (!this.output.blocked) this.send({ type: 'awareness', channel: channel.id, update })
    }
    const membership = new AwarenessMembership(this.#context.rooms, chat, {
      user: this.user,
      index,
      writer: this.#hello.writer,
      send,
    })
    this.#memberships.set(channel, membership)
  }

  closeChannel(channel: Channel, code: number, reason: string): void {
    if (this.#channels.get(channel.id) !== channel) return
    channel.flush()
    this.#drop(channel, mayRetry(code))
    this.send({ type: 'closed', channel: channel.id, code, reason })
  }

  damaged(doc: DocName): void {
    this.#context.mender.mend(doc)
  }

  failed(event: string, error: unknown): void {
    this.#context.log('warn', event, { user: this.user, message: String(error) })
  }

  /**
   * Whether the device has what the database does not, or no longer: its head is of rows that are
   * lost, though others may have taken their numbers. What it was told of before it connected was
   * written by the incarnation of its cursor, or before.
   */
  async isAhead(doc: DocName, head: number, last: number): Promise<boolean> {
    if (head === 0) return false
    // Of before the document was damaged: whatever the device has of it has to be given again.
    if (head <= (await this.documents.store.begunAfter(doc))) return true
    if (this.#hello.cursor === '') return false
    if (head > last) return true
    if (this.#place === undefined || !this.#isOld || this.#given.has(doc)) return false
    const by = await this.documents.store.writtenBy(doc, head)
    return by === undefined || by > this.#place.no
  }

  /** Whether it was last here before this incarnation of the database. */
  get #isOld(): boolean {
    return this.#place !== undefined && this.#place.no < this.documents.store.lineage.current.no
  }

  refused({ doc }: Channel, code: string): void {
    const { user, device } = this
    this.#context.refusals.note({ user, device, doc, code })
  }

  lacking(hosted: HostedDoc, stateVector: Uint8Array): Promise<Row | undefined> {
    return this.#context.docWork.lacking(this.user, hosted, stateVector)
  }

  room(bytes: number): Promise<Hold> {
    return this.#holds.take(bytes)
  }

  pending(bytes: number): void {
    this.pendingBytes += bytes
    if (bytes < 0) this.#host.settled()
  }

  // What the rest of the server says

  moved({ doc, head }: Move): void {
    this.#outbox.active()
    if (doc === userDoc(this.user)) this.#scopes.refresh()
    const channel = this.#byDoc.get(doc)
    if (channel !== undefined) channel.movedTo = head
    else this.#outbox.announce(doc, head)
  }

  presence(person: PersonPresence): void {
    this.#outbox.tell([person])
  }

  close(code: number, reason: string): void {
    this.#host.close(code, reason)
  }

  closeChat(chat: ChatId, code: number, reason: string): void {
    this.#scopes.drop(chat)
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

  /** Ends a channel. What may not have arrived through it is announced, unless it is denied. */
  #drop(channel: Channel, announce = true): void {
    const head = channel.unsure
    if (head > 0 && this.#isOld) this.#given.add(channel.doc)
    this.#channels.delete(channel.id)
    this.#byDoc.delete(channel.doc)
    this.#outbox.remove(channel)
    this.#memberships.get(channel)?.leave()
    this.#memberships.delete(channel)
    channel.close()
    if (announce && head > 0) this.#outbox.announce(channel.doc, head)
  }

  #renew(token: string): void {
    const claims = this.#context.verifyToken(token)
    if (claims === undefined || claims.userId !== this.user || !isOf(claims, this.device))
      return this.close(CloseCode.unauthorized, 'not a valid token of this user')
    this.claims = claims
    this.#expiry.watch(claims.expiresAt)
    this.send({ type: 'renewed', tokenExpiresAt: claims.expiresAt })
  }

  joined(docs: readonly DocHead[]): void {
    for (const { doc, head } of docs) if (!this.#byDoc.has(doc)) this.#outbox.announce(doc, head)
    this.#tellContacts()
  }

  met(): void {
    this.#tellContacts()
  }

  left(chat: ChatId): void {
    this.closeChat(chat, CloseCode.forbidden, 'not a member')
  }

  scopesFailed(error: unknown): void {
    this.failed('refresh.failed', error)
    this.close(CloseCode.unavailable, 'not available')
  }

  #tellContacts(): void {
    this.#context.presence.contactsOf(this.user).then(
      (people) => {
        if (!this.#closed) this.#outbox.tell(people)
      },
      (error: unknown) => this.failed('presence.failed', error),
    )
  }
}
