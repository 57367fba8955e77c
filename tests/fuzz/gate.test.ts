/**
 * Fuzzes the gate against real Yjs: whatever bytes a member sends, nothing outside their lane
 * changes by applying what the gate lets through, and honest members go on.
 *
 * FUZZ_SEED repeats a run, FUZZ_COUNT sets the number of updates.
 */

import { clientIdOf, indexOf, type MemberIndex, writerOf } from '@wardline/core/base/client-id'
import { parseDeviceId, parseDocName } from '@wardline/core/base/ids'
import { EntryKind, type EntryTuple, readEntry, writeEntry } from '@wardline/core/chat/entry'
import { laneOf } from '@wardline/core/chat/lanes'
import { checkUpdate, type Verdict } from '@wardline/core/gate/check-update'
import { GateIndex } from '@wardline/core/gate/gate-index'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import * as encoding from 'lib0/encoding'
import { expect, it } from 'vitest'
import * as Y from 'yjs'

const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))
const COUNT = Number(process.env.FUZZ_COUNT ?? 100_000)
const PER_WORLD = 500

const DOC = parseDocName('chat/dm.patient.doctor/2024-05')!
const NOW = Date.parse('2024-05-20T12:00:00Z')
const DEVICE = parseDeviceId('device01')!
const ALICE = 1
const BOB = 2
const [A1, A2, A3, B1, B2, SERVER] = [
  clientIdOf(ALICE, 11),
  clientIdOf(ALICE, 2 ** 40 - 1),
  clientIdOf(ALICE, 12345),
  clientIdOf(BOB, 33),
  clientIdOf(BOB, 400),
  clientIdOf(0, 5),
] as const
/** Alice with a writer of Bob's. */
const TAKEN = clientIdOf(ALICE, writerOf(B1))

// Randomness, from one printed seed (mulberry32).
let state = SEED
const random = (): number => {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}
const below = (n: number): number => Math.floor(random() * n)
const chance = (p: number): boolean => random() < p
const pick = <T>(list: readonly T[]): T => list[below(list.length)]!

const entry = (client: number, n: number, at = NOW - 1000 + below(2000)): EntryTuple =>
  writeEntry({
    writer: writerOf(client),
    n,
    device: DEVICE,
    at,
    kind: pick(Object.values(EntryKind)),
    ref: chance(0.1) ? { writer: 11, n: 1 } : null,
    seen: chance(0.2) ? new Map([[11, 1 + below(5)]]) : new Map(),
    body: new Uint8Array(1 + below(6)),
    signature: null,
  })

// The server and honest members, each a real Y.Doc.

interface Replica {
  doc: Y.Doc
  member: MemberIndex
  inbox: Uint8Array[]
  entries: number
}

class World {
  readonly rows: Uint8Array[] = []
  readonly index = new GateIndex()
  readonly doc = new Y.Doc()
  readonly replicas: Replica[] = []
  /** Honest updates of Alice, to mutate. */
  readonly pool: Uint8Array[] = []
  readonly receipts = new Set<string>()

  constructor() {
    this.store(
      encodeLaneWrite({ client: SERVER, clock: 0, items: [{ map: 'sys', key: 'k', value: 1 }] }),
    )
    this.index.addStored(this.rows[0]!)
    for (const client of [A1, A2, B1, B2]) this.join(client)
    // A writer is its member's from the first write on; nobody can guess it before.
    for (const replica of this.replicas) this.honestStep(replica)
    for (let i = 0; i < 10; i++) this.honestStep(pick(this.replicas))
    for (const replica of this.replicas) {
      this.deliver(replica)
      this.syncStep2(replica)
    }
  }

  check(bytes: Uint8Array, member: MemberIndex): Verdict {
    return checkUpdate(this.index, bytes, { doc: DOC, lane: laneOf(DOC, member), now: NOW })
  }

  join(client: number): Replica {
    const doc = new Y.Doc()
    doc.clientID = client
    for (const row of this.rows) Y.applyUpdate(doc, row)
    const replica = { doc, member: indexOf(client), inbox: [], entries: 0 }
    this.replicas.push(replica)
    return replica
  }

  store(update: Uint8Array): void {
    this.rows.push(update)
    Y.applyUpdate(this.doc, update)
  }

  broadcast(update: Uint8Array, from?: Replica): void {
    for (const replica of this.replicas) if (replica !== from) replica.inbox.push(update)
  }

  deliver(replica: Replica): void {
    // Forged updates carry the replica's own client id, which Yjs would answer with a new one.
    const { clientID } = replica.doc
    replica.doc.clientID = 0
    for (const update of replica.inbox.splice(0)) Y.applyUpdate(replica.doc, update)
    replica.doc.clientID = clientID
  }

  /** What a stock client answers to a state vector. */
  syncStep2(replica: Replica): void {
    const bytes = Y.encodeStateAsUpdate(replica.doc)
    const verdict = this.check(bytes, replica.member)
    if (verdict.kind === 'refuse') throw new Error(`step 2 refused: ${verdict.message}`)
    expect(verdict.rebuild).toBe(false)
    if (replica.member === ALICE) this.pool.push(bytes)
    if (verdict.kind === 'accept') {
      verdict.advance()
      this.store(verdict.update)
      this.broadcast(verdict.update, replica)
    }
  }

  honestStep(replica: Replica): void {
    if (chance(0.5)) this.deliver(replica)
    const { doc, member } = replica
    const log = doc.getArray<EntryTuple>(`log:${member}`)
    const map = doc.getMap(`state:${member}`)
    const key = `${pick(['d', 'r'])}/11/${1 + below(4)}`
    const update = changeOf(doc, () => {
      const what = below(5)
      if (what === 0 && !map.has(key)) map.set(key, NOW)
      else if (what === 1 && log.length > 0) {
        log.delete(below(log.length))
        log.push([entry(doc.clientID, ++replica.entries)])
      } else
        for (let i = below(3); i >= 0; i--)
          log.push([entry(doc.clientID, ++replica.entries, NOW - below(1000))])
    })
    const verdict = this.check(update, member)
    if (verdict.kind !== 'accept')
      throw new Error(`honest update ${verdict.kind}: ${JSON.stringify(verdict)}`)
    expect(verdict.rebuild).toBe(false)
    expect(verdict.stripped).toEqual({ structs: 0, deletes: 0 })
    if (member === ALICE) this.pool.push(update)
    verdict.advance()
    this.store(verdict.update)
    this.broadcast(verdict.update, replica)
  }
}

const changeOf = (doc: Y.Doc, change: () => void): Uint8Array => {
  let bytes: Uint8Array | undefined
  const listen = (update: Uint8Array) => {
    bytes = update
  }
  doc.on('update', listen)
  doc.transact(change)
  doc.off('update', listen)
  return bytes!
}

// Updates as freely mutable models, written by an encoder that checks nothing.

interface Id {
  client: number
  clock: number
}
interface Struct {
  ref: number
  origin: Id | null
  rightOrigin: Id | null
  root: string | Id
  key: string | null
  len: number
  values: unknown[]
}
interface Block {
  client: number
  clock: number
  structs: Struct[]
}
interface Deletes {
  client: number
  ranges: { clock: number; len: number }[]
}
interface Model {
  blocks: Block[]
  deletes: Deletes[]
}

const modelOf = (bytes: Uint8Array): Model => {
  const { structs, ds } = Y.decodeUpdate(bytes)
  const blocks: Block[] = []
  for (const struct of structs) {
    const { client, clock } = struct.id
    let block = blocks.at(-1)
    if (block?.client !== client) {
      block = { client, clock, structs: [] }
      blocks.push(block)
    }
    const item = struct instanceof Y.Item ? struct : null
    block.structs.push({
      ref: item?.content.getRef() ?? 0,
      origin: item?.origin ? { ...item.origin } : null,
      rightOrigin: null,
      root: (item?.parent as unknown as string) ?? '',
      key: item?.parentSub ?? null,
      len: struct.length,
      values: item?.content.getContent() ?? [],
    })
  }
  const deletes = [...ds.clients].map(([client, ranges]) => ({
    client,
    ranges: ranges.map(({ clock, len }) => ({ clock, len })),
  }))
  return { blocks, deletes }
}

const write = ({ blocks, deletes }: Model): Uint8Array => {
  const to = encoding.createEncoder()
  const uint = (n: number) => encoding.writeVarUint(to, Math.max(0, Math.min(n, 2 ** 53 - 1)))
  const id = ({ client, clock }: Id) => {
    uint(client)
    uint(clock)
  }
  uint(blocks.length)
  for (const { client, clock, structs } of blocks) {
    uint(structs.length)
    uint(client)
    uint(clock)
    for (const { ref, origin, rightOrigin, root, key, len, values } of structs) {
      if (ref === 0 || ref === 10) {
        encoding.writeUint8(to, ref)
        uint(len)
        continue
      }
      encoding.writeUint8(
        to,
        ref | (origin ? 128 : 0) | (rightOrigin ? 64 : 0) | (key === null ? 0 : 32),
      )
      if (origin) id(origin)
      if (rightOrigin) id(rightOrigin)
      if (!origin && !rightOrigin) {
        uint(typeof root === 'string' ? 1 : 0)
        if (typeof root === 'string') encoding.writeVarString(to, root)
        else id(root)
        if (key !== null) encoding.writeVarString(to, key)
      }
      if (ref === 8) {
        uint(values.length)
        for (const value of values) encoding.writeAny(to, value as null)
      } else if (ref === 1) uint(len)
      else if (ref === 3) encoding.writeVarUint8Array(to, new Uint8Array([1, 2]))
      else if (ref === 7) uint(below(3))
      else if (ref === 9) {
        encoding.writeVarString(to, 'guid')
        encoding.writeAny(to, {})
      } else encoding.writeVarString(to, ref === 5 ? '{}' : 'xyz')
    }
  }
  uint(deletes.length)
  for (const { client, ranges } of deletes) {
    uint(client)
    uint(ranges.length)
    for (const { clock, len } of ranges) {
      uint(clock)
      uint(len)
    }
  }
  return encoding.toUint8Array(to)
}

// Generators.

type Target = Pick<World, 'index' | 'pool'>

const anyClient = (): number =>
  chance(0.8)
    ? pick([A1, A2, A3])
    : pick([B1, B2, SERVER, TAKEN, clientIdOf(ALICE, below(2 ** 30)), below(2 ** 30)])

const clockNear = (world: Target, client: number): number => {
  const next = world.index.next(client)
  if (chance(0.6)) return Math.max(0, next - 1)
  return chance(0.7) ? below(next + 1) : next + below(3)
}

const idNear = (world: Target): Id => {
  const client = anyClient()
  return { client, clock: clockNear(world, client) }
}

const anyKey = (): string =>
  chance(0.9) ? `${pick(['d', 'r'])}/11/${1 + below(6)}` : pick(['x', 'd/11/0', '__proto__', ''])
const anyRoot = (): string | Id =>
  chance(0.85)
    ? pick(['log:1', 'state:1'])
    : pick(['log:2', 'state:2', 'sys', 'other', '', { client: B1, clock: 0 }])

/** An own update that would be right but for a fault now and then. */
const plausible = (world: World): Model => {
  const clients = [A1, A2, A3].filter(() => chance(0.5))
  if (clients.length === 0) clients.push(pick([A1, A2, A3]))
  const tips = new Map<number, number>()
  const blocks = clients.map((client): Block => {
    const start = world.index.next(client)
    const structs: Struct[] = []
    let clock = start
    let n = world.index.lastEntry(client)
    for (let i = below(3); i >= 0; i--) {
      const fault = (): boolean => chance(0.03)
      const struct: Struct = {
        ref: chance(0.85) ? 8 : pick([1, 1, 1, 3, 0, 10, 7]),
        origin: null,
        rightOrigin: fault() ? idNear(world) : null,
        root: 'log:1',
        key: null,
        len: 1 + (chance(0.2) ? below(3) : 0),
        values: [],
      }
      if (chance(0.6)) {
        const tip = tips.get(client) ?? world.index.clockOf(client, n)
        if (tip !== undefined) struct.origin = { client, clock: tip }
        const other = pick(clients)
        if (chance(0.2))
          struct.origin = { client: other, clock: below(world.index.next(other) + 4) }
        if (fault()) struct.origin = idNear(world)
        if (struct.ref !== 8) n += struct.len
        else
          for (let j = 0; j < struct.len; j++)
            struct.values.push(entry(fault() ? B1 : client, fault() ? below(9) : ++n))
        if (fault()) struct.root = anyRoot()
        tips.set(client, clock + struct.len - 1)
      } else {
        struct.key = fault() ? anyKey() : `${pick(['d', 'r'])}/11/${1 + below(6)}`
        struct.root = fault() ? anyRoot() : 'state:1'
        if (chance(0.15)) struct.origin = { client, clock: below(clock + 1) }
        struct.values.push(fault() ? 'soon' : NOW)
        if (struct.ref === 8) struct.len = 1
      }
      structs.push(struct)
      clock += struct.len
    }
    return { client, clock: chance(0.95) ? start : start + below(5) - 2, structs }
  })
  const deletes: Deletes[] = []
  if (chance(0.3))
    for (const client of new Set([pick([A1, A2]), anyClient()])) {
      const range = { clock: below(world.index.next(client) + 2), len: 1 + below(2) }
      deletes.push({ client, ranges: [range] })
    }
  return { blocks, deletes }
}

const mutate = (world: Target, model: Model): void => {
  const block = model.blocks.length === 0 ? undefined : pick(model.blocks)
  const at = block ? below(block.structs.length) : 0
  const struct = block?.structs[at]
  switch (below(18)) {
    case 0:
      if (block) block.client = anyClient()
      return
    case 1:
      if (block) block.clock = clockNear(world, block.client)
      return
    case 2:
      if (struct) struct.origin = idNear(world)
      return
    case 3:
      if (struct) struct.origin = null
      return
    case 4:
      if (struct) struct.rightOrigin = idNear(world)
      return
    case 5:
      if (struct) struct.root = anyRoot()
      return
    case 6:
      if (struct) struct.key = chance(0.5) ? anyKey() : null
      return
    case 7:
      if (struct) struct.ref = below(12)
      return
    case 8:
      if (struct) struct.len = pick([0, 1, 2, 5, 2 ** 30, 2 ** 31, 2 ** 52])
      return
    case 9:
      if (struct && block)
        struct.values.push(entry(block.client, world.index.lastEntry(block.client) + 1))
      return
    case 10:
      if (struct) struct.values.splice(below(struct.values.length + 1), 1)
      return
    case 11:
      if (struct) struct.values = [pick([null, NOW, 'x', { a: [1] }, [[[[[[[[[[1]]]]]]]]]]])]
      return
    case 12:
      if (block) model.blocks.push(structuredClone(block))
      return
    case 13:
      model.blocks.reverse()
      return
    case 14:
      if (struct) block?.structs.splice(at, 1)
      return
    case 15:
      if (struct) block?.structs.splice(at, 0, structuredClone(struct))
      return
    case 16: {
      const client = anyClient()
      const range = { clock: clockNear(world, client), len: pick([0, 1, 2, 9, 2 ** 31]) }
      model.deletes.push({ client, ranges: [range] })
      return
    }
    default:
      // A struct that straddles what is known: the end of an older one with a new element.
      if (struct && block && struct.ref === 8 && struct.key === null) {
        const next = world.index.next(block.client)
        const back = Math.min(next, below(3))
        block.clock = next - back
        block.structs = [struct]
        const n = world.index.lastEntry(block.client)
        struct.values = Array.from({ length: back + 1 }, (_, i) =>
          entry(block.client, n - back + 1 + i > 0 ? n - back + 1 + i : 1),
        )
      }
  }
}

const flip = (bytes: Uint8Array): Uint8Array => {
  const copy = Uint8Array.from(bytes)
  for (let i = below(3); i >= 0; i--) copy[below(copy.length)] = below(256)
  if (chance(0.1)) return copy.subarray(0, below(copy.length + 1))
  if (chance(0.1)) return Uint8Array.from([...copy, below(256)])
  return copy
}

const generate = <T extends Target>(world: T, make: (world: T) => Model): Uint8Array => {
  const kind = random()
  const model = kind < 0.55 ? make(world) : modelOf(pick(world.pool))
  if (kind > 0.15) for (let i = below(3); i >= 0; i--) if (chance(0.8)) mutate(world, model)
  const bytes = write(model)
  return kind > 0.85 ? flip(bytes) : bytes
}

// What must hold.

/** Everything that is not in Alice's lane, in full. */
const othersOf = (doc: Y.Doc): string => {
  const parts: unknown[] = []
  for (const [client, structs] of doc.store.clients) {
    if (indexOf(client) === ALICE) continue
    for (const struct of structs) {
      const item = struct instanceof Y.Item ? struct : null
      parts.push(client, struct.id.clock, struct.length, struct.deleted, item?.parentSub)
      parts.push(item?.origin, item?.rightOrigin, item?.content.getRef())
      if (item && !item.deleted) parts.push(item.content.getContent())
    }
  }
  for (const [name, type] of doc.share)
    if (name !== 'log:1' && name !== 'state:1') {
      let length = type._map.size
      for (let item = type._start; item !== null; item = item.right) length += item.length
      if (length > 0) parts.push(name, length)
    }
  return JSON.stringify(parts)
}

const settled = (doc: Y.Doc): void => {
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)
    throw new Error('something is pending')
}

const indexHolds = (world: World): void => {
  const rebuilt = new GateIndex()
  for (const row of world.rows) rebuilt.addStored(row)
  expect(rebuilt.describe()).toEqual(world.index.describe())
  const compacted = new GateIndex()
  compacted.addStored(Y.encodeStateAsUpdate(world.doc))
  const live = world.index.describe()
  for (const [i, client] of compacted.describe().entries()) {
    const { deleted, ...same } = client
    expect(same).toEqual({ ...live[i], deleted: undefined })
    // Yjs also deletes what loses against a concurrent item; the rows do not say so.
    const all = compacted.deletedOf(client.client)
    for (const [from, to] of live[i]!.deleted) all.eachGap(from, to, () => expect.fail('lost'))
    expect(deleted.length).toBeGreaterThanOrEqual(0)
  }
}

const lanesHold = (world: World): void => {
  expect(world.doc.store.clients.has(TAKEN)).toBe(false)
  for (const [client, structs] of world.doc.store.clients) {
    let n = 0
    for (const struct of structs) {
      const item = struct as Y.Item
      if (item.parentSub !== null || indexOf(client) === 0) continue
      if (!item.deleted)
        for (const [i, value] of item.content.getContent().entries())
          expect(readEntry(value)).toMatchObject({ writer: writerOf(client), n: n + 1 + i })
      n += item.length
    }
    expect(world.index.lastEntry(client)).toBe(n)
  }
  const replay = new Y.Doc()
  for (const row of world.rows) Y.applyUpdate(replay, row)
  settled(replay)
  const merged = new Y.Doc()
  Y.applyUpdate(merged, Y.mergeUpdates(world.rows))
  settled(merged)
  for (const root of ['log:1', 'log:2'])
    for (const doc of [replay, merged])
      expect(doc.getArray(root).toJSON()).toEqual(world.doc.getArray(root).toJSON())
  for (const root of ['state:1', 'state:2', 'sys'])
    for (const doc of [replay, merged])
      expect(doc.getMap(root).toJSON()).toEqual(world.doc.getMap(root).toJSON())
}

const honestGoOn = (world: World): void => {
  for (const replica of world.replicas) {
    world.deliver(replica)
    settled(replica.doc)
  }
  const bobs = world.replicas.filter(({ member }) => member === BOB)
  const log = world.doc.getArray('log:2')
  const before = log.length
  const { doc } = bobs[0]!
  const tuple = entry(doc.clientID, ++bobs[0]!.entries, NOW)
  const bytes = changeOf(doc, () => doc.getArray('log:2').push([tuple]))
  const verdict = world.check(bytes, BOB)
  if (verdict.kind !== 'accept') throw new Error(`Bob: ${JSON.stringify(verdict)}`)
  verdict.advance()
  world.store(verdict.update)
  world.broadcast(verdict.update, bobs[0])
  expect(log.length).toBe(before + 1)
  expect(log.get(before)).toEqual(tuple)
  for (const replica of world.replicas) {
    world.deliver(replica)
    expect(replica.doc.getArray('log:2').length).toBe(before + 1)
  }
}

/** A new page load of Alice finds her lane usable, whatever was sent in her name. */
const aliceGoesOn = (world: World): void => {
  const replica = world.join(clientIdOf(ALICE, 2 ** 39 + world.rows.length))
  world.honestStep(replica)
  world.syncStep2(replica)
}

it(`[PROMISE-4] nothing outside the own lane changes (seed ${SEED}, ${COUNT} updates)`, {
  timeout: 600_000,
}, () => {
  console.log(`FUZZ_SEED=${SEED} FUZZ_COUNT=${COUNT}`)
  const outcomes: Record<string, number> = {}
  let world = new World()
  let others = othersOf(world.doc)
  for (let i = 0; i < COUNT; i++) {
    const bytes = generate(world, plausible)
    try {
      const verdict = world.check(bytes, ALICE)
      const outcome = verdict.kind === 'refuse' ? verdict.code : verdict.kind
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      if (verdict.kind === 'accept') {
        bytes.fill(255)
        verdict.advance()
        world.store(verdict.update)
        world.broadcast(verdict.update)
        settled(world.doc)
        if (othersOf(world.doc) !== others) throw new Error('another lane has changed')
        const receipts = world.doc.getMap('state:1')
        for (const key of world.receipts)
          if (!receipts.has(key)) throw new Error('a receipt was taken back')
        for (const key of receipts.keys()) world.receipts.add(key)
        if (outcomes.accept! % 16 === 0) {
          honestGoOn(world)
          indexHolds(world)
          others = othersOf(world.doc)
        }
      }
      if ((i + 1) % PER_WORLD === 0) {
        honestGoOn(world)
        aliceGoesOn(world)
        indexHolds(world)
        lanesHold(world)
        world = new World()
        others = othersOf(world.doc)
      }
    } catch (error) {
      const hex = Buffer.from(bytes).toString('hex')
      throw new Error(`FUZZ_SEED=${SEED} update ${i}: ${hex}`, { cause: error })
    }
  }
  console.log(JSON.stringify(outcomes))
  expect(outcomes.accept).toBeGreaterThan(COUNT / 50)
})

/** A user's document: the settings are theirs, `sys` is the server's. */
class Settings {
  readonly ref = parseDocName('user/patient')!
  readonly rows: Uint8Array[] = []
  readonly index = new GateIndex()
  readonly doc = new Y.Doc()
  readonly pool: Uint8Array[] = []

  constructor() {
    const chats = { map: 'sys', key: 'chats', value: 'a' }
    const again = { ...chats, value: 'b', after: { client: SERVER, clock: 0 } }
    this.add(encodeLaneWrite({ client: SERVER, clock: 0, items: [chats, again] }))
    for (const client of [A1, A2, A1, A2, A3]) {
      const doc = new Y.Doc()
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.doc))
      doc.clientID = client
      const map = doc.getMap('prefs')
      const update = changeOf(doc, () => map.set(pick(['muted', 'pinned/a', 'size']), below(9)))
      const verdict = this.check(update)
      if (verdict.kind !== 'accept') throw new Error(`honest settings ${verdict.kind}`)
      this.pool.push(update, Y.encodeStateAsUpdate(doc))
      this.add(verdict.update)
    }
  }

  check(bytes: Uint8Array): Verdict {
    return checkUpdate(this.index, bytes, { doc: this.ref, lane: laneOf(this.ref, 1), now: NOW })
  }

  add(update: Uint8Array): void {
    this.index.addStored(update)
    this.rows.push(update)
    Y.applyUpdate(this.doc, update)
    settled(this.doc)
  }
}

const plausibleSettings = ({ index }: Settings): Model => {
  const clients = [A1, A2, A3].filter(() => chance(0.6))
  const blocks = clients.map((client): Block => {
    const structs = Array.from({ length: 1 + below(3) }, (): Struct => {
      const other = pick(clients)
      return {
        ref: chance(0.8) ? 8 : 1,
        origin: chance(0.5) ? { client: other, clock: below(index.next(other) + 2) } : null,
        rightOrigin: null,
        root: chance(0.97) ? 'prefs' : anyRoot(),
        key: chance(0.97) ? pick(['muted', 'pinned/a', 'size', 'new']) : pick(['', 'A', 'chats']),
        len: 1,
        values: [chance(0.97) ? pick([null, true, 1.5, 'x']) : []],
      }
    })
    return { client, clock: index.next(client), structs }
  })
  const client = anyClient()
  const range = { clock: below(index.next(client) + 1), len: 1 + below(2) }
  return { blocks, deletes: chance(0.4) ? [{ client, ranges: [range] }] : [] }
}

it(`settings: nothing of the server's changes (seed ${SEED})`, { timeout: 600_000 }, () => {
  let accepts = 0
  let world = new Settings()
  for (let i = 0; i < COUNT / 4; i++) {
    if (i % PER_WORLD === 0) world = new Settings()
    const bytes = generate(world, plausibleSettings)
    const verdict = world.check(bytes)
    if (verdict.kind !== 'accept') continue
    accepts++
    const text = `FUZZ_SEED=${SEED} update ${i}: ${Buffer.from(bytes).toString('hex')}`
    const expected = new GateIndex()
    for (const row of [...world.rows, verdict.update]) expected.addStored(row)
    verdict.advance()
    expect(world.index.describe(), text).toEqual(expected.describe())
    world.rows.push(verdict.update)
    Y.applyUpdate(world.doc, verdict.update)
    settled(world.doc)
    expect(world.doc.getMap('sys').toJSON(), text).toEqual({ chats: 'b' })
    expect(Y.getState(world.doc.store, SERVER), text).toBe(2)
    for (const client of world.doc.store.clients.keys())
      expect(indexOf(client) === ALICE || client === SERVER, text).toBe(true)
    for (const name of world.doc.share.keys()) expect(['sys', 'prefs'], text).toContain(name)
    if (world.rows.length > 60) world = new Settings()
  }
  expect(accepts).toBeGreaterThan(COUNT / 400)
})
