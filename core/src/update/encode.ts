/**
 * Encodes into one buffer for all. lib0 allocates a few arrays for each thing that is encoded,
 * and frames and rows are many and small.
 */
import * as encoding from 'lib0/encoding'

const SIZE = 4096

const shared = encoding.createEncoder()
shared.cbuf = new Uint8Array(SIZE)
let busy = false

/** The bytes that `write` writes, as an array of their own. */
export const encode = (write: (encoder: encoding.Encoder) => void): Uint8Array =>
  encodeFor(write, encoding.toUint8Array)

/**
 * Calls `use` with the bytes that `write` writes, which are those of the shared buffer: they are
 * others as soon as it returns. For what is copied to where it goes anyway.
 */
export const lend = (
  write: (encoder: encoding.Encoder) => void,
  use: (bytes: Uint8Array) => void,
): void =>
  encodeFor(write, (encoder) =>
    use(
      encoder.bufs.length === 0
        ? encoder.cbuf.subarray(0, encoder.cpos)
        : encoding.toUint8Array(encoder),
    ),
  )

const encodeFor = <T>(
  write: (encoder: encoding.Encoder) => void,
  use: (encoder: encoding.Encoder) => T,
): T => {
  if (busy) {
    const own = encoding.createEncoder()
    write(own)
    return use(own)
  }
  busy = true
  try {
    write(shared)
    return use(shared)
  } finally {
    busy = false
    shared.cpos = 0
    shared.bufs = []
    // After something large.
    if (shared.cbuf.length > SIZE) shared.cbuf = new Uint8Array(SIZE)
  }
}
