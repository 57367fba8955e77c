/**
 * Which of the allowed types a file is, by its bytes: names and declared types are hearsay. What
 * a browser could run (HTML, SVG), what may hold programs, and video are not among them.
 */
import { type ByteSource, hasText, indexOfText } from './byte-source.ts'
import { isPlainText } from './plain-text.ts'
import { webmType } from './webm-type.ts'
import { zipDocumentType } from './zip-document.ts'

/** Bytes from the start of a file that tell most types. */
const HEAD = 64 * 1024
/** Most bytes of an MP4's description that are looked at. */
const LARGEST_MOOV = 4 * 1024 * 1024

/** Media type; undefined for what is not allowed. */
export const detectType = async (source: ByteSource): Promise<string | undefined> => {
  const head = await source.read(0, HEAD)
  const fixed = bySignature(head)
  if (fixed !== undefined) return fixed
  if (hasText(head, 'ftyp', 4)) return isoMediaType(source, head)
  if (hasText(head, 'PK\u0003\u0004', 0)) return zipDocumentType(source, head)
  return (await isPlainText(source)) ? 'text/plain' : undefined
}

const bySignature = (head: Uint8Array): string | undefined => {
  const starts = (...bytes: number[]) => bytes.every((byte, at) => head[at] === byte)
  if (starts(0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (hasText(head, 'GIF87a', 0) || hasText(head, 'GIF89a', 0)) return 'image/gif'
  if (hasText(head, '%PDF-', 0)) return 'application/pdf'
  if (hasText(head, 'RIFF', 0)) {
    if (hasText(head, 'WEBP', 8)) return 'image/webp'
    return hasText(head, 'WAVE', 8) ? 'audio/wav' : undefined
  }
  if (hasText(head, 'ID3', 0) || isMp3Frame(head)) return 'audio/mpeg'
  if (head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0) return 'audio/aac'
  if (hasText(head, 'OggS', 0)) return oggType(head)
  return webmType(head)
}

/** Eleven bits of sync, layer III, and no reserved bit rate or sampling rate. */
const isMp3Frame = (head: Uint8Array): boolean => {
  const [sync = 0, version = 0, rates = 0] = head
  if (sync !== 0xff || (version & 0xe6) !== 0xe2 || (version & 0x18) === 0x08) return false
  const bitRate = rates >> 4
  return bitRate !== 0 && bitRate !== 15 && (rates & 0x0c) !== 0x0c
}

const oggType = (head: Uint8Array): string | undefined => {
  if (indexOfText(head, 'theora') >= 0) return undefined
  const sound = indexOfText(head, 'OpusHead') >= 0 || indexOfText(head, '\u0001vorbis') >= 0
  return sound ? 'audio/ogg' : undefined
}

const isoMediaType = async (source: ByteSource, head: Uint8Array): Promise<string | undefined> => {
  // A browser shows an AVIF under any brand of the family, and how large it is nobody here can tell.
  if (isAvif(head)) return undefined
  const heic = ['heic', 'heix', 'heim', 'heis', 'mif1', 'msf1']
  if (heic.some((brand) => hasText(head, brand, 8))) return 'image/heic'
  const moov = await findBox(source, 'moov')
  if (moov === undefined) return undefined
  const handlers = handlersIn(moov)
  return handlers.includes('soun') && !handlers.includes('vide') ? 'audio/mp4' : undefined
}

/** Whether it is among the brands of a file's first box, or they take more room than anybody needs. */
const isAvif = (head: Uint8Array): boolean => {
  const length = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0)
  // 0 is to the end, 1 a longer number behind the name.
  const end = length < 8 ? head.length : length
  for (let at = 8; at < end && at < head.length; at += 4)
    if (hasText(head, 'avif', at) || hasText(head, 'avis', at)) return true
  return end > head.length
}

/** The content of the first box of this name at the top of an MP4. */
const findBox = async (source: ByteSource, name: string): Promise<Uint8Array | undefined> => {
  let at = 0
  for (let boxes = 0; boxes < 1_000 && at + 8 <= source.size; boxes++) {
    const header = await source.read(at, 16)
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
    let length = view.getUint32(0)
    if (length === 1 && header.length === 16) length = Number(view.getBigUint64(8))
    if (length === 0) length = source.size - at
    if (length < 8) return undefined
    if (hasText(header, name, 4)) return source.read(at, Math.min(length, LARGEST_MOOV))
    at += length
  }
  return undefined
}

/** Kinds of the tracks: `soun`, `vide`, … */
const handlersIn = (moov: Uint8Array): string[] => {
  const kinds: string[] = []
  for (let at = indexOfText(moov, 'hdlr'); at >= 0; at = indexOfText(moov, 'hdlr', at + 4))
    kinds.push(String.fromCharCode(...moov.subarray(at + 12, at + 16)))
  return kinds
}
