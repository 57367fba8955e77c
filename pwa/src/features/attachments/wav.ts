/** Sound as WAV: 16 bit, one channel. Every browser plays it. For where nothing smaller does. */

/** Samples per second: enough for speech, 1.9 MB a minute. */
export const RATE = 16_000

const HEADER = 44

/** @param samples −1 to 1 */
export const encodeWav = (samples: Float32Array, rate: number = RATE): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(HEADER + samples.length * 2)
  const view = new DataView(bytes.buffer)
  const text = (at: number, value: string) => {
    for (let i = 0; i < value.length; i++) bytes[at + i] = value.charCodeAt(i)
  }
  text(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, samples.length * 2, true)
  for (const [i, sample] of samples.entries()) {
    const value = Math.max(-1, Math.min(1, sample))
    view.setInt16(HEADER + i * 2, Math.round(value * (value < 0 ? 32_768 : 32_767)), true)
  }
  return bytes
}

/** The mean of all channels. */
export const mixDown = (channels: readonly Float32Array[]): Float32Array => {
  const [first] = channels
  if (first === undefined || channels.length === 1) return first ?? new Float32Array()
  return first.map(
    (_, i) => channels.reduce((sum, each) => sum + (each[i] ?? 0), 0) / channels.length,
  )
}
