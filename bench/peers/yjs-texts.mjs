/** A chat in a document of Yjs: one array, a message each. */
import * as Y from 'yjs'
import { textOf } from '../../tests/support/written-page.ts'

export const messagesOf = (doc) => doc.getArray('messages')
export const receiptsOf = (doc) => doc.getMap('receipts')

const messageOf = (id, author) => ({ id, author, text: textOf(id), sentAt: Date.now() })

export const write = (doc, id, author) => messagesOf(doc).push([messageOf(id, author)])

/** In a row from one person. */
const BURST = 3

/** What two people added to `before`, messages `from` … `to`, as one update. */
export const conversation = (before, from, to) => {
  const [one, other] = [new Y.Doc(), new Y.Doc()]
  for (const doc of [one, other]) Y.applyUpdate(doc, before)
  one.on('update', (update) => Y.applyUpdate(other, update))
  other.on('update', (update) => Y.applyUpdate(one, update))
  const start = Y.encodeStateVector(one)
  for (let id = from; id < to; id++) {
    const first = Math.floor(id / BURST) % 2 === 0
    write(first ? one : other, id, first ? 'patient' : 'doctor')
  }
  return { added: Y.encodeStateAsUpdate(one, start), whole: Y.encodeStateAsUpdate(one) }
}

export const empty = Y.encodeStateAsUpdate(new Y.Doc())
