/** Some clients of an update, by its bytes. */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { encode } from './encode.ts'
import { STORED_LIMITS } from './parse-limits.ts'
import { parseUpdate } from './parse-update.ts'
import { writeDeletes } from './write-update.ts'

/**
 * The structs and the deletes of those clients alone. Only for clients whose structs refer to none
 * of the others. Throws Error for bytes that are no V1 update.
 */
export const keepBlocks = (update: Uint8Array, keep: (client: number) => boolean): Uint8Array => {
  const parsed = parseUpdate(update, () => 'span', STORED_LIMITS)
  if (!parsed.ok) throw new Error(parsed.message)
  const decoder = decoding.createDecoder(update)
  decoding.readVarUint(decoder)
  let { pos } = decoder
  const kept: Uint8Array[] = []
  for (const { client, bytes } of parsed.blocks) {
    if (keep(client)) kept.push(update.subarray(pos, pos + bytes))
    pos += bytes
  }
  return encode((to) => {
    encoding.writeVarUint(to, kept.length)
    for (const block of kept) encoding.writeUint8Array(to, block)
    writeDeletes(
      to,
      parsed.deletes.filter(({ client }) => keep(client)),
    )
  })
}
