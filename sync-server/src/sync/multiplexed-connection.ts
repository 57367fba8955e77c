import type { MemberIndex, Writer } from '@wardline/core/base/client-id'
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
} from '@wardline/core/protocol/frames'
import { ConnectionMemory } from '../budget/connection-memory.ts'
import { maySee } from '../directory/chat-scope.ts'
import type { Membership } from '../directory/directory.ts'
import type { DocHead } from '../storage/store.ts'
import { AwarenessMembership } from './awareness-membership.ts'
import type { BackpressuredSocket } from './backpressured-socket.ts'
import { Channel, type ChannelEvents } from './channel.ts'
import { ChannelSource } from './channel-source.ts'
import { ChatScopes, type ScopesEvents, scopeOfChat } from './chat-scopes.ts'
import type { Listening } from './connections.ts'
import { DeviceHistory } from './device-history.ts'
import type { Move } from './documents.ts'
import { type FrameOwner, FrameScheduler } from './frame-scheduler.ts'
import { type Hello, isOf } from './hello.ts'
import type { Claims } from './ports.ts'
import { sendFrame } from './send-frame.ts'
import type { SyncContext } from './sync-context.ts'
import type { UserPace } from './user-buckets.ts'

/** What a connection may send once it is live. */
export type LiveFrame = Exclude<ClientFrame, Hello>

/** The socket that it is on. */
export interface ConnectionHost {
  readonly output: BackpressuredSocket
  close(code: number, reason: string): void
  /** Less is on its way to the disk than before. */
  settled(): void
}

/**
 * A multiplexed connection of somebody who has said who they are: its channels, the documents it
 * has to hear of, and the cursor that says up to where it has.
 */
export class MultiplexedConnection implements Listening, ChannelEvents, ScopesEvents, FrameOwner {
  readonly device: DeviceId
  heardAt: number
  /** What the user may still send. */
  readonly pace: UserPace
  /** Bytes of updates that are on their way to the disk. */
  pendingBytes = 0
  readonly #context: SyncContext
  readonly #host: ConnectionHost
  readonly #writer: Writer
  #claims: Claims
  readonly #channels = new Map<number, Channel>()
  readonly #byDoc = new Map<DocName, Channel>()
  readonly #frames: FrameScheduler
  readonly #memory: ConnectionMemory
  readonly #source: ChannelSource
  readonly #scopes: ChatScopes
  readonly #history: DeviceHistory
  #welcomed = false
  #closed = false

  constructor(context: SyncContext, host: ConnectionHost, hello: Hello, claims: Claims) {
    this.#context = context
    this.#host = host
    this.#writer = hello.writer
    this.#claims = claims
    this.device = hello.device
    this.heardAt = context.timers.elapsed()
    this.pace = context.buckets.hold(claims.userId)
    const { documents } = context
    const { output } = host
    this.#history = new DeviceHistory(documents.store, hello)
    this.#scopes = new ChatScopes(context, this, this)
    this.#memory = new ConnectionMemory(context.memory, claims.userId, () =>
      this.close(CloseCode.tooMany, 'others are waiting'),
    )
    const note = (chat: ChatId): void => {
      if (this.#claims.role === 'service') context.noteOpening(this.#claims, chat)
    }
    this.#source = new ChannelSource(context, claims, output, this.#history, this.#memory, note)
    this.#frames = new FrameScheduler(context, output, this)
    context.expiries.watch(this, claims.expiresAt)
  }

  get user(): UserId {
    return this.#claims.userId
  }
  get session(): string {
    return this.#claims.session
  }
  get chats(): ReadonlySet<ChatId> | undefined {
    return this.#claims.chats
  }

  /** Says welcome. Rejects with `StoreError`. */
  async start(): Promise<void> {
    const { connections, directory, documents, presence, timers } = this.#context
    const { store } = documents
    const { user } = this
    connections.addListening(this)
    // What becomes durable from here on is told as a move, so what is before is the cursor.
    const cursor = documents.seq
    const all = await directory.chatsOf(user)
    const chats = all.filter(({ chat }) => maySee(this, chat.id))
    this.#scopes.addChats(chats)
    const { lineage } = store
    const since = this.#history.begin(cursor)
    const old = chats.filter(({ joinedSeq }) => since !== undefined && joinedSeq <= since)
    const fresh = chats.filter(({ joinedSeq }) => since === undefined || joinedSeq > since)
    const scopesOf = (list: typeof chats) => list.map(({ chat }) => scopeOfChat(chat.id))
    const [moved, whole] = await Promise.all([
      store.changedSince([userDoc(user), ...scopesOf(old)], since ?? 0),
      store.changedSince(scopesOf(fresh), 0),
    ])
    if (this.#closed) return
    this.#welcomed = true
    this.#send({
      type: 'welcome',
      user,
      serverTime: timers.now(),
      tokenExpiresAt: this.#claims.expiresAt,
      epoch: store.epoch,
      cursor: lineage.cursorAt(cursor),
      complete: since === undefined,
      docs: [...moved, ...whole]
        .sort((one, other) => other.seq - one.seq)
        .map(({ doc, head }) => ({ doc, head })),
    })
    this.#frames.open(cursor)
    const { moved: isOld } = this.#scopes
    presence.connected(user, isOld ? undefined : all)
    this.#tellContacts(isOld ? undefined : chats)
  }

  stop(): void {
    if (this.#closed) return
    this.#closed = true
    const { buckets, connections, expiries, presence } = this.#context
    buckets.release(this.user)
    expiries.forget(this)
    this.#frames.stop()
    this.#memory.stop()
    for (const channel of [...this.#channels.values()]) this.#drop(channel)
    this.#scopes.stop()
    connections.removeListening(this)
    if (this.#welcomed) presence.disconnected(this.user)
  }

  /** @throws FrameError for one that may not come here */
  receive(frame: LiveFrame): void {
    this.heardAt = this.#context.timers.elapsed()
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
        this.#channels.get(frame.channel)?.awareness?.receive(frame.update)
        return
      }
      case 'renew':
        return this.#renew(frame.token)
      case 'ping':
        return this.#send({ type: 'pong' })
      default:
        frame satisfies never
    }
  }

  // What channels ask for

  flushSoon(channel: Channel): void {
    this.#frames.add(channel)
  }

  opened(channel: Channel, index: MemberIndex): void {
    const { chat } = channel
    if (chat === undefined) return
    const send = (update: Uint8Array): void => {
      if (!this.#host.output.blocked) this.#send({ type: 'awareness', channel: channel.id, update })
    }
    channel.awareness = new AwarenessMembership(this.#context.rooms, chat, {
      user: this.user,
      index,
      writer: this.#writer,
      send,
    })
  }

  closeChannel(channel: Channel, code: number, reason: string): void {
    if (this.#channels.get(channel.id) !== channel) return
    channel.flush()
    this.#drop(channel, mayRetry(code))
    this.#send({ type: 'closed', channel: channel.id, code, reason })
  }

  damaged(doc: DocName): void {
    this.#context.mender.mend(doc)
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
    this.#frames.active()
    if (doc === userDoc(this.user)) this.#scopes.refresh()
    const channel = this.#byDoc.get(doc)
    if (channel !== undefined) channel.movedTo = head
    else this.#frames.announce(doc, head)
  }

  presence(person: PersonPresence): void {
    if (this.chats !== undefined && !this.#scopes.knows(person.user)) return
    this.#frames.tell([person])
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
      this.#send({ type: 'closed', channel: id, code, reason })
    if (this.#byDoc.has(doc)) return refuse(CloseCode.badFrame, 'the document is open')
    if (this.#channels.size >= this.#context.limits.channelsPerConnection)
      return refuse(CloseCode.tooMany, 'too many channels')
    const channel = new Channel(frame, this.#source, this)
    this.#channels.set(id, channel)
    this.#byDoc.set(doc, channel)
    channel.open(frame.head, frame.stateVector)
  }

  /** Ends a channel. What may not have arrived through it is announced, unless it is denied. */
  #drop(channel: Channel, announce = true): void {
    const head = channel.unsure
    if (head > 0) this.#history.gave(channel.doc)
    this.#channels.delete(channel.id)
    this.#byDoc.delete(channel.doc)
    this.#frames.remove(channel)
    channel.awareness?.leave()
    channel.close()
    if (announce && head > 0) this.#frames.announce(channel.doc, head)
  }

  #renew(token: string): void {
    const claims = this.#context.verifyToken(token)
    const isSame = claims?.userId === this.user && isOf(claims, this.device)
    // What it may see was settled at the beginning.
    const hasScope = claims?.chats !== undefined || this.chats !== undefined
    if (claims === undefined || !isSame || (hasScope && claims.session !== this.session))
      return this.close(CloseCode.unauthorized, 'not a valid token of this user')
    this.#claims = claims
    this.#context.expiries.watch(this, claims.expiresAt)
    this.#send({ type: 'renewed', tokenExpiresAt: claims.expiresAt })
  }

  joined(docs: readonly DocHead[]): void {
    for (const { doc, head } of docs) if (!this.#byDoc.has(doc)) this.#frames.announce(doc, head)
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

  /** Whether something is known that this connection will be sent later. */
  isUnfinished(): boolean {
    if (this.#scopes.refreshing) return true
    for (const channel of this.#channels.values()) if (!channel.complete) return true
    return false
  }

  #send(frame: ServerFrame): void {
    sendFrame(this.#host.output, frame)
  }

  #tellContacts(chats?: readonly Membership[]): void {
    this.#contacts(chats).then(
      (people) => {
        if (!this.#closed) this.#frames.tell(people)
      },
      (error: unknown) => this.failed('presence.failed', error),
    )
  }

  async #contacts(known?: readonly Membership[]): Promise<PersonPresence[]> {
    const { directory, presence } = this.#context
    const chats = known ?? (await directory.chatsOf(this.user))
    const seen = chats.filter(({ chat }) => maySee(this, chat.id))
    return presence.contactsOf(this.user, seen)
  }
}
