/**
 * Whether a file is text for reading, and nothing that a program would take for markup. In the
 * encodings that can be told without guessing: UTF-8; UTF-16 with its mark, as spreadsheets write
 * it; and, of bytes that are no UTF-8, those of one byte a letter that have no control character
 * among them, as older programs of clinics do. Nothing here or in the app reads the words: whoever
 * opens the file does, so which of those it is does not matter.
 */
import { decodeUtf8 } from '../base/utf8.ts'
import type { ByteSource } from './byte-source.ts'

const STEP = 256 * 1024
/** How far into the text markup is looked for. */
const OPENING = 1024

const markup = /<(?:!doctype|html|head|body|script|iframe|object|embed|svg|math|\?xml|\w+\s+xmlns)/i

/** How letters stand in bytes. */
interface Encoding {
  /** Bytes of the mark in front. */
  readonly mark: number
  /** How many of these bytes make whole characters. */
  whole(bytes: Uint8Array): number
  /** Whether these bytes, which end with a whole character, are text without controls. */
  isText(bytes: Uint8Array): boolean
  /** The letters of ASCII among them, and anything in the place of the others. */
  opening(bytes: Uint8Array): string
}

/** Text without control characters that does not begin as markup. */
export const isPlainText = async (source: ByteSource): Promise<boolean> => {
  const lead = await source.read(0, 2)
  for (const encoding of encodingsOf(lead)) if (await isTextIn(source, encoding)) return true
  return false
}

const encodingsOf = ([first, second]: Uint8Array): readonly Encoding[] => {
  if (first === 0xff && second === 0xfe) return [utf16(true)]
  if (first === 0xfe && second === 0xff) return [utf16(false)]
  return [utf8, singleByte]
}

const isTextIn = async (source: ByteSource, encoding: Encoding): Promise<boolean> => {
  const { mark } = encoding
  if (source.size <= mark) return false
  let at = mark
  while (at < source.size) {
    const bytes = await source.read(at, STEP)
    const isLast = at + bytes.length >= source.size
    const whole = isLast ? bytes : bytes.subarray(0, encoding.whole(bytes))
    if (whole.length === 0 || !encoding.isText(whole)) return false
    if (at === mark && looksLikeMarkup(encoding.opening(whole))) return false
    at += whole.length
  }
  return true
}

const looksLikeMarkup = (text: string): boolean => {
  const opening = text.replace(/^\uFEFF/, '').trimStart()
  return markup.test(opening) || opening.startsWith('<?')
}

/** All but tab, line feed, form feed and carriage return. */
const isControl = (code: number): boolean =>
  code < 0x20 && code !== 9 && code !== 10 && code !== 12 && code !== 13

const utf8: Encoding = {
  mark: 0,
  whole: (bytes) => {
    for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - 4); at--) {
      const byte = bytes[at] ?? 0
      if (byte < 0x80) return at + 1
      if (byte >= 0xc0) {
        const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
        return at + length <= bytes.length ? at + length : at
      }
    }
    return bytes.length
  },
  isText: (bytes) => {
    if (bytes.some(isControl)) return false
    try {
      decodeUtf8(bytes)
      return true
    } catch {
      return false
    }
  },
  opening: (bytes) => decodeUtf8(bytes).slice(0, OPENING),
}

const utf16 = (littleEndian: boolean): Encoding => {
  const [low, high] = littleEndian ? [0, 1] : [1, 0]
  const unitAt = (bytes: Uint8Array, at: number): number =>
    (bytes[at + low] ?? 0) | ((bytes[at + high] ?? 0) << 8)
  const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff
  return {
    mark: 2,
    whole: (bytes) => {
      const even = bytes.length - (bytes.length % 2)
      return isHigh(unitAt(bytes, even - 2)) ? even - 2 : even
    },
    isText: (bytes) => {
      let open = false
      for (let at = 0; at < bytes.length; at += 2) {
        const unit = unitAt(bytes, at)
        // Each half of a pair has the other.
        if (isControl(unit) || (unit >= 0xdc00 && unit <= 0xdfff) !== open) return false
        open = isHigh(unit)
      }
      return !open && bytes.length % 2 === 0
    },
    opening: (bytes) => {
      let text = ''
      for (let at = 0; at < bytes.length && text.length < OPENING; at += 2)
        text += String.fromCharCode(unitAt(bytes, at))
      return text
    },
  }
}

/**
 * Damage rather than another encoding: it breaks off within a character; or has capitals with accents
 * behind small letters, which is how the first bytes of characters look.
 */
const isBrokenUtf8 = (bytes: Uint8Array): boolean => {
  const [third = 0, second = 0, last = 0] = bytes.subarray(-3)
  if (isLead(second, 3) && isNext(last)) return true
  if (isLead(third, 4) && isNext(second) && isNext(last)) return true
  return bytes.some((byte, at) => byte >= 0xc0 && byte <= 0xde && isSmall(bytes[at - 1] ?? 0))
}

/** First byte of a character of so many, or more. */
const isLead = (byte: number, length: number): boolean => byte >= (length === 3 ? 0xe0 : 0xf0)
const isNext = (byte: number): boolean => byte >= 0x80 && byte <= 0xbf
const isSmall = (byte: number): boolean => byte >= 0x61 && byte <= 0x7a

/** Bytes that stand for nothing in Windows-1252, the most used of these. */
const unused: ReadonlySet<number> = new Set([0x7f, 0x81, 0x8d, 0x8f, 0x90, 0x9d])

const singleByte: Encoding = {
  mark: 0,
  whole: (bytes) => bytes.length,
  isText: (bytes) =>
    !bytes.some((byte) => isControl(byte) || unused.has(byte)) && !isBrokenUtf8(bytes),
  opening: (bytes) => String.fromCharCode(...bytes.subarray(0, OPENING)),
}
