import { describe, expect, it } from 'vitest'
import { boxFor, fitWithin } from './image-size.ts'

describe('a picture that is sent', () => {
  it.each([
    [
      { width: 4032, height: 3024 },
      { width: 2048, height: 1536 },
    ],
    [
      { width: 3024, height: 4032 },
      { width: 1536, height: 2048 },
    ],
    [
      { width: 640, height: 480 },
      { width: 640, height: 480 },
    ],
    [
      { width: 20_000, height: 3 },
      { width: 2048, height: 1 },
    ],
    [
      { width: 1, height: 1 },
      { width: 1, height: 1 },
    ],
  ])('of %o becomes %o', (from, to) => {
    expect(fitWithin(from, 2048)).toEqual(to)
  })
})

describe('its place in the timeline', () => {
  const most = { width: 300, height: 340 }
  it.each([
    [
      { width: 2048, height: 1536 },
      { width: 300, height: 225 },
    ],
    [
      { width: 1536, height: 2048 },
      { width: 255, height: 340 },
    ],
    [
      { width: 2048, height: 10 },
      { width: 300, height: 96 },
    ],
    [
      { width: 10, height: 2048 },
      { width: 96, height: 340 },
    ],
    [{}, { width: 300, height: 225 }],
    [
      { width: 0, height: 0 },
      { width: 96, height: 96 },
    ],
  ])('for %o is %o', (size, box) => {
    expect(boxFor(size, most)).toEqual(box)
  })
})
