/** For tests: updates that Yjs itself would not write. */
import {
  createEncoder,
  toUint8Array,
  writeAny,
  writeUint8,
  writeUint8Array,
  writeVarString,
  writeVarUint,
} from 'lib0/encoding'
import type { StructId } from './struct.ts'

/** A struct as forged: nothing is checked. `any` by default. */
export interface Forged {
  ref?: number
  flags?: number
  origin?: StructId
  rightOrigin?: StructId
  /** Root type, or the item of a nested type. */
  parent?: string | StructId
  key?: string
  values?: unknown[]
  len?: number
  /** Content as bytes, instead of what `ref` says. */
  raw?: Uint8Array
}
export interface ForgedBlock {
  client: number
  clock: number
  structs: Forged[]
}
export type ForgedDeletes = [client: number, ...ranges: [clock: number, len: number][]]

/** Writes an update that Yjs itself would not write. */
export const forge = (blocks: ForgedBlock[], deletes: ForgedDeletes[] = []): Uint8Array => {
  const to = createEncoder()
  const id = ({ client, clock }: StructId): void => {
    writeVarUint(to, client)
    writeVarUint(to, clock)
  }
  writeVarUint(to, blocks.length)
  for (const { client, clock, structs } of blocks) {
    writeVarUint(to, structs.length)
    id({ client, clock })
    for (const struct of structs) {
      const { ref = 8, flags = 0, origin, rightOrigin, parent = 'log:1', key } = struct
      const marks = (origin ? 128 : 0) | (rightOrigin ? 64 : 0) | (key === undefined ? 0 : 32)
      writeUint8(to, ref | flags | marks)
      if (ref !== 0 && ref !== 10) {
        if (origin) id(origin)
        if (rightOrigin) id(rightOrigin)
        if (!origin && !rightOrigin) {
          writeVarUint(to, typeof parent === 'string' ? 1 : 0)
          if (typeof parent === 'string') writeVarString(to, parent)
          else id(parent)
          if (key !== undefined) writeVarString(to, key)
        }
      }
      if (struct.raw !== undefined) writeUint8Array(to, struct.raw)
      else if (ref === 8) {
        const values = struct.values ?? []
        writeVarUint(to, values.length)
        for (const value of values) writeAny(to, value as null)
      } else writeVarUint(to, struct.len ?? 1)
    }
  }
  writeVarUint(to, deletes.length)
  for (const [client, ...ranges] of deletes) {
    writeVarUint(to, client)
    writeVarUint(to, ranges.length)
    for (const [clock, len] of ranges) id({ client: clock, clock: len })
  }
  return toUint8Array(to)
}
