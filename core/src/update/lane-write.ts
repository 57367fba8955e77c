/**
 * What a writer puts into its lane, straight to update bytes. Clients and the server store these
 * bytes first and apply them to a Y.Doc after, so nothing is on screen that is not saved.
 */
import type { ClockRange, PlainStruct, StructId } from './struct.ts'
import { writeUpdate } from './write-update.ts'

/**
 * Appended to a log after the element `after`, or as the first of an empty one; or set at a key
 * of a map. `after` of a map item is the last clock of the value that it overwrites: without it
 * an item counts as concurrent with what is there, and the higher client id wins, not the later.
 */
export type LaneItem =
  | { readonly log: string; readonly after?: StructId; readonly values: readonly unknown[] }
  | {
      readonly map: string
      readonly key: string
      readonly value: unknown
      readonly after?: StructId
    }

/** Items of one writer: `clock` is the writer's next one, the items use the clocks from there. */
export interface LaneWrite {
  readonly client: number
  readonly clock: number
  readonly items: readonly LaneItem[]
  /**
   * Entries to delete. What a map item overwrites needs no mention: replicas delete it when they
   * integrate the item.
   */
  readonly deletes?: readonly ClockRange[]
}

/** Number of clocks that a write uses: the writer's next clock is `clock` plus this. */
export const laneWriteLength = (write: LaneWrite): number => {
  let length = 0
  for (const item of write.items) length += 'log' in item ? item.values.length : 1
  return length
}

/**
 * Encodes a write as a V1 update. To append several entries in a row give `after` as the clock
 * before each, so that Yjs merges them into one struct. Throws RangeError for a log item without
 * values: a struct of no clocks is not a struct.
 */
export const encodeLaneWrite = (write: LaneWrite): Uint8Array => {
  const structs = write.items.map(structOf)
  const blocks = structs.length === 0 ? [] : [{ client: write.client, clock: write.clock, structs }]
  return writeUpdate({ blocks, deletes: write.deletes ?? [] })
}

const structOf = (item: LaneItem): PlainStruct => {
  const origin = item.after ?? null
  if ('map' in item)
    return {
      origin,
      root: item.map,
      key: item.key,
      content: { kind: 'any', values: [item.value] },
    }
  if (item.values.length === 0) throw new RangeError('a log item needs at least one value')
  return { origin, root: item.log, key: null, content: { kind: 'any', values: item.values } }
}
