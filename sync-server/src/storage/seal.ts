/**
 * A check sum on every value, with its key in it: LevelDB has check sums of its own, but reads past
 * them as it is built here, and a flipped bit in what somebody wrote would be another word.
 *
 * A sealed value begins with two bytes that no value from before begins with (a number in a form
 * that is never written), then four of CRC-32, then the value.
 */
import { crc32 } from 'node:zlib'
import { StoreError } from './store-error.ts'

const MARK = [0x80, 0x00] as const
const HEADER = 6

const sumOf = (key: string, value: Uint8Array): number => crc32(value, crc32(key))

export const seal = (key: string, value: Uint8Array): Uint8Array => {
  const sealed = new Uint8Array(HEADER + value.length)
  sealed.set(MARK)
  new DataView(sealed.buffer).setUint32(2, sumOf(key, value))
  sealed.set(value, HEADER)
  return sealed
}

const scratch = new Uint8Array(16 * 1024)

/**
 * The same in a buffer that the next call writes over: for a batch, which copies what is put in.
 */
export const sealForBatch = (key: string, value: Uint8Array): Uint8Array => {
  const length = HEADER + value.length
  if (length > scratch.length) return seal(key, value)
  const sum = sumOf(key, value)
  scratch[0] = MARK[0]
  scratch[1] = MARK[1]
  scratch[2] = sum >>> 24
  scratch[3] = sum >>> 16
  scratch[4] = sum >>> 8
  scratch[5] = sum
  scratch.set(value, HEADER)
  return scratch.subarray(0, length)
}

export const isSealed = (stored: Uint8Array): boolean =>
  stored.length >= HEADER && stored[0] === MARK[0] && stored[1] === MARK[1]

/**
 * The value; `STORE_CORRUPT` when it is not what was written under this key.
 *
 * @param strict whether every value is sealed; otherwise some are from before there were seals
 */
export const unseal = (key: string, stored: Uint8Array, strict: boolean): Uint8Array => {
  if (!isSealed(stored)) {
    if (strict) throw damaged(key)
    return stored
  }
  const value = stored.subarray(HEADER)
  const { buffer, byteOffset, byteLength } = stored
  if (new DataView(buffer, byteOffset, byteLength).getUint32(2) !== sumOf(key, value))
    throw damaged(key)
  return value
}

/** What is stored under a key cannot be read, or is not what was written. */
export const damaged = (key: string, cause?: unknown): StoreError =>
  new StoreError('STORE_CORRUPT', `${key} is damaged`, cause, key)

export const isDamage = (error: unknown): error is StoreError =>
  error instanceof StoreError && error.code === 'STORE_CORRUPT'

/** Whether LevelDB says that it cannot read what is on the disk. */
export const isLevelDamage = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  if ('code' in error && error.code === 'LEVEL_CORRUPTION') return true
  return error.cause !== undefined && isLevelDamage(error.cause)
}
