/** Opens documents of Yjs, until the messages are in them. */
import * as Y from 'yjs'
import { serveRole } from '../support/role.ts'
import { stopwatch } from '../support/stopwatch.ts'
import { resetTraffic, traffic } from '../support/wire.ts'
import { messagesOf } from './yjs-texts.mjs'

/** @param open as in `yjs-providers.mjs` */
export const serveYjsReader = (open) => {
  const kept = new Map()
  let connection

  const docOf = (name) => {
    const doc = kept.get(name) ?? new Y.Doc()
    kept.set(name, doc)
    return doc
  }

  /** That a provider is "synced" does not say that the messages are here. */
  const complete = (doc, messages) =>
    new Promise((done) => {
      const array = messagesOf(doc)
      const look = () => {
        if (array.length < messages) return
        array.unobserve(look)
        done()
      }
      array.observe(look)
      look()
    })

  serveRole({
    async join(url, chats) {
      process.setMaxListeners(0)
      resetTraffic()
      const passed = stopwatch()
      const docs = chats.map(({ name }) => [name, docOf(name)])
      connection = open(url, docs)
      await Promise.all(chats.map(({ messages }, i) => complete(docs[i][1], messages)))
      return { ...passed(), ...traffic() }
    },

    async leave() {
      connection.close()
    },
  })
}
