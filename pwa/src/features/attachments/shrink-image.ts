/**
 * A picture as it is sent: drawn again on this device, so that place, camera and all else that
 * was written beside it stays here, turned upright, and no larger than it has to be.
 */
import { fitWithin, LONGEST, type Size, TINY } from './image-size.ts'

const QUALITY = 0.85
/** Longest tiny picture, characters of its data URL. */
const TINY_LENGTH = 1_000

export interface DrawnImage extends Size {
  blob: Blob
  preview: string | undefined
}

/** undefined for what this browser cannot read as a picture. */
export const shrinkImage = async (file: Blob, type: string): Promise<DrawnImage | undefined> => {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(
    () => undefined,
  )
  if (bitmap === undefined) return undefined
  try {
    const size = fitWithin(bitmap, LONGEST)
    // WebP keeps what is transparent; a browser that cannot write it gives JPEG on white.
    const wanted = type === 'image/jpeg' ? 'image/jpeg' : 'image/webp'
    const blob =
      (await encode(draw(bitmap, size, undefined), wanted)) ??
      (await encode(draw(bitmap, size, '#fff'), 'image/jpeg'))
    return blob && { blob, ...size, preview: tiny(bitmap) }
  } finally {
    bitmap.close()
  }
}

const draw = (bitmap: ImageBitmap, { width, height }: Size, back?: string): HTMLCanvasElement => {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (context === null) return canvas
  if (back !== undefined) {
    context.fillStyle = back
    context.fillRect(0, 0, width, height)
  }
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, width, height)
  return canvas
}

/** undefined when the browser does not write this type. */
const encode = (canvas: HTMLCanvasElement, type: string): Promise<Blob | undefined> =>
  new Promise((resolve) =>
    canvas.toBlob((blob) => resolve(blob?.type === type ? blob : undefined), type, QUALITY),
  )

const tiny = (bitmap: ImageBitmap): string | undefined => {
  for (const width of [TINY, 16, 10]) {
    const size = fitWithin(bitmap, width)
    const url = draw(bitmap, size, '#fff').toDataURL('image/jpeg', 0.5)
    if (url.startsWith('data:image/jpeg') && url.length <= TINY_LENGTH) return url
  }
  return undefined
}
