/**
 * How large a picture is once it is unpacked, by its own bytes: a few of them can stand for
 * gigabytes, and a browser unpacks what it shows whole, whatever else was said about the file.
 */
import { hasText } from './byte-source.ts'

export interface PictureSize {
  width: number
  height: number
}

/** Of a JPEG, PNG, GIF or WebP; undefined for what is none, or broken off before it says. */
export const pictureSize = (bytes: Uint8Array): PictureSize | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (hasText(bytes, '\u0089PNG\r\n\u001a\n', 0))
      return { width: view.getUint32(16), height: view.getUint32(20) }
    if (hasText(bytes, 'GIF8', 0)) return gifSize(view)
    if (hasText(bytes, 'RIFF', 0) && hasText(bytes, 'WEBP', 8)) return webpSize(bytes, view)
    return view.getUint16(0) === 0xffd8 ? jpegSize(view) : undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Of the screen and of its first frame the larger: browsers make room for both. */
const gifSize = (view: DataView): PictureSize => {
  const colours = (at: number): number => {
    const flags = view.getUint8(at)
    return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
  }
  let at = 13 + colours(10)
  // Extensions: a mark, a label, and blocks up to an empty one.
  while (view.getUint8(at) === 0x21) {
    at += 2
    while (view.getUint8(at) !== 0) at += view.getUint8(at) + 1
    at++
  }
  const sum = (first: number, second: number) =>
    view.getUint16(first, true) + view.getUint16(second, true)
  return {
    width: Math.max(view.getUint16(6, true), sum(at + 1, at + 5)),
    height: Math.max(view.getUint16(8, true), sum(at + 3, at + 7)),
  }
}

const webpSize = (bytes: Uint8Array, view: DataView): PictureSize | undefined => {
  if (hasText(bytes, 'VP8X', 12)) {
    const three = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 2 ** 16 + 1
    return { width: three(24), height: three(27) }
  }
  if (hasText(bytes, 'VP8L', 12)) {
    const bits = view.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (!hasText(bytes, 'VP8 ', 12)) return undefined
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
}

/** Segments, each with its length, up to the one that begins the picture. */
const jpegSize = (view: DataView): PictureSize => {
  let at = 2
  for (;;) {
    while (view.getUint8(at) !== 0xff) at++
    const mark = view.getUint8(at + 1)
    if (isFrame(mark)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    const bare = mark === 0xff || mark <= 0x01 || (mark >= 0xd0 && mark <= 0xd9)
    at += mark === 0xff ? 1 : bare ? 2 : 2 + view.getUint16(at + 2)
  }
}

/** SOF0 to SOF15, without DHT, JPG and DAC, which lie among them. */
const isFrame = (mark: number): boolean =>
  mark >= 0xc0 && mark <= 0xcf && mark !== 0xc4 && mark !== 0xc8 && mark !== 0xcc
