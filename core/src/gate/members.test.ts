/** The gate for groups: lanes beyond the two of a direct chat. */
import { expect, it } from 'vitest'
import { clientIdOf, MAX_INDEX } from '../ids/client-id.ts'
import { A1, ALICE, changeOf, entry, forge, NOW, Server } from './gate-fixture.ts'

const members = [3, 4, 100, MAX_INDEX]

it('[GATE-2] lets every member write in their own lane, and in no other', () => {
  const server = new Server()
  for (const index of members) {
    const client = clientIdOf(index, 77)
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
