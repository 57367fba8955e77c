/** An access token for a token of another issuer. */
import type { DeviceId } from '@wardline/core/base/ids'
import type { Auth, SignedIn } from '../auth/auth.ts'
import type { Failure } from '../errors/catalogue.ts'
import type { Result } from '../errors/result.ts'
import type { OutsideAccounts } from './outside-accounts.ts'
import type { OutsideTokens } from './outside-tokens.ts'
import type { NoteRefusal } from './refusals.ts'

export interface OutsideSignInOptions {
  readonly tokens: OutsideTokens
  readonly accounts: OutsideAccounts
  readonly auth: Pick<Auth, 'goOn'>
  readonly noteRefusal: NoteRefusal
}

export interface Exchange {
  readonly token: string
  /** Each of the person's devices has one session. */
  readonly device: DeviceId
  readonly deviceName: string | undefined
  /** The client's network address. */
  readonly address: string
}

export class OutsideSignIn {
  readonly #options: OutsideSignInOptions

  constructor(options: OutsideSignInOptions) {
    this.#options = options
  }

  /**
   * Fails as {@link OutsideTokens.verify}, {@link OutsideAccounts.settle} and `Auth.goOn` do. There is
   * no refresh token: the issuer's next token takes its place.
   */
  async exchange({
    token,
    device,
    deviceName,
    address,
  }: Exchange): Promise<Result<SignedIn, Failure>> {
    const { tokens, accounts, auth, noteRefusal } = this.#options
    const person = await tokens.verify(token)
    if (!person.ok) return person
    const settled = await accounts.settle(person.value)
    const signedIn = settled.ok
      ? await auth.goOn(settled.value, {
          address,
          method: 'outside',
          device,
          ...(deviceName !== undefined && { deviceName }),
        })
      : settled
    if (!signedIn.ok) noteRefusal('outside', person.value, signedIn.error.code, address)
    return signedIn
  }
}
