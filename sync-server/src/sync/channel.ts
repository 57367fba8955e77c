import type { MemberIndex } from '@wardline/core/base/client-id'
import { type ChatId, type DocName, parseDocName } from '@wardline/core/base/ids'
import { CloseCode } from '@wardline/core/protocol/close-code'
import type { ClientFrame, ServerFrame } from '@wardline/core/protocol/frames'
import type { Hold } from '../budget/byte-budget.ts'
import { CHUNK_BYTES } from '../storage/doc-content.ts'
import { isDamage } from '../storage/seal.ts'
import type { Row } from '../storage/store.ts'
import { accessOf, listPage } from './access.ts'
import type { AwarenessMembership } from './awareness-membership.ts'
import type { ChannelSource } from './channel-source.ts'
import { DocFeed, type FeedSink } from './doc-feed.ts'
import type { Gathering } from './frame-scheduler.ts'
import type { HostedDoc } from './hosted-doc.ts'
import { seenBy } from './scoped-rows.ts'
import { sendFrame } from './send-frame.ts'
import { type IntakeSink, UpdateIntake, type UpdateOutcome } from './update-intake.ts'

/** What a channel tells its connection. */
export interface ChannelEvents {
  /** It has gathered something: calls `flush` soon. */
  flushSoon(channel: Channel): void
  opened(channel: Channel, index: MemberIndex): void
  /** The channel cannot go on. */
  closeChannel(channel: Channel, code: number, reason: string): void
  failed(event: string, error: unknown): void
  /** The document turned out to be damaged. */
  damaged(doc: DocName): void
  refused(channel: Channel, code: string): void
  /** So many bytes more, or fewer, are on their way to the disk. */
  pending(bytes: number): void
}

type State =
  | { readonly phase: 'opening' }
  | { readonly phase: 'open'; readonly hosted: HostedDoc; readonly feed: DocFeed }
  | { readonly phase: 'closed' }

/** One document that is open on a multiplexed connection. */
export class Channel implements FeedSink, IntakeSink, Gathering {
  readonly id: number
  readonly doc: DocName
  readonly #source: ChannelSource
  readonly #events: ChannelEvents
  /** What the device has, as far as the server knows of it. */
  #openHead: number
  readonly #intake: UpdateIntake
  #state: State = { phase: 'opening' }
  #rows: Uint8Array[] = []
  #rowsBytes = 0
  #rowsHead = 0
  /** Update frames that are handled. */
  #accepted = 0
  /** Whether the answer to the open is complete. */
  #answered = false
  #told = { head: -1, accepted: 0 }
  isToFlush = false
  /** Among those who type in this chat. */
  awareness: AwarenessMembership | undefined
  /** Head of the document when this connection was last told that it moved. */
  movedTo = 0

  constructor(
    frame: Extract<ClientFrame, { type: 'open' }>,
    source: ChannelSource,
    events: ChannelEvents,
  ) {
    this.id = frame.channel
    this.doc = frame.doc
    this.#source = source
    this.#events = events
    this.#openHead = frame.head
    this.#intake = new UpdateIntake(source.documents, () => source.timers.now(), this)
  }

  /** The chat in whose document this channel is, if it is one. */
  get chat(): ChatId | undefined {
    const ref = parseDocName(this.doc)
    return ref?.kind === 'chat' ? ref.chat : undefined
  }

  /** Whether everything that the connection was told of was sent. */
  get complete(): boolean {
    return this.#state.phase === 'open' && this.#state.feed.live
  }

  /**
   * The head that the other side may have to hear of again when the channel ends: it may have
   * dropped what was still on its way to it.
   */
  get unsure(): number {
    const sent = this.#state.phase === 'open' ? this.#state.feed.head : 0
    const head = Math.max(sent, this.movedTo)
    return head > this.#openHead ? head : 0
  }

  open(head: number, stateVector: Uint8Array): void {
    this.#open(head, stateVector).catch((error: unknown) => this.failed(error))
  }

  update(bytes: Uint8Array): void {
    this.#intake.push(bytes)
  }

  close(): void {
    const state = this.#state
    this.#state = { phase: 'closed' }
    this.#intake.stop()
    if (state.phase !== 'open') return
    state.feed.stop()
    this.#source.documents.release(state.hosted)
  }

  /**
   * Writes what has gathered: rows first, then up to where they reach and what is handled.
   *
   * @param judged whether a refusal follows, which comes after all that was handled before it
   */
  flush(judged = false): void {
    this.#writeRows()
    if (this.#state.phase !== 'open' || !this.#answered) return
    const { feed } = this.#state
    const { head } = feed
    // While it is behind, an own row may be beyond the head: they are told together.
    const accepted = feed.live || judged ? this.#accepted : this.#told.accepted
    if (head === this.#told.head && accepted === this.#told.accepted) return
    this.#told = { head, accepted }
    this.#send({ type: 'head', channel: this.id, head, accepted })
  }

  // What the feed says

  rows(rows: readonly Row[]): void {
    for (const { head, update } of seenBy(this.#source.opener, this.doc, rows)) {
      if (this.#rowsBytes + update.length > CHUNK_BYTES) this.#writeRows()
      this.#rows.push(update)
      this.#rowsBytes += update.length
      this.#rowsHead = head
    }
    this.#events.flushSoon(this)
  }

  caughtUp(): void {
    if (this.#state.phase !== 'open') return
    this.#writeRows()
    if (!this.#answered) {
      this.#answered = true
      const { head } = this.#state.feed
      this.#told = { head, accepted: 0 }
      this.#send({ type: 'head', channel: this.id, head, accepted: 0 })
    }
    this.#events.flushSoon(this)
  }

  own(): void {
    this.#events.flushSoon(this)
  }

  lost(): void {
    this.#events.closeChannel(this, CloseCode.unavailable, 'open it again')
  }

  failed(error: unknown): void {
    if (this.#state.phase === 'closed') return
    this.#events.failed('channel.failed', error)
    if (!isDamage(error))
      return this.#events.closeChannel(this, CloseCode.unavailable, 'not available')
    this.#events.closeChannel(this, CloseCode.damaged, 'damaged; it is mended')
    this.#events.damaged(this.doc)
  }

  lacking(hosted: HostedDoc, stateVector: Uint8Array): Promise<Row | undefined> {
    return this.#source.lacking(hosted, stateVector)
  }

  room(bytes: number): Promise<Hold> {
    return this.#source.room(bytes)
  }

  get blocked(): boolean {
    return this.#source.output.blocked
  }

  whenClear(callback: () => void): void {
    this.#source.output.whenClear(callback)
  }

  // What the gate says

  settled(outcome: UpdateOutcome): void {
    if (outcome.kind === 'refused') {
      // What came before it is acknowledged first, what counts it after: the order tells the
      // device which of its frames are in.
      this.flush(true)
      const { code, message } = outcome
      const frame = this.#accepted + 1
      this.#send({ type: 'reject', channel: this.id, frame, code, message })
      this.#accepted++
      this.#events.refused(this, code)
    } else {
      this.#accepted++
      if (outcome.rebuild) {
        this.flush(true)
        const message = 'the server has another state'
        const frame = this.#accepted
        this.#send({ type: 'reject', channel: this.id, frame, code: 'REBUILD', message })
      }
    }
    this.#events.flushSoon(this)
  }

  pending(bytes: number): void {
    this.#events.pending(bytes)
  }

  async #open(head: number, stateVector: Uint8Array): Promise<void> {
    const { opener, directory, documents, timers } = this.#source
    const access = await accessOf(directory, opener, this.doc, timers.now())
    if (this.#state.phase === 'closed') return
    if (access.kind === 'denied') return this.#events.closeChannel(this, access.code, access.reason)
    const hosted = await documents.hold(this.doc)
    // It can have been closed in the meantime.
    const ahead = await this.#source.history
      .isAhead(this.doc, head, hosted.head)
      .catch((error: unknown) => {
        documents.release(hosted)
        throw error
      })
    if ((this.#state as State).phase === 'closed') return documents.release(hosted)
    if (ahead) {
      const message = 'the server does not have what this head stands for'
      this.#send({ type: 'reject', channel: this.id, frame: 0, code: 'MISSING_DEP', message })
      this.#openHead = 0
    }
    const feed = new DocFeed(hosted, documents.store, this, this.#source.turns, this.#openHead)
    this.#state = { phase: 'open', hosted, feed }
    this.#events.opened(this, access.index)
    const { ref } = hosted
    if (ref.kind !== 'user') this.#source.noteOpening(ref.chat)
    const list = (): Promise<void> => listPage(directory, ref)
    feed.start(stateVector)
    this.#intake.open({ hosted, lane: access.lane, subscriber: feed, list })
  }

  #send(frame: ServerFrame): void {
    sendFrame(this.#source.output, frame)
  }

  #writeRows(): void {
    if (this.#rows.length === 0) return
    const updates = this.#rows
    const head = this.#rowsHead
    this.#rows = []
    this.#rowsBytes = 0
    this.#told = { ...this.#told, head }
    this.#send({ type: 'rows', channel: this.id, head, updates })
  }
}
