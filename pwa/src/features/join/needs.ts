import type { LinkView } from '../../sync/ways-in-api.ts'

export type Needs = LinkView['needs']

/** What a person adds to a password or a passkey. */
export interface Credential {
  name?: string
  email?: string
}

/** Enough to see a slip; the server decides. */
export const isEmail = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim())
