/**
 * An entry: one element of a member's log. On the wire and in Yjs it is a flat array of plain
 * values, so that Yjs merges runs of entries into one struct; here is the only place that knows
 * its shape. See docs/protocol.md, section "Entries".
 */
import { isWriter, type MemberIndex, type Writer } from '../base/client-id.ts'
import { type DeviceId, type Month, parseDeviceId, parseMonth } from '../base/ids.ts'

export const ENTRY_VERSION = 1

/** Largest body of an entry, in bytes. */
export const MAX_BODY = 64 * 1024
/** Most `seen` pairs in one entry. */
export const MAX_SEEN = 4096

export const EntryKind = { message: 1, edit: 2, retraction: 3, reaction: 4 } as const
/** A kind that this version knows. What it does to a page is said where pages fold, for each. */
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind]

declare const later: unique symbol
/**
 * A kind from a later version: kept, counted and passed on as it came, and without effect. Only
 * {@link readKind} hands it out, so nothing can be taken for it that this version should know.
 */
export type LaterKind = number & { readonly [later]: true }

/** Writer → n: the entries of that writer up to n. A version vector of one page. */
export type Seen = ReadonlyMap<Writer, number>

/** What an entry refers to. */
export interface EntryRef {
  writer: Writer
  n: number
  /** Only when it lies in another page of the chat (a reply to an older message). */
  month?: Month
  /**
   * Only in a retraction: timestamp and `seen` of the entry it takes back, so that the stub keeps
   * its place and the author's later entries keep their past when the content is gone.
   */
  stub?: { at: number; seen: Seen }
}

export interface Entry {
  writer: Writer
  /** 1, 2, 3 … in this page for this writer, without gaps. */
  n: number
  device: DeviceId
  /** Hybrid logical timestamp, milliseconds since 1970. */
  at: number
  kind: EntryKind | LaterKind
  ref: EntryRef | null
  /** Entries of other writers that the author had, as far as changed since the writer's last. */
  seen: Seen
  /** Envelope of the content; its first byte names the encryption, 0 for none. Opaque here. */
  body: Uint8Array
  /** Reserved for a signature by the device. */
  signature: Uint8Array | null
}

/** An entry and the member in whose log it lies. */
export interface Authored extends Entry {
  author: MemberIndex
}

/** `<writer>.<n>`: unique in a page. */
export type EntryId = `${number}.${number}`
export const entryId = (writer: Writer, n: number): EntryId => `${writer}.${n}`

/** The plain value that goes into the log. */
export type EntryTuple = [
  version: number,
  writer: number,
  n: number,
  device: string,
  at: number,
  kind: number,
  ref: unknown[] | null,
  seen: number[],
  body: Uint8Array,
  signature: Uint8Array | null,
]

const writeSeen = (seen: Seen): number[] => [...seen].flat()

export const writeEntry = (entry: Entry): EntryTuple => [
  ENTRY_VERSION,
  entry.writer,
  entry.n,
  entry.device,
  entry.at,
  entry.kind,
  entry.ref && writeRef(entry.ref),
  writeSeen(entry.seen),
  entry.body,
  entry.signature,
]

const writeRef = (ref: EntryRef): unknown[] => {
  if (ref.stub !== undefined)
    return [ref.writer, ref.n, ref.month ?? null, ref.stub.at, writeSeen(ref.stub.seen)]
  return ref.month === undefined ? [ref.writer, ref.n] : [ref.writer, ref.n, ref.month]
}

/**
 * Reads what a log holds. Undefined for anything that is not exactly an entry of version 1.
 * Costs no more than the entry is long.
 */
export const readEntry = (value: unknown): Entry | undefined => {
  if (!Array.isArray(value) || value.length !== 10 || value[0] !== ENTRY_VERSION) return undefined
  const [, writer, n, deviceText, at, kind, refValue, seenValue, body, signature] =
    value as unknown[]
  if (!isWriter(writer) || !isCount(n) || !isTime(at)) return undefined
  const kindRead = readKind(kind)
  if (kindRead === undefined) return undefined
  const device = typeof deviceText === 'string' ? parseDeviceId(deviceText) : undefined
  const ref = refValue === null ? null : readRef(refValue)
  const seen = readSeen(seenValue)
  if (device === undefined || ref === undefined || seen === undefined) return undefined
  if (!(body instanceof Uint8Array) || body.length < 1 || body.length > MAX_BODY) return undefined
  if (signature !== null && !(signature instanceof Uint8Array && signature.length <= 256))
    return undefined
  return { writer, n, device, at, kind: kindRead, ref, seen, body, signature }
}

/** The kind that a number means; undefined for what is none. */
export const readKind = (value: unknown): EntryKind | LaterKind | undefined =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255
    ? (value as EntryKind | LaterKind)
    : undefined

const known: ReadonlySet<number> = new Set(Object.values(EntryKind))

/** Whether this version knows what to make of it. */
export const isKnownKind = (kind: EntryKind | LaterKind): kind is EntryKind => known.has(kind)

/** Whether a value that {@link readEntry} can read is a message. */
export const isMessage = (value: unknown): boolean =>
  Array.isArray(value) && value[5] === EntryKind.message

/** The same for a retraction. */
export const isRetraction = (value: unknown): boolean =>
  Array.isArray(value) && value[5] === EntryKind.retraction

/** When a value that {@link readEntry} can read says it was written, ms. */
export const timeOf = (value: unknown): number => (Array.isArray(value) ? Number(value[4]) : 0)

/** A number that an entry can have. */
export const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) < 2 ** 31

/** A time in whole milliseconds between 1970 and the year 9999. */
export const isTime = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 253402300800000

const readSeen = (value: unknown): Seen | undefined => {
  if (!Array.isArray(value) || value.length % 2 !== 0 || value.length > 2 * MAX_SEEN)
    return undefined
  const seen = new Map<Writer, number>()
  for (let i = 0; i < value.length; i += 2) {
    const writer: unknown = value[i]
    const n: unknown = value[i + 1]
    if (!isWriter(writer) || !isCount(n) || seen.has(writer)) return undefined
    seen.set(writer, n)
  }
  return seen
}

/** Undefined for what is no reference. */
export const readRef = (value: unknown): EntryRef | undefined => {
  if (!Array.isArray(value) || value.length < 2 || value.length > 5) return undefined
  const [writer, n, monthText, at, seenValue] = value as unknown[]
  if (!isWriter(writer) || !isCount(n)) return undefined
  if (value.length === 2) return { writer, n }
  const month = typeof monthText === 'string' ? parseMonth(monthText) : undefined
  if (value.length === 3) return month && { writer, n, month }
  const seen = readSeen(seenValue)
  if (value.length !== 5 || monthText !== null || !isTime(at) || seen === undefined)
    return undefined
  return { writer, n, stub: { at, seen } }
}
