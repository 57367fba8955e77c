import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { clientIdOf, writerOf } from '../base/client-id.ts'
import { EntryKind } from '../chat/entry.ts'
import { forge } from '../update/forge-fixture.ts'
import { encodeLaneWrite } from '../update/lane-write.ts'
import type { Verdict } from './check-update.ts'
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

const DAY = 24 * 60 * 60 * 1000

const accepted = (verdict: Verdict) => {
  if (verdict.kind !== 'accept') throw new Error(JSON.stringify(verdict))
  return verdict
}

/** Alice and Bob have written an entry each; Alice has confirmed Bob's. */
const page = (): Server => {
  const server = new Server()
  const bob = server.replica(B1)
  accepted(
    server.send(
      changeOf(bob, () => bob.getArray('log:2').push([entry(B1, 1)])),
      BOB,
    ),
  )
  const alice = server.replica(A1)
  const change = () => {
    alice.getArray('log:1').push([entry(A1, 1)])
    alice.getMap('state:1').set('r/33/1', NOW)
  }
  accepted(server.send(changeOf(alice, change), ALICE))
  return server
}

describe('the gate lets honest clients through', () => {
  it('a first message, an append, a burst', () => {
    const server = new Server()
    const doc = server.replica(A1)
    const log = doc.getArray('log:1')
    const first = accepted(
      server.send(
        changeOf(doc, () => log.push([entry(A1, 1)])),
        ALICE,
      ),
    )
    expect(first).toMatchObject({
      entries: [{ writer: 11, from: 1, to: 1 }],
      rebuild: false,
      stripped: { structs: 0, deletes: 0 },
    })
    const burst = changeOf(doc, () => log.push([entry(A1, 2), entry(A1, 3)]))
    const verdict = accepted(server.send(burst, ALICE))
    expect(verdict.entries).toEqual([{ writer: 11, from: 2, to: 3 }])
    expect(verdict.update).toEqual(burst)
    expect(server.doc.getArray('log:1').toArray()).toEqual(log.toArray())
    expect(server.doc.store.clients.get(A1)).toHaveLength(1)
  })

  it('what lane-writer writes, byte for byte', () => {
    const server = page()
    const bytes = encodeLaneWrite({
      client: A1,
      clock: 2,
      items: [
        { log: 'log:1', after: { client: A1, clock: 0 }, values: [entry(A1, 2)] },
        { map: 'state:1', key: 'd/33/1', value: NOW },
      ],
      deletes: [{ client: A1, clock: 0, len: 1 }],
    })
    expect(accepted(server.send(bytes, ALICE)).update).toEqual(bytes)
    expect(server.doc.getArray('log:1').toArray()).toEqual([entry(A1, 2)])
  })

  it('[ENTRY-5] a retraction: the entry it takes back is deleted', () => {
    const server = page()
    const doc = server.replica(A1)
    const ref = [11, 1, null, NOW, []]
    const update = changeOf(doc, () => {
      doc.getArray('log:1').delete(0)
      doc.getArray('log:1').push([entry(A1, 2, { 5: EntryKind.retraction, 6: ref })])
    })
    expect(accepted(server.send(update, ALICE)).update).toEqual(update)
    // Said again, nothing is new.
    expect(server.check(update, ALICE).kind).toBe('known')
  })

  it('a second device appends after the first, deletes its entries, and both go on', () => {
    const server = page()
    const doc = server.replica(A2)
    const log = doc.getArray('log:1')
    accepted(
      server.send(
        changeOf(doc, () => log.push([entry(A2, 1)])),
        ALICE,
      ),
    )
    accepted(
      server.send(
        changeOf(doc, () => log.delete(0)),
        ALICE,
      ),
    )
    const first = server.replica(A1)
    const more = changeOf(first, () => first.getArray('log:1').push([entry(A1, 2)]))
    accepted(server.send(more, ALICE))
    expect(server.doc.getArray('log:1').toArray()).toEqual([entry(A2, 1), entry(A1, 2)])
  })

  it('two devices that write offline and refer to each other, in one update', () => {
    const one = new Y.Doc()
    one.clientID = A1
    const two = new Y.Doc()
    two.clientID = A2
    const turn = (doc: Y.Doc, n: number) => {
      doc.getArray('log:1').push([entry(doc.clientID, n)])
      const other = doc === one ? two : one
      const id = other.clientID
      Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)))
      expect(other.clientID).toBe(id)
    }
    for (let n = 1; n <= 4; n++) {
      turn(one, n)
      turn(two, n)
    }
    const server = new Server()
    const verdict = accepted(server.send(Y.encodeStateAsUpdate(two), ALICE))
    expect(verdict.entries).toContainEqual({ writer: writerOf(A1), from: 1, to: 4 })
    expect(server.doc.getArray('log:1').toArray()).toEqual(one.getArray('log:1').toArray())
  })

  it('three devices, each after another, in one update', () => {
    const clients = [A1, A2, clientIdOf(ALICE, 99)]
    const seed = 5
    for (let rotation = 0; rotation < 6; rotation++) {
      const doc = new Y.Doc()
      const counts = new Map<number, number>()
      for (let i = 0; i < 30; i++) {
        const client = clients[(i * seed + Math.floor(i / 3) * rotation) % 3]!
        const n = (counts.get(client) ?? 0) + 1
        counts.set(client, n)
        doc.clientID = client
        doc.getArray('log:1').push([entry(client, n)])
      }
      const server = new Server()
      accepted(server.send(Y.encodeStateAsUpdate(doc), ALICE))
      expect(server.doc.getArray('log:1').toArray()).toEqual(doc.getArray('log:1').toArray())
    }
  })

  it('two devices that set the same receipt concurrently; either order', () => {
    for (const order of [
      [A1, A2],
      [A2, A1],
    ]) {
      const server = page()
      const docs = order.map((client) => server.replica(client))
      const updates = docs.map((doc) =>
        changeOf(doc, () => doc.getMap('state:1').set('d/33/1', NOW + (doc.clientID % 7))),
      )
      for (const update of updates) accepted(server.send(update, ALICE))
      // Each learns of the other's: one loses, which is deleted in every replica.
      for (const doc of docs) {
        const id = doc.clientID
        doc.clientID = 0
        for (const row of server.rows) Y.applyUpdate(doc, row)
        doc.clientID = id
      }
      const all = Y.encodeStateAsUpdate(docs[0]!)
      const own = accepted(server.check(all, ALICE))
      expect(own).toMatchObject({
        rebuild: false,
        stripped: { structs: 0, deletes: 0 },
        entries: [],
      })
      const bobs = server.check(Y.encodeStateAsUpdate(server.replica(B1)), BOB)
      expect(bobs).toMatchObject({ kind: 'known', rebuild: false, stripped: { deletes: 1 } })
      // A fresh server gets both at once, the loser without content.
      const fresh = new Server()
      fresh.store(
        encodeLaneWrite({
          client: B1,
          clock: 0,
          items: [{ log: 'log:2', values: [entry(B1, 1)] }],
        }),
      )
      accepted(fresh.send(all, ALICE))
      expect(fresh.doc.getMap('state:1').toJSON()).toEqual(server.doc.getMap('state:1').toJSON())
    }
  })

  it('a receipt set anew: the former goes', () => {
    const server = page()
    const doc = server.replica(A2)
    const update = changeOf(doc, () => doc.getMap('state:1').set('r/33/1', NOW + 5))
    accepted(server.send(update, ALICE))
    expect(server.doc.getMap('state:1').get('r/33/1')).toBe(NOW + 5)
    // Others carry that delete too; it follows from the structs, so nothing is left out.
    const step2 = Y.encodeStateAsUpdate(server.replica(B1))
    expect(server.check(step2, BOB)).toEqual({
      kind: 'known',
      rebuild: false,
      stripped: { structs: 0, deletes: 0 },
    })
  })

  it('a receipt set anew twice, of which the first is without content', () => {
    const server = page()
    const after = (clock: number) => ({ client: A1, clock })
    const structs = [
      { ref: 1, origin: after(1) },
      { origin: after(2), values: [NOW] },
    ]
    accepted(server.send(forge([{ client: A1, clock: 2, structs }]), ALICE))
    expect(server.doc.getMap('state:1').get('r/33/1')).toBe(NOW)
  })

  it('[GATE-10] a sync step 2 with everything: what is known is dropped', () => {
    const server = page()
    const doc = server.replica(A1)
    expect(server.check(Y.encodeStateAsUpdate(doc), ALICE)).toEqual({
      kind: 'known',
      rebuild: false,
      stripped: { structs: 0, deletes: 0 },
    })
    doc.getArray('log:1').push([entry(A1, 2)])
    const verdict = accepted(server.send(Y.encodeStateAsUpdate(doc), ALICE))
    expect(verdict.entries).toEqual([{ writer: 11, from: 2, to: 2 }])
    expect(Y.decodeUpdate(verdict.update).structs).toHaveLength(1)
  })

  it('an update without anything', () => {
    expect(new Server().check(new Uint8Array([0, 0]), ALICE).kind).toBe('known')
  })

  it('a struct known in part, which Yjs has merged since', () => {
    const server = page()
    const doc = server.replica(A1)
    doc.getArray('log:1').push([entry(A1, 2)])
    accepted(server.send(Y.encodeStateAsUpdate(doc), ALICE))
    doc.getArray('log:1').push([entry(A1, 3), entry(A1, 4)])
    const merged = Y.encodeStateAsUpdate(doc)
    expect(Y.decodeUpdate(merged).structs.find(({ id }) => id.clock === 2)?.length).toBe(3)
    const verdict = accepted(server.send(merged, ALICE))
    expect(verdict.entries).toEqual([{ writer: 11, from: 3, to: 4 }])
    expect(Y.encodeStateAsUpdate(server.doc)).toEqual(merged)
  })

  it('deleted entries, as a compacted replica sends them', () => {
    const doc = new Y.Doc()
    doc.clientID = A1
    const log = doc.getArray('log:1')
    for (let n = 1; n <= 6; n++) log.push([entry(A1, n)])
    log.delete(1, 3)
    const server = new Server()
    const verdict = accepted(server.send(Y.encodeStateAsUpdate(doc), ALICE))
    expect(verdict.entries).toEqual([{ writer: 11, from: 1, to: 6 }])
    expect(server.index.deletedOf(A1).ranges()).toEqual([[1, 4]])
    const next = changeOf(doc, () => log.push([entry(A1, 7)]))
    accepted(server.send(next, ALICE))
    expect(server.index.clockOf(A1, 7)).toBe(6)
  })

  it('structs of others that the server has lost are left out, and nothing is rebuilt', () => {
    const server = page()
    const doc = server.replica(A1)
    doc.getArray('log:1').push([entry(A1, 2)])
    doc.getArray('log:1').delete(0)
    const restored = new Server()
    const verdict = accepted(restored.send(Y.encodeStateAsUpdate(doc), ALICE))
    expect(verdict).toMatchObject({ rebuild: false, stripped: { structs: 1, deletes: 0 } })
    const bob = restored.send(Y.encodeStateAsUpdate(server.replica(B1)), BOB)
    expect(accepted(bob).entries).toEqual([{ writer: 33, from: 1, to: 1 }])
    expect(restored.doc.getArray('log:2').toArray()).toEqual([entry(B1, 1)])
    // Bob's replica knows of a delete of Alice's entry that another restored server does not.
    const carrying = server.replica(B1)
    Y.applyUpdate(carrying, Y.encodeStateAsUpdate(doc))
    const third = new Server()
    const step2 = accepted(third.send(Y.encodeStateAsUpdate(carrying), BOB))
    expect(step2).toMatchObject({ rebuild: false, stripped: { structs: 3, deletes: 1 } })
  })

  it('structs of the server, as long as they are known', () => {
    const server = new Server(CHAT)
    const row = encodeLaneWrite({
      client: SERVER,
      clock: 0,
      items: [{ map: 'sys', key: 'title', value: 'a' }],
    })
    server.store(row)
    expect(server.check(Y.encodeStateAsUpdate(server.doc), ALICE).kind).toBe('known')
    server.store(
      encodeLaneWrite({
        client: SERVER,
        clock: 1,
        items: [{ map: 'sys', key: 'title', value: 'b', after: { client: SERVER, clock: 0 } }],
      }),
    )
    expect(server.check(Y.encodeStateAsUpdate(server.doc), ALICE)).toEqual({
      kind: 'known',
      rebuild: false,
      stripped: { structs: 0, deletes: 0 },
    })
  })

  it('[DOC-3] an entry of a page whose month has passed, and any kind but messages from another month', () => {
    const server = page()
    const june = Date.parse('2024-06-03T00:00:00Z')
    const edit = entry(A1, 2, { 4: june, 5: EntryKind.edit, 6: [11, 1] })
    const late = entry(A1, 3)
    const bytes = encodeLaneWrite({
      client: A1,
      clock: 2,
      items: [{ log: 'log:1', after: { client: A1, clock: 0 }, values: [edit, late] }],
    })
    accepted(server.check(bytes, ALICE, { now: june }))
  })

  it('[BODY-1] a body of any bytes, which are stored as they came', () => {
    const server = page()
    const doc = server.replica(A1)
    for (const [i, first] of [0, 1, 255].entries()) {
      const body = Uint8Array.of(first, 0xff, 0xc0, 7)
      const update = changeOf(doc, () =>
        doc.getArray('log:1').push([entry(A1, i + 2, { 8: body })]),
      )
      expect(accepted(server.send(update, ALICE)).update).toEqual(update)
      expect(server.doc.getArray<unknown[]>('log:1').toArray().at(-1)?.[8]).toEqual(body)
    }
  })

  it('[PREF-3] settings: set, overwritten by either device, removed', () => {
    const server = new Server(USER)
    const set = (client: number, key: string, value: unknown) => {
      const doc = server.replica(client)
      const map = doc.getMap('prefs')
      const change = () => (value === undefined ? map.delete(key) : map.set(key, value))
      return accepted(server.send(changeOf(doc, change), ALICE))
    }
    set(A1, 'archived/dm.patient.doctor', true)
    set(A2, 'archived/dm.patient.doctor', false)
    set(A1, 'archived/dm.patient.doctor', NOW)
    set(A1, 'theme', 'dark')
    set(A1, 'size', 1.5)
    set(A2, 'theme', null)
    set(A2, 'size', undefined)
    const prefs = { 'archived/dm.patient.doctor': NOW, theme: null }
    expect(server.doc.getMap('prefs').toJSON()).toEqual(prefs)
    // A compacted replica has the overwritten ones without content.
    const fresh = new Server(USER)
    accepted(fresh.send(Y.encodeStateAsUpdate(server.doc), ALICE))
    expect(fresh.doc.getMap('prefs').toJSON()).toEqual(prefs)
    expect(server.check(Y.encodeStateAsUpdate(server.doc), ALICE).kind).toBe('known')
  })
})

describe('a verdict', () => {
  const message = (n: number, clock: number) =>
    encodeLaneWrite({
      client: A1,
      clock,
      items: [
        {
          log: 'log:1',
          values: [entry(A1, n)],
          ...(clock > 0 && { after: { client: A1, clock: clock - 1 } }),
        },
      ],
    })

  it('changes nothing until it is advanced, and then as if the stored bytes were read', () => {
    const server = new Server()
    const before = JSON.stringify(server.index.describe())
    const verdict = accepted(server.check(message(1, 0), ALICE))
    expect(JSON.stringify(server.index.describe())).toBe(before)
    verdict.advance()
    const rebuilt = new GateIndex()
    rebuilt.addStored(verdict.update)
    expect(server.index.describe()).toEqual(rebuilt.describe())
  })

  it('is void once the index has changed', () => {
    const server = new Server()
    const one = accepted(server.check(message(1, 0), ALICE))
    const same = accepted(server.check(message(1, 0), ALICE))
    one.advance()
    expect(() => same.advance()).toThrow(/changed/)
    expect(() => one.advance()).toThrow(/changed/)
  })

  it('keeps nothing of the frame', () => {
    const server = new Server()
    const frame = message(1, 0)
    const copy = Uint8Array.from(frame)
    const verdict = accepted(server.check(frame, ALICE))
    frame.fill(255)
    expect(verdict.update).toEqual(copy)
  })

  it('takes limits from its context', () => {
    const server = new Server()
    const refusal = server.check(message(1, 0), ALICE, { limits: { bytes: 10 } })
    expect(refusal).toMatchObject({ kind: 'refuse', code: 'TOO_LARGE' })
  })

  it('[GATE-6] is made in the sender’s own time', () => {
    const server = new Server()
    const at = NOW + DAY
    const bytes = (time: number) =>
      encodeLaneWrite({
        client: A1,
        clock: 0,
        items: [{ log: 'log:1', values: [entry(A1, 1, { 4: time })] }],
      })
    accepted(server.check(bytes(at), ALICE))
    expect(server.check(bytes(at + 1), ALICE)).toMatchObject({ code: 'CLOCK' })
    const other = clientIdOf(ALICE, 99)
    const receipt = (value: number) =>
      encodeLaneWrite({
        client: other,
        clock: 0,
        items: [{ map: 'state:1', key: 'd/33/1', value }],
      })
    accepted(server.check(receipt(at), ALICE))
    expect(server.check(receipt(at + 1), ALICE)).toMatchObject({ code: 'CLOCK' })
  })
})
