/**
 * The catalogue of what a store can fail with.
 *
 * | code | meaning | what to do |
 * |---|---|---|
 * | `STORE_LOCKED` | another process (or store) has the data directory open | stop that one, or use another directory |
 * | `STORE_MISSING` | the directory has no database, and was not to be given one | name the right directory |
 * | `STORE_FORMAT` | the directory holds something else: of a version this one does not know, or half a copy | start the version that wrote it, or copy it again |
 * | `STORE_OPEN` | the directory cannot be opened or created | check path, permissions and free space |
 * | `STORE_CORRUPT` | a stored value is not what was written; everything else goes on | see what `admin.js doctor` says |
 * | `STORE_UNAVAILABLE` | a write failed, or the store is still recovering from one; a rejected commit may or may not be there | try again later, from what the store then says |
 * | `STORE_OVERLOADED` | too much is waiting to be written; nothing of this commit was or will be stored | slow down, try again |
 * | `STORE_CLOSED` | the store is closed or closing; nothing of this commit was stored | none: the process is going down |
 * | `STORE_BAD_INPUT` | the caller broke a rule of the interface; nothing was stored | a bug: report it |
 */
export type StoreErrorCode =
  | 'STORE_LOCKED'
  | 'STORE_MISSING'
  | 'STORE_FORMAT'
  | 'STORE_OPEN'
  | 'STORE_CORRUPT'
  | 'STORE_UNAVAILABLE'
  | 'STORE_OVERLOADED'
  | 'STORE_CLOSED'
  | 'STORE_BAD_INPUT'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode
  /** Of `STORE_CORRUPT`: where, if that is known. */
  readonly key: string | undefined

  constructor(code: StoreErrorCode, message: string, cause?: unknown, key?: string) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.key = key
  }
}
