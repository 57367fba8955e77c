/**
 * Writes V1 updates from plain structs, byte for byte as Yjs writes them. Source: the V1 encoder
 * of yjs 13.6 (UpdateEncoderV1, Item.write, writeDeleteSet); the tests compare with it.
 */
import {
  type Encoder,
  writeAny,
  writeUint8,
  writeVarString,
  writeVarUint,
  writeVarUint8Array,
} from 'lib0/encoding'
import { encode } from './encode.ts'
import {
  type ClockRange,
  ContentRef,
  HAS_KEY,
  HAS_ORIGIN,
  type PlainContent,
  type PlainStruct,
  type PlainUpdate,
} from './struct.ts'

/** Values that lib0 can carry; `unknown` in the structs because what is stored is checked elsewhere. */
type AnyValue = Parameters<typeof writeAny>[1]

/**
 * Encodes an update. Blocks and deletes may come in any order; each client may have one block
 * only, because Yjs keeps just the last of several.
 */
export const writeUpdate = (update: PlainUpdate): Uint8Array =>
  encode((encoder) => {
    const blocks =
      update.blocks.length < 2
        ? update.blocks
        : [...update.blocks].sort((a, b) => b.client - a.client)
    writeVarUint(encoder, blocks.length)
    for (const block of blocks) {
      writeVarUint(encoder, block.structs.length)
      writeVarUint(encoder, block.client)
      writeVarUint(encoder, block.clock)
      for (const struct of block.structs) writeStruct(encoder, struct)
    }
    writeDeletes(encoder, update.deletes)
  })

const writeStruct = (encoder: Encoder, { origin, root, key, content }: PlainStruct): void => {
  const flags = (origin === null ? 0 : HAS_ORIGIN) | (key === null ? 0 : HAS_KEY)
  writeUint8(encoder, flags | ContentRef[content.kind])
  if (origin !== null) {
    writeVarUint(encoder, origin.client)
    writeVarUint(encoder, origin.clock)
  } else {
    writeVarUint(encoder, 1) // The parent is a root type, by name.
    writeVarString(encoder, root)
    if (key !== null) writeVarString(encoder, key)
  }
  writeContent(encoder, content)
}

const writeContent = (encoder: Encoder, content: PlainContent): void => {
  switch (content.kind) {
    case 'any':
      writeVarUint(encoder, content.values.length)
      for (const value of content.values) writeAny(encoder, value as AnyValue)
      return
    case 'binary':
      writeVarUint8Array(encoder, content.bytes)
      return
    case 'deleted':
      writeVarUint(encoder, content.len)
  }
}

/** A delete set; ranges in any order, also overlapping ones. */
export const writeDeletes = (encoder: Encoder, deletes: readonly ClockRange[]): void => {
  const clients = mergeRanges(deletes)
  writeVarUint(encoder, clients.length)
  for (const ranges of clients) {
    writeVarUint(encoder, ranges[0]?.client ?? 0)
    writeVarUint(encoder, ranges.length)
    for (const range of ranges) {
      writeVarUint(encoder, range.clock)
      writeVarUint(encoder, range.len)
    }
  }
}

/** By client, highest first, as Yjs orders them; ascending and disjoint within a client. */
const mergeRanges = (deletes: readonly ClockRange[]): ClockRange[][] => {
  const clients: ClockRange[][] = []
  if (deletes.length === 0) return clients
  const sorted = [...deletes].sort((a, b) => b.client - a.client || a.clock - b.clock)
  let ranges: ClockRange[] = []
  for (const range of sorted) {
    const last = ranges.at(-1)
    if (last?.client !== range.client) {
      ranges = [range]
      clients.push(ranges)
    } else if (range.clock <= last.clock + last.len) {
      const end = Math.max(last.clock + last.len, range.clock + range.len)
      ranges[ranges.length - 1] = { ...last, len: end - last.clock }
    } else ranges.push(range)
  }
  return clients
}
