import type { MemberIndex } from '@wardline/core/base/client-id'
import {
  type ChatId,
  type DeviceId,
  type DocName,
  parseDocName,
  type UserId,
} from '@wardline/core/base/ids'
import { writeAwareness } from '@wardline/core/presence/awareness-codec'
import { CloseCode } from '@wardline/core/protocol/close-code'
import { Semaphore } from '../base/semaphore.ts'
import type { Hold } from '../budget/byte-budget.ts'
import { ConnectionMemory } from '../budget/connection-memory.ts'
import { isDamage } from '../storage/seal.ts'
import type { Row } from '../storage/store.ts'
import { StoreError } from '../storage/store-error.ts'
import { accessOf, docNameFrom, listPage, type Opener } from './access.ts'
import { AwarenessMembership } from './awareness-membership.ts'
import { BackpressuredSocket } from './backpressured-socket.ts'
import type { Live } from './connections.ts'
import { DocFeed, type FeedSink } from './doc-feed.ts'
import type { HostedDoc } from './hosted-doc.ts'
import { Inbox } from './inbox.ts'
import {
  readPlainMessage,
  writePlainAwareness,
  writePlainUpdate,
  writeStep1,
  writeStep2,
} from './plain-codec.ts'
import type { Claims, Socket, SocketHandler } from './ports.ts'
import { seenBy } from './scoped-rows.ts'
import type { SyncContext } from './sync-context.ts'
import { type IntakeSink, UpdateIntake, type UpdateOutcome } from './update-intake.ts'
import type { UserPace } from './user-buckets.ts'

/** How often a client that sends what builds on unknown things is asked to send all it has. */
const MAX_ASKS = 3

/** Refused updates that are overlooked while the answer to that is on its way. */
const MAX_OVERLOOKED = 256

type State =
  | { readonly phase: 'opening' }
  | { readonly phase: 'open'; readonly hosted: HostedDoc; readonly feed: DocFeed }
  | { readonly phase: 'closed' }

/**
 * One document on a socket of its own, for y-websocket clients as they are. The same gate and the
 * same order as on a multiplexed channel; what that protocol cannot say, a close code says.
 */
export class PlainConnection implements SocketHandler, Live, FeedSink, IntakeSink {
  readonly user: UserId
  readonly device: DeviceId | undefined
  readonly session: string
  heardAt: number
  readonly #context: SyncContext
  readonly #socket: Socket
  readonly #output: BackpressuredSocket
  readonly #inbox: Inbox
  readonly #intake: UpdateIntake
  readonly #turns = new Semaphore(1)
  readonly #holds: ConnectionMemory
  readonly #pace: UserPace
  readonly #opener: Opener
  #cancelPulse = () => {}
  #state: State = { phase: 'opening' }
  #membership: AwarenessMembership | undefined
  #doc: DocName | undefined
  /** Whether the client has said what it has: before, rows would be of no use to it. */
  #synced = false
  #opened = false
  #answering = false
  #pending = 0
  #asks = 0
  #asked = false
  #overlooked = 0

  constructor(context: SyncContext, socket: Socket, claims: Claims, name: string) {
    const { connections, limits, presence, timers } = context
    this.user = claims.userId
    this.#opener = claims
    this.device = claims.device
    this.session = claims.session
    this.heardAt = timers.elapsed()
    this.#context = context
    this.#pace = context.buckets.hold(this.user)
    this.#socket = socket
    this.#output = new BackpressuredSocket(socket, timers, limits.bufferedBytes, limits.drainMs)
    this.#holds = new ConnectionMemory(context.memory, this.user, () =>
      this.close(CloseCode.tooMany, 'others are waiting'),
    )
    this.#intake = new UpdateIntake(context.documents, () => timers.now(), this)
    this.#inbox = new Inbox(socket, timers, limits, {
      wait: () => this.#wait(),
      handle: (bytes) => this.#handle(bytes),
      overflow: () => this.close(CloseCode.tooMany, 'too much at once'),
    })
    context.expiries.watch(this, claims.expiresAt)
    connections.add(this)
    presence.connected(this.user)
    this.#open(name, claims).catch((error: unknown) => this.failed(error))
  }

  receive(bytes: Uint8Array): void {
    this.#inbox.push(bytes)
  }

  closed(): void {
    const state = this.#state
    if (state.phase === 'closed') return
    const { connections, documents, expiries, presence } = this.#context
    this.#state = { phase: 'closed' }
    expiries.forget(this)
    this.#cancelPulse()
    this.#membership?.leave()
    this.#output.stop()
    this.#holds.stop()
    this.#inbox.stop()
    this.#intake.stop()
    if (state.phase === 'open') {
      state.feed.stop()
      documents.release(state.hosted)
    }
    this.#context.buckets.release(this.user)
    connections.remove(this)
    presence.disconnected(this.user)
  }

  close(code: number, reason: string): void {
    if (this.#state.phase === 'closed') return
    this.closed()
    this.#socket.close(code, reason)
  }

  closeChat(chat: ChatId, code: number, reason: string): void {
    const ref = this.#doc === undefined ? undefined : parseDocName(this.#doc)
    if (ref !== undefined && ref.kind !== 'user' && ref.chat === chat) this.close(code, reason)
  }

  // What the feed says

  get blocked(): boolean {
    return this.#output.blocked
  }

  whenClear(callback: () => void): void {
    this.#output.whenClear(callback)
  }

  rows(rows: readonly Row[]): void {
    for (const { update } of this.#seen(rows)) this.#output.send(writePlainUpdate(update))
  }

  room(bytes: number): Promise<Hold> {
    return this.#holds.take(bytes)
  }

  lacking(hosted: HostedDoc, stateVector: Uint8Array): Promise<Row | undefined> {
    return this.#context.docWork.lacking(this.user, hosted, stateVector)
  }

  caughtUp(): void {}
  own(): void {}

  lost(): void {
    this.close(CloseCode.unavailable, 'connect again')
  }

  failed(error: unknown): void {
    if (this.#state.phase === 'closed') return
    if (!(error instanceof StoreError))
      this.#context.log('warn', 'plain.failed', { user: this.user, message: String(error) })
    if (!isDamage(error)) return this.close(CloseCode.unavailable, 'not available')
    if (this.#doc !== undefined) this.#context.mender.mend(this.#doc)
    this.close(CloseCode.damaged, 'damaged; it is mended')
  }

  // What the gate says

  settled(outcome: UpdateOutcome): void {
    if (outcome.kind === 'durable') {
      this.#asked = false
      return
    }
    const { user, device } = this
    if (this.#doc !== undefined)
      this.#context.refusals.note({ user, device, doc: this.#doc, code: outcome.code })
    const missing = outcome.code === 'MISSING_DEP'
    if (missing && this.#asked && this.#overlooked++ < MAX_OVERLOOKED) return
    if (!missing || this.#asks++ >= MAX_ASKS) return this.close(CloseCode.refused, outcome.code)
    this.#asked = true
    this.#ask().catch((error: unknown) => this.failed(error))
  }

  pending(bytes: number): void {
    this.#pending += bytes
    if (bytes < 0) this.#inbox.pump()
  }

  async #open(name: string, claims: Claims): Promise<void> {
    const { directory, documents, timers } = this.#context
    const doc = docNameFrom(name)
    // From now on, because the user can be taken out of the chat while it is being opened.
    this.#doc = doc
    const access = await accessOf(directory, this.#opener, name, timers.now())
    if (access.kind === 'denied') return this.close(access.code, access.reason)
    if (doc === undefined || this.#state.phase === 'closed') return
    const opened = parseDocName(doc)
    if (opened !== undefined && opened.kind !== 'user')
      this.#context.noteOpening(claims, opened.chat)
    const hosted = await documents.hold(doc)
    if ((this.#state as State).phase === 'closed') return documents.release(hosted)
    const { ref } = hosted
    const feed = new DocFeed(hosted, documents.store, this, this.#turns, 0)
    this.#state = { phase: 'open', hosted, feed }
    await this.#ask()
    if ((this.#state as State).phase === 'closed') return
    if (ref.kind === 'chat') this.#joinAwareness(ref.chat, access.index)
    const list = (): Promise<void> => listPage(directory, ref)
    this.#intake.open({ hosted, lane: access.lane, subscriber: feed, list })
    this.#opened = true
    this.#beat()
    this.#inbox.pump()
  }

  #wait(): number {
    const { limits } = this.#context
    if (!this.#opened || this.#answering || this.#pending > limits.pendingBytes)
      return Number.POSITIVE_INFINITY
    return this.#pace.wait()
  }

  #handle(bytes: Uint8Array): void {
    this.#pace.take(bytes.length)
    this.heardAt = this.#context.timers.elapsed()
    const message = readPlainMessage(bytes)
    switch (message?.type) {
      case undefined:
        return this.close(CloseCode.badFrame, 'not a message')
      case 'step1':
        this.#answering = true
        this.#answer(message.stateVector)
          .catch((error: unknown) => this.failed(error))
          .finally(() => {
            this.#answering = false
            this.#inbox.pump()
          })
        return
      case 'update':
        return this.#intake.push(message.update)
      case 'awareness':
        return this.#membership?.receive(message.update)
      case 'query-awareness':
        return this.#membership?.ask()
      case 'ignored':
        return
    }
  }

  /** Asks the client for what the server lacks: only what is durable counts. */
  async #ask(): Promise<void> {
    if (this.#state.phase !== 'open') return
    const { hosted } = this.#state
    this.#output.send(writeStep1(await this.#context.docWork.stateVector(this.user, hosted)))
  }

  /** Sends the client what it lacks, and from the first time on what comes after. */
  async #answer(stateVector: Uint8Array): Promise<void> {
    if (this.#state.phase !== 'open') return
    if (this.blocked) await new Promise<void>((clear) => this.whenClear(clear))
    const { hosted, feed } = this.#state
    const hold = await this.room(hosted.bytes)
    try {
      const lacking = await this.lacking(hosted, stateVector)
      if (lacking === undefined) return this.close(CloseCode.badFrame, 'not a state vector')
      for (const { update } of this.#seen([lacking])) this.#output.send(writeStep2(update))
      if (!this.#synced) {
        this.#synced = true
        feed.startFrom(lacking.head)
      }
      if (this.blocked) await new Promise<void>((clear) => this.whenClear(clear))
    } finally {
      hold.release()
    }
  }

  #seen(rows: readonly Row[]): readonly Row[] {
    return this.#doc === undefined ? rows : seenBy(this.#opener, this.#doc, rows)
  }

  /** y-websocket takes a server for dead that says nothing for 30 s. */
  #beat(): void {
    const { limits, timers } = this.#context
    this.#cancelPulse = timers.after(limits.plainPulseMs, () => {
      if (this.#membership === undefined) this.#output.send(writePlainAwareness(writeAwareness([])))
      else this.#membership.renew()
      this.#beat()
    })
  }

  #joinAwareness(chat: ChatId, index: MemberIndex): void {
    const send = (update: Uint8Array): void => {
      if (!this.blocked) this.#output.send(writePlainAwareness(update))
    }
    const { user } = this
    this.#membership = new AwarenessMembership(this.#context.rooms, chat, {
      user,
      index,
      writer: undefined,
      send,
    })
  }
}
