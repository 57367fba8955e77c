/** What the configuration says of identity from elsewhere, put together. */

import type { Usage } from '../audit/usage.ts'
import type { Auth } from '../auth/auth.ts'
import { deriveKey } from '../auth/key-ring.ts'
import { systemTimers } from '../base/timers.ts'
import type { Config } from '../config/config.ts'
import type { Logger } from '../config/logger.ts'
import type { CommitChange } from '../directory/commit-change.ts'
import type { Directory } from '../directory/directory.ts'
import type { Store } from '../storage/store.ts'
import { OidcProvider } from './oidc-provider.ts'
import { OidcSignIn } from './oidc-sign-in.ts'
import { OutsideAccounts } from './outside-accounts.ts'
import { OutsideSignIn } from './outside-sign-in.ts'
import { OutsideTokens } from './outside-tokens.ts'
import { noteRefusalsIn } from './refusals.ts'

export interface IdentityOptions {
  readonly config: Pick<Config, 'oidc' | 'outsideTokens'>
  readonly store: Store
  readonly sync: { readonly directory: Directory; readonly commit: CommitChange }
  readonly auth: Auth
  readonly usage: Usage
  /** From which keys derive. */
  readonly secret: string
  readonly log: Logger
}

export interface Identity {
  readonly oidc: OidcSignIn | undefined
  readonly outside: OutsideSignIn | undefined
}

/** Asks nobody: providers and issuers may be away. */
export const openIdentity = (options: IdentityOptions): Identity => {
  const { config, store, sync, auth, usage, secret, log } = options
  const clock = systemTimers
  const noteRefusal = noteRefusalsIn(usage)
  const { directory, commit } = sync
  const accounts = new OutsideAccounts({ store, directory, commit, clock })
  const { oidc, outsideTokens } = config
  return {
    oidc:
      oidc &&
      new OidcSignIn({
        provider: new OidcProvider({ config: oidc, clock, log }),
        accounts,
        auth,
        clock,
        key: deriveKey(secret, 'oidc sign-in'),
        label: oidc.label,
        noteRefusal,
      }),
    outside:
      outsideTokens &&
      new OutsideSignIn({
        tokens: new OutsideTokens({ config: outsideTokens, clock, log }),
        accounts,
        auth,
        noteRefusal,
      }),
  }
}
