/**
 * Reads a V1 update without creating a Yjs object, in time and memory bounded by its length.
 * Stricter than Yjs: shortest numbers, valid UTF-8, no repeated client, no empty block or range,
 * sorted deletes, nothing after the end. See docs/protocol.md, section "Updates".
 */
import { readAnyValue, skipAnyValue } from './any-value.ts'
import { ByteReader, type ParseCode, ParseRefusal } from './byte-reader.ts'
import type { ParseLimits } from './parse-limits.ts'
import {
  type ClockRange,
  CONTENT_BITS,
  ContentRef,
  HAS_KEY,
  HAS_ORIGIN,
  HAS_RIGHT_ORIGIN,
  type StructId,
} from './struct.ts'

/** Clocks end here: beyond 2^31 Yjs's bit operations on lengths are not defined. */
export const MAX_CLOCK = 2 ** 31

/**
 * How a client's block is read. strict: only what a lane may hold (values, bytes, deleted; in a
 * root type; no right origin), with its values. outline: any V1 struct, where it lies but not what it holds. span:
 * any V1 struct, only which clocks it covers.
 */
export type BlockMode = 'strict' | 'outline' | 'span'

export interface ParsedStruct {
  readonly clock: number
  readonly len: number
  /** A {@link ContentRef}. */
  readonly ref: number
  readonly origin: StructId | null
  /** Always null in a strict block. */
  readonly rightOrigin: StructId | null
  /** Declared root type; null when the place is inherited, nested or of no Yjs item. */
  readonly root: string | null
  /** Declared key in a map. */
  readonly key: string | null
  /** Values of a strict block; byte arrays in them are views of the input. Null otherwise. */
  readonly values: readonly unknown[] | null
}

export interface ParsedBlock {
  readonly client: number
  readonly clock: number
  /** First clock after the block. */
  readonly end: number
  readonly mode: BlockMode
  /** How long it is. */
  readonly bytes: number
  /** Whether some of its clocks are only stepped over. Never of a strict block. */
  readonly gaps: boolean
  /** Empty in span mode. */
  readonly structs: readonly ParsedStruct[]
}

export interface ParsedUpdate {
  readonly ok: true
  readonly blocks: readonly ParsedBlock[]
  /** Grouped by client; ascending and disjoint within one. */
  readonly deletes: readonly ClockRange[]
}

export interface ParseFailure {
  readonly ok: false
  readonly code: ParseCode
  readonly message: string
}

/**
 * Parses an update; `modeOf` says for each client how its block is to be read.
 *
 * @param readValue reads a value of a strict block, for those who want something else made of it
 */
export const parseUpdate = (
  bytes: Uint8Array,
  modeOf: (client: number) => BlockMode,
  limits: ParseLimits,
  readValue: ValueReader = readAnyValue,
): ParsedUpdate | ParseFailure => {
  try {
    if (bytes.length > limits.bytes) throw new ParseRefusal('TOO_LARGE', 'update too long')
    const parser = new Parser(bytes, modeOf, limits, readValue)
    return parser.update()
  } catch (error) {
    if (error instanceof ParseRefusal)
      return { ok: false, code: error.code, message: error.message }
    throw error
  }
}

/** Reads one value, whatever it is; throws ParseRefusal for what is none. */
export type ValueReader = (reader: ByteReader, depth: number) => unknown

class Parser {
  readonly #reader: ByteReader
  readonly #readValue: ValueReader
  readonly #modeOf: (client: number) => BlockMode
  readonly #limits: ParseLimits
  #structs = 0
  #values = 0

  constructor(
    bytes: Uint8Array,
    modeOf: (client: number) => BlockMode,
    limits: ParseLimits,
    readValue: ValueReader,
  ) {
    this.#readValue = readValue
    this.#reader = new ByteReader(bytes)
    this.#modeOf = modeOf
    this.#limits = limits
  }

  update(): ParsedUpdate {
    const blocks = this.#blocks()
    const deletes = this.#deletes()
    if (this.#reader.pos !== this.#reader.end)
      throw new ParseRefusal('MALFORMED', 'bytes after the end')
    return { ok: true, blocks, deletes }
  }

  #blocks(): ParsedBlock[] {
    const count = this.#reader.varUint()
    if (count > this.#limits.clients) throw new ParseRefusal('TOO_LARGE', 'too many clients')
    const blocks: ParsedBlock[] = []
    const seen = new Seen()
    for (let i = 0; i < count; i++) {
      const block = this.#block()
      seen.add(block.client)
      blocks.push(block)
    }
    return blocks
  }

  #block(): ParsedBlock {
    const reader = this.#reader
    const from = reader.pos
    const count = reader.varUint()
    if (count === 0) throw new ParseRefusal('MALFORMED', 'block without structs')
    this.#structs += count
    if (this.#structs > this.#limits.structs)
      throw new ParseRefusal('TOO_LARGE', 'too many structs')
    const client = reader.varUint()
    const clock = reader.varUint()
    const mode = this.#modeOf(client)
    const structs: ParsedStruct[] = []
    let end = clock
    let gaps = false
    for (let i = 0; i < count; i++) {
      const struct = mode === 'strict' ? this.#strictStruct(end) : this.#anyStruct(end)
      if (mode !== 'span') structs.push(struct)
      gaps ||= struct.ref === ContentRef.skip
      end = endOf(end, struct.len)
    }
    return { client, clock, end, mode, bytes: reader.pos - from, gaps, structs }
  }

  #strictStruct(clock: number): ParsedStruct {
    const reader = this.#reader
    const info = reader.uint8()
    if ((info & HAS_RIGHT_ORIGIN) !== 0)
      throw new ParseRefusal('GRAMMAR', 'inserted, not appended: right origin')
    const ref = info & CONTENT_BITS
    if (ref !== ContentRef.any && ref !== ContentRef.deleted && ref !== ContentRef.binary)
      throw new ParseRefusal('GRAMMAR', `content ${ref} is not allowed in a lane`)
    let origin: StructId | null = null
    let root: string | null = null
    let key: string | null = null
    if ((info & HAS_ORIGIN) !== 0) origin = this.#id()
    else {
      if (reader.varUint() !== 1) throw new ParseRefusal('GRAMMAR', 'parent is not a root type')
      root = reader.text()
      if ((info & HAS_KEY) !== 0) key = reader.text()
    }
    if (ref === ContentRef.deleted)
      return strict(clock, reader.varUint(), ref, origin, root, key, null)
    const values = ref === ContentRef.any ? this.#anyValues() : [this.#value(bytesValue)]
    return strict(clock, values.length, ref, origin, root, key, values)
  }

  #anyValues(): unknown[] {
    const count = this.#reader.varUint()
    const values: unknown[] = []
    for (let i = 0; i < count; i++) values.push(this.#value(this.#readValue))
    return values
  }

  #value(read: ValueReader): unknown {
    const limits = this.#limits
    if (++this.#values > limits.values) throw new ParseRefusal('TOO_LARGE', 'too many values')
    const from = this.#reader.pos
    const value = read(this.#reader, limits.valueDepth)
    if (this.#reader.pos - from > limits.valueBytes)
      throw new ParseRefusal('TOO_LARGE', 'value too large')
    return value
  }

  #anyStruct(clock: number): ParsedStruct {
    const reader = this.#reader
    const info = reader.uint8()
    const ref = info & CONTENT_BITS
    if (ref === ContentRef.gc || ref === ContentRef.skip) {
      // Two readers within Yjs disagree about flags on these two.
      if (info !== ref) throw new ParseRefusal('MALFORMED', 'flags on a struct without content')
      return outline(clock, reader.varUint(), ref, null, null, null, null)
    }
    const origin = (info & HAS_ORIGIN) !== 0 ? this.#id() : null
    const rightOrigin = (info & HAS_RIGHT_ORIGIN) !== 0 ? this.#id() : null
    let root: string | null = null
    let key: string | null = null
    if (origin === null && rightOrigin === null) {
      const parent = reader.varUint()
      if (parent === 1) root = reader.text()
      else if (parent === 0) this.#id()
      else throw new ParseRefusal('MALFORMED', 'unknown kind of parent')
      if ((info & HAS_KEY) !== 0) key = reader.text()
    }
    return outline(clock, this.#skipContent(ref), ref, origin, rightOrigin, root, key)
  }

  /** Steps over a content and returns how many clocks it has. */
  #skipContent(ref: number): number {
    const reader = this.#reader
    switch (ref) {
      case ContentRef.deleted:
        return reader.varUint()
      case ContentRef.json: {
        const count = reader.varUint()
        for (let i = 0; i < count; i++) reader.skipText()
        return count
      }
      case ContentRef.binary:
      case ContentRef.embed:
        reader.skipText()
        return 1
      case ContentRef.string:
        return reader.text().length
      case ContentRef.format:
        reader.skipText()
        reader.skipText()
        return 1
      case ContentRef.type:
        this.#skipType()
        return 1
      case ContentRef.any: {
        const count = reader.varUint()
        for (let i = 0; i < count; i++) skipAnyValue(reader, this.#limits.valueDepth)
        return count
      }
      case ContentRef.doc:
        reader.skipText()
        skipAnyValue(reader, this.#limits.valueDepth)
        return 1
      default:
        throw new ParseRefusal('MALFORMED', `unknown content ${ref}`)
    }
  }

  /** A nested type: array, map, text, XML fragment and text; XML element and hook have a name. */
  #skipType(): void {
    const type = this.#reader.varUint()
    if (type > 6) throw new ParseRefusal('MALFORMED', 'unknown type')
    if (type === 3 || type === 5) this.#reader.skipText()
  }

  #deletes(): ClockRange[] {
    const reader = this.#reader
    const ranges: ClockRange[] = []
    const clients = reader.varUint()
    if (clients > this.#limits.clients) throw new ParseRefusal('TOO_LARGE', 'too many clients')
    const seen = new Seen()
    for (let i = 0; i < clients; i++) {
      const client = reader.varUint()
      seen.add(client)
      const count = reader.varUint()
      if (count === 0) throw new ParseRefusal('MALFORMED', 'client without deletes')
      if (ranges.length + count > this.#limits.deletes)
        throw new ParseRefusal('TOO_LARGE', 'too many deletes')
      let end = 0
      for (let j = 0; j < count; j++) {
        const clock = reader.varUint()
        const len = reader.varUint()
        if (clock < end) throw new ParseRefusal('MALFORMED', 'deletes not in order')
        end = endOf(clock, len)
        ranges.push({ client, clock, len })
      }
    }
    return ranges
  }

  #id(): StructId {
    const client = this.#reader.varUint()
    const clock = this.#reader.varUint()
    return { client, clock }
  }
}

/** Clients of a section so far: none may come twice, Yjs would keep only its last block. */
class Seen {
  #first: number | undefined
  #more: Set<number> | undefined

  add(client: number): void {
    if (this.#first === undefined) {
      this.#first = client
      return
    }
    this.#more ??= new Set([this.#first])
    if (this.#more.has(client)) throw new ParseRefusal('MALFORMED', 'client given twice')
    this.#more.add(client)
  }
}

const bytesValue = (reader: ByteReader): Uint8Array => reader.view()

const endOf = (clock: number, len: number): number => {
  if (len === 0) throw new ParseRefusal('MALFORMED', 'no clocks')
  const end = clock + len
  if (end > MAX_CLOCK) throw new ParseRefusal('TOO_LARGE', 'clock too large')
  return end
}

const strict = (
  clock: number,
  len: number,
  ref: number,
  origin: StructId | null,
  root: string | null,
  key: string | null,
  values: readonly unknown[] | null,
): ParsedStruct => ({ clock, len, ref, origin, rightOrigin: null, root, key, values })

const outline = (
  clock: number,
  len: number,
  ref: number,
  origin: StructId | null,
  rightOrigin: StructId | null,
  root: string | null,
  key: string | null,
): ParsedStruct => ({ clock, len, ref, origin, rightOrigin, root, key, values: null })
