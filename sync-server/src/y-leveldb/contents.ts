/** What a document says, clock by clock, so that two of them can be compared whatever their bytes. */
import { createHash } from 'node:crypto'
import { encode } from '@wardline/core/update/encode'
import { STORED_LIMITS } from '@wardline/core/update/parse-limits'
import { parseUpdate } from '@wardline/core/update/parse-update'
import { plainOf } from '@wardline/core/update/plain-struct'
import type { PlainStruct, StructId } from '@wardline/core/update/struct'
import { writeAny } from 'lib0/encoding'

/** What was deleted has no content any more. */
const DELETED = ''

/** Of each client of Yjs, from clock 0 on, what it says and where; '' for what was deleted. */
export type Contents = ReadonlyMap<number, readonly string[]>

/**
 * Undefined for what no document of a clinic holds: texts, nested types, gaps.
 *
 * @param update a whole document
 */
export const contentsOf = (update: Uint8Array): Contents | undefined => {
  const parsed = parseUpdate(update, () => 'strict', STORED_LIMITS)
  if (!parsed.ok) return undefined
  const contents = new Map<number, string[]>()
  for (const { client, clock, structs } of parsed.blocks) {
    if (clock !== 0) return undefined
    contents.set(
      client,
      structs.flatMap((struct) => saidBy(plainOf(struct), client, struct.clock)),
    )
  }
  for (const { client, clock, len } of parsed.deletes) {
    const said = contents.get(client)
    if (said === undefined || clock + len > said.length) return undefined
    said.fill(DELETED, clock, clock + len)
  }
  return contents
}

const saidBy = (struct: PlainStruct, client: number, clock: number): string[] => {
  const { content, root, key } = struct
  if (content.kind === 'deleted') return Array.from({ length: content.len }, () => DELETED)
  const values = content.kind === 'binary' ? [content.bytes] : content.values
  return values.map((value, i) =>
    i === 0
      ? print(value, struct.origin, root, key)
      : print(value, { client, clock: clock + i - 1 }, '', key),
  )
}

type AnyValue = Parameters<typeof writeAny>[1]

const print = (value: unknown, origin: StructId | null, root: string, key: string | null) => {
  const place = origin === null ? [root, key] : [origin.client, origin.clock]
  return createHash('sha256')
    .update(JSON.stringify(place))
    .update(encode((encoder) => writeAny(encoder, value as AnyValue)))
    .digest('base64')
}

/** How many clocks of `given` say something else in `there`, or are not in it. Deleted there counts as said. */
export const countMissing = (given: Contents, there: Contents): number => {
  let missing = 0
  for (const [client, said] of given) {
    const known = there.get(client) ?? []
    for (const [clock, each] of said.entries())
      if (known[clock] === undefined || (known[clock] !== DELETED && known[clock] !== each))
        missing++
  }
  return missing
}

/** Whether two documents say the same. */
export const areEqual = (one: Contents, other: Contents): boolean =>
  one.size === other.size &&
  [...one].every(([client, said]) => {
    const theirs = other.get(client)
    return theirs?.length === said.length && said.every((each, clock) => each === theirs[clock])
  })
