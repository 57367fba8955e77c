/**
 * Few rows of many updates. What the updates of a lane say about one client mostly goes on where
 * the last one ended: then the bytes of their structs can stand one after the other, and nothing
 * has to be decoded or made anew.
 */
import { writeUint8Array, writeVarUint } from 'lib0/encoding'
import * as Y from 'yjs'
import { ByteReader } from './byte-reader.ts'
import { encode } from './encode.ts'
import { STORED_LIMITS } from './parse-limits.ts'
import { parseUpdate } from './parse-update.ts'
import type { ClockRange } from './struct.ts'
import { writeDeletes } from './write-update.ts'

/** Bytes after which another row begins: a device folds its rows in slices. */
const ROW_BYTES = 256 * 1024
/**
 * Updates that Yjs merges into one, where it has to. It takes time in squares for it: 3,000 at once
 * took 400 ms, by the hundred 8 ms.
 */
const AT_ONCE = 100

/** Few rows for a burst: a document opens faster from few. Holds the same. */
export const joinUpdates = (updates: readonly Uint8Array[]): readonly Uint8Array[] => {
  const rows: Uint8Array[] = []
  let some: Uint8Array[] = []
  let bytes = 0
  for (const update of updates) {
    if (some.length > 0 && bytes + update.length > ROW_BYTES) {
      rows.push(...joined(some))
      some = []
      bytes = 0
    }
    some.push(update)
    bytes += update.length
  }
  return some.length === 0 ? rows : [...rows, ...joined(some)]
}

const joined = (updates: readonly Uint8Array[]): readonly Uint8Array[] => {
  if (updates.length < 2) return updates
  const one = new Joint()
  return updates.every((update) => one.add(update)) ? [one.update()] : mergedByYjs(updates)
}

const mergedByYjs = (updates: readonly Uint8Array[]): readonly Uint8Array[] => {
  const rows: Uint8Array[] = []
  for (let from = 0; from < updates.length; from += AT_ONCE)
    rows.push(Y.mergeUpdates(updates.slice(from, from + AT_ONCE)))
  return rows
}

/** The structs of one client, as bytes, from a clock on. */
interface Run {
  readonly clock: number
  end: number
  structs: number
  readonly parts: Uint8Array[]
}

class Joint {
  readonly #runs = new Map<number, Run>()
  readonly #deletes: ClockRange[] = []

  /** False for one that does not go on where the others end. */
  add(update: Uint8Array): boolean {
    const parsed = parseUpdate(update, () => 'span', STORED_LIMITS)
    if (!parsed.ok) return false
    const reader = new ByteReader(update)
    reader.varUint()
    for (const { client, clock, end, bytes, gaps } of parsed.blocks) {
      const next = reader.pos + bytes
      const structs = reader.varUint()
      reader.varUint()
      reader.varUint()
      const part = update.subarray(reader.pos, next)
      reader.pos = next
      const run = this.#runs.get(client)
      if (gaps || (run !== undefined && run.end !== clock)) return false
      if (run === undefined) this.#runs.set(client, { clock, end, structs, parts: [part] })
      else {
        run.end = end
        run.structs += structs
        run.parts.push(part)
      }
    }
    for (const range of parsed.deletes) this.#deletes.push(range)
    return true
  }

  update(): Uint8Array {
    return encode((encoder) => {
      // The highest first, as Yjs writes them: of another order its `mergeUpdates` makes nonsense.
      const runs = [...this.#runs].sort(([a], [b]) => b - a)
      writeVarUint(encoder, runs.length)
      for (const [client, { clock, structs, parts }] of runs) {
        writeVarUint(encoder, structs)
        writeVarUint(encoder, client)
        writeVarUint(encoder, clock)
        for (const part of parts) writeUint8Array(encoder, part)
      }
      writeDeletes(encoder, this.#deletes)
    })
  }
}
