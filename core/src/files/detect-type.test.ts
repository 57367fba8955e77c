import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/utf8.ts'
import { sourceOf } from './byte-source.ts'
import { detectType } from './detect-type.ts'
import { mp4Opus, mp4Video, webmOpus, webmVideo } from './recordings.ts'

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))
const join = (...parts: (Uint8Array | string)[]): Uint8Array => {
  const all = parts.map((part) => (typeof part === 'string' ? ascii(part) : part))
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of all) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
const number = (size: number, value: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => (value >>> (8 * i)) & 255)
const box = (name: string, ...parts: (Uint8Array | string)[]): Uint8Array => {
  const content = join(...parts)
  return join(number(4, content.length + 8).reverse(), name, content)
}

/** An archive of empty files, with `content` in the first. */
const zip = (names: readonly string[], content = ''): Uint8Array => {
  const files: Uint8Array[] = []
  const entries: Uint8Array[] = []
  let at = 0
  for (const [i, name] of names.entries()) {
    const data = i === 0 ? content : ''
    const sizes = join(number(4, data.length), number(4, data.length), number(2, name.length))
    const file = join('PK\x03\x04', new Uint8Array(14), sizes, number(2, 0), name, data)
    entries.push(
      join('PK\x01\x02', new Uint8Array(16), sizes, new Uint8Array(12), number(4, at), name),
    )
    files.push(file)
    at += file.length
  }
  const directory = join(...entries)
  const end = join('PK\x05\x06', new Uint8Array(8), number(4, directory.length), number(4, at))
  return join(...files, directory, end, number(2, 0))
}
const track = (kind: string) => box('hdlr', new Uint8Array(8), kind, new Uint8Array(12))
const mp4 = (...kinds: string[]) =>
  join(box('ftyp', 'isom', new Uint8Array(4)), box('mdat', 'x'), box('moov', ...kinds.map(track)))
/** An element of Matroska, of less than 127 bytes. */
const element = (id: string, ...parts: (Uint8Array | string)[]): Uint8Array => {
  const content = join(...parts)
  return join(id, Uint8Array.of(0x80 | content.length), content)
}
const trackEntry = (type: number, codec: string) =>
  element('\xae', element('\x83', Uint8Array.of(type)), element('\x86', codec))
const tracks = (...entries: Uint8Array[]) => element('\x16\x54\xae\x6b', ...entries)
/** Its segment has no known length, as in what is recorded live. */
const matroska = (docType: string, ...parts: (Uint8Array | string)[]) =>
  join(
    element('\x1a\x45\xdf\xa3', element('\x42\x82', docType)),
    '\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff',
    ...parts,
  )
const cluster = join('\x1f\x43\xb6\x75\xff', 'sound V_VP8 sound')
const webm = (...parts: (Uint8Array | string)[]) => matroska('webm', ...parts, cluster)
const sound = trackEntry(2, 'A_OPUS')

const typeOf = (bytes: Uint8Array | string) =>
  detectType(sourceOf(typeof bytes === 'string' ? encodeUtf8(bytes) : bytes))

describe('what is allowed', () => {
  it.each<[string, Uint8Array | string]>([
    ['image/jpeg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ['image/png', join('\x89PNG\r\n\x1a\n')],
    ['image/gif', 'GIF89a…'],
    ['image/webp', 'RIFF\0\0\0\0WEBPVP8 '],
    ['image/heic', box('ftyp', 'heic', new Uint8Array(4))],
    ['application/pdf', '%PDF-1.7'],
    ['audio/wav', 'RIFF\0\0\0\0WAVEfmt '],
    ['audio/mpeg', join('ID3', Uint8Array.of(4, 0, 0))],
    ['audio/mpeg', Uint8Array.of(0xff, 0xfb, 0x90, 0x64)],
    ['audio/aac', Uint8Array.of(0xff, 0xf1, 0x50, 0x80)],
    ['audio/ogg', 'OggS\0\x02\0\0OpusHead'],
    ['audio/webm', webm(tracks(sound))],
    ['audio/webm', webm(element('\xec', 'V_VP8'), tracks(trackEntry(2, 'A_VORBIS')))],
    ['audio/mp4', mp4('soun')],
    ['text/plain', 'Blood pressure: 120/80, and 3 < 4.\r\n'],
    ['text/plain', '\uFEFFنص'],
    [
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      zip(['[Content_Types].xml', 'word/document.xml']),
    ],
    [
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      zip(['[Content_Types].xml', 'xl/workbook.xml']),
    ],
    [
      'application/vnd.oasis.opendocument.text',
      zip(['mimetype', 'content.xml'], 'application/vnd.oasis.opendocument.text'),
    ],
  ])('%s', async (type, bytes) => {
    expect(await typeOf(bytes)).toBe(type)
  })

  it('text that a step of reading cuts within a character', async () => {
    expect(await typeOf(`a${'é'.repeat(200_000)}`)).toBe('text/plain')
    expect(await typeOf('😀'.repeat(100_001))).toBe('text/plain')
  })
})

describe('what is not', () => {
  it.each<[string, Uint8Array | string]>([
    ['nothing', ''],
    ['HTML', '<!DOCTYPE html><script>alert(1)</script>'],
    ['HTML after space', ' \n\t<html>'],
    ['HTML after words', 'Dear doctor, <script src=//evil></script>'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['SVG behind a byte order mark', '\uFEFF<?xml version="1.0"?><svg/>'],
    ['XML', '<?xml-stylesheet href="x"?>'],
    ['bytes', Uint8Array.of(1, 2, 3, 0)],
    ['broken UTF-8', Uint8Array.of(0x61, 0xc3, 0x28)],
    ['UTF-8 that breaks off', Uint8Array.of(0x61, 0xe2, 0x82)],
    ['a program', join('\x7fELF', new Uint8Array(60))],
    ['a Windows program', join('MZ', new Uint8Array(60))],
    ['an archive', zip(['malware.exe'])],
    ['an archive without an end', zip(['[Content_Types].xml', 'word/document.xml']).slice(0, 60)],
    [
      'an archive with a false directory',
      join(
        'PK\x03\x04',
        new Uint8Array(40),
        'PK\x05\x06',
        new Uint8Array(8),
        number(4, 40),
        number(4, 0),
        number(2, 0),
      ),
    ],
    [
      'a document with macros',
      zip(['[Content_Types].xml', 'word/document.xml', 'word/vbaProject.bin']),
    ],
    [
      'a document with a program',
      zip(['[Content_Types].xml', 'word/document.xml', 'word/run.exe']),
    ],
    ['an OpenDocument of another kind', zip(['mimetype'], 'application/epub+zip')],
    ['video', mp4('soun', 'vide')],
    ['video without a description', box('ftyp', 'isom', new Uint8Array(4))],
    ['an MP4 with a box of no length', join(box('ftyp', 'isom'), number(4, 2).reverse(), 'free')],
    ['an AVIF', box('ftyp', 'avif', new Uint8Array(4), 'mif1')],
    ['an AVIF as a HEIC', box('ftyp', 'mif1', new Uint8Array(4), 'mif1', 'avif')],
    [
      'an AVIF behind a long length',
      join(Uint8Array.of(0, 0, 0, 1), 'ftypmif1', number(4, 0), number(4, 0), 'avis'),
    ],
    ['WebM video', webm(tracks(trackEntry(1, 'V_VP8'), sound))],
    ['WebM video that is declared apart', webm(tracks(sound), tracks(trackEntry(1, 'V_VP8')))],
    ['WebM video as sound', webm(tracks(trackEntry(2, 'V_VP8')))],
    ['WebM sound as video', webm(tracks(trackEntry(1, 'A_OPUS')))],
    [
      'WebM of two kinds at once',
      webm(
        tracks(
          element(
            '\xae',
            element('\x83', '\x02'),
            element('\x83', '\x01'),
            element('\x86', 'A_OPUS'),
          ),
        ),
      ),
    ],
    ['WebM without tracks', webm()],
    ['WebM without sound', matroska('webm', tracks(sound))],
    ['WebM that declares tracks too late', matroska('webm', cluster, tracks(sound))],
    ['WebM of a length that is none', join('\x1a\x45\xdf\xa3\x00\x00\x00\x00')],
    ['Matroska', matroska('matroska', tracks(sound), cluster)],
    ['a page with the beginning of a WebM', join('\x1a\x45\xdf\xa3', '<html>A_OPUS webm')],
    ['Ogg video', 'OggS\0\x02\0\0\x80theora'],
    ['AVI', 'RIFF\0\0\0\0AVI '],
  ])('%s', async (_name, bytes) => {
    expect(await typeOf(bytes)).toBeUndefined()
  })
})

describe('what a browser recorded', () => {
  it.each([
    ['audio/mp4', mp4Opus],
    ['audio/webm', webmOpus],
    ['audio/webm', join(webmOpus, 'V_VP9'.repeat(20_000))],
  ])('%s', async (type, bytes) => {
    expect(await typeOf(bytes)).toBe(type)
  })

  it.each([
    ['video in MP4', mp4Video],
    ['video in WebM', webmVideo],
    ['MP4 that was cut off', mp4Opus.slice(0, 200)],
    ['WebM that was cut off', webmOpus.slice(0, 120)],
  ])('and is not sent: %s', async (_name, bytes) => {
    expect(await typeOf(bytes)).toBeUndefined()
  })
})

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))
const utf16 = (text: string, bigEndian = false): Uint8Array =>
  Uint8Array.from(
    [...`\ufeff${text}`].flatMap((char) =>
      Array.from({ length: char.length }, (_, at) => char.charCodeAt(at)).flatMap((unit) =>
        bigEndian ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8],
      ),
    ),
  )
const typeOfBytes = (bytes: Uint8Array) => detectType(sourceOf(bytes))

describe('text in other encodings', () => {
  const table = 'Größe;Gewicht\r\n1,80 m;75 kg\r\n'

  it.each([
    ['UTF-16, as Excel saves it', utf16(table)],
    ['UTF-16, big-endian', utf16(table, true)],
    ['UTF-16 with emoji', utf16('🩺 نص')],
    ['UTF-16, cut within a character by a step of reading', utf16(`a${'🩺'.repeat(100_000)}`)],
    ['Latin-1', latin1(table)],
    ['Windows-1252 with its own signs', latin1('\x93Befund\x94 \x96 5 \x80')],
    ['Latin-1, longer than a step of reading', latin1(`${'ä'.repeat(300_000)}\n`)],
    ['Latin-1 that begins as UTF-8', latin1(`${'a'.repeat(300_000)}\xe4`)],
  ])('is text: %s', async (_name, bytes) => {
    expect(await typeOfBytes(bytes)).toBe('text/plain')
  })

  it.each([
    ['the mark of UTF-16 alone', utf16('')],
    ['half a unit at the end', utf16('ab').subarray(0, 5)],
    ['half of a surrogate pair', utf16('a\ud83e')],
    ['a control character in UTF-16', utf16('a\u0007')],
    ['UTF-16 without its mark', utf16('table').subarray(2)],
    ['markup in UTF-16', utf16('<!doctype html><script>')],
    ['markup in UTF-16, big-endian', utf16(' <svg xmlns="x">', true)],
    ['markup in Latin-1', latin1('<html>\xe4')],
    ['a control character in Latin-1', latin1('\xe4\u0000')],
    ['UTF-8 that broke off', encodeUtf8('Tablette 5 €').subarray(0, -1)],
    ['UTF-8 that broke off within an emoji', encodeUtf8('ok 🩺').subarray(0, -1)],
    ['UTF-8 with a byte too few', latin1('Gr\xc3\xb6\xc3e')],
    ['a sign that Windows-1252 does not have', latin1('\xe4\x81')],
    ['nothing', new Uint8Array()],
  ])('is not guessed: %s', async (_name, bytes) => {
    expect(await typeOfBytes(bytes)).toBeUndefined()
  })
})
