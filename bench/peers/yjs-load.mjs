/** Two people in each chat who write to each other, in a document of Yjs. */
import * as Y from 'yjs'
import { chatOf } from '../support/clinic.ts'
import { Pacer } from '../support/pacer.ts'
import { serveRole } from '../support/role.ts'
import { messagesOf, receiptsOf, write } from './yjs-texts.mjs'

/** @param open as in `yjs-providers.mjs` */
export const serveYjsLoad = (open) => {
  const people = []
  const pacer = new Pacer()

  const join = (url, room, name, receipts) => {
    const doc = new Y.Doc()
    const connection = open(url, [[room, doc]])
    people.push({ doc, name, connection })
    messagesOf(doc).observe(({ changes, transaction }) => {
      if (transaction.local) return
      for (const { insert = [] } of changes.delta)
        for (const { id } of insert) {
          pacer.received(id)
          // Inside this transaction it would count as the other one's, and not be sent.
          if (receipts) queueMicrotask(() => receiptsOf(doc).set(name, id))
        }
    })
    return connection.ready
  }

  serveRole({
    async connect(url, pairs, { receipts }) {
      process.setMaxListeners(0)
      for (let i = 0; i < pairs.length; i += 50)
        await Promise.all(
          pairs
            .slice(i, i + 50)
            .flatMap((pair) =>
              [pair.patient, pair.doctor].map((name) => join(url, chatOf(pair), name, receipts)),
            ),
        )
    },

    run: (load) =>
      pacer.run(load, (number) => {
        const { doc, name } = people[number % people.length]
        write(doc, number, name)
      }),

    disconnect() {
      for (const { connection } of people.splice(0)) connection.close()
    },
  })
}
