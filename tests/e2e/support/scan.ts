/** Reads a QR code from pixels, as a phone's camera does, with another's decoder. */
import type { Page } from '@playwright/test'
import jsQR from 'jsqr'

/** What the code in a picture says. @param reader any page, which unpacks the picture */
export const scan = async (reader: Page, png: Buffer): Promise<string> => {
  const { width, height, pixels } = await reader.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = canvas.getContext('2d')
    context?.drawImage(bitmap, 0, 0)
    const image = context?.getImageData(0, 0, bitmap.width, bitmap.height)
    let text = ''
    for (const byte of image?.data ?? []) text += String.fromCharCode(byte)
    return { width: bitmap.width, height: bitmap.height, pixels: btoa(text) }
  }, png.toString('base64'))
  const found = jsQR(new Uint8ClampedArray(Buffer.from(pixels, 'base64')), width, height)
  if (found === null) throw new Error('there is no QR code in the picture')
  return found.data
}
