import { expect, it } from 'vitest'
import { pictureSize } from './picture-size.ts'

/** ASCII, and numbers as bytes. */
const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? [...part].map((char) => char.charCodeAt(0)) : part,
    ),
  )
const zeros = (length: number): number[] => Array.from({ length }, () => 0)

it.each<[string, Uint8Array, [number, number]]>([
  ['PNG', bytes('\x89PNG\r\n\x1a\n', zeros(4), 'IHDR', [0, 1, 0, 0], [0, 0, 2, 0]), [65_536, 512]],
  [
    'GIF, with a palette, a comment, and a frame beyond its screen',
    bytes(
      'GIF89a',
      [10, 0, 20, 0, 0x80, 0, 0],
      zeros(6),
      [0x21, 0xfe, 3, 0x2c, 0x2c, 0x2c, 0],
      [0x2c, 1, 0, 0, 0, 0xff, 0xff, 5, 0],
    ),
    [65_536, 20],
  ],
  [
    'WebP, extended',
    bytes('RIFF', zeros(4), 'WEBPVP8X', zeros(8), [0xff, 0xff, 0, 9, 0, 0]),
    [65_536, 10],
  ],
  [
    'WebP, lossless',
    bytes('RIFF', zeros(4), 'WEBPVP8L', zeros(4), [0x2f, 0xff, 0xff, 0xff, 0x0f]),
    [16_384, 16_384],
  ],
  ['WebP', bytes('RIFF', zeros(4), 'WEBPVP8 ', zeros(10), [0x80, 0x02, 0xe0, 0x01]), [640, 480]],
  [
    'JPEG, after other segments',
    bytes(
      [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0xff, 0xc0],
      [0xff, 0xff, 0xc4, 0, 3, 7, 0xff, 0xc2, 0, 17, 8, 1, 0, 2, 0],
    ),
    [512, 256],
  ],
])('%s', (_, picture, [width, height]) => {
  expect(pictureSize(picture)).toEqual({ width, height })
  for (let length = 0; length < picture.length; length++)
    expect(pictureSize(picture.subarray(0, length))).toBeUndefined()
})

it('knows nothing of what is no picture', () => {
  expect(pictureSize(bytes('BM', zeros(60)))).toBeUndefined()
  expect(pictureSize(bytes('<svg/>'))).toBeUndefined()
})
