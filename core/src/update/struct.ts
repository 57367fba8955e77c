/**
 * The parts of a V1 update that a lane is made of, as plain data without any Yjs object: the
 * gate must not create what it has not judged, and a client that stores bytes first and applies
 * them after needs no Y.Doc to make them.
 */

/** One clock of one Yjs client. */
export interface StructId {
  readonly client: number
  readonly clock: number
}

/** A run of clocks of one Yjs client; `len` ≥ 1. */
export interface ClockRange {
  readonly client: number
  readonly clock: number
  readonly len: number
}

/** Content numbers of the V1 format, low five bits of a struct's info byte. */
export const ContentRef = {
  gc: 0,
  deleted: 1,
  json: 2,
  binary: 3,
  string: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  doc: 9,
  skip: 10,
} as const

/** Flags of a struct's info byte. */
export const HAS_ORIGIN = 0x80
export const HAS_RIGHT_ORIGIN = 0x40
/** Set for every map item; the key itself is written only when there is no origin. */
export const HAS_KEY = 0x20
export const CONTENT_BITS = 0x1f

/** What one struct holds: plain values, or clocks whose content is gone. */
export type PlainContent =
  | { readonly kind: 'any'; readonly values: readonly unknown[] }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array }
  | { readonly kind: 'deleted'; readonly len: number }

/**
 * One struct. With an origin it lies where the origin lies and `root` is not written; without
 * one it lies in root type `root`, at `key` if that is a map.
 */
export interface PlainStruct {
  readonly origin: StructId | null
  readonly root: string
  readonly key: string | null
  readonly content: PlainContent
}

/** Structs of one client from `clock` on, without gaps; at least one. */
export interface PlainBlock {
  readonly client: number
  readonly clock: number
  readonly structs: readonly PlainStruct[]
}

export interface PlainUpdate {
  readonly blocks: readonly PlainBlock[]
  readonly deletes: readonly ClockRange[]
}

/** Clocks that a content uses. */
export const contentLength = (content: PlainContent): number => {
  switch (content.kind) {
    case 'any':
      return content.values.length
    case 'binary':
      return 1
    case 'deleted':
      return content.len
  }
}
