import type { Lane } from '@wardline/core/chat/lanes'
import type { Documents } from './documents.ts'
import type { HostedDoc, Subscriber } from './hosted-doc.ts'

/** What became of an update; they are told in the order in which the updates came. */
export type UpdateOutcome =
  | { readonly kind: 'durable'; readonly rebuild: boolean }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }

const DURABLE: UpdateOutcome = { kind: 'durable', rebuild: false }
const REBUILD: UpdateOutcome = { kind: 'durable', rebuild: true }

export interface IntakeSink {
  settled(outcome: UpdateOutcome): void
  failed(error: unknown): void
  /** So many more bytes of updates came, or fewer are left, that are not settled. */
  pending(bytes: number): void
}

interface Taken {
  readonly bytes: number
  outcome: UpdateOutcome | undefined
}

/** A document that is open for writing, and what the writer may do in it. */
export interface Target {
  readonly hosted: HostedDoc
  readonly lane: Lane
  /** Whoever gets the document's rows on this connection. */
  readonly subscriber: Subscriber
  /** Lists the page in its chat. */
  readonly list: () => Promise<void>
}

/**
 * Takes the updates of one writer to one document through the gate, in order. Their outcomes are
 * in order as well: an acknowledgement counts frames, so a frame that is judged at once waits for
 * those before it that are on their way to the disk.
 */
export class UpdateIntake {
  readonly #documents: Documents
  readonly #now: () => number
  readonly #sink: IntakeSink
  readonly #queue: Uint8Array[] = []
  readonly #taken: Taken[] = []
  #target: Target | undefined
  #running = false
  #stopped = false
  #pending = 0

  constructor(documents: Documents, now: () => number, sink: IntakeSink) {
    this.#documents = documents
    this.#now = now
    this.#sink = sink
  }

  /** Updates that came before wait for this. */
  open(target: Target): void {
    this.#target = target
    this.#run()
  }

  push(update: Uint8Array): void {
    if (this.#stopped) return
    this.#weigh(costOf(update))
    this.#queue.push(update)
    this.#run()
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#weigh(-this.#pending)
    this.#queue.length = 0
    this.#taken.length = 0
  }

  #run(): void {
    const target = this.#target
    if (this.#running || target === undefined) return
    this.#takeReady(target)
    if (this.#queue.length === 0) return
    this.#running = true
    this.#prepare(target)
      .catch((error: unknown) => {
        if (!this.#stopped) this.#sink.failed(error)
      })
      .finally(() => {
        this.#running = false
        if (this.#queue.length > 0) this.#run()
      })
  }

  /** Those that need nothing to be read: nearly all. */
  #takeReady(target: Target): void {
    for (;;) {
      const update = this.#queue[0]
      if (update === undefined || !target.hosted.isReady(target.lane)) return
      if (this.#stopped || target.hosted.gone) return this.stop()
      this.#take(update, target, this.#now())
    }
  }

  async #prepare(target: Target): Promise<void> {
    const { hosted, lane, list } = target
    for (let update = this.#queue[0]; update !== undefined; update = this.#queue[0]) {
      const now = this.#now()
      if (!hosted.isReady(lane)) await hosted.prepare(update, lane, now, list)
      if (this.#stopped || hosted.gone) return this.stop()
      this.#take(update, target, now)
    }
  }

  #take(update: Uint8Array, { hosted, lane, subscriber }: Target, now: number): void {
    this.#queue.shift()
    const taken: Taken = { bytes: costOf(update), outcome: undefined }
    this.#taken.push(taken)
    const refused = hosted.submit({
      update,
      lane,
      now,
      sender: subscriber,
      settled: (rebuild) => this.#settle(taken, rebuild ? REBUILD : DURABLE),
      store: (flight, bytes) => this.#documents.append(flight, bytes),
    })
    if (refused !== undefined) {
      const { code, message } = refused
      this.#settle(taken, { kind: 'refused', code, message })
    }
  }

  #settle(taken: Taken, outcome: UpdateOutcome): void {
    taken.outcome = outcome
    for (;;) {
      const first = this.#taken[0]
      if (first?.outcome === undefined || this.#stopped) return
      this.#taken.shift()
      this.#sink.settled(first.outcome)
      this.#weigh(-first.bytes)
    }
  }

  #weigh(bytes: number): void {
    if (this.#stopped && bytes > 0) return
    this.#pending += bytes
    this.#sink.pending(bytes)
  }
}

/** What an update weighs while it is on its way: small ones cost more than their bytes. */
const costOf = (update: Uint8Array): number => update.length + 256
