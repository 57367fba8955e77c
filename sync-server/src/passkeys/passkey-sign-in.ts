/** Signing in with a passkey: its use and the session that begins are one commit. */
import type { DeviceId } from '@wardline/core/base/ids'
import { contend } from '@wardline/core/time/contend'
import type { Auth, SignedIn } from '../auth/auth.ts'
import { readUser, userKey } from '../directory/user.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { Store } from '../storage/store.ts'
import type { PasskeyAnswer, Passkeys, Visit } from './passkeys.ts'

export interface PasskeySignInOptions {
  readonly store: Store
  readonly passkeys: Passkeys
  readonly auth: Pick<Auth, 'prepareSession'>
}

export interface SignInDevice {
  readonly device?: DeviceId
  readonly deviceName?: string
}

/**
 * Fails with `passkey-refused`, the same for every reason; `account-inactive`, only for the right
 * passkey; `server-busy`. Rejects with `StoreError`.
 */
export const signInWithPasskey = async (
  { store, passkeys, auth }: PasskeySignInOptions,
  answer: PasskeyAnswer,
  visit: Visit,
  device: SignInDevice,
): Promise<Result<SignedIn, Failure>> => {
  const used = await passkeys.identify(answer, visit)
  if (!used.ok) return used
  const signedIn = await contend<Result<SignedIn, Failure>>(async () => {
    const account = await store.getRecord(userKey(used.value.user))
    if (account === undefined) return failure('passkey-refused')
    const user = readUser(account.value)
    if (user.status !== 'active') return failure('account-inactive')
    const session = await auth.prepareSession(user, {
      ...device,
      address: visit.address,
      method: 'passkey',
    })
    const done = await store.commit({
      records: [
        // It is what it was: whoever closes the account meanwhile wins.
        { key: account.key, value: account.value, expect: account.version },
        ...session.records,
        ...used.value.records,
      ],
      audit: session.audit,
    })
    return done.kind === 'committed' ? ok(session.done()) : undefined
  })
  return signedIn ?? err({ code: 'server-busy', retryAfter: 1 })
}
