/** What a database turns out to lack when it is opened, as far as that can be seen. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LevelDatabase } from './level-database.ts'
import { readWatermark } from './watermark.ts'

export interface Loss {
  /** Changes at the end that were stored and are not there; undefined when their number is not known. */
  readonly missing: number | undefined
  /** When the database was last known to have them, ms. */
  readonly knownAt: number | undefined
  /** Pieces that LevelDB could not read, and left out. */
  readonly dropped: number
}

/** How LevelDB says, in its own log, that it goes on without something. */
const dropping = /dropping \d+ bytes|Ignoring error|Lost \d+/i

/** What LevelDB left out when it was opened last. It makes a new log for each opening. */
export const droppedIn = async (directory: string): Promise<number> => {
  const log = await readFile(join(directory, 'LOG'), 'utf8').catch(() => '')
  return log.split('\n').filter((line) => dropping.test(line)).length
}

/** Looks right after opening. undefined: nothing is known to be missing. */
export const findLoss = async (
  directory: string,
  { epoch, seq, lineage }: Pick<LevelDatabase, 'epoch' | 'seq' | 'lineage'>,
): Promise<Loss | undefined> => {
  const [mark, dropped] = await Promise.all([readWatermark(directory), droppedIn(directory)])
  const isHere =
    mark === undefined || (mark.epoch === epoch && lineage.locate(mark.cursor, seq) !== undefined)
  if (isHere && dropped === 0) return undefined
  const behind = isHere || mark === undefined ? 0 : mark.seq - seq
  return {
    missing: behind > 0 ? behind : undefined,
    knownAt: isHere ? undefined : mark?.at,
    dropped,
  }
}
