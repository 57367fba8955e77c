/**
 * A page as a reader sees it: folds the logs and state maps of one Yjs document into messages,
 * receipts and counts. It only reads; what is written (`lane-writer.ts`) goes to the store first
 * and comes here as an update.
 */
import * as Y from 'yjs'
import { type MemberIndex, type Writer, writerOf } from '../base/client-id.ts'
import { Arrivals, isMisdated } from './arrivals.ts'
import {
  type Entry,
  type EntryId,
  EntryKind,
  type EntryRef,
  entryId,
  isKnownKind,
  readEntry,
  type Seen,
} from './entry.ts'
import { Knowledge } from './knowledge.ts'
import { logName, readRootName, SYS } from './lanes.ts'
import { Order, type Place } from './order.ts'
import { Receipts } from './receipts.ts'
import { Stubs } from './stubs.ts'

/** An entry and the member in whose log it lies. */
export interface Authored extends Entry {
  author: MemberIndex
}

/** An entry that changes another one. */
type Change = Authored & { kind: Exclude<EntryKind, typeof EntryKind.message> }

/** A message with what later entries of its author, and reactions of anyone, made of it. */
export interface Message {
  id: EntryId
  author: MemberIndex
  writer: Writer
  n: number
  device: string
  at: number
  /** When it got to the server, ms, if that is not about `at`; null when `at` says it. */
  arrivedAt: number | null
  reply: EntryRef | null
  /** Body of the message or of its latest edit; null when it was taken back. */
  body: Uint8Array | null
  /** Earlier bodies, oldest first. */
  history: readonly Uint8Array[]
  retracted: boolean
  /** Latest reaction entry of each member who has one. */
  reactions: ReadonlyMap<MemberIndex, Uint8Array>
}

export class Page {
  // Nothing asks for its name; a random one takes most of the time of making a document.
  readonly doc = new Y.Doc({ guid: '' })
  #order = new Order<Authored>()
  #entries = new Map<EntryId, Authored>()
  #vector = new Map<Writer, number>()
  /** Entries that change another one, by the one they change and by their own id. */
  #changes = new Map<EntryId, Map<EntryId, Change>>()
  #receipts = new Map<MemberIndex, Receipts>()
  readonly #arrivals = new Arrivals()
  readonly #known = new Set<string>()
  #refold = false
  #erased = false
  #messages: readonly Message[] | undefined
  /** Messages that nothing new was said about keep their identity. */
  #folded = new Map<EntryId, Message>()
  /** What this order of entries was when they were folded. */
  #turns = 0
  readonly #stubs = new Stubs(this.doc)
  #knowledge = this.#newKnowledge()
  #newestAt = 0

  /**
   * Integrates updates in one transaction. False when something is missing that they build on:
   * the page then shows what it can, and has to be fetched again from the start.
   */
  apply(updates: readonly Uint8Array[]): boolean {
    this.doc.transact(() => {
      for (const update of updates) Y.applyUpdate(this.doc, update)
    })
    for (const name of [...this.doc.share.keys()]) if (!this.#known.has(name)) this.#discover(name)
    if (this.#refold) {
      this.#erased = true
      this.#foldAgain()
    }
    if (!this.#placeStubs()) {
      this.#foldAgain()
      this.#placeStubs()
    }
    this.#messages = undefined
    return this.isComplete
  }

  /** Whether no update builds on something that is not here. */
  get isComplete(): boolean {
    return this.doc.store.pendingStructs === null && this.doc.store.pendingDs === null
  }

  /** Whether content was deleted since the last call: it has to go from where it is stored, too. */
  takeErased(): boolean {
    const erased = this.#erased
    this.#erased = false
    return erased
  }

  /** Largest entry number of each writer in this page. */
  get vector(): ReadonlyMap<Writer, number> {
    return this.#vector
  }

  entry(writer: Writer, n: number): Authored | undefined {
    return this.#entries.get(entryId(writer, n))
  }

  /** What lies in the log of one member. */
  entriesOf(author: MemberIndex): readonly Authored[] {
    const values = this.doc.getArray<unknown>(logName(author)).toArray()
    return values.flatMap((value) => {
      const entry = readEntry(value)
      return entry === undefined ? [] : [{ ...entry, author }]
    })
  }

  /** Whether anything in the page was written with this writer, whoever's it is. */
  hasWriter(writer: Writer): boolean {
    return [...this.doc.store.clients.keys()].some((client) => writerOf(client) === writer)
  }

  /** When an entry got to the server, ms, if that is not about when it says it was written. */
  arrivedAt({ writer, n, at }: Pick<Authored, 'writer' | 'n' | 'at'>): number | null {
    const time = this.#arrivals.of(writer, n)
    return time !== undefined && isMisdated(at, time) ? time : null
  }

  /** Edits of an entry by its author, in no order. */
  editsOf(writer: Writer, n: number): readonly Authored[] {
    const author = this.#authorOf(writer, n)
    return this.#changesOf(entryId(writer, n)).filter(
      (change) => change.kind === EntryKind.edit && change.author === author,
    )
  }

  /** What an entry that is written now has to name, so that all that is here is known to be seen. */
  get frontier(): Seen {
    return this.#order.circular ? this.#vector : this.#knowledge.frontier(this.#vector)
  }

  /**
   * Whether the author of the entry `of` had `what` on that device when they wrote it; undefined
   * when that cannot be told.
   */
  had(of: Place, what: Place): boolean | undefined {
    return this.#order.circular ? undefined : this.#knowledge.had(of, what)
  }

  receiptsOf(index: MemberIndex): Receipts {
    const known = this.#receipts.get(index)
    if (known !== undefined) return known
    const none = new Receipts()
    this.#receipts.set(index, none)
    return none
  }

  /** Timestamp of the newest entry, ms; 0 for an empty page. */
  get newestAt(): number {
    return this.#newestAt
  }

  /** In the order of the screen, oldest first. */
  messages(): readonly Message[] {
    if (this.#messages !== undefined) return this.#messages
    const placed = this.#order.placed()
    if (this.#turns !== this.#order.turns) this.#unfoldChanged()
    this.#messages = placed
      .filter(({ entry }) => entry.kind === EntryKind.message)
      .map(({ entry }) => this.#message(entry))
    return this.#messages
  }

  /** One of the messages; what somebody refers to may be none. */
  message(writer: Writer, n: number): Message | undefined {
    const entry = this.entry(writer, n)
    if (entry?.kind !== EntryKind.message) return undefined
    this.messages()
    return this.#message(entry)
  }

  /** Messages of others beyond what `reader` has read, in the order of the screen. */
  unreadFor(reader: MemberIndex): readonly Message[] {
    return this.messages().filter((message) => this.isUnread(message, reader))
  }

  /** The one rule of what is unread: counts, dividers and notices all follow it. */
  isUnread({ author, writer, n, retracted }: Message, reader: MemberIndex): boolean {
    return author !== reader && !retracted && n > this.receiptsOf(reader).watermark('r', writer)
  }

  /** Writers of others of whom `reader` has entries that they have not said they have. */
  undeliveredFor(reader: MemberIndex): { writer: Writer; n: number }[] {
    const receipts = this.receiptsOf(reader)
    return [...this.#vector]
      .filter(([writer, n]) => n > receipts.watermark('d', writer))
      .filter(([writer, n]) => this.#authorOf(writer, n) !== reader)
      .map(([writer, n]) => ({ writer, n }))
  }

  #authorOf(writer: Writer, n: number): MemberIndex | undefined {
    return this.entry(writer, n)?.author
  }

  #discover(name: string): void {
    this.#known.add(name)
    if (name === SYS) return this.#observeArrivals()
    const root = readRootName(name)
    if (root === undefined) return
    if (root.part === 'log') {
      const log = this.doc.getArray<unknown>(name)
      log.observe((event) => {
        for (const change of event.delta) {
          if (change.delete !== undefined) this.#refold = true
          if (Array.isArray(change.insert))
            for (const value of change.insert) this.#add(root.index, value)
        }
      })
      for (const value of log.toArray()) this.#add(root.index, value)
    } else {
      const state = this.doc.getMap<unknown>(name)
      const receipts = this.receiptsOf(root.index)
      state.observe((event) => {
        for (const key of event.keysChanged) receipts.add(key, state.get(key))
      })
      for (const [key, time] of state.entries()) receipts.add(key, time)
    }
  }

  #observeArrivals(): void {
    const marks = this.doc.getMap<unknown>(SYS)
    const add = (key: string): void => {
      const range = this.#arrivals.add(key, marks.get(key))
      if (range === undefined) return
      for (let n = range.from; n <= range.to; n++) this.#folded.delete(entryId(range.writer, n))
    }
    marks.observe((event) => {
      for (const key of event.keysChanged) add(key)
    })
    for (const key of marks.keys()) add(key)
  }

  #add(author: MemberIndex, value: unknown): void {
    const entry = readEntry(value)
    if (entry === undefined) return
    this.#place({ ...entry, author })
    const { kind, ref } = entry
    // It has its place among the others, and no effect: a later version knows what it is.
    if (!isKnownKind(kind)) return
    switch (kind) {
      case EntryKind.message:
        return
      case EntryKind.edit:
      case EntryKind.retraction:
      case EntryKind.reaction:
        // What changes an entry of another page does nothing here.
        if (ref !== null && ref.month === undefined)
          this.#addChange(ref, { ...entry, kind, author })
        return
      default:
        kind satisfies never
    }
  }

  #place(entry: Authored): void {
    const id = entryId(entry.writer, entry.n)
    if (this.#entries.has(id)) return
    this.#entries.set(id, entry)
    this.#newestAt = Math.max(this.#newestAt, entry.at)
    this.#vector.set(entry.writer, Math.max(entry.n, this.#vector.get(entry.writer) ?? 0))
    this.#order.add(entry)
    this.#knowledge.add(entry)
  }

  #newKnowledge(): Knowledge {
    return new Knowledge({
      vector: () => this.#vector,
      entry: (writer, n) => this.entry(writer, n),
      isStub: (id) => this.#stubs.has(id),
      isBefore: (a, b) => this.#order.isBefore(a, b),
      turns: () => this.#order.turns,
    })
  }

  #addChange(ref: EntryRef, entry: Change): void {
    const target = entryId(ref.writer, ref.n)
    const changes = this.#changes.get(target) ?? new Map<EntryId, Change>()
    this.#changes.set(target, changes)
    changes.set(entryId(entry.writer, entry.n), entry)
    this.#folded.delete(target)
    if (entry.kind !== EntryKind.retraction || ref.stub === undefined) return
    const { author, device } = entry
    this.#stubs.add({ author, device, writer: ref.writer, n: ref.n, ...ref.stub, by: entry })
  }

  /**
   * The content is gone, or will be; its place in the timeline stays. False when a stub came after
   * one that it should have been before.
   */
  #placeStubs(): boolean {
    for (const stub of this.#stubs.take()) {
      if (this.#stubs.isLate(stub)) return false
      const { author, device, writer, n, at, seen } = stub
      if (this.#entries.has(entryId(writer, n))) continue
      this.#stubs.place(stub)
      this.#place({
        writer,
        n,
        device,
        at,
        kind: EntryKind.message,
        ref: null,
        seen,
        body: new Uint8Array([0]),
        signature: null,
        author,
      })
    }
    return true
  }

  #changesOf(id: EntryId): readonly Change[] {
    return [...(this.#changes.get(id)?.values() ?? [])]
  }

  /** Something came late, by which the order of several changes of a message can turn. */
  #unfoldChanged(): void {
    this.#turns = this.#order.turns
    for (const [id, changes] of this.#changes) if (changes.size > 1) this.#folded.delete(id)
  }

  #message(entry: Authored): Message {
    const id = entryId(entry.writer, entry.n)
    const message = this.#folded.get(id) ?? this.#fold(entry)
    this.#folded.set(id, message)
    return message
  }

  #fold(entry: Authored): Message {
    const id = entryId(entry.writer, entry.n)
    const bodies = [entry.body]
    const reactions = new Map<MemberIndex, Uint8Array>()
    let retracted = false
    for (const { kind, author, body } of this.#inOrder(this.#changesOf(id))) {
      const isOwn = author === entry.author
      switch (kind) {
        case EntryKind.edit:
          if (isOwn) bodies.push(body)
          break
        case EntryKind.retraction:
          if (isOwn) retracted = true
          break
        case EntryKind.reaction:
          reactions.set(author, body)
          break
        default:
          kind satisfies never
      }
    }
    return {
      id,
      author: entry.author,
      writer: entry.writer,
      n: entry.n,
      device: entry.device,
      at: entry.at,
      arrivedAt: this.arrivedAt(entry),
      reply: retracted ? null : entry.ref,
      body: retracted ? null : (bodies.at(-1) ?? null),
      history: retracted ? [] : bodies.slice(0, -1),
      retracted,
      reactions: retracted ? new Map() : reactions,
    }
  }

  #inOrder(entries: readonly Change[]): readonly Change[] {
    return [...entries].sort((a, b) => (this.#order.isBefore(a, b) ? -1 : 1))
  }

  /** After a deletion in a log, which Yjs reports by place and not by entry. */
  #foldAgain(): void {
    this.#refold = false
    this.#order = new Order()
    this.#entries = new Map()
    this.#vector = new Map()
    this.#changes = new Map()
    this.#folded = new Map()
    this.#turns = 0
    this.#stubs.clear()
    this.#knowledge = this.#newKnowledge()
    this.#newestAt = 0
    for (const name of this.#known) {
      const root = readRootName(name)
      if (root?.part === 'log')
        for (const value of this.doc.getArray<unknown>(name).toArray()) this.#add(root.index, value)
    }
  }
}
