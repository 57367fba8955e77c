/** What leaves the composer. */
import type { SentFrom } from '@wardline/core/client/client'
import type { WriteOutcome } from '@wardline/core/client/conversation/write-outcome'
import type { MessageKey } from './message.ts'

export interface Written {
  text: string
  replyTo: MessageKey | undefined
  /** The draft that it comes from, and ends with it. */
  from: SentFrom
}

/** Or why a text is none that can go as a file, in words for the person. */
export type FileOutcome = WriteOutcome | { readonly kind: 'no-file'; readonly why: string }
