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
  const most = { width: 300, height: 380 }
  it.each([
    [{ width: 2048, height: 1536 }, 225],
    [{ width: 1536, height: 2048 }, 380],
    [{ width: 1000, height: 1000 }, 300],
    [{ width: 2048, height: 10 }, 96],
    [{}, 225],
    [{ width: 0, height: 0 }, 96],
  ])('for %o is %i high', (size, height) => {
    expect(boxFor(size, most)).toEqual({ width: 300, height })
  })
})
