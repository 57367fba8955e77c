/** Bytes that need not be in memory: a file on disk, a blob of a browser. */
export interface ByteSource {
  readonly size: number
  /** The bytes from `offset`, fewer than `length` only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>
}

export const sourceOf = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
})

/** The first place of an ASCII text at or after `from`; -1 for none. */
export const indexOfText = (bytes: Uint8Array, text: string, from = 0): number => {
  for (let at = from; at <= bytes.length - text.length; at++)
    if (hasText(bytes, text, at)) return at
  return -1
}

/** Whether an ASCII text stands at `at`. */
export const hasText = (bytes: Uint8Array, text: string, at: number): boolean => {
  if (at < 0 || at + text.length > bytes.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}
