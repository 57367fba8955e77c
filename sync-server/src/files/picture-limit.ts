/** Which pictures may be sent: devices unpack them by themselves to show them. */
import type { ByteSource } from '@wardline/core/files/byte-source'
import { pictureSize } from '@wardline/core/files/picture-size'

/** 200 MB of memory in each device that shows it. */
const MAX_PIXELS = 50_000_000
/** Bytes in which a JPEG has to say how large it is, after all that may be written before. */
const HEAD = 4 * 1024 * 1024

/** True for what is no picture, or so broken that nothing will show it. */
export const canBeShown = async (source: ByteSource): Promise<boolean> => {
  const head = await source.read(0, HEAD)
  const size = pictureSize(head)
  if (size !== undefined) return size.width * size.height <= MAX_PIXELS
  const isJpeg = head[0] === 0xff && head[1] === 0xd8
  return !isJpeg || source.size <= HEAD
}
