/**
 * The device's side of the sync protocol, without I/O: events go in, effects come out through
 * {@link SyncHost}. Events change state; one function, `#decide`, looks at the state and opens
 * what has to be open. Rules: docs/protocol.md.
 */
import * as Y from 'yjs'
import type { Writer } from '../base/client-id.ts'
import {
  type ChatId,
  type DeviceId,
  type DocName,
  type DocRef,
  type Month,
  parseDocName,
  type UserId,
} from '../base/ids.ts'
import { mayRetry } from '../protocol/close-code.ts'
import {
  type ClientFrame,
  type DocHead,
  type PersonPresence,
  PROTOCOL_VERSION,
  type ServerFrame,
} from '../protocol/frames.ts'

/** What the machine asks of whoever runs it. Calls come in an order that storing must keep. */
export interface SyncHost {
  send(frame: ClientFrame): void
  /**
   * Whether the device may have the document and knows what it is to it. Those that it may not yet
   * wait for the next `want`.
   */
  canTake(doc: DocName): boolean
  /** Whether it keeps up with storing what came; if not, `resume` has to be called once it does. */
  hasRoom(): boolean
  /**
   * Documents of which something came that is not stored yet, or of which nothing is made yet:
   * others wait for them, but what is on screen and what carries news out. With each that is done,
   * `resume` has to be called.
   */
  taking(): number
  welcomed(welcome: { user: UserId; serverTime: number; tokenExpiresAt: number }): void
  renewed(tokenExpiresAt: number): void
  /** To be stored in one transaction with the head, which says what the rows complete. */
  received(doc: DocName, updates: readonly Uint8Array[], moved: Moved): void
  /** The device has everything of the document; comes once each time a channel opens. */
  caughtUp(doc: DocName): void
  /**
   * The server keeps, durably, this device's rows up to `upTo` (0: none yet), and the device has
   * everything up to the head. To be stored in one transaction.
   */
  accepted(doc: DocName, upTo: number, moved: Moved): void
  /**
   * To be stored in one transaction: heads without their position would be asked for again. Of the
   * `doubted` it is not certain that the server still has what this device had before; until they
   * are `confirmed`, what is stored of them is that they have to be given again.
   */
  learned(
    heads: readonly DocHead[],
    position: { epoch: string; cursor: string },
    doubted: readonly DocName[],
  ): void
  /** The server has all that this device has of a doubted document, up to the head. */
  confirmed(doc: DocName, head: number): void
  /** The server's database is another one: no head counts any more. */
  newEpoch(): void
  /** The server refused what this device wrote; the document waits until `reset`. */
  rejected(doc: DocName, code: string, message: string): void
  /** The server closed the document to this device, until `retry` or the next connection. */
  denied(doc: DocName, code: number): void
  awareness(doc: DocName, update: Uint8Array): void
  presence(people: readonly PersonPresence[]): void
  /** Something that `status()` tells may have changed. */
  changed(): void
}

/** A head, and after which cursor it moved; undefined when the stored cursor covers it. */
export interface Moved {
  head: number
  movedAfter: string | undefined
}

/** A row of the device's outbox. */
export interface OutboxItem {
  /** 0 for a part of a larger whole, which counts only when its last part is in. */
  no: number
  update: Uint8Array
}

export interface DocStart {
  head: number
  known: number
  outbox: readonly OutboxItem[]
  pushAll: boolean
  /** The cursor after which the head moved last; '' for none. */
  movedAfter: string
}

/**
 * Documents that catch up at the same time, those included that came and are being stored; the
 * others wait their turn, so that what was asked for first is there first. At first few, and more
 * with each that is small; after a large one a single one, for what comes has to fit into memory.
 */
const CATCHING_UP = 16
const FIRST_CATCHING_UP = 4
/** Bytes, beyond what came last, from which on a document is large. */
const LARGE = 1024 * 1024
/** Channels that stay open though nothing is going on in them. */
const IDLE_CHANNELS = 48
/** Update frames on their way per channel. */
const WINDOW = 16
/** Bounds of what is joined into one update frame. */
const JOIN_ROWS = 64
const JOIN_BYTES = 128 * 1024

interface Channel {
  id: number
  caughtUp: boolean
  /** Bytes that came before it was. */
  bytes: number
  /** Frames on their way, oldest first: how many rows are in each. */
  sent: number[]
  /** Update frames that went out, and how many of them the server has handled. */
  frames: number
  accepted: number
  /** The first refusal. Nothing goes out after it, and what is handled after it does not count. */
  refusal: { code: string; message: string } | null
  /** For choosing which idle channel to close. */
  used: number
}

interface DocState {
  doc: DocName
  ref: DocRef | undefined
  /** The larger, the later its head moved, as far as the server told in which order. */
  recency: number
  /** Everything up to this head is stored here, or on its way into storage. */
  have: number
  known: number
  /** The welcome's cursor covers what is up to this head. */
  covered: number
  /** The head moved after the cursor that is stored. */
  moved: boolean
  /** It moved before this connection, which is to another incarnation of the server's database. */
  doubted: boolean
  wanted: boolean
  outbox: OutboxItem[]
  /** Rows of the outbox, from its start, that are on their way. */
  inFlight: number
  pushAll: boolean
  /** Refused or denied: nothing happens until it is reset, or the next connection. */
  waits: 'no' | 'reset' | 'connection' | 'retry'
  channel: Channel | null
}

type Connection =
  | { state: 'down' }
  | { state: 'greeting' }
  | { state: 'up'; channels: Map<number, DocState>; nextChannel: number; ticks: number }

export type SyncStatus =
  | { state: 'down' | 'greeting' }
  /** `behind`: documents that still have to catch up. `unsent`: rows that are not acknowledged. */
  | { state: 'up'; behind: number; unsent: number }

export class SyncMachine {
  readonly #host: SyncHost
  readonly #docs = new Map<DocName, DocState>()
  #connection: Connection = { state: 'down' }
  /** The newest month of each chat. */
  readonly #newest = new Map<ChatId, Month>()
  #recency = 0
  /** Documents that may catch up at the same time. */
  #catchingUp = FIRST_CATCHING_UP
  #position: { epoch: string; cursor: string }

  constructor(
    host: SyncHost,
    position: { epoch: string; cursor: string },
    docs: Iterable<[DocName, DocStart]>,
  ) {
    this.#host = host
    this.#position = position
    for (const [doc, start] of docs) this.#start(this.#doc(doc), start)
  }

  // What happens on the device

  /** The socket is open: says hello. */
  opened(hello: { token: string; device: DeviceId; writer: Writer }): void {
    this.#connection = { state: 'greeting' }
    this.#host.send({ type: 'hello', version: PROTOCOL_VERSION, ...hello, ...this.#position })
    this.#host.changed()
  }

  /** The socket is gone. */
  closed(): void {
    this.#connection = { state: 'down' }
    for (const state of this.#docs.values()) {
      // Refused, but not handed over yet: it is sent again, and refused again.
      if (state.waits === 'connection' || state.waits === 'retry' || state.channel?.refusal)
        state.waits = 'no'
      state.channel = null
      state.inFlight = 0
      // The next hello names a position that says nothing of what was before this one.
      if (state.doubted) beginAgain(state)
    }
    this.#host.changed()
  }

  /** A row of this device's own went into the database and the outbox. */
  wrote(doc: DocName, item: OutboxItem): void {
    const state = this.#doc(doc)
    if (state.outbox.some((known) => known.no >= item.no)) return
    state.outbox.push(item)
    this.#flush(state)
    this.#decide()
  }

  /** These documents are on screen, and no others. */
  want(docs: ReadonlySet<DocName>): void {
    for (const doc of docs) this.#doc(doc)
    for (const state of this.#docs.values()) state.wanted = docs.has(state.doc)
    this.#decide()
  }

  /** There is room again for what other documents bring. */
  resume(): void {
    this.#decide()
  }

  /** Begins again with a document whose local rows were replaced, or could not be stored. */
  reset(doc: DocName, start: DocStart): void {
    const state = this.#doc(doc)
    this.#close(state)
    state.waits = 'no'
    this.#start(state, start)
    this.#decide()
  }

  /** The answer to a `caughtUp` of a document that has to be given again: what the server lacks. */
  push(doc: DocName, items: readonly OutboxItem[]): void {
    const state = this.#doc(doc)
    state.pushAll = false
    state.outbox = [...items]
    state.inFlight = 0
    this.#flush(state)
    this.#decide()
  }

  /** Tries a document again that was closed for now. */
  retry(doc: DocName): void {
    const state = this.#doc(doc)
    if (state.waits !== 'retry') return
    state.waits = 'no'
    this.#decide()
  }

  sendAwareness(doc: DocName, update: Uint8Array): void {
    const channel = this.#docs.get(doc)?.channel
    if (channel != null) this.#host.send({ type: 'awareness', channel: channel.id, update })
  }

  renew(token: string): void {
    if (this.#connection.state === 'up') this.#host.send({ type: 'renew', token })
  }

  ping(): void {
    if (this.#connection.state === 'up') this.#host.send({ type: 'ping' })
  }

  status(): SyncStatus {
    if (this.#connection.state !== 'up') return { state: this.#connection.state }
    let behind = 0
    let unsent = 0
    for (const state of this.#docs.values()) {
      const lacks = isBehind(state) || state.doubted || state.pushAll
      if (state.waits !== 'no' || (!lacks && state.outbox.length === 0)) continue
      if (!this.#host.canTake(state.doc)) continue
      if (lacks) behind++
      unsent += state.outbox.length
    }
    return { state: 'up', behind, unsent }
  }

  /** Whether the device is known to lack something of the document. */
  isBehind(doc: DocName): boolean {
    const state = this.#docs.get(doc)
    return state !== undefined && state.known > state.have
  }

  /** Whether the document is being fetched from its start, to see what the server lacks. */
  givesAgain(doc: DocName): boolean {
    return this.#docs.get(doc)?.pushAll ?? false
  }

  // What the server says

  received(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        return this.#welcome(frame)
      case 'changed':
        for (const { doc, head } of frame.docs) {
          const state = this.#know(doc, head)
          state.recency = ++this.#recency
          // It was denied, and is there again: the person is back in the chat.
          if (state.waits === 'connection') state.waits = 'no'
        }
        this.#host.learned(frame.docs, this.#position, [])
        return this.#decide()
      case 'cursor':
        this.#position = { ...this.#position, cursor: frame.cursor }
        for (const state of this.#docs.values()) state.moved = false
        return this.#host.learned([], this.#position, [])
      case 'presence':
        return this.#host.presence(frame.people)
      case 'renewed':
        return this.#host.renewed(frame.tokenExpiresAt)
      case 'pong':
        return
      default:
        return this.#onChannel(frame)
    }
  }

  #onChannel(
    frame: Extract<ServerFrame, { type: 'rows' | 'head' | 'reject' | 'awareness' | 'closed' }>,
  ): void {
    if (this.#connection.state !== 'up') return
    const state = this.#connection.channels.get(frame.channel)
    // A channel that this side has closed: what was still on its way does not matter any more.
    if (state?.channel == null) return
    switch (frame.type) {
      case 'rows':
        state.known = Math.max(state.known, frame.head)
        state.have = Math.max(state.have, frame.head)
        this.#weigh(state.channel, frame.updates)
        return this.#host.received(state.doc, frame.updates, this.#moved(state, frame.head))
      case 'head':
        return this.#onHead(state, state.channel, frame)
      case 'reject':
        state.channel.refusal ??= { code: frame.code, message: frame.message }
        state.waits = 'reset'
        // A refusal of this frame comes before the head that counts it.
        return this.#endRefused(state, state.channel, Math.max(frame.frame, state.channel.accepted))
      case 'awareness':
        return this.#host.awareness(state.doc, frame.update)
      case 'closed':
        this.#connection.channels.delete(frame.channel)
        state.channel = null
        state.inFlight = 0
        state.waits = mayRetry(frame.code) ? 'retry' : 'connection'
        this.#host.denied(state.doc, frame.code)
        return this.#decide()
      default:
        frame satisfies never
    }
  }

  /**
   * Hands a refused document over once all its frames are handled: what the server took of those
   * after the refusal shows in its state, and must not be written a second time.
   */
  #endRefused(state: DocState, channel: Channel, handled: number): void {
    channel.accepted = Math.max(channel.accepted, handled)
    if (channel.refusal === null || channel.accepted < channel.frames) return
    const { code, message } = channel.refusal
    this.#close(state)
    this.#host.rejected(state.doc, code, message)
    this.#decide()
  }

  #weigh(channel: Channel, updates: readonly Uint8Array[]): void {
    if (channel.caughtUp) return
    for (const { length } of updates) channel.bytes += length
    if (channel.bytes >= LARGE) this.#catchingUp = 1
  }

  #onHead(state: DocState, channel: Channel, frame: { head: number; accepted: number }): void {
    if (channel.refusal !== null) return this.#endRefused(state, channel, frame.accepted)
    const first = !channel.caughtUp
    channel.caughtUp = true
    if (first && channel.bytes < LARGE)
      this.#catchingUp = Math.min(this.#catchingUp + 1, CATCHING_UP)
    // The open was answered from scratch, so a head beyond the server's own no longer counts.
    state.known = first ? frame.head : Math.max(state.known, frame.head)
    const moved = frame.head !== state.have
    state.have = first ? frame.head : Math.max(state.have, frame.head)
    let handled = 0
    for (; channel.accepted < frame.accepted; channel.accepted++)
      handled += channel.sent.shift() ?? 0
    const done = state.outbox.splice(0, handled)
    state.inFlight -= done.length
    const upTo = done.reduce((newest, item) => Math.max(newest, item.no), 0)
    if (moved || upTo > 0) this.#host.accepted(state.doc, upTo, this.#moved(state, state.have))
    if (first && state.doubted) {
      state.doubted = false
      this.#host.confirmed(state.doc, state.have)
    }
    if (first) this.#host.caughtUp(state.doc)
    this.#flush(state)
    this.#decide()
  }

  #welcome(frame: Extract<ServerFrame, { type: 'welcome' }>): void {
    if (this.#connection.state !== 'greeting') return
    this.#connection = { state: 'up', channels: new Map(), nextChannel: 1, ticks: 0 }
    const { user, serverTime, tokenExpiresAt, epoch, cursor, complete, docs } = frame
    // Another database, or one that ends before what this device has seen of it.
    const known = this.#position
    if (known.epoch !== '' && (known.epoch !== epoch || (known.cursor !== '' && complete))) {
      for (const state of this.#docs.values()) {
        beginAgain(state)
        state.known = 0
      }
      this.#host.newEpoch()
    }
    // The server knows this device's position, and so all that was before it; what came after it
    // may be lost, and others may have written since in its place.
    const isOther = incarnationOf(known.cursor) !== incarnationOf(cursor)
    const doubted: DocName[] = []
    for (const state of this.#docs.values()) {
      state.doubted = isOther && state.moved && !state.pushAll && state.have > 0
      state.moved = false
      state.covered = 0
      if (state.doubted) doubted.push(state.doc)
    }
    this.#position = { epoch, cursor }
    // Those that moved last come first.
    for (const { doc, head } of docs.toReversed()) {
      const state = this.#know(doc, head)
      state.covered = head
      state.recency = ++this.#recency
    }
    this.#host.welcomed({ user, serverTime, tokenExpiresAt })
    this.#host.learned(docs, this.#position, doubted)
    this.#decide()
  }

  /** The device has everything up to a head, and says so. */
  #moved(state: DocState, head: number): Moved {
    if (head <= state.covered) return { head, movedAfter: undefined }
    state.moved = true
    return { head, movedAfter: this.#position.cursor }
  }

  // Deciding

  /** The one place that opens and closes channels. */
  #decide(): void {
    const connection = this.#connection
    if (connection.state !== 'up') return
    const open = [...connection.channels.values()]
    const busy = open.filter((state) => state.channel?.caughtUp === false).length
    const free = this.#host.hasRoom() ? this.#catchingUp - busy : 0
    let left = free - this.#host.taking()
    for (const state of this.#mostUrgent(free)) {
      if (left-- <= 0 && !cannotWait(state)) break
      const id = connection.nextChannel++
      state.channel = {
        id,
        caughtUp: false,
        bytes: 0,
        sent: [],
        frames: 0,
        accepted: 0,
        refusal: null,
        used: ++connection.ticks,
      }
      connection.channels.set(id, state)
      const head = state.pushAll ? 0 : state.have
      this.#host.send({
        type: 'open',
        channel: id,
        doc: state.doc,
        head,
        stateVector: new Uint8Array(),
      })
      this.#flush(state)
    }
    const idle = open
      .filter((state) => state.channel?.caughtUp && !isDue(state))
      .sort((a, b) => (a.channel?.used ?? 0) - (b.channel?.used ?? 0))
    for (const state of idle.slice(0, Math.max(0, idle.length - IDLE_CHANNELS))) this.#close(state)
    this.#host.changed()
  }

  /** At most so many of those that have to be open and are not, the most urgent first. */
  #mostUrgent(count: number): readonly DocState[] {
    const first: DocState[] = []
    if (count <= 0) return first
    for (const state of this.#docs.values()) {
      if (state.channel !== null || state.waits !== 'no' || !isDue(state)) continue
      let at = first.length
      while (at > 0 && this.#isMoreUrgent(state, first[at - 1] as DocState)) at--
      if (at >= count || !this.#host.canTake(state.doc)) continue
      first.splice(at, 0, state)
      if (first.length > count) first.pop()
    }
    return first
  }

  /** On screen, then what carries news out, then by rank, then what moved last. */
  #isMoreUrgent(a: DocState, b: DocState): boolean {
    if (a.wanted !== b.wanted) return a.wanted
    const [writesA, writesB] = [a.outbox.length > 0, b.outbox.length > 0]
    if (writesA !== writesB) return writesA
    const [rankA, rankB] = [this.#rankOf(a), this.#rankOf(b)]
    if (rankA !== rankB) return rankA > rankB
    return a.recency > b.recency
  }

  /**
   * What a list needs comes first: who is in which chat, then the newest month of each chat, then
   * what a chat is, and then its past, the later months first.
   */
  #rankOf({ ref }: DocState): string {
    if (ref === undefined || ref.kind === 'chat') return '8'
    if (ref.kind === 'user') return '9'
    return this.#newest.get(ref.chat) === ref.month ? '8-page' : ref.month
  }

  /** Sends what waits in the outbox, joined, as far as the window allows. */
  #flush(state: DocState): void {
    const { channel } = state
    // While everything is to be given again, the device first has to see what the server lacks.
    if (channel === null || state.pushAll || state.waits !== 'no') return
    while (channel.sent.length < WINDOW && state.inFlight < state.outbox.length) {
      const items: OutboxItem[] = []
      let bytes = 0
      while (items.length < JOIN_ROWS) {
        const next = state.outbox[state.inFlight + items.length]
        if (next === undefined || (items.length > 0 && bytes + next.update.length > JOIN_BYTES))
          break
        items.push(next)
        bytes += next.update.length
      }
      const updates = items.map((item) => item.update)
      const [only] = updates
      const update = only !== undefined && updates.length === 1 ? only : Y.mergeUpdates(updates)
      state.inFlight += items.length
      channel.sent.push(items.length)
      channel.frames++
      if (this.#connection.state === 'up') channel.used = ++this.#connection.ticks
      this.#host.send({ type: 'update', channel: channel.id, update })
    }
  }

  #close(state: DocState): void {
    if (this.#connection.state === 'up' && state.channel !== null) {
      this.#connection.channels.delete(state.channel.id)
      this.#host.send({ type: 'close', channel: state.channel.id })
    }
    state.channel = null
    state.inFlight = 0
  }

  #know(doc: DocName, head: number): DocState {
    const state = this.#doc(doc)
    state.known = Math.max(state.known, head)
    return state
  }

  #start(state: DocState, start: DocStart): void {
    state.have = start.head
    state.known = Math.max(start.known, start.head)
    state.outbox = [...start.outbox]
    state.inFlight = 0
    state.pushAll = start.pushAll
    state.moved = start.movedAfter !== '' && start.movedAfter === this.#position.cursor
    state.doubted = false
  }

  #doc(doc: DocName): DocState {
    let state = this.#docs.get(doc)
    if (state === undefined) {
      const ref = parseDocName(doc)
      if (ref?.kind === 'page' && ref.month > (this.#newest.get(ref.chat) ?? ''))
        this.#newest.set(ref.chat, ref.month)
      state = {
        doc,
        ref,
        recency: 0,
        have: 0,
        known: 0,
        covered: 0,
        moved: false,
        doubted: false,
        wanted: false,
        outbox: [],
        inFlight: 0,
        pushAll: false,
        waits: 'no',
        channel: null,
      }
      this.#docs.set(doc, state)
    }
    return state
  }
}

/** What it has of the document counts no more: fetches all of it, and gives all of it. */
const beginAgain = (state: DocState): void => {
  state.have = 0
  state.pushAll = true
  state.doubted = false
}

/** The part of a cursor that names the opening of the server's database which it is of. */
const incarnationOf = (cursor: string): string => cursor.slice(0, cursor.lastIndexOf('.') + 1)

/** Somebody looks at it, or waits for what is in it. */
const cannotWait = ({ wanted, outbox }: DocState): boolean => wanted || outbox.length > 0
const isBehind = (state: DocState): boolean => state.known > state.have

const isDue = (state: DocState): boolean =>
  state.wanted || state.outbox.length > 0 || state.pushAll || state.doubted || isBehind(state)
