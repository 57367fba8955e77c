import { fromBase64 } from 'lib0/buffer'
import { pictureSize } from '../files/picture-size.ts'
import { cutText } from '../text/cut.ts'

/** A file that a message carries: what it is, and under which name the server keeps its bytes. */
export interface Attachment {
  /** SHA-256 of the bytes, 64 hexadecimal digits: files are addressed by their content. */
  hash: string
  name: string
  /** Media type, as the server will find it in the bytes. */
  type: string
  /** Bytes. */
  size: number
  /** Of images, in pixels. */
  width?: number
  height?: number
  /** Of audio, in ms. */
  duration?: number
  /** A tiny image as a data URL, to be shown until the file is here. */
  preview?: string
}

/** Longest preview, in characters: it travels inside the entry. */
export const MAX_PREVIEW = 6_000
/** Longest side of a preview, in pixels: what is tiny in bytes can be huge once it is unpacked. */
const MAX_PREVIEW_SIDE = 256
/** Most files in one message. */
export const MAX_ATTACHMENTS = 20

const previewPattern = /^data:image\/(?:jpeg|png|webp);base64,[A-Za-z0-9+/=]*$/

/** Reads what another device wrote; undefined for what is no attachment. */
export const readAttachment = (value: unknown): Attachment | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const { hash, name, type, size, width, height, duration, preview } = value as Record<
    string,
    unknown
  >
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return undefined
  if (typeof name !== 'string' || typeof type !== 'string' || !isLength(size)) return undefined
  return {
    hash,
    name: cutText(name, 255),
    type: type.slice(0, 100),
    size,
    ...(isLength(width) && isLength(height) && { width, height }),
    ...(isLength(duration) && { duration }),
    ...(isPreview(preview) && { preview }),
  }
}

const isPreview = (value: unknown): value is string => {
  if (typeof value !== 'string' || value.length > MAX_PREVIEW || !previewPattern.test(value))
    return false
  try {
    // By the bytes, as browsers do: they do not ask which type an address says.
    const { width, height } = pictureSize(fromBase64(value.slice(value.indexOf(',') + 1))) ?? {}
    return width !== undefined && Math.max(width, height ?? 0) <= MAX_PREVIEW_SIDE
  } catch {
    return false
  }
}

const isLength = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0
