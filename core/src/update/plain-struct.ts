/** Structs as they are parsed, as data that can be written again. */
import type { ParsedStruct } from './parse-update.ts'
import { ContentRef, type PlainContent, type PlainStruct } from './struct.ts'

/** Of a struct in a strict block. */
export const plainOf = ({ origin, root, key, len, ref, values }: ParsedStruct): PlainStruct => ({
  origin,
  root: root ?? '',
  key,
  content: contentOf(ref, len, values ?? []),
})

const contentOf = (ref: number, len: number, values: readonly unknown[]): PlainContent => {
  if (ref === ContentRef.deleted) return { kind: 'deleted', len }
  const [bytes] = values
  if (ref === ContentRef.binary && bytes instanceof Uint8Array) return { kind: 'binary', bytes }
  return { kind: 'any', values }
}
