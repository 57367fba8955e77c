import { type DocName, parseDocName } from '@wardline/core/base/ids'
import { contend } from '@wardline/core/time/contend'
import type { AuditLine } from '../storage/audit.ts'
import type { Append, Change, Commit, CommitWaiter, RecordWrite, Store } from '../storage/store.ts'
import { StoreError } from '../storage/store-error.ts'
import { newMarkClient } from './arrival-marks.ts'
import { type DocBounds, type Flight, HostedDoc, type NewMessage } from './hosted-doc.ts'
import type { Log } from './ports.ts'

/** A document whose head moved. */
export interface Move {
  readonly doc: DocName
  readonly head: number
  /** Of the row. */
  readonly bytes: number
  /** Whether something in it was deleted. */
  readonly erases: boolean
  /** A new message in it, if there is one. */
  readonly message: NewMessage | undefined
  /** Keys of the person's settings that were set in it. */
  readonly settings: readonly string[]
}

export interface DocumentsListener {
  /** After the subscribers of the documents were told. In order of the changes. */
  moved(moves: readonly Move[]): void
  /** What the store holds is uncertain: forget everything that was concluded from it. */
  lost(): void
}

/** Who waits for a change, if it is not a flight. */
interface Caller {
  /** Comes before everybody else is told. */
  readonly durable?: ((commit: Commit) => void) | undefined
  resolve(commit: Commit): void
  reject(error: unknown): void
}

/** A change on its way into the store. They leave in the order in which they came. */
class Pending implements CommitWaiter {
  readonly appends: readonly Append[]
  readonly flight: Flight | undefined
  readonly caller: Caller | undefined
  /** It puts another document in the place of the one before. */
  readonly anew: boolean
  outcome: { kind: 'done'; commit: Commit } | { kind: 'failed'; error: unknown } | undefined
  readonly #advance: () => void

  constructor(
    appends: readonly Append[],
    by: { readonly flight?: Flight; readonly caller?: Caller; readonly anew?: boolean },
    advance: () => void,
  ) {
    this.appends = appends
    this.flight = by.flight
    this.caller = by.caller
    this.anew = by.anew ?? false
    this.#advance = advance
  }

  stored(commit: Commit): void {
    this.outcome = { kind: 'done', commit }
    this.#advance()
  }

  failed(error: unknown): void {
    this.outcome = { kind: 'failed', error }
    this.#advance()
  }
}

const NO_SETTINGS: readonly string[] = []

/** Documents that nobody has open and that stay in memory all the same. */
const IDLE_DOCS = 1000
/** An update that says nothing: whoever has the document open gets all of it anew. */
const NOTHING = Uint8Array.of(0, 0)
/** What these may weigh together, in runs and map values of some 100 bytes: their writers choose. */
const IDLE_WEIGHT = 500_000

/**
 * The documents that are in use, and the one way by which anything gets stored: a change is told
 * to nobody before it is durable, and then to everybody in the order of the sequence numbers.
 */
export class Documents {
  readonly store: Store
  readonly #log: Log
  readonly #idleDocs: number
  readonly #docs = new Map<DocName, HostedDoc>()
  /** Not held by anyone, longest first. */
  readonly #idle = new Map<HostedDoc, number>()
  #idleWeight = 0
  readonly #markClient = newMarkClient()
  readonly #line: Pending[] = []
  /** Appends in the line, by document. */
  readonly #outstanding = new Map<DocName, number>()
  readonly #quiet = new Map<DocName | typeof ALL, (() => void)[]>()
  readonly #listeners = new Set<DocumentsListener>()
  readonly #stopListening: () => void
  #seq: number

  readonly #bounds: DocBounds

  constructor(store: Store, log: Log = () => {}, idleDocs = IDLE_DOCS, bounds: DocBounds = {}) {
    this.store = store
    this.#log = log
    this.#bounds = bounds
    this.#idleDocs = idleDocs
    this.#seq = store.lastSeq()
    this.#stopListening = store.onReset((phase) => {
      if (phase === 'lost') this.#loseAll()
      // It may have less than before: nobody may be told that they know of what is still to come.
      else this.#seq = store.lastSeq()
    })
  }

  /** Everything up to this sequence number is durable, and whoever listens was told of it. */
  get seq(): number {
    // Changes of records alone need not come through here.
    if (this.#line.length === 0) this.#seq = Math.max(this.#seq, this.store.lastSeq())
    return this.#seq
  }

  listen(listener: DocumentsListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Stores a change; resolves when it is durable and everybody has been told. `durable` is called
   * before that, and before anything that comes after the change. Rejects with `StoreError`.
   */
  commit(change: Change, durable?: (commit: Commit) => void): Promise<Commit> {
    return new Promise((resolve, reject) => {
      const caller = { durable, resolve, reject }
      this.store.submit(change, this.#enqueue(change.appends ?? [], { caller }))
    })
  }

  /**
   * Stores an update that the gate let through, after the ones before it and no others; with it
   * what the server says of when it came, and `records`, which have to be as they are expected, too.
   */
  append(flight: Flight, update: Uint8Array, records: readonly RecordWrite[] = []): void {
    const doc = flight.hosted.name
    const after = flight.hosted.head + (this.#outstanding.get(doc) ?? 0)
    // Before it, so that nobody sees an entry and not yet that it was late.
    const { erases, marks } = flight
    const appends: readonly Append[] =
      marks === undefined
        ? [{ doc, update, after, erases }]
        : [
            { doc, update: marks, after },
            { doc, update, after: after + 1, erases },
          ]
    const noted = records.length === 0 ? flight.records : [...records, ...flight.records]
    this.store.submit({ appends, records: noted }, this.#enqueue(appends, { flight }))
  }

  /**
   * Begins a damaged document anew with what is left of it. Whoever has it open has to open it again,
   * and everybody hears that it moved. Rejects with `StoreError`.
   */
  async beginAnew(doc: DocName, updates: readonly Uint8Array[], line: AuditLine): Promise<void> {
    const hosted = this.#docs.get(doc)
    if (hosted !== undefined) this.#lose(hosted)
    await new Promise<Commit>((resolve, reject) => {
      const by = { caller: { resolve, reject }, anew: true }
      const pending = this.#enqueue([{ doc, update: NOTHING }], by)
      this.store.beginAnew(doc, updates, line).then(
        (commit) => pending.stored(commit),
        (error: unknown) => pending.failed(error),
      )
    })
  }

  /**
   * The document, which stays until {@link release}. Rejects with `StoreError`.
   */
  async hold(doc: DocName): Promise<HostedDoc> {
    const held = await contend(async () => {
      const hosted = this.#docs.get(doc) ?? this.#host(doc)
      hosted.pins++
      this.#wake(hosted)
      try {
        await hosted.opened
      } catch (error) {
        this.release(hosted)
        throw error
      }
      if (!hosted.gone) return hosted
      this.release(hosted)
      return undefined
    })
    if (held !== undefined) return held
    throw new StoreError('STORE_UNAVAILABLE', `${doc} is lost again and again`)
  }

  release(hosted: HostedDoc): void {
    hosted.pins--
    this.#rest(hosted)
  }

  /** Resolves when nothing is on its way into the store. */
  async settled(): Promise<void> {
    while (this.#line.length > 0)
      await new Promise<void>((resolve) => this.#whenQuiet(ALL, resolve))
  }

  close(): void {
    this.#stopListening()
  }

  #host(doc: DocName): HostedDoc {
    const ref = parseDocName(doc)
    if (ref === undefined) throw new Error('a document is opened by its name')
    const hosted = new HostedDoc(doc, ref, this.store, this.#markClient, this.#bounds)
    this.#docs.set(doc, hosted)
    hosted.opened = this.#readHead(hosted)
    hosted.opened.catch(() => this.#lose(hosted)) // Whoever holds it gets the error as well.
    return hosted
  }

  /** Between commits, so that it is certain which of them the head counts. */
  async #readHead(hosted: HostedDoc): Promise<void> {
    do {
      if (this.#outstanding.has(hosted.name))
        await new Promise<void>((resolve) => this.#whenQuiet(hosted.name, resolve))
      const { head, bytes } = await this.store.extent(hosted.name)
      hosted.head = Math.max(hosted.head, head)
      hosted.bytes = bytes
    } while (this.#outstanding.has(hosted.name))
  }

  #enqueue(
    appends: readonly Append[],
    by: { readonly flight?: Flight; readonly caller?: Caller; readonly anew?: boolean },
  ): Pending {
    const pending = new Pending(appends, by, this.#next)
    this.#line.push(pending)
    for (const { doc } of appends) this.#outstanding.set(doc, (this.#outstanding.get(doc) ?? 0) + 1)
    return pending
  }

  readonly #next = (): void => this.#advance()

  #advance(): void {
    for (;;) {
      const first = this.#line[0]
      if (first?.outcome === undefined) break
      this.#line.shift()
      for (const { doc } of first.appends) {
        const left = (this.#outstanding.get(doc) ?? 1) - 1
        if (left > 0) this.#outstanding.set(doc, left)
        else this.#outstanding.delete(doc)
      }
      if (first.outcome.kind === 'done') this.#committed(first, first.outcome.commit)
      else this.#failed(first, first.outcome.error)
      if (this.#quiet.size > 0)
        for (const { doc } of first.appends) if (!this.#outstanding.has(doc)) this.#tellQuiet(doc)
    }
    if (this.#line.length === 0) this.#tellQuiet(ALL)
  }

  #committed(pending: Pending, commit: Commit): void {
    const { appends, flight, caller } = pending
    if (commit.kind === 'conflict') {
      // Somebody else wrote to the document: what was judged has to be judged again.
      if (flight !== undefined) this.#lose(flight.hosted)
      caller?.resolve(commit)
      return
    }
    caller?.durable?.(commit)
    const moves: Move[] = []
    for (let i = 0; i < appends.length; i++) {
      const [append, head] = [appends[i], commit.heads[i]]
      if (append === undefined || head === undefined)
        throw new Error('a commit gives a head for each append')
      const { doc, update } = append
      const isMark = update === flight?.marks
      const own = isMark ? undefined : flight
      moves.push({
        doc,
        head,
        bytes: update.length,
        erases: own?.erases ?? append.erases ?? false,
        message: own?.message,
        settings: own?.settings ?? NO_SETTINGS,
      })
      const hosted = this.#docs.get(doc)
      if (hosted === undefined) continue
      if (pending.anew) {
        // Opened meanwhile, as it was before.
        this.#lose(hosted)
        continue
      }
      const isOf = flight?.hosted === hosted
      try {
        hosted.committed({ head, update }, isOf ? own : undefined, isMark && isOf)
      } catch (error) {
        this.#log('error', 'doc.unreadable', { doc, message: String(error) })
        this.#lose(hosted)
      }
      this.#rest(hosted)
    }
    this.#seq = Math.max(this.#seq, commit.seq)
    if (moves.length > 0) for (const listener of this.#listeners) listener.moved(moves)
    caller?.resolve(commit)
  }

  #failed({ appends, caller }: Pending, error: unknown): void {
    this.#log('error', 'commit.failed', { message: String(error) })
    for (const { doc } of appends) {
      const hosted = this.#docs.get(doc)
      if (hosted !== undefined) this.#lose(hosted)
    }
    caller?.reject(error)
  }

  #lose(hosted: HostedDoc): void {
    if (this.#docs.get(hosted.name) === hosted) this.#docs.delete(hosted.name)
    this.#wake(hosted)
    hosted.lose()
  }

  #loseAll(): void {
    for (const hosted of [...this.#docs.values()]) this.#lose(hosted)
    for (const listener of [...this.#listeners]) listener.lost()
  }

  /** Keeps a document that is not in use, as long as there is room. */
  #rest(hosted: HostedDoc): void {
    this.#wake(hosted)
    if (hosted.gone || hosted.pins > 0 || hosted.flights.length > 0) return
    const { weight } = hosted
    this.#idle.set(hosted, weight)
    this.#idleWeight += weight
    for (const oldest of this.#idle.keys()) {
      if (this.#idle.size <= this.#idleDocs && this.#idleWeight <= IDLE_WEIGHT) break
      this.#wake(oldest)
      this.#docs.delete(oldest.name)
    }
  }

  /** It is not among those that nobody has open. */
  #wake(hosted: HostedDoc): void {
    const weight = this.#idle.get(hosted)
    if (weight === undefined) return
    this.#idleWeight -= weight
    this.#idle.delete(hosted)
  }

  #whenQuiet(doc: DocName | typeof ALL, callback: () => void): void {
    const waiting = this.#quiet.get(doc) ?? []
    this.#quiet.set(doc, waiting)
    waiting.push(callback)
  }

  #tellQuiet(doc: DocName | typeof ALL): void {
    const waiting = this.#quiet.get(doc)
    this.#quiet.delete(doc)
    for (const callback of waiting ?? []) callback()
  }
}

/** Stands for all documents among those who wait for quiet. */
const ALL = ''
