/**
 * The fold of a page is a function of what is stored: however its updates come (live, in one go,
 * in any order, from a snapshot), and whatever a member with a client of their own wrote into
 * their lane, as long as the gate lets it through.
 */
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { clientIdOf, type MemberIndex, type Writer, writerOf } from '../base/client-id.ts'
import { type DeviceId, parseDocName } from '../base/ids.ts'
import { ByteStructs } from '../chat/byte-structs.ts'
import { DocStructs } from '../chat/doc-structs.ts'
import { type Entry, EntryKind, type EntryRef, readKind, writeEntry } from '../chat/entry.ts'
import { LaneWriter } from '../chat/lane-writer.ts'
import { laneOf, logName, stateName } from '../chat/lanes.ts'
import { Page } from '../chat/page.ts'
import type { PageStructs, StructSink } from '../chat/page-structs.ts'
import { retractionOf } from '../chat/retraction.ts'
import { encodeLaneWrite, type LaneItem, laneWriteLength } from '../update/lane-write.ts'
import { checkUpdate } from './check-update.ts'
import { GateIndex } from './gate-index.ts'

/** Put one here that failed to repeat it. */
const SEED = Math.floor(Math.random() * 2 ** 31)
const WORLDS = 60
const STEPS = 40

const doc = parseDocName('chat/g.aaaabbbbccccdddd/2024-05')
const NOW = Date.parse('2024-05-20T12:00:00Z')
const device = 'device00' as DeviceId
const HOSTILE: MemberIndex = 3

/** From one seed (mulberry32). */
let state = SEED
const random = (): number => {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}
const below = (n: number): number => Math.floor(random() * n)
const chance = (p: number): boolean => random() < p
const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T

const aTime = (): number => NOW - below(50) * 1000
let bodies = 0
const aBody = (): Uint8Array => new Uint8Array([0, ++bodies & 255, (bodies >> 8) & 255])

const refOf = ({ writer, n }: { writer: Writer; n: number }): EntryRef => ({ writer, n })

/** Lets an update in, or not, as the server does. */
class Server {
  readonly index = new GateIndex()
  readonly rows: Uint8Array[] = []
  readonly doc = new Y.Doc()

  send(update: Uint8Array, member: MemberIndex): boolean {
    if (doc === undefined) throw new Error('a document')
    const lane = laneOf(doc, member)
    const verdict = checkUpdate(this.index, update, { doc, lane, now: NOW })
    if (verdict.kind !== 'accept') return false
    verdict.advance()
    this.rows.push(verdict.update)
    Y.applyUpdate(this.doc, verdict.update)
    return true
  }
}

/** A device that writes what the app writes. */
class Honest {
  readonly page = new Page()
  readonly #laneWriter: LaneWriter
  readonly #server: Server
  #seen = 0

  constructor(server: Server, index: MemberIndex, writer: Writer) {
    this.#server = server
    this.#laneWriter = new LaneWriter(index, writer, device)
  }

  step(): void {
    const { rows } = this.#server
    if (chance(0.7)) {
      this.page.apply(rows.slice(this.#seen))
      this.#seen = rows.length
    }
    const messages = this.page.messages()
    const own = messages.filter(
      ({ author, body }) => author === this.#laneWriter.index && body !== null,
    )
    const roll = random()
    if (roll < 0.2) {
      const news = this.page.undeliveredFor(this.#laneWriter.index)
      if (news.length > 0)
        this.#send(
          this.#laneWriter.receipts(
            news.map((at) => ({ kind: pick(['d', 'r'] as const), ...at })),
            NOW,
          ),
        )
    } else if (roll < 0.45 || messages.length === 0)
      this.#write({ kind: EntryKind.message, ref: null })
    else if (roll < 0.65) this.#write({ kind: EntryKind.reaction, ref: refOf(pick(messages)) })
    else if (own.length > 0 && roll < 0.8)
      this.#write({ kind: EntryKind.edit, ref: refOf(pick(own)) })
    else if (own.length > 0) {
      const { writer, n } = pick(own)
      const entry = this.page.entry(writer, n)
      if (entry === undefined) throw new Error('an own entry')
      const { added, deletes } = retractionOf(this.page, entry, this.#laneWriter.index, aTime())
      this.#send(this.#laneWriter.entries(added, this.page.frontier, deletes))
    }
  }

  #write(what: { kind: EntryKind; ref: EntryRef | null }): void {
    this.#send(
      this.#laneWriter.entries([{ at: aTime(), body: aBody(), ...what }], this.page.frontier),
    )
  }

  #send({ update, advance }: ReturnType<LaneWriter['receipts']>): void {
    advance()
    this.page.apply([update])
    expect(this.#server.send(update, this.#laneWriter.index)).toBe(true)
  }
}

/** A page load of somebody who writes what they like into their own lane. */
class Liar {
  readonly #server: Server
  readonly #client: number
  readonly #writers: readonly Writer[]
  #clock = 0
  #n = 0
  #last: number | undefined

  constructor(server: Server, writer: Writer, writers: readonly Writer[]) {
    this.#server = server
    this.#client = clientIdOf(HOSTILE, writer)
    this.#writers = writers
  }

  step(): void {
    if (chance(0.25)) {
      const items = Array.from({ length: 1 + below(4) }, () => ({
        map: stateName(HOSTILE),
        key: `${pick(['d', 'r'])}/${pick(this.#writers)}/${1 + below(9)}`,
        value: aTime(),
      }))
      return this.#send(items)
    }
    if (chance(0.2) && this.#clock > 0) {
      const client = clientIdOf(HOSTILE, pick(this.#writers))
      const clock = below(Math.max(1, this.#server.index.next(client)))
      this.#server.send(
        encodeLaneWrite({ client, clock: 0, items: [], deletes: [{ client, clock, len: 1 }] }),
        HOSTILE,
      )
      return
    }
    const values = Array.from({ length: 1 + below(3) }, (_, i) => writeEntry(this.#entry(i + 1)))
    const after = this.#after()
    this.#send([{ log: logName(HOSTILE), values, ...(after !== undefined && { after }) }])
  }

  #after(): { client: number; clock: number } | undefined {
    if (this.#last !== undefined) return { client: this.#client, clock: this.#last }
    const client = clientIdOf(HOSTILE, pick(this.#writers))
    const next = this.#server.index.next(client)
    return next > 0 && chance(0.5) ? { client, clock: below(next) } : undefined
  }

  #entry(more: number): Entry {
    const target = { writer: pick(this.#writers), n: 1 + below(6) }
    const stub = { at: aTime(), seen: this.#claims() }
    const kind = readKind(pick([1, 1, 2, 3, 3, 4, 9])) ?? EntryKind.message
    const refs: (EntryRef | null)[] = [null, target, { ...target, stub }, { ...target, stub }]
    return {
      writer: writerOf(this.#client),
      n: this.#n + more,
      device,
      at: aTime(),
      kind,
      ref: pick(refs),
      seen: this.#claims(),
      body: aBody(),
      signature: null,
    }
  }

  #claims(): Map<Writer, number> {
    const pairs = this.#writers
      .filter(() => chance(0.2))
      .map((writer) => [writer, chance(0.1) ? 2 ** 31 - 1 : 1 + below(6)] as const)
    return new Map(pairs)
  }

  #send(items: readonly LaneItem[]): void {
    const write = { client: this.#client, clock: this.#clock, items }
    if (!this.#server.send(encodeLaneWrite(write), HOSTILE)) return
    for (const item of items)
      if ('log' in item) {
        this.#n += item.values.length
        this.#last = this.#clock + item.values.length - 1
      }
    this.#clock += laneWriteLength(write)
  }
}

/** All that readers take from a page. */
const told = (page: Page, writers: readonly Writer[]) => {
  const messages = page.messages()
  const numbers = [1, 2, 3, 5, 8]
  return {
    messages: messages.map((message) => ({ ...message, reactions: [...message.reactions] })),
    vector: [...page.vector].sort(([a], [b]) => a - b),
    frontier: [...page.frontier].sort(([a], [b]) => a - b),
    newestAt: page.newestAt,
    edits: messages.map(({ writer, n }) =>
      page
        .editsOf(writer, n)
        .map((edit) => `${edit.writer}.${edit.n}`)
        .sort(),
    ),
    knew: messages
      .slice(0, 8)
      .map((one) => messages.slice(0, 8).map((what) => page.had(one, what))),
    receipts: [1, 2, HOSTILE].map((index) => {
      const receipts = page.receiptsOf(index)
      return writers.map((writer) => [
        receipts.watermark('d', writer),
        receipts.watermark('r', writer),
        numbers.map((n) => [receipts.timeOf('d', writer, n), receipts.timeOf('r', writer, n)]),
      ])
    }),
    unread: [1, 2].map((index) => page.unreadFor(index).map(({ id }) => id)),
    undelivered: [1, 2].map((index) =>
      page.undeliveredFor(index).sort((a, b) => a.writer - b.writer),
    ),
  }
}

const shuffled = <T>(list: readonly T[]): T[] => {
  const left = [...list]
  return list.map(() => left.splice(below(left.length), 1)[0] as T)
}

/** Applies the rows in parts, as `told` is asked in between. */
const folded = (parts: readonly (readonly Uint8Array[])[], writers: readonly Writer[]): Page => {
  const page = new Page()
  for (const part of parts) {
    page.apply(part)
    if (chance(0.3)) told(page, writers)
  }
  return page
}

/** Rows in parts, in all the ways in which they can come. */
const waysOf = ({ rows, doc }: Server): Record<string, readonly (readonly Uint8Array[])[]> => {
  const cut = below(rows.length)
  const early = new Y.Doc()
  for (const row of rows.slice(0, cut)) Y.applyUpdate(early, row)
  return {
    'in one go': [rows],
    live: rows.map((row) => [row]),
    backwards: rows.toReversed().map((row) => [row]),
    shuffled: shuffled(rows).map((row) => [row]),
    snapshot: [[Y.encodeStateAsUpdate(doc)]],
    merged: [[Y.mergeUpdates(rows)]],
    'rows, and all of it again': [
      ...rows.slice(0, cut).map((row) => [row]),
      [Y.encodeStateAsUpdate(doc)],
    ],
    'rows, and others with them': [rows.slice(0, cut), rows.slice(Math.floor(cut / 2))],
    'a snapshot and rows': [[Y.encodeStateAsUpdate(early)], ...rows.slice(cut).map((row) => [row])],
  }
}

const aWorld = (): { server: Server; writers: readonly Writer[] } => {
  const server = new Server()
  const writers = Array.from({ length: 7 }, () => below(2 ** 40))
  const at = (i: number): Writer => writers[i] ?? 0
  const members = [
    new Honest(server, 1, at(0)),
    new Honest(server, 1, at(1)),
    new Honest(server, 2, at(2)),
    new Honest(server, 2, at(3)),
    new Liar(server, at(4), writers),
    new Liar(server, at(5), writers),
    new Liar(server, at(6), writers),
  ]
  for (let step = 0; step < STEPS; step++) pick(members).step()
  return { server, writers }
}

it(`[FOLD-5] is the same for every way in which a page can come (seed ${SEED})`, () => {
  for (let world = 0; world < WORLDS; world++) {
    const { server, writers } = aWorld()
    const expected = told(folded([server.rows], writers), writers)
    for (const [way, parts] of Object.entries(waysOf(server))) {
      const page = folded(parts, writers)
      expect(told(page, writers), `world ${world}, ${way}`).toEqual(expected)
      for (const updates of [page.toUpdates(), [page.toUpdate()]]) {
        const copy = folded([updates], writers)
        expect(copy.isComplete, `world ${world}, ${way}, written again`).toBe(true)
        expect(told(copy, writers), `world ${world}, ${way}, written again`).toEqual(expected)
      }
    }
  }
}, 60_000)

/** What structs say, and what they have told. */
class Told {
  readonly structs: PageStructs
  readonly #entries = new Set<string>()
  readonly #values = new Map<string, unknown>()

  constructor(make: (sink: StructSink) => PageStructs) {
    this.structs = make({
      entry: (entry) => void this.#entries.add(JSON.stringify(plain(entry))),
      receipt: (index, key, value) => void this.#values.set(`${index} ${key}`, value),
      mark: (key, value) => void this.#values.set(key, value),
    })
  }

  said(writers: readonly Writer[]) {
    const { structs } = this
    const erased = structs.takeErased()
    if (erased) {
      this.#entries.clear()
      structs.tellAgain()
    }
    const members = [1, 2, HOSTILE]
    const clients = members.flatMap((index) => writers.map((writer) => clientIdOf(index, writer)))
    return {
      erased,
      complete: structs.isComplete,
      entries: [...this.#entries].sort(),
      values: [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1)),
      logs: members.map((index) =>
        structs
          .entriesOf(index)
          .map((entry) => JSON.stringify(plain(entry)))
          .sort(),
      ),
      has: [...writers, 1].map((writer) => structs.hasWriter(writer)),
      clocks: clients.map((client) => [
        structs.elementsOf(client),
        Array.from({ length: 12 }, (_, n) => structs.clockOf(client, n + 1)),
      ]),
    }
  }
}

const plain = ({ author, seen, ref, body, ...rest }: Entry & { author: MemberIndex }) => [
  [author, rest.writer, rest.n, rest.device, rest.at, rest.kind, [...body], rest.signature],
  ref && { ...ref, stub: ref.stub && { at: ref.stub.at, seen: [...ref.stub.seen] } },
  [...seen],
]

it(`[FOLD-5] read from bytes, a page is what Yjs has, at each step of every way (seed ${SEED})`, () => {
  for (let world = 0; world < WORLDS / 3; world++) {
    const { server, writers } = aWorld()
    for (const [way, parts] of Object.entries(waysOf(server))) {
      const bytes = new Told((sink) => new ByteStructs(sink))
      const yjs = new Told((sink) => new DocStructs(sink))
      let inOrder = true
      for (const [step, part] of parts.entries()) {
        // Some of it comes twice.
        const again = chance(0.2) ? [...part, pick(parts)[0] ?? part[0] ?? new Uint8Array()] : part
        expect(bytes.structs.apply(again)).toBe(true)
        yjs.structs.apply(again)
        const [said, expected] = [bytes.said(writers), yjs.said(writers)]
        inOrder &&= expected.complete
        // Of what has a gap Yjs shows more or less of what is behind it, by how it came.
        if (!expected.complete) expect(said.complete).toBe(false)
        else {
          if (inOrder && expected.erased) expect(said.erased).toBe(true)
          const same = { ...said, erased: true }
          expect(same, `world ${world}, ${way}, ${step}`).toEqual({ ...expected, erased: true })
        }
      }
    }
  }
}, 60_000)
