/** What a failure of IndexedDB means for the person, and whether trying again can help. */
import { LocalStoreError } from '@wardline/core/client/store/local-store'

/**
 * The connection or the transaction went away: closed by the browser, an error of its disk, or
 * Safari having lost its database process. Worth a second try on a new connection.
 */
export const mayPass = (error: unknown): boolean =>
  error instanceof DOMException &&
  !['QuotaExceededError', 'VersionError', 'DataCloneError', 'DataError'].includes(error.name)

/**
 * A value may be what cannot be read, and not the database: browsers keep large ones in files of
 * their own, which may be gone or damaged.
 */
export const mayBeOneValue = (error: unknown): boolean =>
  error instanceof DOMException &&
  ['DataError', 'DataCloneError', 'NotFoundError', 'NotReadableError', 'UnknownError'].includes(
    error.name,
  )

/** As {@link LocalStoreError}; anything that is not of IndexedDB is a mistake of ours, and stays. */
export const asStoreError = (error: unknown): unknown => {
  if (!(error instanceof DOMException)) return error
  switch (error.name) {
    case 'QuotaExceededError':
      return new LocalStoreError('quota', 'There is no room left on this device.', error)
    case 'VersionError':
      return new LocalStoreError(
        'lost',
        'A newer version of Wardline has been used here. Reload to go on.',
        error,
      )
    case 'DataCloneError':
    case 'DataError':
      return error
    default:
      return new LocalStoreError('lost', 'This device does not save at the moment.', error)
  }
}

/** Why a page is cut off from its database for good. */
export type CutOff = 'wiped' | 'outdated'

export const cutOffBy: Readonly<Record<CutOff, () => LocalStoreError>> = {
  wiped: () => new LocalStoreError('lost', 'The data on this device was deleted. Reload to go on.'),
  outdated: () =>
    new LocalStoreError(
      'lost',
      'A newer version of Wardline is open in another tab. Reload to go on.',
    ),
}

export const closedStore = (): LocalStoreError =>
  new LocalStoreError('lost', 'The database on this device is closed.')

export const openTimedOut = (): LocalStoreError =>
  new LocalStoreError('lost', 'The database on this device does not open. Close other tabs.')
