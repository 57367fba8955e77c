import { sourceOf } from '@wardline/core/files/byte-source'
import { detectType } from '@wardline/core/files/detect-type'
import { describe, expect, it } from 'vitest'
import { encodeWav, mixDown } from './wav.ts'

describe('WAV', () => {
  it('has a header that says what follows', async () => {
    const bytes = encodeWav(new Float32Array(160))
    const view = new DataView(bytes.buffer)
    expect(await detectType(sourceOf(bytes))).toBe('audio/wav')
    expect(bytes.length).toBe(44 + 320)
    expect([view.getUint32(4, true), view.getUint32(40, true)]).toEqual([356, 320])
    expect([view.getUint32(24, true), view.getUint16(22, true)]).toEqual([16_000, 1])
  })

  it('keeps samples within their bounds', () => {
    const view = new DataView(encodeWav(Float32Array.of(0, 1, -1, 2, -2, 0.5)).buffer)
    const values = [0, 1, 2, 3, 4, 5].map((i) => view.getInt16(44 + i * 2, true))
    expect(values).toEqual([0, 32767, -32768, 32767, -32768, 16384])
  })

  it('mixes channels', () => {
    const [left, right] = [Float32Array.of(1, 0.5), Float32Array.of(0, -0.5)]
    expect([...mixDown([left, right])]).toEqual([0.5, 0])
    expect(mixDown([left])).toBe(left)
    expect(mixDown([]).length).toBe(0)
  })
})
