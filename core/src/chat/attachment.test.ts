import { toBase64 } from 'lib0/buffer'
import { describe, expect, it } from 'vitest'
import { MAX_ATTACHMENTS, readAttachment } from './attachment.ts'
import { openBody, sealBody } from './body.ts'

/** A WebP without colours: some bytes, and as many pixels as it says. */
const webp = (width: number, height: number): Uint8Array => {
  const bytes = new Uint8Array(26)
  for (const [text, at] of [
    ['RIFF', 0],
    ['WEBPVP8L', 8],
  ] as const)
    for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i)
  new DataView(bytes.buffer).setUint32(21, ((width - 1) | ((height - 1) << 14)) >>> 0, true)
  return bytes
}

const file = { hash: 'ab'.repeat(32), name: 'a.webp', type: 'image/webp', size: 5 }
const previewOf = (preview: unknown) => readAttachment({ ...file, preview })?.preview

describe('a preview', () => {
  it('is kept when it is tiny', () => {
    const tiny = `data:image/webp;base64,${toBase64(webp(24, 16))}`
    expect(previewOf(tiny)).toBe(tiny)
  })

  it('is dropped when some bytes of it would be unpacked to a gigabyte', () => {
    for (const [width, height] of [
      [16_384, 16_384],
      [16_384, 1],
      [1, 257],
    ] as const)
      for (const type of ['webp', 'png'])
        expect(previewOf(`data:image/${type};base64,${toBase64(webp(width, height))}`)).toBe(
          undefined,
        )
  })

  it('is dropped when it is no picture that is known, or no address of one', () => {
    for (const preview of [
      'data:image/png;base64,Qk0AAAAAAAAAAAAA',
      'data:image/png;base64,',
      'data:image/png;base64,=A=',
      'data:image/svg+xml;base64,PHN2Zy8+',
      'https://example.org/pixel.png',
      `data:image/png;base64,${'A'.repeat(6_000)}`,
      7,
    ])
      expect(previewOf(preview)).toBeUndefined()
  })
})

it('so many files of a message are read, and no more', async () => {
  const attachments = Array.from({ length: MAX_ATTACHMENTS + 1 }, () => file)
  const opened = await openBody(await sealBody({ text: '', attachments }))
  expect(opened.kind === 'content' && opened.content.attachments?.length).toBe(MAX_ATTACHMENTS)
})

it('an attachment is read as far as it makes sense', () => {
  expect(readAttachment({ ...file, width: 3.5, height: 2, duration: -1 })).toEqual(file)
  expect(readAttachment({ ...file, hash: '../../etc/passwd' })).toBeUndefined()
  expect(readAttachment({ ...file, size: Number.NaN })).toBeUndefined()
})
