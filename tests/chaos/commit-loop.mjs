/**
 * Commits to a store for ever, from many sides at once, and says so on standard output:
 *
 *     epoch <epoch>                 opened
 *     stored <i> <doc> <head>       commit i is acknowledged
 *     lost | recovered              the store's resets
 *     failed <code>                 a commit was rejected
 *
 * Commit i appends i to a document, sets the record `commit/<i>` to the same and adds an audit
 * line. Arguments: data directory, number of the first commit.
 */
import { writeSync } from 'node:fs'
import { LevelStore } from '../../sync-server/dist/storage/level-store.js'

const [directory, first] = process.argv.slice(2)
const say = (...words) => writeSync(1, `${words.join(' ')}\n`)

const docs = Array.from({ length: 12 }, (_, month) => {
  return `chat/dm.anna.drbob/2025-${String(month + 1).padStart(2, '0')}`
})
const store = await LevelStore.open(directory, { create: true })
say('epoch', store.epoch)

let next = Number(first)
let ready = Promise.resolve()
let resume = () => {}
store.onReset((phase) => {
  say(phase)
  if (phase === 'recovered') return resume()
  ready = new Promise((resolve) => {
    resume = resolve
  })
})

const commitForEver = async () => {
  for (;;) {
    await ready
    const i = next++
    const doc = docs[i % docs.length]
    const update = new TextEncoder().encode(String(i))
    try {
      const { heads } = await store.commit({
        appends: [{ doc, update }],
        records: [{ key: `commit/${i}`, value: doc }],
        audit: [{ at: Date.now(), actor: 'server', action: `commit.${i}` }],
      })
      say('stored', i, doc, heads[0])
    } catch (error) {
      say('failed', error.code)
    }
  }
}
for (let side = 0; side < 20; side++) commitForEver()
for (;;) {
  // Compaction runs all the while; the snapshot's content does not matter here.
  for (const doc of docs) {
    await ready
    try {
      const { head, tail } = await store.read(doc)
      if (tail.length > 100) await store.compact(doc, { head, update: new Uint8Array([0, 0]) })
    } catch (error) {
      say('failed', error.code)
    }
    await new Promise(setImmediate)
  }
}
