/** Signing in through a provider of OpenID Connect, from the button to the session. */
import type { DeviceId } from '@wardline/core/base/ids'
import type { Clock } from '@wardline/core/time/clock'
import type { Auth, SignedIn } from '../auth/auth.ts'
import { Lru } from '../base/lru.ts'
import { FairPool } from '../budget/fair-pool.ts'
import { networkOf } from '../budget/network.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { OidcProvider } from './oidc-provider.ts'
import type { OutsideAccounts } from './outside-accounts.ts'
import { readPendingSignIn, writePendingSignIn } from './pending-sign-in.ts'
import type { NoteRefusal } from './refusals.ts'

/** Sign-ins for which the provider is asked at the same time. */
const AT_ONCE = 16
/** Those that may wait for that; beyond it whoever has most waiting is turned away. */
const MAX_PROVIDER_WAITING = 1_024
/** Sign-ins that are remembered as done, for as long as they could come again. */
const KEPT_DONE = 10_000

export interface OidcSignInOptions {
  readonly provider: OidcProvider
  readonly accounts: OutsideAccounts
  readonly auth: Pick<Auth, 'signIn'>
  readonly clock: Clock
  /** Of 32 bytes, for what is remembered in the person's own cookie. */
  readonly key: Uint8Array
  /** After "Sign in with". */
  readonly label: string
  readonly noteRefusal: NoteRefusal
}

export interface OidcStart {
  /** Where the provider sends the person back to: the callback at this server's own address. */
  readonly redirectUri: string
  readonly device: DeviceId | undefined
  readonly deviceName: string | undefined
  /** The provider is to ask who it is, whoever is signed in there. */
  readonly asksWho: boolean
}

export class OidcSignIn {
  readonly label: string
  readonly #options: OidcSignInOptions
  readonly #pool = new FairPool({ concurrency: AT_ONCE, maxWaiting: MAX_PROVIDER_WAITING })
  /** States of sign-ins that came back. */
  readonly #done = new Lru<string, true>(KEPT_DONE)

  constructor(options: OidcSignInOptions) {
    this.label = options.label
    this.#options = options
  }

  /** Where to send the person, and what their cookie is to hold. Fails with `provider-unavailable`. */
  async start({
    asksWho,
    ...start
  }: OidcStart): Promise<Result<{ readonly url: string; readonly cookie: string }, Failure>> {
    const { provider, key, clock } = this.#options
    const begun = await provider.begin(start.redirectUri, asksWho)
    if (!begun.ok) return begun
    const { url, checks } = begun.value
    const cookie = await writePendingSignIn({ ...start, ...checks }, key, clock.now())
    return ok({ url: url.href, cookie })
  }

  /**
   * The person is back. Fails with `sign-in-lapsed`, and as {@link OidcProvider.finish},
   * {@link OutsideAccounts.settle} and `Auth.signIn` do.
   *
   * @param query what the provider has added to the address
   * @param address of the network, that they came from
   */
  async finish(
    query: URLSearchParams,
    cookie: string | undefined,
    address: string,
  ): Promise<Result<SignedIn, Failure>> {
    const { accounts, auth, clock, key, noteRefusal, provider } = this.#options
    const pending = cookie && (await readPendingSignIn(cookie, key, clock.now()))
    if (!pending || query.get('state') !== pending.state || this.#done.get(pending.state))
      return failure('sign-in-lapsed')
    this.#done.set(pending.state, true)
    const { redirectUri, device, deviceName } = pending
    const network = networkOf(address)
    const found = await this.#pool.run({ group: network, member: network }, () =>
      provider.finish(new URL(`${redirectUri}?${query}`), pending),
    )
    if (found === undefined) return err({ code: 'server-busy', retryAfter: 1 })
    if (!found.ok) return found
    const settled = await accounts.settle(found.value)
    const signedIn = settled.ok
      ? await auth.signIn(settled.value, {
          address,
          method: 'oidc',
          ...(device && { device }),
          ...(deviceName !== undefined && { deviceName }),
        })
      : settled
    if (!signedIn.ok) noteRefusal('oidc', found.value, signedIn.error.code, address)
    return signedIn
  }
}
