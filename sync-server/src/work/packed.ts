import type { Updates } from '../storage/merge.ts'

/** Updates in one piece, which a thread can be given without another copy. */
export interface Packed {
  readonly buffer: ArrayBuffer
  /** Where each of them ends. */
  readonly ends: readonly number[]
}

/** Bytes that are copied at a time. */
export const SLICE = 1024 * 1024

/** Copies in slices: others are served between them. */
export const pack = async (
  updates: Updates,
  rest: () => Promise<unknown> = () => new Promise(setImmediate),
): Promise<Packed> => {
  const ends: number[] = []
  let size = 0
  for (const update of updates) {
    size += update.length
    ends.push(size)
  }
  const bytes = new Uint8Array(size)
  let [at, slice] = [0, 0]
  for (const update of updates)
    for (let from = 0; from < update.length; from += SLICE) {
      const part = update.subarray(from, from + SLICE)
      if (slice + part.length > SLICE) {
        await rest()
        slice = 0
      }
      bytes.set(part, at)
      at += part.length
      slice += part.length
    }
  return { buffer: bytes.buffer, ends }
}

export const unpack = ({ buffer, ends }: Packed): Updates =>
  ends.map((end, i) => {
    const start = ends[i - 1] ?? 0
    return new Uint8Array(buffer, start, end - start)
  })
