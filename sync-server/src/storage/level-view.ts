import type { DocName } from '@wardline/core/base/ids'
import type { ClassicLevel } from 'classic-level'
import {
  type DocMeta,
  docKey,
  type KeyRange,
  NO_DOC,
  partKey,
  readDocMeta,
  readSnapshot,
  rowKey,
  rowRange,
  snapshotKey,
} from './level-layout.ts'
import { type RawValue, ReadsTogether, type ReadsValues } from './reads-together.ts'
import { damaged, isDamage, isLevelDamage, unseal } from './seal.ts'
import type { DocContent, Row, Snapshot } from './store.ts'
import { StoreError } from './store-error.ts'

export type Level = ClassicLevel<string, Uint8Array>

/**
 * A way to read the database as it is, or as it was at one moment. Rejects with `STORE_CORRUPT` for
 * what is not what was written, unless it says otherwise.
 */
export interface View {
  get(key: string): Promise<Uint8Array | undefined>
  getMany(keys: string[]): Promise<(Uint8Array | undefined)[]>
  /** As {@link getMany}, with the error in the place of a damaged value. */
  tryMany(keys: string[]): Promise<(Uint8Array | StoreError | undefined)[]>
  /** At most `limit` entries of a range (default: all), ascending. */
  entries(range: KeyRange, limit?: number): Promise<[string, Uint8Array][]>
  /** As {@link entries}, of what can be read; `lost` is told of each that cannot. */
  sound(
    range: KeyRange,
    lost: (error: StoreError) => void,
    limit?: number,
  ): Promise<[string, Uint8Array][]>
  /** All keys of a range that can be read, ascending. */
  keys(range: KeyRange): Promise<string[]>
  /** The last `limit` keys of a range, last first. */
  lastKeys(range: KeyRange, limit: number): Promise<string[]>
  /** What lies under a key, as it lies there; undefined also for what cannot be read at all. */
  raw(key: string): Promise<Uint8Array | undefined>
}

export interface ViewOptions {
  /** Whether every value is sealed. */
  readonly strict: boolean
  /** The moment to show; without it whatever is newest at each read. */
  readonly snapshot?: ReturnType<Level['snapshot']>
}

const PAGE = 1_000

export const viewOf = (level: Level, { strict, ...at }: ViewOptions): View => {
  const open = (key: string, value: Uint8Array): Uint8Array => unseal(key, plain(value), strict)
  const attempt = (key: string, value: RawValue): Uint8Array | StoreError | undefined => {
    if (value === undefined) return undefined
    if (value instanceof Error) return damaged(key, value)
    try {
      return open(key, value)
    } catch (error) {
      if (isDamage(error)) return error
      throw error
    }
  }
  const database: ReadsValues = {
    get: (key) => level.get(key, at),
    getMany: (keys) => level.getMany(keys, at),
  }
  // Of a moment that is past nobody else reads.
  const reads = new ReadsTogether(database, at.snapshot && queueMicrotask)
  const tryMany: View['tryMany'] = async (keys) => {
    const found = await reads.values(keys)
    return found.map((value, i) => attempt(keys[i] ?? '', value))
  }
  const getMany: View['getMany'] = async (keys) =>
    (await tryMany(keys)).map((value) => {
      if (value instanceof StoreError) throw value
      return value
    })
  return {
    get: async (key) => (await getMany([key]))[0],
    tryMany,
    getMany,
    async entries(range, limit = -1) {
      const found = await level
        .iterator({ ...range, ...at, limit })
        .all()
        .catch(fails(range.gte))
      return found.map(([key, value]) => [key, open(key, value)])
    },
    async sound(range, lost, limit = -1) {
      const found: [string, Uint8Array][] = []
      const iterator = level.iterator({ ...range, ...at, limit })
      try {
        for (;;) {
          // A block that cannot be read is stepped over, and told of at the end.
          const some = await iterator.nextv(PAGE)
          if (some.length === 0) break
          for (const [key, stored] of some) {
            const value = attempt(key, stored)
            if (value instanceof StoreError) lost(value)
            else if (value !== undefined) found.push([key, value])
          }
        }
      } catch (error) {
        if (!isLevelDamage(error)) throw error
        lost(damaged(range.gte, error))
      } finally {
        await iterator.close()
      }
      return found
    },
    async keys(range) {
      const found: string[] = []
      const keys = level.keys({ ...range, ...at })
      try {
        for (;;) {
          const some = await keys.nextv(PAGE)
          if (some.length === 0) break
          found.push(...some)
        }
      } catch (error) {
        if (!isLevelDamage(error)) throw error
      } finally {
        await keys.close()
      }
      return found
    },
    async lastKeys(range, limit) {
      return level
        .keys({ ...range, ...at, reverse: true, limit })
        .all()
        .catch(fails(range.lt))
    },
    async raw(key) {
      const [value] = await reads.values([key])
      return value instanceof Uint8Array ? plain(value) : undefined
    },
  }
}

const fails =
  (key: string) =>
  (error: unknown): never => {
    throw isLevelDamage(error) ? damaged(key, error) : error
  }

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

/** What is read key by key: up to so many rows, and up to so many bytes with the snapshot. */
const FEW = { rows: 64, bytes: 64 * 1024 } as const

/**
 * What {@link readRows} gives, of a document that is being written to and compacted: rows never
 * change, so all of them are right if all are there. undefined when they are not, or are many.
 */
export const readFewRows = async (
  view: View,
  doc: DocName,
  after: number,
  { head, tailBytes }: DocMeta,
): Promise<Row[] | undefined> => {
  if (head - after > FEW.rows || tailBytes > FEW.bytes) return undefined
  const heads = Array.from({ length: head - after }, (_, i) => after + 1 + i)
  const found = await view.getMany(heads.map((each) => rowKey(doc, each)))
  const rows = found.flatMap((update, i) => (update ? [{ head: heads[i] ?? 0, update }] : []))
  return rows.length < heads.length ? undefined : rows
}

/** The same of a whole document. */
export const readSmall = async (
  view: View,
  doc: DocName,
  meta: DocMeta,
): Promise<DocContent | undefined> => {
  const { head, snapshotHead, snapshotBytes, tailBytes, parts } = meta
  if (snapshotBytes + tailBytes > FEW.bytes || parts > 0) return undefined
  const [stored, tail] = await Promise.all([
    snapshotHead === 0 ? undefined : view.get(snapshotKey(doc)),
    readFewRows(view, doc, snapshotHead, meta),
  ])
  if (tail === undefined) return undefined
  if (snapshotHead === 0) return { head, snapshot: null, tail }
  const snapshot = stored && readSnapshot(stored)
  // A newer one has taken its place.
  if (snapshot?.head !== snapshotHead) return undefined
  return { head, snapshot: { head: snapshotHead, updates: [snapshot.update] }, tail }
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
