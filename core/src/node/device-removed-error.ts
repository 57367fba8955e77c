import type { UnsentText } from '../client/model/unsent-text.ts'
import type { RemovedBy } from './session.ts'

/** The program's device was removed from the account, and has emptied its store. */
export class DeviceRemovedError extends Error {
  override readonly name = 'DeviceRemovedError'
  readonly by: RemovedBy
  /** What it had written that the server does not have; nothing where the clinic removed it. */
  readonly unsent: readonly UnsentText[]

  constructor(by: RemovedBy, unsent: readonly UnsentText[]) {
    super(
      by === 'person'
        ? 'This program’s device was removed from the account on another device. Sign in again to go on.'
        : 'The clinic removed this program’s device. Ask there before it signs in again.',
    )
    this.by = by
    this.unsent = unsent
  }
}
