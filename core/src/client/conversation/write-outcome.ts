/**
 * What became of something that a person wrote. Only with `stored` may a field let go of its text:
 * whoever shows the field has to look at each of the others.
 */

import { TextError } from '../../chat/text-error.ts'
import { LocalStoreError } from '../store/local-store.ts'
import { MessageError } from './messages.ts'

export type WriteOutcome =
  /** On this device's disk. */
  | { readonly kind: 'stored' }
  /** A message cannot hold it, or there is nothing to see in it. */
  | { readonly kind: 'too-long' | 'blank' }
  /** The person is not in the chat any more. */
  | { readonly kind: 'not-member' }
  /** What it is about is not there, taken back, or somebody else's. */
  | { readonly kind: 'gone' }
  /** The device has no room. */
  | { readonly kind: 'no-room' }
  /** The device could not save it; `why` in words for the person, or ''. */
  | { readonly kind: 'not-saved'; readonly why: string }

/** Settles what a write came to. Never rejects. */
export const outcomeOf = async (write: Promise<unknown>): Promise<WriteOutcome> => {
  try {
    await write
    return { kind: 'stored' }
  } catch (error) {
    if (error instanceof TextError) return { kind: error.code }
    if (error instanceof MessageError) return { kind: error.code }
    if (!(error instanceof LocalStoreError)) return { kind: 'not-saved', why: '' }
    return error.code === 'quota' ? { kind: 'no-room' } : { kind: 'not-saved', why: error.message }
  }
}
