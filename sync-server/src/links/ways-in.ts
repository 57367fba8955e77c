/** Links, codes and passkeys, put together over one store. */
import type { Clock } from '@wardline/core/time/clock'
import type { Auth } from '../auth/auth.ts'
import { deriveKey } from '../auth/key-ring.ts'
import { isOfClinic } from '../auth/staff-passkey.ts'
import type { CommitChange } from '../directory/commit-change.ts'
import type { Directory } from '../directory/directory.ts'
import type { Mailer } from '../mail/mailer.ts'
import { Passkeys } from '../passkeys/passkeys.ts'
import type { Store } from '../storage/store.ts'
import { Acceptance } from './acceptance.ts'
import { Invitations } from './invitations.ts'
import { LinkMails } from './link-mails.ts'
import { Links } from './links.ts'

export interface WaysInOptions {
  readonly store: Store
  readonly clock: Clock
  /** From which the key of codes derives. */
  readonly secret: string
  readonly auth: Auth
  readonly directory: Directory
  /** Takes changes that write into documents, too; the store's own, if nothing is said. */
  readonly commit?: CommitChange
  /** The clinic's name. */
  readonly clinic: () => Promise<string>
  /** Whether staff, doctors and admins have to sign in with a passkey. */
  readonly staffPasskey?: boolean
  /** Undefined without a mail server. */
  readonly mail?: { readonly mailer: Mailer; readonly publicUrl: string } | undefined
}

export interface WaysIn {
  readonly links: Links
  readonly passkeys: Passkeys
  readonly acceptance: Acceptance
  readonly invitations: Invitations
  /** Undefined without a mail server. */
  readonly mails: LinkMails | undefined
}

export const openWaysIn = (options: WaysInOptions): WaysIn => {
  const { store, clock, secret, auth, directory, clinic, staffPasskey = false, mail } = options
  const links = new Links({ store, clock, codeKey: deriveKey(secret, 'link code') })
  const passkeys = new Passkeys({ store, clock, clinic })
  const invitations = new Invitations({ store, directory, links })
  return {
    links,
    passkeys,
    invitations,
    acceptance: new Acceptance({
      store,
      clock,
      links,
      passkeys,
      auth,
      directory,
      commit: options.commit ?? ((change) => store.commit(change)),
      needsPasskey: (user) => staffPasskey && isOfClinic(user),
    }),
    mails: mail && new LinkMails({ ...mail, clinic, directory, invitations, clock }),
  }
}
