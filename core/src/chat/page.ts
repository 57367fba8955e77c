/**
 * A page as a reader sees it: folds the logs and state maps of one Yjs document into messages,
 * receipts and counts. It only reads; what is written (`lane-writer.ts`) goes to the store first
 * and comes here as an update.
 */
import * as Y from 'yjs'
import type { MemberIndex, Writer } from '../base/client-id.ts'
import { joinUpdates } from '../update/join-updates.ts'
import { Arrivals, isMisdated } from './arrivals.ts'
import { ByteStructs } from './byte-structs.ts'
import { DocStructs, emptyDoc } from './doc-structs.ts'
import {
  type Authored,
  type EntryId,
  EntryKind,
  type EntryRef,
  entryId,
  isKnownKind,
  type Seen,
} from './entry.ts'
import { Knowledge } from './knowledge.ts'
import { Order, type Place } from './order.ts'
import type { PageStructs, StructSink } from './page-structs.ts'
import { Receipts } from './receipts.ts'
import { Stubs } from './stubs.ts'

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

/** A message while it is made. */
type Folding = { -readonly [K in keyof Message]: Message[K] }

/** What is here of one writer, by the number of an entry. */
interface WriterLog {
  readonly entries: (Authored | undefined)[]
  /** Messages that nothing new was said about keep their identity. */
  readonly folded: (Message | undefined)[]
}

const NO_BODIES: readonly Uint8Array[] = []
const NO_REACTIONS: ReadonlyMap<MemberIndex, Uint8Array> = new Map()
const NO_CHANGES: readonly Change[] = []

export class Page {
  readonly #sink: StructSink = {
    entry: (entry) => this.#add(entry),
    receipt: (index, key, time) => this.receiptsOf(index).add(key, time),
    mark: (key, time) => this.#mark(key, time),
  }
  #structs: PageStructs = new ByteStructs(this.#sink)
  #order = new Order<Authored>()
  #logs = new Map<Writer, WriterLog>()
  #vector = new Map<Writer, number>()
  /** Entries that change another one, by the one they change and by their own id. */
  #changes = new Map<EntryId, Map<EntryId, Change>>()
  #receipts = new Map<MemberIndex, Receipts>()
  readonly #arrivals = new Arrivals()
  #erased = false
  #messages: readonly Message[] | undefined
  /** What this order of entries was when they were folded. */
  #turns = 0
  readonly #stubs = new Stubs((client) => this.#structs.elementsOf(client))
  #knowledge = this.#newKnowledge()
  #newestAt = 0

  /**
   * Takes updates in together. False when something is missing that they build on: the page then
   * shows what it can, and has to be fetched again from the start.
   * @throws what Yjs throws for bytes that are no update
   */
  apply(updates: readonly Uint8Array[]): boolean {
    if (!this.#structs.apply(updates)) this.#readByYjs(updates)
    if (this.#structs.takeErased()) {
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
    return this.#structs.isComplete
  }

  /** Whether content was deleted since the last call: it has to go from where it is stored, too. */
  takeErased(): boolean {
    const erased = this.#erased
    this.#erased = false
    return erased
  }

  /** A new Yjs document of all that is here: for those who have to write it as a whole. */
  toDoc(): Y.Doc {
    const doc = emptyDoc()
    doc.transact(() => {
      for (const update of this.#structs.updates) Y.applyUpdate(doc, update)
    })
    return doc
  }

  /** Updates of all that is here, without what was deleted; few, and made faster than one. */
  toUpdates(): readonly Uint8Array[] {
    return this.isComplete ? joinUpdates(this.#structs.updates) : [this.toUpdate()]
  }

  /** One update of all that is here. */
  toUpdate(): Uint8Array {
    return Y.encodeStateAsUpdate(this.toDoc())
  }

  /** Largest entry number of each writer in this page. */
  get vector(): ReadonlyMap<Writer, number> {
    return this.#vector
  }

  entry(writer: Writer, n: number): Authored | undefined {
    return this.#logs.get(writer)?.entries[n]
  }

  /** What lies in the log of one member, in the order of each writer. */
  entriesOf(author: MemberIndex): readonly Authored[] {
    return this.#structs.entriesOf(author)
  }

  /** Whether anything in the page was written with this writer, whoever's it is. */
  hasWriter(writer: Writer): boolean {
    return this.#structs.hasWriter(writer)
  }

  /** Where a client's n-th element lies in Yjs, deleted ones counted; undefined when there is none. */
  clockOf(client: number, n: number): number | undefined {
    return this.#structs.clockOf(client, n)
  }

  /** When an entry got to the server, ms, if that is not about when it says it was written. */
  arrivedAt({ writer, n, at }: Pick<Authored, 'writer' | 'n' | 'at'>): number | null {
    const time = this.#arrivals.of(writer, n)
    return time !== undefined && isMisdated(at, time) ? time : null
  }

  /** Edits of an entry by its author, in no order. */
  editsOf(writer: Writer, n: number): readonly Authored[] {
    const author = this.#authorOf(writer, n)
    return this.#changesOf(writer, n).filter(
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
    if (this.#order.circular) return undefined
    // Mostly it names that very entry, or a later one.
    const named = this.entry(of.writer, of.n)?.seen.get(what.writer)
    return (named !== undefined && named >= what.n) || this.#knowledge.had(of, what)
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
    const messages: Message[] = []
    for (const { entry } of placed)
      if (entry.kind === EntryKind.message) messages.push(this.#message(entry))
    this.#messages = messages
    return messages
  }

  /** Entries that change a message: edits, reactions and its being taken back. */
  changesOf(message: EntryId): Iterable<EntryId> {
    return this.#changes.get(message)?.keys() ?? []
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

  /** What was taken in, and these, by Yjs itself: bytes whose grammar is not known here. */
  #readByYjs(updates: readonly Uint8Array[]): void {
    const known = this.#structs.updates
    this.#clear()
    this.#structs = new DocStructs(this.#sink)
    this.#structs.apply([...known, ...updates])
  }

  #mark(key: string, time: unknown): void {
    const range = this.#arrivals.add(key, time)
    if (range === undefined) return
    const folded = this.#logs.get(range.writer)?.folded
    if (folded !== undefined) folded.fill(undefined, range.from, range.to + 1)
  }

  #add(entry: Authored): void {
    this.#place(entry)
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
        if (ref !== null && ref.month === undefined) this.#addChange(ref, { ...entry, kind })
        return
      default:
        kind satisfies never
    }
  }

  #place(entry: Authored): void {
    const { writer, n } = entry
    const { entries } = this.#logOf(writer)
    if (entries[n] !== undefined) return
    entries[n] = entry
    this.#newestAt = Math.max(this.#newestAt, entry.at)
    if (n > (this.#vector.get(writer) ?? 0)) this.#vector.set(writer, n)
    this.#order.add(entry)
    this.#knowledge.add(entry)
  }

  #logOf(writer: Writer): WriterLog {
    const known = this.#logs.get(writer)
    if (known !== undefined) return known
    const log = { entries: [], folded: [] }
    this.#logs.set(writer, log)
    return log
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
    this.#unfold(ref)
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
      if (this.entry(writer, n) !== undefined) continue
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

  #changesOf(writer: Writer, n: number): readonly Change[] {
    if (this.#changes.size === 0) return NO_CHANGES
    const changes = this.#changes.get(entryId(writer, n))
    return changes === undefined ? NO_CHANGES : [...changes.values()]
  }

  /** Something came late, by which the order of several changes of a message can turn. */
  #unfoldChanged(): void {
    this.#turns = this.#order.turns
    for (const changes of this.#changes.values()) {
      const [first] = changes.values()
      if (changes.size > 1 && first?.ref) this.#unfold(first.ref)
    }
  }

  #unfold({ writer, n }: EntryRef): void {
    const folded = this.#logs.get(writer)?.folded
    if (folded?.[n] !== undefined) folded[n] = undefined
  }

  #message(entry: Authored): Message {
    const { folded } = this.#logOf(entry.writer)
    const message = folded[entry.n] ?? this.#fold(entry)
    folded[entry.n] = message
    return message
  }

  #fold(entry: Authored): Message {
    const { writer, n, author, device, at, ref, body } = entry
    // Each field by name: there are as many of these as messages, and spreads take ten times as long.
    const message: Folding = {
      id: entryId(writer, n),
      author,
      writer,
      n,
      device,
      at,
      arrivedAt: this.arrivedAt(entry),
      reply: ref,
      body,
      history: NO_BODIES,
      retracted: false,
      reactions: NO_REACTIONS,
    }
    const changes = this.#changesOf(writer, n)
    if (changes.length > 0) this.#change(message, changes)
    return message
  }

  /** What others of its author, and reactions of anyone, make of a message. */
  #change(message: Folding, changes: readonly Change[]): void {
    const bodies: Uint8Array[] = []
    const reactions = new Map<MemberIndex, Uint8Array>()
    for (const { kind, author, body } of this.#inOrder(changes)) {
      const isOwn = author === message.author
      switch (kind) {
        case EntryKind.edit:
          if (isOwn) bodies.push(body)
          break
        case EntryKind.retraction:
          if (isOwn) message.retracted = true
          break
        case EntryKind.reaction:
          reactions.set(author, body)
          break
        default:
          kind satisfies never
      }
    }
    const { body, retracted } = message
    if (retracted) {
      message.reply = null
      message.body = null
      return
    }
    message.reactions = reactions
    const latest = bodies.pop()
    if (latest === undefined || body === null) return
    message.history = [body, ...bodies]
    message.body = latest
  }

  #inOrder(entries: readonly Change[]): readonly Change[] {
    return [...entries].sort((a, b) => (this.#order.isBefore(a, b) ? -1 : 1))
  }

  /** After a deletion in a log: what was implied by what is gone is not known any more. */
  #foldAgain(): void {
    this.#clear()
    this.#structs.tellAgain()
  }

  #clear(): void {
    this.#order = new Order()
    this.#logs = new Map()
    this.#vector = new Map()
    this.#changes = new Map()
    this.#turns = 0
    this.#stubs.clear()
    this.#knowledge = this.#newKnowledge()
    this.#newestAt = 0
  }
}
