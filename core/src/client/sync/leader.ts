/**
 * The tab that holds the socket: runs the sync machine and the connector, and carries between
 * them and the device's database. What comes from the server is stored in the order in which it
 * came, and a cursor only after everything before it.
 */
import * as Y from 'yjs'
import type { Writer } from '../../base/client-id.ts'
import { type DeviceId, type DocName, parseDocName } from '../../base/ids.ts'
import type { HybridClock } from '../../chat/hybrid-clock.ts'
import { OWNER_INDEX, SYS } from '../../chat/lanes.ts'
import { CloseCode, mayRetry } from '../../protocol/close-code.ts'
import { type DocHead, type PersonPresence, writeClientFrame } from '../../protocol/frames.ts'
import {
  type DocStart,
  type Moved,
  type OutboxItem,
  SyncMachine,
  type SyncStatus,
} from '../../sync/sync-machine.ts'
import { Age } from '../../time/age.ts'
import { Backoff } from '../../time/backoff.ts'
import { ownUpdates } from '../../update/own-updates.ts'
import type { Pages } from '../documents/pages.ts'
import { isReadable } from '../documents/readable-rows.ts'
import { Rebuilder, type ServerState } from '../documents/rebuilder.ts'
import type { SysDocs } from '../documents/sys-docs.ts'
import type { Dial, GetToken, RandomBytes, RecallGroup, Timers } from '../model/ports.ts'
import type { ConnectionView } from '../model/views.ts'
import {
  type DocPatch,
  type DocRecord,
  type LocalStore,
  NOT_MEMBER,
  type OutboxRow,
} from '../store/local-store.ts'
import { Connector } from './connector.ts'
import { GroupRecall } from './group-recall.ts'

/**
 * How long, in ms, a delivery receipt waits for more of the burst, and for the reader, whose read
 * receipt makes it superfluous.
 */
const RECEIPT_DELAY = 60
/** How much later than its `Date` an HTTP answer may have been given, ms. */
const HTTP_DATE = 1_000
/** How long, in ms, the server's word on what time it is stands, when a page makes one doubt it. */
const DOUBT_AGAIN = 600_000
/** Bytes that came and are not stored yet beyond which no more documents are asked for. */
const STORING = 8 * 1024 * 1024
/** Between attempts to open a document that the server has closed for now, ms. */
const RETRY = { first: 1_000, longest: 300_000, least: 200 }
/** Over some two hours. */
const MOST_RETRIES = 30
/** How long a document has to stay open, ms, to count as open. */
const STEADY = 10_000

interface ClosedDoc {
  readonly backoff: Backoff
  tries: number
  /** Since it was opened again; undefined while it is not. */
  openFor: Age | undefined
}
/** An update that says nothing; its acknowledgement says that all before it is in. */
const emptyUpdate = Y.encodeStateAsUpdate(new Y.Doc())

export interface LeaderOptions {
  store: LocalStore
  pages: Pages
  sysDocs: SysDocs
  clock: HybridClock
  timers: Timers
  random: RandomBytes
  dial: Dial
  getToken: GetToken
  recallGroup: RecallGroup | undefined
  device: DeviceId
  writer: Writer
  events: LeaderEvents
}

export interface LeaderEvents {
  changed(): void
  /** Rows that came are stored, and this tab has taken them in and said so. */
  arrived(doc: DocName): void
  /** Rows, record or outbox of a document changed; `replaced`: not only by appending. */
  stored(doc: DocName, how: 'rows' | 'replaced'): void
  /** The server keeps this device's rows up to `upTo`. */
  acknowledged(doc: DocName, upTo: number): void
  /** The server has all of a document that had to be given again. */
  givenAgain(doc: DocName): void
  /** The server lost something of a document, or of all; what it had acknowledged it may not have. */
  serverLost(doc?: DocName): void
  /** Whether the person may have the document; see `SyncHost`. */
  canTake(doc: DocName): boolean
  /** Heads of these documents were heard of. */
  learned(docs: readonly DocHead[]): void
  /** It is different whether the server has something of the document damaged. */
  restoring(doc: DocName): void
  presence(people: readonly PersonPresence[]): void
  /** The clocks of this device's other tabs are as wrong as this one was. */
  clockCorrected(offset: number, serverTime: number): void
  awareness(doc: DocName, update: Uint8Array): void
  storageFailed(error: unknown): void
  /** Messages that have to go to another page, because theirs lies in the future. */
  resend(doc: DocName, bodies: readonly Uint8Array[]): Promise<void>
}

export class Leader {
  readonly #options: LeaderOptions
  readonly #connector: Connector
  readonly #rebuilder: Rebuilder
  readonly #recall: GroupRecall
  #machine: SyncMachine | undefined
  /** Documents in which nothing of the person fits any more: no receipt is tried there again. */
  readonly #full = new Set<DocName>()
  /** Bytes that came and are not stored yet. */
  #storing = 0
  /** Documents of which something came that is not taken in yet, and in how many frames. */
  readonly #taking = new Map<DocName, number>()
  #wanted: ReadonlySet<DocName> = new Set()
  /** Everything that has to be stored before the next cursor. */
  #stored: Promise<unknown> = Promise.resolve()
  /** What a document that is given again still has on its way: the row that completes it. */
  readonly #pushing = new Map<DocName, number>()
  /** What the server has of documents that are given again or rebuilt, as far as it came. */
  readonly #serverState = new Map<DocName, ServerState>()
  readonly #refetched = new Set<DocName>()
  /** Those of them that come from their start now. */
  readonly #fromStart = new Set<DocName>()
  /** Documents that the server has refused on this connection: the person is not in the chat. */
  readonly #forbidden = new Set<DocName>()
  /** Pages over which this device and the server disagreed what day it is. */
  readonly #doubted = new Map<DocName, Age>()
  /** Documents that the server has closed for now, until they are open again. */
  readonly #closedDocs = new Map<DocName, ClosedDoc>()
  /** Those of which the server has something damaged, until they are open again. */
  readonly #restoring = new Set<DocName>()
  /** Pages with entries that are to be acknowledged soon; how to call it off. */
  readonly #receiptsDue = new Map<DocName, () => void>()
  /** Pages off the screen that have all there is, or will when it is stored. */
  readonly #complete = new Set<DocName>()
  /** Since the server was last said hello to. */
  #greeted: Age
  #stopped = false

  constructor(options: LeaderOptions) {
    this.#options = options
    const { store, pages, sysDocs, clock, events, timers, dial, getToken, random } = options
    this.#greeted = new Age(timers)
    this.#rebuilder = new Rebuilder({
      device: options.device,
      store,
      pages,
      sysDocs,
      clock,
      resend: (doc, bodies) => events.resend(doc, bodies),
    })
    this.#recall = new GroupRecall(options.recallGroup, timers)
    this.#connector = new Connector({
      dial,
      getToken,
      timers,
      random,
      events: {
        opened: (token) => this.#opened(token),
        frame: (frame) => this.#machine?.received(frame),
        closed: () => this.#closed(),
        ping: () => this.#machine?.ping(),
        renew: ({ token, serverTime }, waited) => {
          if (serverTime !== undefined) this.#correct(serverTime, waited + HTTP_DATE)
          this.#machine?.renew(token)
        },
        changed: () => events.changed(),
      },
    })
  }

  async start(): Promise<void> {
    await this.#load()
    if (!this.#stopped) this.#connector.start()
  }

  stop(): void {
    this.#stopped = true
    this.#connector.stop()
  }

  /** After signing in again. */
  signedIn(): void {
    this.#connector.start()
  }

  wake(): void {
    this.#connector.wake()
  }

  /** Whether somebody looks at the screen of a tab. */
  attend(attended: boolean): void {
    this.#connector.attend(attended)
  }

  network(there: boolean): void {
    this.#connector.network(there)
  }

  want(docs: ReadonlySet<DocName>): void {
    this.#wanted = docs
    for (const doc of docs) this.#complete.delete(doc)
    this.#machine?.want(docs)
  }

  wrote(doc: DocName, row: OutboxItem): void {
    this.#machine?.wrote(doc, row)
    // It would wait for another connection, and be refused there, without a word until then.
    if (this.#forbidden.has(doc)) this.setAside(doc)
  }

  /** Another tab wrote: takes its rows from the outbox. */
  async takeFromOutbox(doc: DocName): Promise<void> {
    const rows = await this.#options.store.outbox(doc)
    for (const row of rows) if (isReadable(row.update)) this.wrote(doc, row)
  }

  sendAwareness(doc: DocName, update: Uint8Array): void {
    this.#machine?.sendAwareness(doc, update)
  }

  isBehind(doc: DocName): boolean {
    return this.#machine?.isBehind(doc) ?? false
  }

  connection(): ConnectionView {
    const { phase } = this.#connector
    if (phase !== 'open') return { phase }
    const status: SyncStatus = this.#machine?.status() ?? { state: 'down' }
    if (status.state !== 'up') return { phase: 'connecting' }
    return status.behind > 0 ? { phase: 'syncing', behind: status.behind } : { phase: 'live' }
  }

  /** Documents of which the server has something damaged. */
  restoring(): readonly DocName[] {
    return [...this.#restoring]
  }

  /** When the server was last heard of, ms; undefined while there is no connection. */
  get heardAt(): number | undefined {
    return this.#connector.heardAt
  }

  /** When everything that came so far is stored. */
  async idle(): Promise<void> {
    await this.#stored
    await this.#options.pages.idle()
  }

  async #load(): Promise<void> {
    const state = await this.#options.store.load()
    const starts = new Map<DocName, DocStart>()
    const outbox = new Map<DocName, OutboxRow[]>()
    for (const row of state.outbox) outbox.set(row.doc, [...(outbox.get(row.doc) ?? []), row])
    for (const record of state.docs) {
      const waiting = outbox.get(record.doc) ?? []
      const { doc, head, known, pushAll, movedAfter, filesDue } = await this.#sendable(
        record,
        waiting,
      )
      starts.set(doc, { head, known, pushAll, movedAfter, outbox: waiting.filter(isReadableRow) })
      if (filesDue && !pushAll) this.#options.events.givenAgain(doc)
    }
    const { epoch, cursor } = state.meta
    this.#machine = new SyncMachine(this.#host(), { epoch, cursor }, starts)
    this.#machine.want(this.#wanted)
    this.#pushing.clear()
    this.#serverState.clear()
  }

  #opened(token: string): void {
    this.#refetched.clear()
    this.#forbidden.clear()
    const { device, writer, timers } = this.#options
    this.#greeted = new Age(timers)
    this.#machine?.opened({ token, device, writer })
  }

  #closed(): void {
    this.#machine?.closed()
    this.#serverState.clear()
    this.#complete.clear()
    for (const { doc, code } of this.#rebuilder.pending()) this.#rebuild(doc, code)
  }

  #host(): ConstructorParameters<typeof SyncMachine>[0] {
    const { store, clock, events } = this.#options
    return {
      send: (frame) => {
        this.#connector.send(writeClientFrame(frame))
        if (frame.type === 'update') this.#connector.expectAnswer()
      },
      canTake: (doc) => events.canTake(doc),
      welcomed: ({ serverTime, tokenExpiresAt }) => {
        this.#correct(serverTime, this.#greeted.ms)
        this.#connector.keepAlive(tokenExpiresAt - serverTime)
      },
      renewed: (expiresAt) => this.#connector.keepAlive(expiresAt - clock.now()),
      received: (doc, updates, moved) => this.#received(doc, updates, moved),
      caughtUp: (doc) => this.#caughtUp(doc),
      hasRoom: () => this.#storing <= STORING,
      taking: () => this.#taking.size,
      accepted: (doc, upTo, moved) => this.#accepted(doc, upTo, moved),
      learned: (heads, position, doubted) => {
        const before = this.#stored
        events.learned(heads)
        // Heard of again, the person is back in it.
        for (const { doc } of heads) this.#forbidden.delete(doc)
        const known = heads.map(({ doc, head }) => ({ doc, known: head }))
        this.#keep(before.then(() => store.noteHeads(known, position, doubted)))
      },
      confirmed: (doc, head) => {
        const patch = { head, known: head, pushAll: false }
        this.#keep(store.append(doc, [], patch))
      },
      newEpoch: () => {
        this.#keep(store.resetHeads().then(() => events.serverLost()))
      },
      rejected: (doc, code) => this.#rejected(doc, code),
      denied: (doc, code) => this.#denied(doc, code),
      awareness: (doc, update) => events.awareness(doc, update),
      presence: (people) => events.presence(people),
      changed: () => events.changed(),
    }
  }

  /** The server's clock may be set while the connection lasts, as well as this device's. */
  #correct(serverTime: number, waited: number): void {
    const { store, clock, events } = this.#options
    clock.correct(serverTime, waited)
    events.clockCorrected(clock.offset, serverTime)
    this.#keep(store.putMeta({ clockOffset: clock.offset, clockFloor: serverTime }))
  }

  #received(doc: DocName, updates: readonly Uint8Array[], moved: Moved): void {
    const rebuilds = this.#rebuilder.isPending(doc)
    if (rebuilds || this.#machine?.givesAgain(doc)) {
      const before = this.#serverState.get(doc)?.updates ?? []
      this.#serverState.set(doc, { updates: [...before, ...updates], moved: patchOf(moved) })
    }
    // A rebuild stores all of it at once, when it is complete.
    if (rebuilds) return
    // A part of a snapshot completes nothing: the head stays as it is.
    const bytes = updates.reduce((sum, { length }) => sum + length, 0)
    this.#storing += bytes
    this.#taking.set(doc, (this.#taking.get(doc) ?? 0) + 1)
    const stored = this.#store(doc, updates, moved.head === 0 ? {} : patchOf(moved))
    this.#keep(stored.finally(() => this.#taken(doc, bytes)))
  }

  #taken(doc: DocName, bytes: number): void {
    this.#storing -= bytes
    const left = (this.#taking.get(doc) ?? 1) - 1
    if (left > 0) this.#taking.set(doc, left)
    else this.#taking.delete(doc)
    this.#machine?.resume()
  }

  async #store(doc: DocName, updates: readonly Uint8Array[], patch: DocPatch): Promise<void> {
    if (parseDocName(doc)?.kind === 'page') {
      // Parts of a large page are folded, and noted as received, when all of them are here.
      if (!(await this.#options.pages.receive(doc, updates, patch))) return
      // The burst is over, and nobody will read it now.
      if (this.#complete.delete(doc)) this.#receipt(doc)
      else this.#receiptSoon(doc)
    } else await this.#options.sysDocs.receive(doc, updates, patch)
    this.#options.events.arrived(doc)
  }

  #accepted(doc: DocName, upTo: number, moved: Moved): void {
    const { store, events } = this.#options
    if (this.#rebuilder.isPending(doc)) return
    const last = this.#pushing.get(doc)
    const done = last !== undefined && upTo >= last
    if (done) this.#pushing.delete(doc)
    const patch = {
      ...patchOf(moved),
      ...(done ? { pushAll: false, lost: false, filesDue: true } : {}),
    }
    this.#keep(
      store.acknowledge(doc, upTo, patch).then(() => {
        if (upTo > 0) events.acknowledged(doc, upTo)
        if (done) events.givenAgain(doc)
      }),
    )
  }

  #caughtUp(doc: DocName): void {
    const closed = this.#closedDocs.get(doc)
    if (closed !== undefined) closed.openFor = new Age(this.#options.timers)
    if (this.#restoring.delete(doc)) this.#options.events.restoring(doc)
    if (this.#rebuilder.isPending(doc)) return this.#finishRebuild(doc)
    if (this.#fromStart.delete(doc)) this.#keep(this.#tidy(doc))
    if (parseDocName(doc)?.kind === 'user') void this.#recallGroups(doc)
    else this.#keep(this.#pushIfAsked(doc))
    if (this.#wanted.has(doc) || parseDocName(doc)?.kind !== 'page') return
    const callOff = this.#receiptsDue.get(doc)
    if (callOff === undefined) this.#complete.add(doc)
    else {
      callOff()
      this.#receipt(doc)
    }
  }

  /** The rows that made it necessary to fetch a document anew go, now that it is here. */
  async #tidy(doc: DocName): Promise<void> {
    const { pages, sysDocs } = this.#options
    await (parseDocName(doc)?.kind === 'page' ? pages : sysDocs).tidy(doc)
  }

  /** What the server lost of its own word about groups it gets first, in a way of its own. */
  async #recallGroups(doc: DocName): Promise<void> {
    const connection = this.#greeted
    const isSame = (): boolean => !this.#stopped && this.#greeted === connection
    if (this.#machine?.givesAgain(doc) !== true) return
    await this.#stored
    const known = new Y.Doc()
    for (const update of this.#serverState.get(doc)?.updates ?? []) Y.applyUpdate(known, update)
    const local = this.#options.sysDocs.entries(doc)
    await this.#recall.handBack(local, known.getMap(SYS).entries(), isSame)
    if (isSame()) this.#keep(this.#pushIfAsked(doc))
  }

  /** The server lost what it had: gives it what it lacks of this device's own. */
  async #pushIfAsked(doc: DocName): Promise<void> {
    const { store, pages } = this.#options
    if (this.#machine?.givesAgain(doc) !== true) return
    const record = await store.record(doc)
    if (record?.pushAll !== true) return
    const isPage = parseDocName(doc)?.kind === 'page'
    const open = isPage ? await pages.open(doc) : await this.#options.sysDocs.open(doc)
    const local = 'page' in open ? open.page.toDoc() : open.doc
    const me = 'page' in open ? open.me : OWNER_INDEX
    const known = new Y.Doc()
    for (const update of this.#serverState.get(doc)?.updates ?? []) Y.applyUpdate(known, update)
    this.#serverState.delete(doc)
    const lacking = Y.encodeStateAsUpdate(local, Y.encodeStateVector(known))
    const parts = ownUpdates(lacking, me)
    if (parts.length === 0) parts.push(emptyUpdate)
    this.#pushing.set(doc, open.lastRow)
    // Only the last part stands for the rows: all of them are in when it is.
    const items = parts.map((update, i) => ({
      no: i === parts.length - 1 ? open.lastRow : 0,
      update,
    }))
    this.#machine?.push(doc, items)
  }

  #rejected(doc: DocName, code: string): void {
    // Dated by a clock that was set since it was last asked: what it says in the next welcome is
    // known before the document is rebuilt.
    if (code === 'CLOCK') {
      this.#rebuilder.begin(doc, code)
      return this.#connector.reconnect()
    }
    // The server lacks something that this device has sent before: it has to be given again.
    if (code === 'MISSING_DEP' && !this.#refetched.has(doc)) this.#giveAgain(doc)
    else {
      if (code === 'FULL') this.#full.add(doc)
      this.#rebuild(doc, code)
    }
  }

  #denied(doc: DocName, code: number): void {
    if (code === CloseCode.damaged) {
      this.#restoring.add(doc)
      this.#options.events.restoring(doc)
    }
    if (mayRetry(code)) return this.#retryLater(doc)
    if (code === CloseCode.notFound && parseDocName(doc)?.kind === 'page') this.#inTheFuture(doc)
    if (code === CloseCode.forbidden) {
      this.#forbidden.add(doc)
      this.setAside(doc)
    }
  }

  /** For the server the page has not begun, and nobody has written in it. */
  #inTheFuture(doc: DocName): void {
    if (this.#rebuilder.isAhead(doc)) {
      return this.#keep(
        this.#rebuilder.discardServerState(doc).then((changed) => {
          if (changed) this.#options.events.stored(doc, 'replaced')
        }),
      )
    }
    // By the clock that this device learned from the server it has: one of them was set since.
    const doubted = this.#doubted.get(doc)
    if (doubted !== undefined && doubted.ms < DOUBT_AGAIN) return
    this.#doubted.set(doc, new Age(this.#options.timers))
    this.#connector.reconnect()
  }

  /** The others go on meanwhile. */
  #retryLater(doc: DocName): void {
    const { timers, events } = this.#options
    const fresh = { backoff: new Backoff(RETRY), tries: 0, openFor: undefined }
    const state: ClosedDoc = this.#closedDocs.get(doc) ?? fresh
    // One that was open for a moment is no better than one that never was.
    if (state.openFor !== undefined && state.openFor.ms >= STEADY) {
      state.backoff.reset()
      state.tries = 0
    }
    state.tries++
    state.openFor = undefined
    this.#closedDocs.set(doc, state)
    events.changed()
    // From then on only the next connection tries again, which has a pause of its own.
    if (state.tries > MOST_RETRIES) return
    timers.after(state.backoff.next(), () => {
      if (!this.#stopped) this.#machine?.retry(doc)
    })
  }

  /** The person is not, or no longer, in the chat of this page: what was not sent will not be. */
  setAside(doc: DocName): void {
    this.#keep(
      this.#rebuilder.setAside(doc, NOT_MEMBER).then(async (changed) => {
        if (!changed) return
        await this.#begin(doc, {})
        this.#options.events.stored(doc, 'replaced')
      }),
    )
  }

  /** Fetches the document from its start, and then gives the server what it lacks. */
  #giveAgain(doc: DocName): void {
    this.#refetched.add(doc)
    const begun = this.#begin(doc, { head: 0, pushAll: true, lost: true })
    this.#keep(begun.then(() => this.#options.events.serverLost(doc)))
  }

  /**
   * The rows build on something that is not here, or cannot be read: fetches the document from its
   * start, once on each connection.
   */
  refetch(doc: DocName): void {
    if (this.#refetched.has(doc)) return
    this.#refetched.add(doc)
    const begun = this.#begin(doc, { head: 0 })
    this.#keep(
      begun.then(() => {
        this.#fromStart.add(doc)
        this.#options.events.stored(doc, 'rows')
      }),
    )
  }

  #rebuild(doc: DocName, code: string): void {
    this.#rebuilder.begin(doc, code)
    this.#serverState.delete(doc)
    // Without an outbox: nothing of this device's own goes out before the server's state is here.
    const start = { head: 0, known: 1, outbox: [], pushAll: false, movedAfter: '' }
    this.#machine?.reset(doc, start)
  }

  #finishRebuild(doc: DocName): void {
    const state = this.#serverState.get(doc) ?? { updates: [], moved: { head: 0, known: 0 } }
    this.#serverState.delete(doc)
    this.#keep(
      this.#rebuilder.finish(doc, state).then(async () => {
        await this.#begin(doc, {})
        this.#options.events.stored(doc, 'replaced')
      }),
    )
  }

  /** Begins again with a document as the store has it. */
  async #begin(doc: DocName, patch: DocPatch): Promise<void> {
    const { store } = this.#options
    const { record } = await store.append(doc, [], patch)
    const rows = await store.outbox(doc)
    this.#serverState.delete(doc)
    const { head, known, pushAll, movedAfter } = await this.#sendable(record, rows)
    const outbox = rows.filter(isReadableRow)
    this.#machine?.reset(doc, { head, known: Math.max(known, 1), outbox, pushAll, movedAfter })
  }

  /**
   * What waits and cannot be read is still in the document itself: the server is given whatever it
   * lacks of that. Returns the record as it is then.
   */
  async #sendable(record: DocRecord, outbox: readonly OutboxRow[]): Promise<DocRecord> {
    if (outbox.every(isReadableRow) || record.pushAll) return record
    const known = Math.max(record.known, 1)
    const patch = { head: 0, known, pushAll: true, lost: true }
    const changed = await this.#options.store.append(record.doc, [], patch)
    this.#options.events.stored(record.doc, 'rows')
    return changed.record
  }

  #receiptSoon(doc: DocName): void {
    if (this.#receiptsDue.has(doc)) return
    const callOff = this.#options.timers.after(RECEIPT_DELAY, () => this.#receipt(doc))
    this.#receiptsDue.set(doc, callOff)
  }

  #receipt(doc: DocName): void {
    this.#receiptsDue.delete(doc)
    if (this.#stopped || this.#full.has(doc)) return
    this.#keep(
      this.#options.pages.receipt(doc, (open) =>
        open.page.undeliveredFor(open.me).map(({ writer, n }) => ({ kind: 'd', writer, n })),
      ),
    )
  }

  /**
   * Keeps what has to be stored in mind. When the device's database fails, nothing after it may
   * count either: the connection ends, and begins again from what the database really has.
   */
  #keep(work: Promise<unknown>): void {
    this.#stored = Promise.all([this.#stored, work]).catch(async (error: unknown) => {
      this.#options.events.storageFailed(error)
      this.#connector.reconnect()
      await this.#load().catch((again: unknown) => this.#options.events.storageFailed(again))
    })
  }
}

const isReadableRow = ({ update }: OutboxItem): boolean => isReadable(update)

/** As it is stored with what moved the head. */
const patchOf = ({ head, movedAfter }: Moved): DocPatch => ({
  head,
  known: head,
  ...(movedAfter !== undefined && { movedAfter }),
})
