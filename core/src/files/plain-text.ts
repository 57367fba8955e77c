/** Whether a file is text for reading, and nothing that a program would take for markup. */
import { decodeUtf8 } from '../ids/utf8.ts'
import type { ByteSource } from './byte-source.ts'

const STEP = 256 * 1024
/** How far into the text markup is looked for. */
const OPENING = 1024

const markup = /<(?:!doctype|html|head|body|script|iframe|object|embed|svg|math|\?xml|\w+\s+xmlns)/i

/** UTF-8 without control characters, that does not begin as markup. */
export const isPlainText = async (source: ByteSource): Promise<boolean> => {
  if (source.size === 0) return false
  let at = 0
  while (at < source.size) {
    const bytes = await source.read(at, STEP)
    const whole = at + bytes.length >= source.size ? bytes : withoutTornCharacter(bytes)
    if (whole.length === 0 || hasControls(whole)) return false
    const text = decoded(whole)
    if (text === undefined || (at === 0 && looksLikeMarkup(text))) return false
    at += whole.length
  }
  return true
}

const decoded = (bytes: Uint8Array): string | undefined => {
  try {
    return decodeUtf8(bytes)
  } catch {
    return undefined
  }
}

const looksLikeMarkup = (text: string): boolean => {
  const opening = text
    .slice(0, OPENING)
    .replace(/^\uFEFF/, '')
    .trimStart()
  return markup.test(opening) || opening.startsWith('<?')
}

/** All but tab, line feed, form feed and carriage return. */
const hasControls = (bytes: Uint8Array): boolean =>
  bytes.some((byte) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13)

/** Up to the last character that is there in full. */
const withoutTornCharacter = (bytes: Uint8Array): Uint8Array => {
  for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - 4); at--) {
    const byte = bytes[at] ?? 0
    if (byte < 0x80) return bytes.subarray(0, at + 1)
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return bytes.subarray(0, at + length <= bytes.length ? at + length : at)
    }
  }
  return bytes
}
