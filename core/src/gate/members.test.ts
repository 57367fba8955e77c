/** The gate for groups: lanes beyond the two of a direct chat. */
import { expect, it } from 'vitest'
import { clientIdOf, MAX_INDEX } from '../base/client-id.ts'
import { forge } from '../update/forge-fixture.ts'
import { A1, ALICE, B1, BOB, changeOf, entry, NOW, Server } from './gate-fixture.ts'

const members = [3, 4, 100, MAX_INDEX]

it('[GATE-2] lets every member write in their own lane, and in no other', () => {
  const server = new Server()
  for (const index of members) {
    const client = clientIdOf(index, 77 + index)
    const doc = server.replica(client)
    const write = () => {
      doc.getArray(`log:${index}`).push([entry(client, 1)])
      doc.getMap(`state:${index}`).set('d/11/1', NOW)
    }
    expect(server.send(changeOf(doc, write), index).kind).toBe('accept')
    expect(server.doc.getArray(`log:${index}`).length).toBe(1)
    for (const other of [ALICE, ...members].filter((one) => one !== index)) {
      const forged = forge([
        { client, clock: 2, structs: [{ parent: `log:${other}`, values: [entry(client, 2)] }] },
      ])
      expect(server.send(forged, index)).toMatchObject({ kind: 'refuse', code: 'NOT_YOURS' })
    }
  }
})

it('[GATE-8] leaves out what a member says in the name of another', () => {
  const server = new Server()
  for (const index of members) {
    const doc = server.replica(A1)
    const update = changeOf(doc, () => doc.getArray('log:1').push([entry(A1, 1)]))
    server.send(update, index)
  }
  expect(server.rows).toEqual([])
})

it('[GATE-11] keeps a writer for the member who was first to write with it', () => {
  const server = new Server()
  const alice = server.replica(A1)
  server.send(
    changeOf(alice, () => alice.getArray('log:1').push([entry(A1, 1)])),
    ALICE,
  )
  // Ids, receipts and references name an entry by its writer alone: whoever copies one from what
  // they read would speak in the place of its owner.
  const copied = clientIdOf(BOB, 11)
  const forged = [
    { parent: 'log:2', values: [entry(copied, 1)] },
    { parent: 'log:2', ref: 1, len: 1 },
    { parent: 'state:2', key: 'd/11/1', values: [NOW] },
  ]
  for (const struct of forged) {
    const update = forge([{ client: copied, clock: 0, structs: [struct] }])
    expect(server.send(update, BOB)).toMatchObject({ kind: 'refuse', code: 'NOT_YOURS' })
  }
  const stored = new Server()
  for (const row of server.rows) stored.store(row)
  const late = forge([{ client: copied, clock: 0, structs: [forged[0] ?? {}] }])
  expect(stored.send(late, BOB)).toMatchObject({ kind: 'refuse', code: 'NOT_YOURS' })
  const own = forge([
    { client: B1, clock: 0, structs: [{ parent: 'log:2', values: [entry(B1, 1)] }] },
  ])
  expect(stored.send(own, BOB).kind).toBe('accept')
})
