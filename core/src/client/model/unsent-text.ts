import type { ChatId } from '../../base/ids.ts'

/** What a person wrote on a device that the server does not have. */
export interface UnsentText {
  readonly chat: ChatId
  /** When it was written, ms; null for what is still in a composer. */
  readonly at: number | null
  readonly text: string
  /** Names of the files that were to go with it. */
  readonly files: readonly string[]
}
