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
export const encode = (write: (encoder: encoding.Encoder) => void): Uint8Array => {
  if (busy) return encoding.encode(write)
  busy = true
  try {
    write(shared)
    return encoding.toUint8Array(shared)
  } finally {
    busy = false
    shared.cpos = 0
    shared.bufs = []
    // After something large.
    if (shared.cbuf.length > SIZE) shared.cbuf = new Uint8Array(SIZE)
  }
}
