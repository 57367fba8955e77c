/** Updates without the content that was deleted in the meantime. */
import { STORED_LIMITS } from './parse-limits.ts'
import { type ParsedUpdate, parseUpdate } from './parse-update.ts'
import { plainOf } from './plain-struct.ts'
import { addRanges, type RangeSet } from './range-set.ts'
import { contentLength, type PlainBlock, type PlainStruct } from './struct.ts'
import { writeUpdate } from './write-update.ts'

/**
 * The same updates, one for one, without the content that one of them deletes: a row says what was
 * written when, and the row that takes it back may be a later one. What holds something that is in
 * no lane stays as it is.
 */
export const withoutDeleted = (updates: readonly Uint8Array[]): readonly Uint8Array[] => {
  const parsed = updates.map((update) => parseUpdate(update, () => 'strict', STORED_LIMITS))
  const gone = new Map<number, RangeSet>()
  // At once, for adding to a large set costs as much as the set is large.
  const deletes = parsed.flatMap((each) => (each.ok ? each.deletes : []))
  addRanges(
    gone,
    deletes.sort((a, b) => a.client - b.client),
  )
  if (gone.size === 0) return updates
  return updates.map((update, i) => {
    const each = parsed[i]
    return each?.ok && holdsAny(each, gone) ? rewrite(each, gone) : update
  })
}

type Gone = ReadonlyMap<number, RangeSet>

const holdsAny = ({ blocks }: ParsedUpdate, gone: Gone): boolean =>
  blocks.some(({ client, structs }) => {
    const ranges = gone.get(client)
    return (
      ranges !== undefined &&
      structs.some(
        ({ clock, len, values }) => values !== null && ranges.overlaps(clock, clock + len),
      )
    )
  })

const rewrite = ({ blocks, deletes }: ParsedUpdate, gone: Gone): Uint8Array =>
  writeUpdate({
    blocks: blocks.map(({ client, clock, structs }): PlainBlock => {
      const ranges = gone.get(client)
      const plain = structs.map((struct) => ({ at: struct.clock, struct: plainOf(struct) }))
      return {
        client,
        clock,
        structs:
          ranges === undefined
            ? plain.map(({ struct }) => struct)
            : plain.flatMap(({ at, struct }) => emptied(client, at, struct, ranges)),
      }
    }),
    deletes,
  })

/** A struct in pieces: those that are gone without their content. */
const emptied = (
  client: number,
  clock: number,
  struct: PlainStruct,
  gone: RangeSet,
): PlainStruct[] => {
  const { content } = struct
  const length = contentLength(content)
  if (content.kind === 'deleted' || !gone.overlaps(clock, clock + length)) return [struct]
  if (content.kind === 'binary') return [{ ...struct, content: { kind: 'deleted', len: 1 } }]
  const pieces: PlainStruct[] = []
  for (let from = 0; from < length; ) {
    const isGone = gone.has(clock + from)
    let to = from + 1
    while (to < length && gone.has(clock + to) === isGone) to++
    pieces.push({
      ...struct,
      origin: from === 0 ? struct.origin : { client, clock: clock + from - 1 },
      content: isGone
        ? { kind: 'deleted', len: to - from }
        : { kind: 'any', values: content.values.slice(from, to) },
    })
    from = to
  }
  return pieces
}
