/** Files that people pick: a photo as a phone takes it, and large ones. */
import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'

export interface PickedFile {
  name: string
  mimeType: string
  buffer: Buffer
}

/** Stands in the photo's metadata, where the place would. */
export const SECRET = 'GPS-48.2082-16.3738'

/** Lies on its side, with a note that says so: 600 × 300 pixels to be shown as 300 × 600. */
export const photo = async (page: Page, name = 'IMG_0001.jpg'): Promise<PickedFile> => {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 600
    canvas.height = 300
    const context = canvas.getContext('2d')!
    const sky = context.createLinearGradient(0, 0, 600, 300)
    sky.addColorStop(0, '#274f8c')
    sky.addColorStop(1, '#e8b04b')
    context.fillStyle = sky
    context.fillRect(0, 0, 600, 300)
    context.fillStyle = '#fff'
    context.fillRect(40, 40, 160, 90)
    return canvas.toDataURL('image/jpeg', 0.95).split(',')[1]!
  })
  const jpeg = Buffer.from(base64, 'base64')
  const buffer = Buffer.concat([jpeg.subarray(0, 2), exif(), jpeg.subarray(2)])
  return { name, mimeType: 'image/jpeg', buffer }
}

/** A segment that says "turn right by a quarter", and has a secret. */
const exif = (): Buffer => {
  const tiff = Buffer.alloc(38)
  tiff.write('MM\0*', 0, 'latin1')
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(2, 8)
  // Orientation: a short, 6.
  tiff.writeUInt16BE(0x0112, 10)
  tiff.writeUInt16BE(3, 12)
  tiff.writeUInt32BE(1, 14)
  tiff.writeUInt16BE(6, 18)
  // Description: text behind the directory.
  tiff.writeUInt16BE(0x010e, 22)
  tiff.writeUInt16BE(2, 24)
  tiff.writeUInt32BE(SECRET.length + 1, 26)
  tiff.writeUInt32BE(38, 30)
  const content = Buffer.concat([Buffer.from('Exif\0\0'), tiff, Buffer.from(`${SECRET}\0`)])
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([head, content])
}

/** Begins as a PDF; the rest is noise, so that no part is like another. */
export const pdf = (size: number, name = 'Findings.pdf'): PickedFile => ({
  name,
  mimeType: 'application/pdf',
  buffer: Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size - 9)]),
})
