/**
 * A number that tells a body from another: FNV-1a, 32 bits. An edit changes it; so does whatever
 * else may come to stand in a message's place.
 */
export const bodyPrint = (body: Uint8Array): number => {
  let hash = 0x811c9dc5
  for (const byte of body) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
