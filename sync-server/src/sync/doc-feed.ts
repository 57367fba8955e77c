import type { Semaphore } from '../base/semaphore.ts'
import type { Hold } from '../budget/byte-budget.ts'
import { chunksOf, rowsOf } from '../storage/doc-content.ts'
import type { Row, Store } from '../storage/store.ts'
import type { HostedDoc, Subscriber } from './hosted-doc.ts'

/** Where the rows of a feed go. */
export interface FeedSink {
  /** Rows in order. After them the other side has everything up to the head of the last one. */
  rows(rows: readonly Row[]): void
  /** The other side has everything there is; from now on rows come as they become durable. */
  caughtUp(): void
  /** The other side's own update is durable. */
  own(): void
  lost(): void
  failed(error: unknown): void
  /**
   * What a replica with this state vector lacks, as the row of the head that it is of. Undefined for
   * bytes that are no state vector.
   */
  lacking(hosted: HostedDoc, stateVector: Uint8Array): Promise<Row | undefined>
  /** Resolves when so many bytes may be read into memory for the other side. */
  room(bytes: number): Promise<Hold>
  /** Whether the other side takes in less than it is sent. */
  readonly blocked: boolean
  /** Calls back once when it is not blocked (any more). */
  whenClear(callback: () => void): void
}

type State =
  | { readonly phase: 'behind' }
  | { readonly phase: 'live' }
  /** Rows became durable while the other side was blocked. */
  | { readonly phase: 'waiting' }
  | { readonly phase: 'stopped' }

/**
 * Brings one replica up to date and keeps it so. Rows that become durable while it catches up are
 * not queued but read from the store by their heads: nothing is lost, nothing is out of order,
 * and a slow consumer costs no memory.
 */
export class DocFeed implements Subscriber {
  /** The other side has, or was sent, everything up to this head. */
  head: number
  readonly #hosted: HostedDoc
  readonly #store: Store
  readonly #sink: FeedSink
  readonly #turns: Semaphore
  #state: State = { phase: 'behind' }

  /**
   * @param turns lets only so many catch up at a time, which bounds what is read into memory
   * @param head the other side has everything up to it
   */
  constructor(hosted: HostedDoc, store: Store, sink: FeedSink, turns: Semaphore, head: number) {
    this.#hosted = hosted
    this.#store = store
    this.#sink = sink
    this.#turns = turns
    this.head = head
    hosted.subscribers.add(this)
  }

  get live(): boolean {
    return this.#state.phase === 'live'
  }

  /** Whether rows are known that were not sent. */
  get behind(): boolean {
    return this.head < this.#hosted.head
  }

  /**
   * Sends what is missing, then rows as they come.
   *
   * @param stateVector what the other side has, if the rows after its head are gone; or empty
   */
  start(stateVector: Uint8Array): void {
    this.#catchUp(stateVector).catch((error: unknown) => {
      if (this.#state.phase !== 'stopped') this.#sink.failed(error)
    })
  }

  /** The other side was given everything up to a head by other means: sends what came after. */
  startFrom(head: number): void {
    this.head = head
    this.start(new Uint8Array())
  }

  stop(): void {
    this.#state = { phase: 'stopped' }
    this.#hosted.subscribers.delete(this)
  }

  row(row: Row): void {
    if (this.#state.phase !== 'live' || row.head <= this.head) return
    if (this.#sink.blocked) {
      this.#state = { phase: 'waiting' }
      this.#sink.whenClear(() => {
        if (this.#state.phase === 'waiting') this.start(new Uint8Array())
      })
      return
    }
    this.head = row.head
    this.#sink.rows([row])
  }

  own(head: number): void {
    // While it catches up the row comes from the store: an echo, which changes nothing.
    if (this.#state.phase === 'live') this.head = Math.max(this.head, head)
    this.#sink.own()
  }

  lost(): void {
    this.stop()
    this.#sink.lost()
  }

  async #catchUp(stateVector: Uint8Array): Promise<void> {
    this.#state = { phase: 'behind' }
    if (this.head !== this.#hosted.head) {
      const done = await this.#turns.take()
      try {
        // A head that the document never had: its store was restored. Everything, then.
        if (this.head > this.#hosted.head) await this.#resend(new Uint8Array())
        while (!this.#stopped && this.behind) await this.#sendRows(stateVector)
      } finally {
        done()
      }
    }
    if (this.#stopped) return
    this.#state = { phase: 'live' }
    this.#sink.caughtUp()
  }

  get #stopped(): boolean {
    return this.#state.phase === 'stopped'
  }

  async #sendRows(stateVector: Uint8Array): Promise<void> {
    if (this.head === 0) return this.#resend(new Uint8Array())
    const gone = await this.#within(async () => {
      const rows = await this.#store.readAfter(this.#hosted.name, this.head)
      if (rows !== undefined) await this.#send(rows)
      return rows === undefined
    })
    if (gone) await this.#resend(stateVector)
  }

  /**
   * Reads and sends within the memory that the other side may take. Nothing is read for who takes in
   * nothing, and what was read is theirs until it has left.
   */
  async #within<T>(work: () => Promise<T>): Promise<T | undefined> {
    await this.#clear()
    const hold = await this.#sink.room(this.#hosted.bytes)
    try {
      if (this.#stopped) return undefined
      const result = await work()
      await this.#clear()
      return result
    } finally {
      hold.release()
    }
  }

  async #clear(): Promise<void> {
    if (this.#sink.blocked) await new Promise<void>((clear) => this.#sink.whenClear(clear))
  }

  /** Everything, or what the state vector lacks. */
  async #resend(stateVector: Uint8Array): Promise<void> {
    await this.#within(() => this.#sendAll(stateVector))
  }

  async #sendAll(stateVector: Uint8Array): Promise<void> {
    if (stateVector.length > 0) {
      const lacking = await this.#sink.lacking(this.#hosted, stateVector)
      if (this.#stopped) return
      if (lacking !== undefined) {
        this.head = 0
        await this.#send([lacking])
        return
      }
    }
    const content = await this.#store.read(this.#hosted.name)
    if (this.#stopped) return
    this.head = 0
    await this.#send(rowsOf(content))
    this.head = content.head
  }

  async #send(rows: readonly Row[]): Promise<void> {
    for (const chunk of chunksOf(rows)) {
      await this.#clear()
      if (this.#stopped) return
      this.#sink.rows(chunk)
      // Parts of a snapshot have none.
      this.head = chunk.at(-1)?.head || this.head
    }
  }
}
