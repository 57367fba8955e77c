/** What of an update lies in one member's lane, in parts that fit into frames. */
import { indexOf, type MemberIndex } from '../base/client-id.ts'
import { STORED_LIMITS } from './parse-limits.ts'
import { parseUpdate } from './parse-update.ts'
import { plainOf } from './plain-struct.ts'
import { type ClockRange, contentLength, type PlainBlock, type PlainStruct } from './struct.ts'
import { writeUpdate } from './write-update.ts'

/** Parts longer than this, in bytes, are cut in two, down to a single value. */
const PART_BYTES = 256 * 1024

/**
 * Cuts the structs and deletes of member `index` out of a V1 update made by this program, and
 * splits them into updates to be sent in this order. Empty when nothing is theirs.
 * @throws Error for bytes that are no such update
 */
export const ownUpdates = (update: Uint8Array, index: MemberIndex): Uint8Array[] => {
  const parsed = parseUpdate(
    update,
    (client) => (indexOf(client) === index ? 'strict' : 'span'),
    STORED_LIMITS,
  )
  if (!parsed.ok) throw new Error(`${parsed.code}: ${parsed.message}`)
  const parts = parsed.blocks
    .filter(({ client }) => indexOf(client) === index)
    .flatMap(({ client, clock, structs }) =>
      inParts({ client, clock, structs: structs.map(plainOf) }),
    )
  const deletes: ClockRange[] = parsed.deletes.filter((range) => indexOf(range.client) === index)
  if (deletes.length > 0) parts.push(writeUpdate({ blocks: [], deletes }))
  return parts
}

const inParts = (block: PlainBlock): Uint8Array[] => {
  const update = writeUpdate({ blocks: [block], deletes: [] })
  const length = block.structs.reduce((sum, struct) => sum + contentLength(struct.content), 0)
  if (update.length <= PART_BYTES || length < 2) return [update]
  const [first, second] = cut(block, Math.floor(length / 2))
  return [...inParts(first), ...inParts(second)]
}

/** The first `length` clocks of a block, and the rest. */
const cut = (block: PlainBlock, length: number): [PlainBlock, PlainBlock] => {
  const { client, clock } = block
  const first: PlainStruct[] = []
  const second: PlainStruct[] = []
  let at = 0
  for (const struct of block.structs) {
    const { content } = struct
    const fits = Math.min(contentLength(content), Math.max(0, length - at))
    if (fits === contentLength(content)) first.push(struct)
    else if (fits === 0 || content.kind !== 'any') second.push(struct)
    else {
      first.push({ ...struct, content: { kind: 'any', values: content.values.slice(0, fits) } })
      const origin = { client, clock: clock + at + fits - 1 }
      const values = content.values.slice(fits)
      second.push({ ...struct, origin, content: { kind: 'any', values } })
    }
    at += contentLength(content)
  }
  const taken = first.reduce((sum, struct) => sum + contentLength(struct.content), 0)
  return [
    { client, clock, structs: first },
    { client, clock: clock + taken, structs: second },
  ]
}
