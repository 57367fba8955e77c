/**
 * Reads a value of a lane from the bytes of an update. What is an entry, as nearly all are, is made
 * without the array that Yjs would have: the fold of a page has no other use for it.
 */
import { isWriter } from '../base/client-id.ts'
import { type DeviceId, parseDeviceId } from '../base/ids.ts'
import { readAnyValue } from '../update/any-value.ts'
import type { ByteReader } from '../update/byte-reader.ts'
import {
  type Authored,
  ENTRY_VERSION,
  type EntryRef,
  isCount,
  isTime,
  MAX_BODY,
  MAX_SEEN,
  readEntry,
  readKind,
  readRef,
  type Seen,
} from './entry.ts'

/** Nobody's: until it is known in whose log an entry lies. */
const NOBODY = -1
/** Of the many entries that name nothing new. */
const NOTHING_SEEN: Seen = new Map()

/** An entry that is read; all have the same shape. */
export class ReadEntry implements Authored {
  author = NOBODY
  readonly writer: Authored['writer']
  readonly n: number
  readonly device: DeviceId
  readonly at: number
  readonly kind: Authored['kind']
  readonly ref: EntryRef | null
  readonly seen: Seen
  /** A view of the bytes that it was read from. */
  body: Uint8Array
  readonly signature: Uint8Array | null

  constructor(
    writer: Authored['writer'],
    n: number,
    device: DeviceId,
    at: number,
    kind: Authored['kind'],
    ref: EntryRef | null,
    seen: Seen,
    body: Uint8Array,
    signature: Uint8Array | null,
  ) {
    this.writer = writer
    this.n = n
    this.device = device
    this.at = at
    this.kind = kind
    this.ref = ref
    this.seen = seen
    this.body = body
    this.signature = signature
  }
}

/** In what lib0 calls "any": see `readAny` in lib0/decoding. */
const Tag = {
  integer: 125,
  float32: 124,
  float64: 123,
  null: 126,
  text: 119,
  array: 117,
  bytes: 116,
}

/** A {@link ReadEntry} for an entry, what `readAnyValue` makes of it for anything else. */
export const readLogValue = (reader: ByteReader, depth: number): unknown => {
  const from = reader.pos
  const entry = reader.peek() === Tag.array ? quickEntry(reader) : undefined
  if (entry !== undefined) return entry
  // With all that the other reader refuses.
  reader.pos = from
  const value = readAnyValue(reader, depth)
  const slow = readEntry(value)
  if (slow === undefined) return value
  const { writer, n, device, at, kind, ref, seen, body, signature } = slow
  return new ReadEntry(writer, n, device, at, kind, ref, seen, body, signature)
}

/** Undefined for what is none, or is written in another way than ours. */
const quickEntry = (reader: ByteReader): ReadEntry | undefined => {
  reader.pos++
  if (reader.uint8() !== 10 || readNumber(reader) !== ENTRY_VERSION) return undefined
  const writer = readNumber(reader)
  const n = readNumber(reader)
  const device = readDevice(reader)
  const at = readNumber(reader)
  const kind = readKind(readNumber(reader))
  if (!isWriter(writer) || !isCount(n) || !isTime(at)) return undefined
  if (device === undefined || kind === undefined) return undefined
  const ref = reader.peek() === Tag.null ? nothing(reader) : readRef(readAnyValue(reader, 4))
  if (ref === undefined) return undefined
  const seen = readPairs(reader)
  if (seen === undefined || reader.uint8() !== Tag.bytes) return undefined
  const body = reader.view()
  if (body.length < 1 || body.length > MAX_BODY || reader.peek() !== Tag.null) return undefined
  nothing(reader)
  return new ReadEntry(writer, n, device, at, kind, ref, seen, body, null)
}

const nothing = (reader: ByteReader): null => {
  reader.pos++
  return null
}

const readNumber = (reader: ByteReader): number | undefined => {
  switch (reader.uint8()) {
    case Tag.integer:
      return reader.varInt()
    case Tag.float32:
      return reader.float32()
    case Tag.float64:
      return reader.float64()
    default:
      return undefined
  }
}

/** Pairs of a writer and a number; undefined for what is not exactly that. */
const readPairs = (reader: ByteReader): Seen | undefined => {
  if (reader.uint8() !== Tag.array) return undefined
  const length = reader.varUint()
  if (length === 0) return NOTHING_SEEN
  if (length % 2 !== 0 || length > 2 * MAX_SEEN) return undefined
  const seen = new Map<number, number>()
  for (let i = 0; i < length; i += 2) {
    const writer = readNumber(reader)
    const n = readNumber(reader)
    if (!isWriter(writer) || !isCount(n) || seen.has(writer)) return undefined
    seen.set(writer, n)
  }
  return seen
}

/** Entries that lie side by side mostly come from one device. */
let lastDevice = '' as DeviceId

const readDevice = (reader: ByteReader): DeviceId | undefined => {
  if (reader.uint8() !== Tag.text) return undefined
  const from = reader.pos
  const length = reader.varUint()
  if (length === lastDevice.length) {
    const at = reader.skip(length)
    let i = 0
    while (i < length && reader.bytes[at + i] === lastDevice.charCodeAt(i)) i++
    if (i === length && length > 0) return lastDevice
  }
  reader.pos = from
  const device = parseDeviceId(reader.text())
  if (device !== undefined) lastDevice = device
  return device
}
