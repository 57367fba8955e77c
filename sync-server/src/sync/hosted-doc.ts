import type { MemberIndex } from '@wardline/core/base/client-id'
import type { ChatId, DocName, DocRef } from '@wardline/core/base/ids'
import type { Lane } from '@wardline/core/chat/lanes'
import { checkUpdate, type Verdict } from '@wardline/core/gate/check-update'
import { refuse } from '@wardline/core/gate/gate-code'
import { GateIndex } from '@wardline/core/gate/gate-index'
import { Few } from '../base/few.ts'
import { rowsOf } from '../storage/doc-content.ts'
import { docKey } from '../storage/level-layout.ts'
import { damaged } from '../storage/seal.ts'
import type { RecordWrite, Row, Store } from '../storage/store.ts'
import { type Accepted, arrivalMarks } from './arrival-marks.ts'
import type { Closings } from './closings.ts'
import type { MemberQuota, Quotas } from './quotas.ts'

/** Who wants to know what becomes durable in a document. */
export interface Subscriber {
  /** A row of somebody else. Rows come in order, without gaps. */
  row(row: Row): void
  /** The subscriber's own update is durable, as row `head`. */
  own(head: number): void
  /** The document has to be opened again: nothing that is in flight will be acknowledged. */
  lost(): void
}

export interface NewMessage {
  readonly chat: ChatId
  readonly author: MemberIndex
}

/** An update that was accepted and is not durable yet. */
export interface Flight {
  readonly hosted: HostedDoc
  readonly sender: Subscriber
  /** What waits for it; a duplicate of what is in flight is no more durable than the original. */
  readonly settled: (() => void)[]
  /** Whether it deletes something. */
  readonly erases: boolean
  readonly message: NewMessage | undefined
  /** Keys of the person's settings that it sets. */
  readonly settings: readonly string[]
  /** What has to be stored with it. */
  readonly records: readonly RecordWrite[]
  /** What the server says of when its entries came: a row of its own, stored before it. */
  readonly marks: Uint8Array | undefined
}

/** What bounds what may be written, besides the gate. */
export interface DocBounds {
  readonly quotas?: Quotas
  readonly closings?: Closings
}

export type Refused = Extract<Verdict, { kind: 'refuse' }>

/** An update of somebody, for the gate. */
export interface Submission {
  readonly update: Uint8Array
  /** Where they may write. */
  readonly lane: Lane
  /** ms since 1970 */
  readonly now: number
  /** Gets no row of its own. */
  readonly sender: Subscriber
  /** Told whether the sender's replica has to be made anew. */
  settled(rebuild: boolean): void
  /** Hands the update on to be stored. */
  store(flight: Flight, update: Uint8Array): void
}

/**
 * A document that somebody has open: its head, its gate index and its subscribers, and no
 * content. The index runs ahead of the store by what is in flight; the head does not.
 */
export class HostedDoc {
  readonly name: DocName
  readonly ref: DocRef
  readonly subscribers = new Few<Subscriber>()
  /** Head of the last durable row that subscribers were told of. */
  head = 0
  /** About what all of its content weighs in the store. */
  bytes = 0
  /** How many hold it; it is not evicted meanwhile. */
  pins = 0
  /** Its content in the store may be another than its index says: to be opened again. */
  gone = false
  /** Resolves when the head is known. Rejects with `StoreError`. */
  opened: Promise<void> = Promise.resolve()
  readonly flights: Flight[] = []
  readonly #store: Store
  readonly #markClient: number
  #index: GateIndex | undefined
  #loading: Promise<void> | undefined
  /** Rows that became durable while the index was loading. */
  #missed: Row[] = []
  #listed = false
  readonly #quotas: Quotas | undefined
  readonly #closings: Closings | undefined
  /** Those who write here, by index. */
  readonly #memberQuotas = new Map<MemberIndex, MemberQuota | undefined>()

  /**
   * Without bounds, everything fits and everybody takes messages.
   *
   * @param markClient Yjs client with which this process marks arrivals
   */
  constructor(
    name: DocName,
    ref: DocRef,
    store: Store,
    markClient: number,
    { quotas, closings }: DocBounds = {},
  ) {
    this.name = name
    this.ref = ref
    this.#store = store
    this.#markClient = markClient
    this.#quotas = quotas
    this.#closings = closings
  }

  /** Whether {@link submit} can be called. */
  isReady(lane: Lane): boolean {
    if (this.#index === undefined || this.#isToBeListed) return false
    return this.#hasQuota(lane) && this.#isSettled
  }

  get #isSettled(): boolean {
    return this.ref.kind !== 'page' || (this.#closings?.isSettled(this.ref.chat) ?? true)
  }

  get #isToBeListed(): boolean {
    return this.ref.kind === 'page' && this.head === 0 && !this.#listed
  }

  #hasQuota(lane: Lane): boolean {
    return this.#quotas === undefined || lane.kind !== 'page' || this.#memberQuotas.has(lane.index)
  }

  /** What it takes in memory, see `GateIndex.weight`. */
  get weight(): number {
    return this.#index?.weight ?? 1
  }

  /**
   * Makes it ready for {@link submit}: loads the index on the first write, because most
   * documents are only read, and has a new page listed in its chat before it gets its first row.
   *
   * @param list lists this page; called for an update that will be accepted
   */
  async prepare(update: Uint8Array, lane: Lane, now: number, list: () => Promise<void>) {
    if (this.#index === undefined) {
      this.#loading ??= this.#load().finally(() => {
        this.#loading = undefined
      })
      await this.#loading
    }
    const { ref } = this
    if (ref.kind !== 'page' || lane.kind !== 'page') return
    if (this.#quotas !== undefined && !this.#hasQuota(lane))
      this.#memberQuotas.set(lane.index, await this.#quotas.memberQuota(ref.chat, lane.index))
    await this.#closings?.settle(ref.chat)
    if (!this.#isToBeListed || this.gone) return
    if (this.#judge(update, lane, now).kind !== 'accept') return
    if (this.#quotas !== undefined && !(await this.#quotas.mayBegin(ref.chat, ref.month))) return
    await list()
    this.#listed = true
  }

  /**
   * Judges an update. When it is taken, the index is at once ahead by it, so that the next one
   * can build on it; `settled` is called when it, and all that it may duplicate, is durable.
   * A refusal is returned and changes nothing.
   */
  submit({ update, lane, now, sender, settled, store }: Submission): Refused | undefined {
    const verdict = this.#judge(update, lane, now)
    if (verdict.kind === 'refuse') return verdict
    const done = (): void => settled(verdict.rebuild)
    if (verdict.kind === 'known') {
      const last = this.flights.at(-1)
      if (last === undefined) done()
      else last.settled.push(done)
    } else {
      if (lane.kind === 'page' && this.#isToBeListed)
        return refuse('FULL', 'the chat has as many months as it can have')
      const { erases, messages, settings } = verdict
      verdict.advance()
      const marks = lane.kind === 'page' ? this.#mark(verdict, now) : undefined
      const quota = lane.kind === 'page' ? this.#memberQuotas.get(lane.index) : undefined
      const records = quota?.take(weightOf(verdict, marks)) ?? []
      const { ref } = this
      const message =
        messages > 0 && lane.kind === 'page' && ref.kind === 'page'
          ? { chat: ref.chat, author: lane.index }
          : undefined
      const stored = { erases, message, settings, records, marks }
      const flight: Flight = { hosted: this, sender, settled: [done], ...stored }
      this.flights.push(flight)
      store(flight, verdict.update)
    }
    return undefined
  }

  /**
   * A row is durable. Without a flight it is not from the gate: the server wrote it, with something
   * of this document that is in flight (`ahead`) or by itself.
   */
  committed(row: Row, flight: Flight | undefined, ahead = false): void {
    this.head = Math.max(this.head, row.head)
    this.bytes += row.update.length
    if (flight !== undefined) this.flights.shift()
    else if (!ahead) this.#takeIn(row)
    for (const subscriber of this.subscribers) {
      if (subscriber === flight?.sender) subscriber.own(row.head)
      else subscriber.row(row)
    }
    if (flight !== undefined) for (const settled of flight.settled) settled()
  }

  lose(): void {
    if (this.gone) return
    this.gone = true
    this.flights.length = 0
    for (const subscriber of [...this.subscribers]) subscriber.lost()
  }

  /** By its bytes, and by what its sender has written already. */
  #judge(update: Uint8Array, lane: Lane, now: number): Verdict {
    const verdict = this.#check(update, lane, now)
    if (verdict.kind !== 'accept' || lane.kind !== 'page') return verdict
    const { ref } = this
    if (verdict.speaks && ref.kind === 'page' && this.#closings?.refuses(ref.chat, lane.index))
      return refuse('BLOCKED')
    const weighed = { ...weightOf(verdict), speaks: verdict.speaks }
    const fits = this.#memberQuotas.get(lane.index)?.fits(weighed) ?? true
    return fits ? verdict : refuse('FULL', 'a quota is used up')
  }

  #takeIn(row: Row): void {
    if (this.#index !== undefined) this.#index.addStored(row.update)
    else if (this.#loading !== undefined) this.#missed.push(row)
  }

  /** The index is ahead by them, too. */
  #mark(verdict: Accepted, now: number): Uint8Array | undefined {
    if (this.#index === undefined) return undefined
    const clock = this.#index.next(this.#markClient)
    const marks = arrivalMarks(verdict, now, this.#markClient, clock)
    if (marks !== undefined) this.#index.addStored(marks)
    return marks
  }

  #check(update: Uint8Array, lane: Lane, now: number): Verdict {
    if (this.#index === undefined) throw new Error('a document is prepared before its first write')
    return checkUpdate(this.#index, update, { doc: this.ref, lane, now })
  }

  async #load(): Promise<void> {
    this.#missed = []
    const content = await this.#store.read(this.name)
    const index = new GateIndex()
    try {
      for (const { update } of rowsOf(content)) index.addStored(update)
    } catch (cause) {
      // What the gate has let in builds on what was there: something of it is gone.
      throw damaged(docKey(this.name), cause)
    }
    for (const row of this.#missed) if (row.head > content.head) index.addStored(row.update)
    this.#missed = []
    this.#index = index
  }
}

const weightOf = (
  { update, clocks }: Extract<Verdict, { kind: 'accept' }>,
  marks?: Uint8Array,
) => ({ bytes: update.length + (marks?.length ?? 0), clocks })
