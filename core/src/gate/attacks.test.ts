/**
 * Hand-written attacks, in the order of the gate's rules in docs/protocol.md: Alice sends, and
 * nothing of Bob's or the server's may change, now or later.
 */
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { clientIdOf } from '../base/client-id.ts'
import { EntryKind } from '../chat/entry.ts'
import { type Forged, type ForgedDeletes, forge } from '../update/forge-fixture.ts'
import { encodeLaneWrite } from '../update/lane-write.ts'
import {
  MAX_LANE_CLOCKS,
  MAX_LANE_WALKS,
  MAX_SETTING_CHANGES,
  MAX_SETTINGS,
  MAX_SETTINGS_BYTES,
} from './check-update.ts'
import type { GateCode } from './gate-code.ts'
import {
  A1,
  A2,
  ALICE,
  B1,
  BOB,
  CHAT,
  changeOf,
  entry,
  NOW,
  SERVER,
  Server,
  USER,
} from './gate-fixture.ts'
import { GateIndex } from './gate-index.ts'

const at = (client: number, clock: number) => ({ client, clock })

/** Clocks: A1 = entry, receipt r/33/1, entry; B1 = entry, entry; SERVER = sys.kind. */
const page = (): Server => {
  const server = new Server()
  server.store(
    encodeLaneWrite({
      client: SERVER,
      clock: 0,
      items: [{ map: 'sys', key: 'kind', value: 'direct' }],
    }),
  )
  server.store(
    encodeLaneWrite({
      client: B1,
      clock: 0,
      items: [{ log: 'log:2', values: [entry(B1, 1), entry(B1, 2)] }],
    }),
  )
  server.store(
    encodeLaneWrite({
      client: A1,
      clock: 0,
      items: [
        { log: 'log:1', values: [entry(A1, 1)] },
        { map: 'state:1', key: 'r/33/1', value: NOW },
        { log: 'log:1', after: at(A1, 0), values: [entry(A1, 2)] },
      ],
    }),
  )
  return server
}

/** Alice's next struct, right in everything but what `over` says. */
const next = (over: Forged = {}, clock = 3): Parameters<typeof forge>[0][number] => ({
  client: A1,
  clock,
  structs: [{ origin: at(A1, 2), values: [entry(A1, 3)], ...over }],
})

const receipt = (key: string, over: Forged = {}): Parameters<typeof forge>[0][number] => ({
  client: A1,
  clock: 3,
  structs: [{ parent: 'state:1', key, values: [NOW], ...over }],
})

const refused = (server: Server, bytes: Uint8Array, code: GateCode): void => {
  const before = JSON.stringify(server.index.describe())
  expect(server.send(bytes, ALICE)).toMatchObject({ kind: 'refuse', code })
  expect(JSON.stringify(server.index.describe())).toBe(before)
}

const refusedAll = (code: GateCode, updates: Uint8Array[]): void => {
  for (const bytes of updates) refused(page(), bytes, code)
}

/** Bob writes his next entry, and everybody gets it. */
const bobGoesOn = (server: Server): void => {
  const bob = server.replica(B1)
  const before = bob.getArray('log:2').length
  expect(before).toBe(2)
  const update = changeOf(bob, () => bob.getArray('log:2').push([entry(B1, 3)]))
  expect(server.send(update, BOB).kind).toBe('accept')
  expect(server.doc.getArray('log:2').length).toBe(3)
  expect(server.replica(A1).getArray('log:2').length).toBe(3)
}

it('the attacks start from what an honest client would send', () => {
  const server = page()
  expect(server.check(forge([next()]), ALICE).kind).toBe('accept')
  expect(server.check(forge([receipt('d/33/2')]), ALICE).kind).toBe('accept')
})

describe('grammar', () => {
  it('[GATE-1] V1 only, whole frames only', () => {
    const doc = page().replica(A1)
    doc.getArray('log:1').push([entry(A1, 3)])
    const v2 = page().check(Y.encodeStateAsUpdateV2(doc), ALICE)
    expect(v2.kind).toBe('refuse')
    const bytes = forge([next()])
    refusedAll('MALFORMED', [
      new Uint8Array(),
      Uint8Array.from([...bytes, 0]),
      bytes.subarray(0, bytes.length - 1),
    ])
  })

  it('[GATE-2] [GATE-8] own client ids only: the server’s is refused, another member’s left out', () => {
    const server = page()
    const forServer = {
      client: SERVER,
      clock: 1,
      structs: [{ parent: 'sys', key: 'x', values: [1] }],
    }
    refused(server, forge([forServer]), 'FOREIGN_SERVER')
    refused(server, forge([{ ...forServer, client: clientIdOf(0, 1), clock: 0 }]), 'FOREIGN_SERVER')
    // Arrivals of a page, which a client has that knows more than a restored server, are left out.
    const marks = ['arrived/11/1/1', 'arrived/33/2/9'].map((key) => ({
      ...{ parent: 'sys', key, values: [NOW] },
    }))
    const unknown = { client: clientIdOf(0, 1), clock: 0 }
    const withMarks = server.check(forge([{ ...unknown, structs: marks }]), ALICE)
    expect(withMarks).toMatchObject({ kind: 'known', rebuild: false, stripped: { structs: 2 } })
    for (const other of [
      { parent: 'sys', key: 'arrived/11/1', values: [NOW] },
      { parent: 'log:0', key: 'arrived/11/1/1', values: [NOW] },
      { parent: 'sys', values: [NOW] },
      { parent: 'sys', key: 'arrived/11/1/1', ref: 1 },
      { parent: 'sys', key: 'arrived/11/1/1', values: [NOW], origin: at(A1, 0) },
    ])
      refused(server, forge([{ ...unknown, structs: [...marks, other] }]), 'FOREIGN_SERVER')
    const forBob = {
      client: B1,
      clock: 2,
      structs: [{ origin: at(B1, 1), values: [entry(B1, 3)] }],
    }
    const verdict = server.send(forge([forBob, next()]), ALICE)
    expect(verdict).toMatchObject({ kind: 'accept', rebuild: false, stripped: { structs: 1 } })
    expect(server.index.next(B1)).toBe(2)
    bobGoesOn(server)
  })

  it('[GATE-2] [DOC-5] own root types only, a log without keys and a map with known ones', () => {
    const first = (over: Forged) =>
      forge([{ client: A2, clock: 0, structs: [{ values: [entry(A2, 1)], ...over }] }])
    refusedAll('NOT_YOURS', [
      first({ parent: 'log:2' }),
      first({ parent: 'log:01' }),
      first({ parent: 'sys' }),
      first({ parent: 'state:1' }),
      first({ parent: '' }),
      first({ parent: 'log:1', key: 'd/33/1' }),
      forge([receipt('d/33/2', { parent: 'state:2' })]),
      forge([receipt('d/33/2', { parent: 'sys' })]),
    ])
    expect(page().check(first({}), ALICE).kind).toBe('accept')
    const bad = [
      '',
      'x',
      'd',
      'd/33',
      'd/33/0',
      'd/033/1',
      'd/33/1/',
      'w/33/1',
      `d/${2 ** 40}/1`,
      'd/33/2147483648',
      '__proto__',
    ]
    refusedAll(
      'BAD_RECEIPT',
      bad.map((key) => forge([receipt(key)])),
    )
  })

  it('[GATE-2] no right origin, nested type, subdocument, collected struct or gap', () => {
    refusedAll('GRAMMAR', [
      forge([next({ rightOrigin: at(A1, 0) })]),
      forge([
        { client: A1, clock: 3, structs: [{ rightOrigin: at(B1, 0), values: [entry(A1, 3)] }] },
      ]),
      forge([{ client: A1, clock: 3, structs: [{ parent: at(B1, 0), values: [entry(A1, 3)] }] }]),
      forge([next({ ref: 7, len: 1 })]),
      forge([next({ ref: 9, raw: new Uint8Array([1, 97, 118, 0]) })]),
      forge([next({ ref: 4, raw: new Uint8Array([1, 97]) })]),
      forge([next({ ref: 0, len: 1 })]),
      forge([next({ ref: 10, len: 1 })]),
    ])
  })

  it('[GATE-3] every origin is an own client id', () => {
    refusedAll('NOT_YOURS', [
      forge([next({ origin: at(B1, 0) })]),
      forge([next({ origin: at(B1, 99) })]),
      forge([next({ origin: at(SERVER, 0) })]),
      forge([receipt('d/33/2', { origin: at(SERVER, 0) })]),
    ])
  })

  it('[GATE-5] bytes in place of an entry, a receipt or a setting', () => {
    const bytes = { ref: 3, raw: new Uint8Array([1, 7]) }
    refusedAll('BAD_ENTRY', [forge([next(bytes)])])
    refusedAll('BAD_RECEIPT', [forge([receipt('d/33/2', bytes)])])
  })

  it('[GATE-5] [ENTRY-1] [ENTRY-2] [DOC-3] entries: the writer’s own, numbered in sequence, of this month', () => {
    const june = Date.parse('2024-06-01T00:00:00Z')
    const april = Date.parse('2024-04-30T23:59:59.999Z')
    const values: unknown[] = [
      null,
      'text',
      {},
      [],
      entry(A1, 3, { 0: 2 }),
      entry(B1, 3),
      entry(A2, 3),
      entry(A1, 2),
      entry(A1, 4),
      entry(A1, 3, { 3: 'NO' }),
      entry(A1, 3, { 4: -1 }),
      entry(A1, 3, { 4: april }),
      entry(A1, 3, { 8: new Uint8Array() }),
      entry(A1, 3, { 8: new Uint8Array(64 * 1024 + 1) }),
      [...entry(A1, 3), 1],
    ]
    refusedAll(
      'BAD_ENTRY',
      values.map((value) => forge([next({ values: [value] })])),
    )
    refused(page(), forge([next({ values: [entry(A1, 3), entry(A1, 3)] })]), 'BAD_ENTRY')
    refused(page(), forge([next({ values: [entry(A1, 3), entry(A1, 5)] })]), 'BAD_ENTRY')
    refused(page(), forge([next({ values: [entry(A1, 3, { 4: june })] })]), 'CLOCK')
    const later = page().check(forge([next({ values: [entry(A1, 3, { 4: june })] })]), ALICE, {
      now: june,
    })
    expect(later).toMatchObject({ code: 'BAD_ENTRY' })
    const edit = entry(A1, 3, { 4: april, 5: EntryKind.edit, 6: [11, 1] })
    expect(page().check(forge([next({ values: [edit] })]), ALICE).kind).toBe('accept')
  })

  it('[GATE-5] [GATE-6] stubs: at a time that the entry can have had', () => {
    const retraction = (time: number) =>
      forge([
        next({ values: [entry(A1, 3, { 5: EntryKind.retraction, 6: [11, 1, null, time, []] })] }),
      ])
    const ahead = (ref: readonly [number, number], time: number, written: number) => {
      const fields = { 4: written, 5: EntryKind.retraction, 6: [...ref, null, time, []] }
      return forge([next({ values: [entry(A1, 3, fields)] })])
    }
    expect(page().check(retraction(NOW), ALICE).kind).toBe('accept')
    refused(page(), retraction(Date.parse('2024-04-30T23:59:59.999Z')), 'BAD_ENTRY')
    refused(page(), retraction(Date.parse('2024-05-31T12:00:00Z')), 'CLOCK')
    refused(page(), retraction(Date.parse('9999-12-31T00:00:00Z')), 'CLOCK')
    // Of what is in a month that has not begun; its time cannot be less.
    const beforeMay = { now: Date.parse('2024-04-28T12:00:00Z') }
    const early = (update: Uint8Array) => page().check(update, ALICE, beforeMay)
    const [ofMay, sooner] = [Date.parse('2024-05-01T00:00:00Z'), Date.parse('2024-04-28T12:00:00Z')]
    expect(early(ahead([11, 1], ofMay, sooner))).toMatchObject({ kind: 'accept' })
    expect(early(ahead([11, 9], ofMay, sooner))).toMatchObject({ code: 'CLOCK' })
    expect(early(ahead([33, 1], ofMay, sooner))).toMatchObject({ code: 'CLOCK' })
    expect(early(ahead([11, 1], sooner, sooner))).toMatchObject({ code: 'BAD_ENTRY' })
  })

  it('[ENTRY-2] numbers go on after entries that come without content', () => {
    const deleted = { ref: 1, origin: at(A1, 2), len: 4 }
    const after = (n: number) => [deleted, { origin: at(A1, 6), values: [entry(A1, n)] }]
    const server = page()
    refused(server, forge([{ client: A1, clock: 3, structs: after(3) }]), 'BAD_ENTRY')
    refused(server, forge([{ client: A1, clock: 3, structs: after(8) }]), 'BAD_ENTRY')
    expect(server.send(forge([{ client: A1, clock: 3, structs: after(7) }]), ALICE).kind).toBe(
      'accept',
    )
    expect(server.index.clockOf(A1, 7)).toBe(7)
  })

  it('[GATE-5] [GATE-6] receipts: a time that is not ahead, one value', () => {
    const bad = [null, 'soon', -1, 1.5, Number.NaN, 2 ** 60, [NOW], true]
    refusedAll(
      'BAD_RECEIPT',
      bad.map((value) => forge([receipt('d/33/2', { values: [value] })])),
    )
    refused(page(), forge([receipt('d/33/2', { values: [NOW + 86_400_001] })]), 'CLOCK')
    refused(page(), forge([receipt('d/33/2', { values: [NOW, NOW] })]), 'GRAMMAR')
  })

  it('an entry after the writer’s first has an origin', () => {
    // Otherwise each could make every replica walk the whole log.
    const values = [entry(A1, 3)]
    refused(page(), forge([{ client: A1, clock: 3, structs: [{ values }] }]), 'GRAMMAR')
    const structs = [{ values: [entry(A2, 1)] }, { values: [entry(A2, 2)] }]
    refused(page(), forge([{ client: A2, clock: 0, structs }]), 'GRAMMAR')
  })

  it('an entry follows the writer’s last, or another device’s', () => {
    refused(page(), forge([next({ origin: at(A1, 0) })]), 'GRAMMAR')
    const structs = [
      { origin: at(A1, 2), values: [entry(A1, 3)] },
      { origin: at(A1, 2), values: [entry(A1, 4)] },
    ]
    refused(page(), forge([{ client: A1, clock: 3, structs }]), 'GRAMMAR')
  })

  it('[GATE-5] [PREF-1] [PREF-2] settings: known keys and plain, short values', () => {
    const set = (key: string, value: unknown, over: Forged = {}) =>
      new Server(USER).check(
        forge([
          { client: A1, clock: 0, structs: [{ parent: 'prefs', key, values: [value], ...over }] },
        ]),
        ALICE,
      )
    expect(set('pinned/a.b_c-D', true).kind).toBe('accept')
    for (const key of [
      '',
      'A',
      'a/',
      'a/b/c',
      'a/é',
      'a'.repeat(25),
      `a/${'b'.repeat(91)}`,
      '__proto__',
      'a\n',
    ])
      expect(set(key, true)).toMatchObject({ code: 'BAD_PREF' })
    for (const value of [
      [],
      {},
      'x'.repeat(257),
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1n,
      undefined,
      new Uint8Array(1),
    ])
      expect(set('a', value)).toMatchObject({ code: 'BAD_PREF' })
    expect(set('a', 1, { values: [1, 2] })).toMatchObject({ code: 'GRAMMAR' })
    expect(set('a', 1, { parent: 'sys' })).toMatchObject({ code: 'NOT_YOURS' })
    const list = [{ parent: 'prefs', values: [1] }]
    const asList = new Server(USER).check(forge([{ client: A1, clock: 0, structs: list }]), ALICE)
    expect(asList).toMatchObject({ code: 'NOT_YOURS' })
    const gone = [{ parent: 'prefs', ref: 1, len: 2 }]
    const goneList = new Server(USER).check(forge([{ client: A1, clock: 0, structs: gone }]), ALICE)
    expect(goneList).toMatchObject({ code: 'NOT_YOURS' })
  })

  it('[DOC-5] a document in which only the server writes', () => {
    const server = new Server(CHAT)
    for (const parent of ['sys', 'log:1', 'prefs'])
      refused(
        server,
        forge([{ client: A1, clock: 0, structs: [{ parent, key: 'a', values: [1] }] }]),
        'NOT_YOURS',
      )
    refused(
      server,
      forge([{ client: SERVER, clock: 0, structs: [{ parent: 'sys', key: 'a', values: [1] }] }]),
      'FOREIGN_SERVER',
    )
    expect(server.check(forge([], [[SERVER, [0, 1]]]), ALICE).kind).toBe('known')
  })
})

describe('step 1 and 2: bounds, strict parsing', () => {
  it('[GATE-1] a claim of a million structs, a huge frame, deep values', () => {
    const server = page()
    refused(server, new Uint8Array([1, 0xc0, 0x84, 0x3d, 1, 0]), 'TOO_LARGE')
    refused(server, new Uint8Array(8 * 1024 * 1024 + 1), 'TOO_LARGE')
    let deep: unknown = 1
    for (let i = 0; i < 40; i++) deep = [deep]
    refused(server, forge([next({ values: [deep] })]), 'TOO_LARGE')
    refused(server, forge([next({ ref: 1, len: 2 ** 31 })]), 'TOO_LARGE')
  })

  it('[LIMIT-6] one value of more than 192 KiB, or nested more than 8 deep', () => {
    const value = (values: unknown[]) => page().check(forge([next({ values })]), ALICE)
    // A text has a byte that says so, and three for its length.
    expect(value(['x'.repeat(192 * 1024 - 4)])).toMatchObject({ code: 'BAD_ENTRY' })
    expect(value(['x'.repeat(192 * 1024 - 3)])).toMatchObject({ code: 'TOO_LARGE' })
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
    expect(value([nested(8)])).toMatchObject({ code: 'BAD_ENTRY' })
    expect(value([nested(9)])).toMatchObject({ code: 'TOO_LARGE' })
    const body = (length: number) => value([entry(A1, 3, { 8: new Uint8Array(length) })])
    expect(body(64 * 1024)).toMatchObject({ kind: 'accept' })
    expect(body(64 * 1024 + 1)).toMatchObject({ code: 'BAD_ENTRY' })
  })

  it('[LIMIT-7] one update of too many structs, clients, values or deleted ranges', {
    timeout: 60_000,
  }, () => {
    const many = <T>(length: number, each: (i: number) => T): T[] =>
      Array.from({ length }, (_, i) => each(i))
    const ofBob = (client: number, length: number) => ({
      ...{ client, clock: 0 },
      structs: many(length, () => ({ ref: 1, len: 1 })),
    })
    const check = (update: Uint8Array) => page().check(update, ALICE)
    expect(check(forge([ofBob(B1, 200_000)]))).toMatchObject({ kind: 'known' })
    refused(page(), forge([ofBob(B1, 200_001)]), 'TOO_LARGE')
    const clients = (length: number) =>
      many(length, (i) => ofBob(clientIdOf(BOB, 1000 - i + 1e6), 1))
    expect(check(forge(clients(20_000)))).toMatchObject({ kind: 'known' })
    refused(page(), forge(clients(20_001)), 'TOO_LARGE')
    const values = (length: number) => forge([next({ values: many(length, () => null) })])
    expect(check(values(100_000))).toMatchObject({ code: 'BAD_ENTRY' })
    refused(page(), values(100_001), 'TOO_LARGE')
    const ranges = (length: number): ForgedDeletes => [
      B1,
      ...many(length, (i): [number, number] => [10 + 2 * i, 1]),
    ]
    expect(check(forge([], [ranges(100_000)]))).toMatchObject({ kind: 'known' })
    refused(page(), forge([], [ranges(100_001)]), 'TOO_LARGE')
  })

  it('[LIMIT-9] a lane that would take its readers seconds to read', () => {
    const server = page()
    let clock = 3
    const write = (count: number, body: number) => {
      const structs = Array.from({ length: 1 }, () => ({
        origin: at(A1, clock - 1),
        values: Array.from({ length: count }, (_, i) =>
          entry(A1, clock + i, { 8: new Uint8Array(body) }),
        ),
      }))
      const verdict = server.check(forge([{ client: A1, clock, structs }]), ALICE)
      if (verdict.kind === 'accept') {
        verdict.advance()
        clock += count
      }
      return verdict
    }
    while (clock + 10_000 <= MAX_LANE_CLOCKS) expect(write(10_000, 1).kind).toBe('accept')
    expect(write(10_000, 1)).toMatchObject({ kind: 'refuse', code: 'TOO_LARGE' })
    expect(write(1, 1).kind).toBe('accept')
    for (let more = 0; more < 32; more++) write(16, 64 * 1024)
    expect(write(16, 64 * 1024)).toMatchObject({ kind: 'refuse', code: 'TOO_LARGE' })
    // The other goes on.
    const bobs = forge([
      {
        client: B1,
        clock: 2,
        structs: [{ origin: at(B1, 1), parent: 'log:2', values: [entry(B1, 3)] }],
      },
    ])
    expect(server.check(bobs, BOB).kind).toBe('accept')
  })

  it('[LIMIT-9] a lane in which somebody begins anew again and again: readers look for each place', () => {
    const server = page()
    const stored: Uint8Array[] = []
    const [client, other] = [A1 + 7, A1 + 8]
    /** One entry of a client, as its first or after its last. */
    const write = (client: number, clock: number, to = server) => {
      const origin = clock === 0 ? {} : { origin: at(client, clock - 1) }
      const struct = { ...origin, parent: 'log:1', values: [entry(client, clock + 1)] }
      const verdict = to.check(forge([{ client, clock, structs: [struct] }]), ALICE)
      if (verdict.kind === 'accept') {
        verdict.advance()
        stored.push(verdict.update)
      }
      return verdict
    }
    const before = server.index.sizeOf(1).walks
    for (let i = before; i < MAX_LANE_WALKS - 1; i++)
      expect(write(A1 + 100 + i, 0).kind).toBe('accept')
    expect(write(client, 0).kind).toBe('accept')
    expect(write(other, 0)).toMatchObject({ kind: 'refuse', code: 'TOO_LARGE' })
    // Who goes on where they were is not held up, and the others are not.
    expect(write(client, 1).kind).toBe('accept')
    // The same when it is read from the store again.
    const again = new GateIndex()
    for (const update of stored) again.addStored(update)
    expect(again.sizeOf(1).walks).toBe(MAX_LANE_WALKS - before)
  })

  describe('[LIMIT-10] settings that would take the devices of their person seconds to read', () => {
    const key = (i: number) => `muted/${i}`
    /** New keys `from` to `to`, or with `over` values set over the one before. */
    const settings = (client: number, from: number, count: number, over = false, value = 't') =>
      forge([
        {
          client,
          clock: from,
          structs: Array.from({ length: count }, (_, i) => ({
            ...(over && from + i > 0
              ? { origin: at(client, from + i - 1) }
              : { parent: 'prefs', key: over ? 'a' : key(from + i) }),
            values: [value],
          })),
        },
      ])

    it('keys', () => {
      const server = new Server(USER)
      for (let from = 0; from < MAX_SETTINGS; from += 10_000)
        expect(server.send(settings(A1, from, 10_000), ALICE).kind).toBe('accept')
      refused(server, settings(A1, MAX_SETTINGS, 1), 'FULL')
      const another = [{ parent: 'prefs', key: 'new', values: [true] }]
      refused(server, forge([{ client: A2, clock: 0, structs: another }]), 'FULL')
      // What is there can still be changed, also from another device, and be taken off.
      const over = [{ origin: at(A1, 5), values: [false] }]
      expect(server.send(forge([{ client: A2, clock: 0, structs: over }]), ALICE).kind).toBe(
        'accept',
      )
      expect(server.send(forge([], [[A1, [7, 1]]]), ALICE).kind).toBe('accept')
      // It counts the same after a restart.
      const again = new Server(USER)
      for (const row of server.rows) again.index.addStored(row)
      refused(again, forge([{ client: A2 + 1, clock: 0, structs: another }]), 'FULL')
    })

    it('changes of one key, over and over, by one writer or by many', () => {
      const server = new Server(USER)
      const last = MAX_SETTING_CHANGES - 10
      server.index.addStored(settings(A1, 0, last + 1, true))
      const take = (bytes: Uint8Array) => {
        const verdict = server.check(bytes, ALICE)
        if (verdict.kind === 'accept') verdict.advance()
        return verdict
      }
      const writers = (from: number, count: number) =>
        forge(
          Array.from({ length: count }, (_, i) => ({
            client: clientIdOf(ALICE, 1_000 + from + i),
            clock: 0,
            structs: [{ origin: at(A1, last), values: [true] }],
          })),
        )
      expect(take(writers(0, 8)).kind).toBe('accept')
      expect(take(settings(A1, last + 1, 1, true)).kind).toBe('accept')
      expect(take(writers(8, 1))).toMatchObject({ kind: 'refuse', code: 'FULL' })
      refused(server, settings(A1, last + 2, 1, true), 'FULL')
    }, 60_000)

    it('bytes', () => {
      const server = new Server(USER)
      const long = 'x'.repeat(256)
      let from = 0
      const more = () => server.send(settings(A1, from, 3_000, true, long), ALICE)
      while (more().kind === 'accept') from += 3_000
      expect(more()).toMatchObject({ kind: 'refuse', code: 'FULL' })
      expect(from * 256).toBeLessThan(MAX_SETTINGS_BYTES)
      expect(from * 300).toBeGreaterThan(MAX_SETTINGS_BYTES)
    }, 60_000)
  })

  it('small updates that would hold up every replica for seconds', () => {
    // A log of many runs, so that Yjs has to walk over them one by one.
    const server = new Server()
    const count = 4000
    const structs: Forged[] = []
    for (let i = 0; i < count; i++) {
      const values = [entry(A1, i + 1)]
      structs.push(i === 0 ? { values } : { origin: at(A1, 2 * i - 2), values })
      structs.push({ parent: 'state:1', key: `d/33/${i + 1}`, values: [NOW] })
    }
    expect(server.send(forge([{ client: A1, clock: 0, structs }]), ALICE).kind).toBe('accept')
    const early = (length: number) =>
      forge([
        {
          client: A2,
          clock: 0,
          structs: Array.from({ length }, (_, i) => ({
            origin: at(A1, 2 * i),
            values: [entry(A2, i + 1)],
          })),
        },
      ])
    expect(server.check(early(100), ALICE).kind).toBe('accept')
    refused(server, early(2000), 'TOO_LARGE')
    const firsts = Array.from({ length: 2000 }, (_, i) => {
      const client = clientIdOf(ALICE, 1000 + i)
      return { client, clock: 0, structs: [{ values: [entry(client, 1)] }] }
    })
    refused(server, forge(firsts), 'TOO_LARGE')
    expect(new Server().check(forge(firsts), ALICE).kind).toBe('accept')
    const same = Array.from({ length: 101 }, () => ({
      parent: 'state:1',
      key: 'd/33/1',
      values: [NOW],
    }))
    refused(new Server(), forge([{ client: A2, clock: 0, structs: same }]), 'TOO_LARGE')
  })

  it('[GATE-1] a client given twice: Yjs would keep the last block', () => {
    refused(page(), forge([next(), next()]), 'MALFORMED')
    const harmless = { client: B1, clock: 0, structs: [{ ref: 1, len: 1 }] }
    refused(page(), forge([harmless, next(), harmless]), 'MALFORMED')
    refused(
      page(),
      forge(
        [],
        [
          [A1, [0, 1]],
          [A1, [2, 1]],
        ],
      ),
      'MALFORMED',
    )
  })

  it('[GATE-7] keys that reach a prototype', () => {
    const evil = JSON.parse('{"__proto__":{"admin":true}}') as object
    for (const value of [evil, [[evil]], { a: evil }, JSON.parse('{"constructor":1}')])
      refused(page(), forge([next({ values: [value] })]), 'GRAMMAR')
  })
})

describe('step 3 and 4: clocks, places, order', () => {
  it('[GATE-4] a gap in the own clocks', () => {
    refusedAll('MISSING_DEP', [
      forge([next({}, 4)]),
      forge([next({}, 2 ** 30)]),
      forge([{ client: A2, clock: 1, structs: [{ origin: at(A1, 2), values: [entry(A2, 1)] }] }]),
    ])
  })

  it('[GATE-4] an origin that nobody has', () => {
    refusedAll('MISSING_DEP', [
      forge([next({ origin: at(A2, 0) })]),
      forge([next({ origin: at(clientIdOf(ALICE, 9), 2 ** 30) })]),
    ])
    const short = { client: A2, clock: 0, structs: [{ origin: at(A1, 2), values: [entry(A2, 1)] }] }
    refused(page(), forge([short, next({ origin: at(A2, 1) })]), 'MISSING_DEP')
  })

  it('[GATE-3] an origin at or after its own clock', () => {
    refusedAll('GRAMMAR', [
      forge([next({ origin: at(A1, 3) })]),
      forge([next({ origin: at(A1, 4) })]),
      forge([
        {
          client: A1,
          clock: 3,
          structs: [
            { origin: at(A1, 4), values: [entry(A1, 3)] },
            { origin: at(A1, 2), values: [entry(A1, 4)] },
          ],
        },
      ]),
      forge([receipt('d/33/2', { origin: at(A1, 3) })]),
    ])
  })

  it('[GATE-3] origins in a circle, short and long', () => {
    const one = (client: number, origin: number, clock: number) => ({
      client,
      clock: 0,
      structs: [{ origin: at(origin, clock), values: [entry(client, 1)] }],
    })
    refused(page(), forge([one(A2, 600 + 2 ** 40, 0), one(600 + 2 ** 40, A2, 0)]), 'GRAMMAR')
    const many = Array.from({ length: 2000 }, (_, i) => clientIdOf(ALICE, 1000 + i))
    const ring = many.map((client, i) => one(client, many[(i + 1) % many.length]!, 0))
    refused(page(), forge(ring), 'GRAMMAR')
    // A chain as long as that is in order; the walk must not depend on the stack.
    const chain = many.map((client, i) =>
      one(client, many[i + 1] ?? A1, many[i + 1] === undefined ? 2 : 0),
    )
    expect(page().check(forge(chain), ALICE).kind).toBe('accept')
  })

  it('an origin in another place than the struct pretends', () => {
    // Without an origin the place would be read; with one it is inherited.
    refusedAll('BAD_RECEIPT', [forge([next({ origin: at(A1, 1) })])])
    refusedAll('BAD_ENTRY', [forge([receipt('d/33/2', { origin: at(A1, 2) })])])
  })

  it('a struct that straddles a known clock with another parent', () => {
    const straddle = (over: Forged, clock: number) =>
      forge([{ client: A1, clock, structs: [over] }])
    const values = [entry(A1, 2), entry(A1, 3)]
    for (const over of [
      { parent: 'log:2', values },
      { parent: 'sys', key: 'kind', values },
      { origin: at(A1, 1), values },
      { origin: at(A2, 7), values },
    ]) {
      const server = page()
      const verdict = server.send(straddle(over, 2), ALICE)
      if (verdict.kind !== 'accept') throw new Error(JSON.stringify(verdict))
      expect(verdict.update).toEqual(forge([next()]))
      expect(server.doc.getMap('sys').toJSON()).toEqual({ kind: 'direct' })
      expect(server.doc.getArray('log:1').toArray()).toEqual([1, 2, 3].map((n) => entry(A1, n)))
      bobGoesOn(server)
    }
    refused(page(), straddle({ origin: at(B1, 1), values }, 2), 'NOT_YOURS')
    // The rest lies behind a receipt, where an entry is no value.
    const server = new Server()
    server.store(
      encodeLaneWrite({
        client: A1,
        clock: 0,
        items: [{ map: 'state:1', key: 'd/33/1', value: NOW }],
      }),
    )
    refused(server, straddle({ values: [entry(A1, 1), entry(A1, 1)] }, 0), 'BAD_RECEIPT')
  })

  it('known structs that say something else are dropped, whatever they say', () => {
    const server = page()
    const lies = [
      { parent: 'sys', key: 'kind', values: ['x'] },
      { origin: at(B1, 0), ref: 1 },
    ]
    const verdict = server.check(forge([{ client: A1, clock: 0, structs: lies }]), ALICE)
    expect(verdict.kind).toBe('known')
  })
})

describe('step 5: structs of others', () => {
  it('collected or deleted structs under Bob’s client id do not swallow his next messages', () => {
    for (const ref of [0, 1]) {
      const server = page()
      const bytes = forge([{ client: B1, clock: 2, structs: [{ ref, len: 5, parent: 'log:2' }] }])
      expect(server.send(bytes, ALICE)).toEqual({
        kind: 'known',
        rebuild: false,
        stripped: { structs: 5, deletes: 0 },
      })
      bobGoesOn(server)
    }
  })

  it('a gap before Bob’s clocks leaves nothing pending', () => {
    const server = page()
    const bytes = forge([
      { client: B1, clock: 9, structs: [{ parent: 'log:2', values: [entry(B1, 10)] }] },
      next(),
    ])
    expect(server.send(bytes, ALICE).kind).toBe('accept')
    bobGoesOn(server)
  })

  it('anything of V1 may be among them, but not what is no V1', () => {
    const foreign = (over: Forged) => forge([{ client: B1, clock: 2, structs: [over] }])
    for (const over of [
      { ref: 7, len: 1 },
      { ref: 10, len: 3 },
      { ref: 4, raw: new Uint8Array([1, 97]) },
    ])
      expect(page().check(foreign(over), ALICE).kind).toBe('known')
    refused(page(), foreign({ ref: 11 }), 'MALFORMED')
    refused(page(), foreign({ values: [] }), 'MALFORMED')
  })

  it('known structs of others that say something else are dropped', () => {
    const server = page()
    const bytes = forge([
      { client: SERVER, clock: 0, structs: [{ parent: 'sys', key: 'kind', values: ['group'] }] },
      { client: B1, clock: 0, structs: [{ ref: 1, len: 2, parent: 'log:2' }] },
    ])
    const verdict = server.check(bytes, ALICE)
    expect(verdict).toMatchObject({ kind: 'known', rebuild: false, stripped: { structs: 0 } })
  })
})

describe('step 6: deletes', () => {
  const deletes = (...list: ForgedDeletes[]) => forge([], list)

  it('[GATE-9] of Bob’s entries are left out, and the sender is rebuilt', () => {
    const server = page()
    const verdict = server.send(deletes([B1, [0, 2]]), ALICE)
    expect(verdict).toEqual({ kind: 'known', rebuild: true, stripped: { structs: 0, deletes: 1 } })
    const both = server.send(forge([next()], [[B1, [1, 1]]]), ALICE)
    expect(both).toMatchObject({ kind: 'accept', rebuild: true, stripped: { deletes: 1 } })
    expect(server.doc.getArray('log:2').length).toBe(2)
    bobGoesOn(server)
  })

  it('of Bob’s future clocks are left out', () => {
    const server = page()
    expect(server.send(forge([next()], [[B1, [2, 5]]]), ALICE)).toMatchObject({
      kind: 'accept',
      rebuild: false,
      stripped: { structs: 0, deletes: 1 },
    })
    expect(server.send(deletes([B1, [1, 5]]), ALICE)).toMatchObject({
      kind: 'known',
      rebuild: true,
    })
    bobGoesOn(server)
  })

  it('of map items of others are left out without a rebuild', () => {
    const server = page()
    const verdict = server.check(deletes([SERVER, [0, 1]]), ALICE)
    expect(verdict).toEqual({ kind: 'known', rebuild: false, stripped: { structs: 0, deletes: 1 } })
  })

  it('of others’ clocks that are deleted already are dropped', () => {
    const server = page()
    server.store(deletes([B1, [0, 1]]))
    const clean = { structs: 0, deletes: 0 }
    expect(server.check(deletes([B1, [0, 1]]), ALICE)).toEqual({
      kind: 'known',
      rebuild: false,
      stripped: clean,
    })
    expect(server.check(deletes([B1, [0, 2]]), ALICE)).toMatchObject({
      rebuild: true,
      stripped: { deletes: 1 },
    })
  })

  it('[GATE-4] of own future clocks are refused, also in settings', () => {
    refusedAll('MISSING_DEP', [
      deletes([A1, [3, 1]]),
      deletes([A1, [0, 9]]),
      deletes([A2, [0, 1]]),
      forge([next()], [[A1, [3, 2]]]),
    ])
    const prefs = new Server(USER)
    refused(prefs, deletes([A1, [0, 1]]), 'MISSING_DEP')
  })

  it('[GATE-9] of own entries are kept, also with structs of the same update', () => {
    const server = page()
    const verdict = server.send(forge([next()], [[A1, [0, 1], [2, 2]]]), ALICE)
    expect(verdict).toMatchObject({ kind: 'accept', stripped: { structs: 0, deletes: 0 } })
    expect(server.doc.getArray('log:1').length).toBe(0)
    expect(server.check(deletes([A1, [0, 1], [2, 2]]), ALICE).kind).toBe('known')
  })

  it('[GATE-9] of own receipts are left out: a status never regresses', () => {
    const server = page()
    expect(server.check(deletes([A1, [1, 1]]), ALICE)).toEqual({
      kind: 'known',
      rebuild: false,
      stripped: { structs: 0, deletes: 1 },
    })
    expect(server.send(deletes([A1, [0, 3]]), ALICE)).toMatchObject({
      kind: 'accept',
      rebuild: false,
      stripped: { structs: 0, deletes: 1 },
    })
    expect(server.doc.getArray('log:1').length).toBe(0)
    expect(server.doc.getMap('state:1').toJSON()).toEqual({ 'r/33/1': NOW })
  })

  it('[GATE-9] of own receipts come from honest replicas, too, which are not rebuilt', () => {
    const server = page()
    const over = (client: number, clock: number) =>
      forge([
        {
          client,
          clock,
          structs: [{ origin: at(A1, 1), parent: 'state:1', key: 'r/33/1', values: [NOW] }],
        },
      ])
    for (const update of [over(A1, 3), over(A2, 0)])
      expect(server.send(update, ALICE).kind).toBe('accept')
    // One of the two has lost, in whoever applies them.
    const step2 = Y.encodeStateAsUpdate(server.replica(clientIdOf(ALICE, 99)))
    expect(server.check(step2, ALICE)).toEqual({
      kind: 'known',
      rebuild: false,
      stripped: { structs: 0, deletes: 1 },
    })
  })

  it('a receipt cannot be hidden behind one without content', () => {
    const gone = { ref: 1, len: 1 }
    const before = {
      client: clientIdOf(ALICE, 1),
      clock: 0,
      structs: [{ ...gone, parent: 'state:1', key: 'r/33/1' }],
    }
    const behind = { ...before, client: A2 }
    refusedAll('BAD_RECEIPT', [
      forge([next({ ...gone, origin: at(A1, 1) })]),
      forge([next({ ...gone, origin: at(A1, 1), len: 3 })]),
      forge([receipt('d/33/9', gone)]),
      forge([behind]),
    ])
    // One that loses against what is there hides nothing.
    const server = page()
    expect(server.send(forge([before]), ALICE).kind).toBe('accept')
    expect(server.doc.getMap('state:1').get('r/33/1')).toBe(NOW)
  })

  it('the winner of two devices cannot be deleted after the loser', () => {
    const server = page()
    const same = {
      client: A2,
      clock: 0,
      structs: [{ parent: 'state:1', key: 'r/33/1', values: [NOW + 1] }],
    }
    expect(server.send(forge([same]), ALICE).kind).toBe('accept')
    expect(server.send(deletes([A1, [1, 1]], [A2, [0, 1]]), ALICE)).toMatchObject({
      kind: 'accept',
      stripped: { deletes: 1 },
    })
    expect(server.doc.getMap('state:1').get('r/33/1')).toBe(NOW + 1)
  })

  it('a delete set that costs more than its bytes', () => {
    const server = new Server()
    // As many clocks without content as there may be, deleted in one range and in many.
    const gone = MAX_LANE_CLOCKS - 2
    const many = Array.from({ length: 30_000 }, (_, i): [number, number] => [3 * i, 1])
    const structs = [
      { parent: 'state:1', key: 'd/33/1', values: [NOW] },
      { origin: at(A1, 0), ref: 1, len: gone },
      { origin: at(A1, gone), values: [NOW] },
    ]
    const bytes = forge([{ client: A1, clock: 0, structs }], [[A1, [0, gone + 2]]])
    const verdict = server.send(bytes, ALICE)
    if (verdict.kind !== 'accept') throw new Error(JSON.stringify(verdict))
    expect(verdict.stripped.deletes).toBe(1)
    expect(Y.decodeUpdate(verdict.update).ds.clients.get(A1)).toMatchObject([
      { clock: 0, len: gone + 1 },
    ])
    expect(server.check(deletes([A1, ...many]), ALICE).kind).toBe('known')
  })
})

describe('step 7 and 8: what is stored', () => {
  it('[GATE-10] is written anew, without what was left out', () => {
    const server = page()
    const noise = { client: B1, clock: 2, structs: [{ ref: 0, len: 3 }] }
    const known = {
      client: SERVER,
      clock: 0,
      structs: [{ parent: 'sys', key: 'kind', values: ['x'] }],
    }
    const verdict = server.send(
      forge(
        [noise, next(), known],
        [
          [B1, [0, 9]],
          [SERVER, [0, 1]],
        ],
      ),
      ALICE,
    )
    expect(verdict.kind === 'accept' && verdict.update).toEqual(forge([next()]))
  })

  it('applies at once for a new replica, in one update or row by row', () => {
    const server = page()
    server.send(forge([next()], [[A1, [0, 1]]]), ALICE)
    const merged = new Y.Doc()
    Y.applyUpdate(merged, Y.mergeUpdates(server.rows))
    expect(merged.store.pendingStructs).toBeNull()
    expect(merged.store.pendingDs).toBeNull()
    expect(merged.getArray('log:1').toArray()).toEqual([entry(A1, 2), entry(A1, 3)])
  })
})
