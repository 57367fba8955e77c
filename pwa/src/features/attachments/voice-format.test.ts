import { expect, it } from 'vitest'
import { voiceFormat } from './voice-format.ts'

it.each([
  [
    'Safari, and Chrome on Windows, macOS and Android',
    ['mp4;codecs=mp4a.40.2', 'mp4;codecs=opus', 'webm;codecs=opus'],
    'mp4;codecs=mp4a.40.2',
  ],
  [
    'Chromium without an encoder for AAC',
    ['mp4;codecs=opus', 'webm;codecs=opus'],
    'mp4;codecs=opus',
  ],
  ['Firefox', ['webm;codecs=opus', 'ogg;codecs=opus'], 'ogg;codecs=opus'],
])('%s records what plays in most others', (_browser, types, best) => {
  const { mimeType, audioBitsPerSecond } = voiceFormat((type) => types.includes(type.slice(6)))
  expect(mimeType).toBe(`audio/${best}`)
  expect(audioBitsPerSecond).toBeLessThanOrEqual(32_000)
})

it('a browser that records none of them is asked for nothing', () => {
  expect(voiceFormat((type) => type === 'audio/x-caf')).toEqual({})
})
