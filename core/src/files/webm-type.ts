/** Whether a WebM is sound alone, by the tracks that its beginning declares. */

const EBML = 0x1a45dfa3
const DOC_TYPE = 0x4282
const SEGMENT = 0x18538067
const CLUSTER = 0x1f43b675
const TRACKS = 0x1654ae6b
const TRACK_ENTRY = 0xae
const TRACK_TYPE = 0x83
const CODEC_ID = 0x86
/** The value of TRACK_TYPE. */
const AUDIO = 2

interface Element {
  id: number
  /** Of its content. */
  start: number
  /** Infinity where its length is not known yet, as in what is recorded live. */
  end: number
}

/**
 * @param head bytes from the start of the file; tracks that are declared behind them do not count
 * @returns `audio/webm`; undefined for video, for other codecs, and for what is no WebM
 */
export const webmType = (head: Uint8Array): string | undefined => {
  const header = elementAt(head, 0)
  if (header?.id !== EBML) return undefined
  const docType = childrenOf(head, header).find(({ id }) => id === DOC_TYPE)
  if (docType === undefined || textOf(head, docType) !== 'webm') return undefined
  const segment = elementAt(head, header.end)
  if (segment?.id !== SEGMENT) return undefined
  const parts = childrenOf(head, segment)
  const media = parts.findIndex(({ id }) => id === CLUSTER)
  if (media < 0) return undefined
  const tracks = parts
    .slice(0, media)
    .filter(({ id }) => id === TRACKS)
    .flatMap((part) => childrenOf(head, part).filter(({ id }) => id === TRACK_ENTRY))
  return tracks.length > 0 && tracks.every((track) => isSound(head, track))
    ? 'audio/webm'
    : undefined
}

const isSound = (bytes: Uint8Array, track: Element): boolean => {
  const fields = childrenOf(bytes, track)
  const type = fields.filter(({ id }) => id === TRACK_TYPE)
  const codec = fields.filter(({ id }) => id === CODEC_ID)
  return (
    type.length === 1 &&
    type.every(({ start, end }) => end === start + 1 && bytes[start] === AUDIO) &&
    codec.length === 1 &&
    codec.every((field) => ['A_OPUS', 'A_VORBIS'].includes(textOf(bytes, field)))
  )
}

const textOf = (bytes: Uint8Array, { start, end }: Element): string =>
  String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 16)))

/** Those of which the beginning is there. */
const childrenOf = (bytes: Uint8Array, parent: Element): Element[] => {
  const children: Element[] = []
  for (let at = parent.start; at < parent.end; ) {
    const child = elementAt(bytes, at)
    if (child === undefined) break
    children.push(child)
    at = child.end
  }
  return children
}

const elementAt = (bytes: Uint8Array, at: number): Element | undefined => {
  const id = numberAt(bytes, at, 4, true)
  if (id === undefined) return undefined
  const size = numberAt(bytes, at + id.length, 8, false)
  if (size === undefined) return undefined
  const start = at + id.length + size.length
  return { id: id.value, start, end: start + size.value }
}

/**
 * A number whose first byte tells, by the zeros before its first one, how many follow. `whole`: that
 * one counts too, as in ids; otherwise a number of ones alone is not known.
 */
const numberAt = (
  bytes: Uint8Array,
  at: number,
  most: number,
  whole: boolean,
): { value: number; length: number } | undefined => {
  const first = bytes[at]
  if (first === undefined) return undefined
  const length = Math.clz32(first) - 23
  if (length > most || at + length > bytes.length) return undefined
  const mask = whole ? 0xff : 0xff >> length
  let value = first & mask
  let known = value !== mask
  for (const byte of bytes.subarray(at + 1, at + length)) {
    value = value * 256 + byte
    known ||= byte !== 0xff
  }
  return { value: whole || known ? value : Number.POSITIVE_INFINITY, length }
}
