import type { ByteSource } from '@wardline/core/files/byte-source'

/** A file's bytes, without all of them in memory. */
export const blobSource = (blob: Blob): ByteSource => ({
  size: blob.size,
  read: async (offset, length) =>
    new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
})
