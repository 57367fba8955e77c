import type { DocName } from '@wardline/core/ids/ids'
import type { ClassicLevel } from 'classic-level'
import {
  type DocMeta,
  docKey,
  type KeyRange,
  NO_DOC,
  partKey,
  readDocMeta,
  readSnapshot,
  rowRange,
  snapshotKey,
} from './level-layout.ts'
import type { Row, Snapshot } from './store.ts'
import { StoreError } from './store-error.ts'

export type Level = ClassicLevel<string, Uint8Array>

/** A way to read the database as it is, or as it was at one moment. */
export interface View {
  get(key: string): Promise<Uint8Array | undefined>
  getMany(keys: string[]): Promise<(Uint8Array | undefined)[]>
  /** At most `limit` entries of a range (default: all), ascending. */
  entries(range: KeyRange, limit?: number): Promise<[string, Uint8Array][]>
  /** All keys of a range, ascending. */
  keys(range: KeyRange): Promise<string[]>
}

/** @param at the moment to show; without it whatever is newest at each read */
export const viewOf = (
  level: Level,
  at: { snapshot?: ReturnType<Level['snapshot']> } = {},
): View => ({
  async get(key) {
    const value = await level.get(key, at)
    return value && plain(value)
  },
  async getMany(keys) {
    return (await level.getMany(keys, at)).map((value) => value && plain(value))
  },
  async entries(range, limit = -1) {
    const found = await level.iterator({ ...range, ...at, limit }).all()
    return found.map(([key, value]) => [key, plain(value)])
  },
  keys: (range) => level.keys({ ...range, ...at }).all(),
})

/** LevelDB answers with Buffers, whose `slice` shares memory where a Uint8Array's copies. */
const plain = (value: Uint8Array): Uint8Array =>
  new Uint8Array(value.buffer, value.byteOffset, value.byteLength)

export const readDoc = async (view: View, doc: DocName): Promise<DocMeta> => {
  const value = await view.get(docKey(doc))
  return value === undefined ? NO_DOC : readDocMeta(value)
}

/** Rows `after + 1 … to`; `STORE_CORRUPT` when one of them is missing. */
export const readRows = async (
  view: View,
  doc: DocName,
  after: number,
  to: number,
): Promise<Row[]> => {
  if (after === to) return []
  const found = await view.entries(rowRange(doc, after, to))
  if (found.length !== to - after) throw new StoreError('STORE_CORRUPT', `${doc} lacks rows`)
  return found.map(([, update], i) => ({ head: after + 1 + i, update }))
}

/** The snapshot that a document's meta speaks of; `STORE_CORRUPT` when it is not there. */
export const readSnapshotOf = async (
  view: View,
  doc: DocName,
  { snapshotHead, parts, generation }: DocMeta,
): Promise<Snapshot | null> => {
  if (snapshotHead === 0) return null
  const lacks = (): StoreError => new StoreError('STORE_CORRUPT', `${doc} lacks its snapshot`)
  if (parts === 0) {
    const stored = await view.get(snapshotKey(doc))
    const snapshot = stored && readSnapshot(stored)
    if (snapshot?.head !== snapshotHead) throw lacks()
    return { head: snapshotHead, updates: [snapshot.update] }
  }
  const keys = Array.from({ length: parts }, (_, i) => partKey(doc, generation, i))
  const updates = (await view.getMany(keys)).filter((update) => update !== undefined)
  if (updates.length < parts) throw lacks()
  return { head: snapshotHead, updates }
}

const CHUNK = 256

/** Bytes of the rows `after + 1 … to` that are there. */
export const rowBytes = async (
  view: View,
  doc: DocName,
  after: number,
  to: number,
): Promise<number> => {
  let bytes = 0
  for (let from = after; from < to; from += CHUNK) {
    const found = await view.entries(rowRange(doc, from, Math.min(from + CHUNK, to)))
    for (const [, update] of found) bytes += update.length
  }
  return bytes
}
