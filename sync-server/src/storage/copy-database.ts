/**
 * A database copied as it was at one moment, while it goes on being written to. LevelDB offers no
 * copy of its files, but reads of one moment: all of it is read in the order of its keys, and put
 * into a new database as it lies there, check sums included. What damages a value on the way is
 * therefore found where the copy is read.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { flush } from '../base/durable-files.ts'
import { readNumber, seqKey } from './level-layout.ts'
import { type Level, viewOf } from './level-view.ts'
import { isLevelDamage } from './seal.ts'
import { StoreError } from './store-error.ts'

/** Read at once, and written in one batch; one value may be larger. */
const STEP_BYTES = 128 * 1024
const STEP_ENTRIES = 1_000

export interface DatabaseCopy {
  /** The last change that is in it. */
  readonly seq: number
  readonly entries: number
  /** Of keys and values. */
  readonly bytes: number
  /** Whether something was left out because the disk does not give it back as it was. */
  readonly damaged: boolean
}

export interface CopyOptions {
  /** Ends it; what was copied by then stays in the folder. */
  readonly signal?: AbortSignal
  /** Told after each step how many bytes were copied. */
  readonly onStep?: (bytes: number) => void
}

/**
 * Copies into a folder without a database. Rejects with `STORE_OPEN` when it cannot be written, with
 * the signal's reason when it is aborted, and with what reading rejects with.
 */
export const copyLevel = async (
  from: Level,
  folder: string,
  { signal, onStep }: CopyOptions = {},
): Promise<DatabaseCopy> => {
  const snapshot = from.snapshot()
  const to = new ClassicLevel<Uint8Array, Uint8Array>(folder, {
    keyEncoding: 'view',
    valueEncoding: 'view',
    errorIfExists: true,
  })
  try {
    await to.open().catch(fails(folder))
    const [seq] = await viewOf(from, { strict: false, snapshot }).tryMany([seqKey])
    let entries = 0
    let bytes = 0
    let damaged = !(seq instanceof Uint8Array)
    const iterator = from.iterator<Uint8Array, Uint8Array>({
      keyEncoding: 'view',
      valueEncoding: 'view',
      // What is in memory is what people ask for; one look at everything is to leave it there.
      fillCache: false,
      highWaterMarkBytes: STEP_BYTES,
      snapshot,
    })
    try {
      for (;;) {
        signal?.throwIfAborted()
        const step = await iterator.nextv(STEP_ENTRIES).catch((error: unknown) => {
          // A block that cannot be read is stepped over, and told of at the end.
          if (!isLevelDamage(error)) throw error
          damaged = true
          return []
        })
        if (step.length === 0) break
        const batch = to.batch()
        for (const [key, value] of step) {
          batch.put(key, value)
          bytes += key.length + value.length
        }
        entries += step.length
        await batch.write().catch(fails(folder))
        onStep?.(bytes)
      }
    } finally {
      await iterator.close()
    }
    await to.close()
    for (const name of await readdir(folder)) await flush(join(folder, name))
    await flush(folder)
    return { seq: seq instanceof Uint8Array ? readNumber(seq) : 0, entries, bytes, damaged }
  } finally {
    await snapshot.close()
    await to.close()
  }
}

const fails =
  (folder: string) =>
  (error: unknown): never => {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StoreError('STORE_OPEN', `${folder} cannot be written: ${why}`, error)
  }
