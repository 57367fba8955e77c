/**
 * Appends to 100 documents: ours, which resolves after fsync, beside y-leveldb's `storeUpdate`,
 * which does not sync at all. See docs/adr/0002.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DocName, pageDoc, parseChatId, parseMonth } from '@wardline/core/base/ids'
import { LevelStore } from '@wardline/sync-server/storage/level-store'
import { openYLeveldb } from '@wardline/sync-server/y-leveldb/doc-folder'
import * as Y from 'yjs'

const DOCS = 100
const ROUNDS = 30

const month = parseMonth('2026-11')!
const docs = Array.from(
  { length: DOCS },
  (_, i): DocName => pageDoc(parseChatId(`dm.patient-${1000 + i}.doctor-1`)!, month),
)

/** Updates of a message each, one after the other. */
const updates = (count: number): Uint8Array[] => {
  const doc = new Y.Doc()
  const made: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => made.push(update))
  for (let i = 0; i < count; i++) doc.getArray('log:1').push([`${i} `.padEnd(80, 'x')])
  return made
}

const measure = async (append: (doc: DocName, update: Uint8Array) => Promise<unknown>) => {
  const times: number[] = []
  const rows = updates(ROUNDS)
  const start = performance.now()
  for (const update of rows) {
    const from = performance.now()
    await Promise.all(docs.map((doc) => append(doc, update)))
    times.push(performance.now() - from)
  }
  const perSecond = (DOCS * ROUNDS * 1000) / (performance.now() - start)
  times.sort((a, b) => a - b)
  return { median: times[ROUNDS >> 1]!, p95: times[Math.floor(ROUNDS * 0.95)]!, perSecond }
}

const inFolder = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'wardline-bench-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const ours = () =>
  inFolder(async (folder) => {
    const store = await LevelStore.open(folder, { create: true })
    try {
      return await measure((doc, update) => store.commit({ appends: [{ doc, update }] }))
    } finally {
      await store.close()
    }
  })

const theirs = () =>
  inFolder(async (folder) => {
    const store = openYLeveldb(folder, true)
    try {
      return await measure((doc, update) => store.storeUpdate(doc, update))
    } finally {
      await store.destroy()
    }
  })

console.log(`one append to each of ${DOCS} documents at once, ${ROUNDS} rounds, two runs`)
for (let run = 0; run < 2; run++)
  for (const [name, bench] of [
    ['ours, durable', ours],
    ['y-leveldb, not synced', theirs],
  ] as const) {
    const { median, p95, perSecond } = await bench()
    console.log(
      `${name.padEnd(22)} round: median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms; ` +
        `${Math.round(perSecond)} appends/s`,
    )
  }
