/**
 * A provider of OpenID Connect: the code flow with PKCE, state and nonce. The server starts without
 * it, and asks it only when somebody signs in.
 */
import type { Clock } from '@wardline/core/time/clock'
import * as client from 'openid-client'
import type { OidcConfig } from '../config/identity-config.ts'
import type { Logger } from '../config/logger.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import { emailOf, type OutsidePerson, readClaim, rolesOf, subjectOf, textOf } from './claims.ts'

/** See {@link OidcProviderOptions.patience}. */
const PATIENCE = 8
/** How far its clock and this one may be apart, s. */
const CLOCK_TOLERANCE = 60
/** How long what it says of itself is believed, ms. */
const METADATA_LIFETIME = 10 * 60_000

/** What has to come back unchanged from the provider, or to be shown to it with the code. */
export interface PendingChecks {
  readonly state: string
  readonly nonce: string
  /** Of PKCE. */
  readonly verifier: string
}

export interface OidcProviderOptions {
  readonly config: OidcConfig
  readonly clock: Clock
  readonly log: Logger
  /** What the provider is given to answer one request, s. */
  readonly patience?: number
}

export class OidcProvider {
  readonly #config: OidcConfig
  readonly #clock: Clock
  readonly #log: Logger
  readonly #patience: number
  #metadata: { readonly at: number; readonly found: Promise<client.ServerMetadata> } | undefined

  constructor({ config, clock, log, patience = PATIENCE }: OidcProviderOptions) {
    this.#config = config
    this.#clock = clock
    this.#log = log
    this.#patience = patience
  }

  /**
   * Where to send the person, and what to remember until they are back. Fails with
   * `provider-unavailable`.
   *
   * @param asksWho the provider is to ask who it is, whoever is signed in there
   */
  async begin(
    redirectUri: string,
    asksWho = false,
  ): Promise<Result<{ readonly url: URL; readonly checks: PendingChecks }, Failure>> {
    const found = await this.#find()
    if (!found.ok) return found
    const checks = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    }
    const url = client.buildAuthorizationUrl(this.#configured(found.value), {
      redirect_uri: redirectUri,
      scope: this.#config.scope,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
      code_challenge_method: 'S256',
      ...(asksWho && { prompt: 'login' }),
    })
    return ok({ url, checks })
  }

  /**
   * Exchanges the code of a callback for who it is. Fails with `provider-refused` for whatever the
   * provider does not vouch for, and with `provider-unavailable`.
   *
   * @param callback the address that the provider sent the person to, with all it has added
   */
  async finish(callback: URL, checks: PendingChecks): Promise<Result<OutsidePerson, Failure>> {
    const found = await this.#find()
    if (!found.ok) return found
    try {
      const configuration = this.#configured(found.value)
      const tokens = await client.authorizationCodeGrant(configuration, callback, {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        pkceCodeVerifier: checks.verifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined) return failure('provider-refused')
      return this.#personOf(await this.#whole(configuration, tokens.access_token, claims))
    } catch (error) {
      return this.#failed(error, codeOf(error))
    }
  }

  /** Where the provider's endpoints are. Fails with `provider-unavailable`. */
  async #find(): Promise<Result<client.ServerMetadata, Failure>> {
    try {
      const metadata = await this.#discover()
      // Without these there is nowhere to send anybody, or nothing to believe.
      const { authorization_endpoint, token_endpoint, jwks_uri } = metadata
      if (authorization_endpoint && token_endpoint && jwks_uri) return ok(metadata)
      this.#metadata = undefined
      throw new Error('the provider names no endpoints')
    } catch (error) {
      return this.#failed(error, 'provider-unavailable')
    }
  }

  /** Of one sign-in: it reads the provider's keys anew, which may have changed since the last. */
  #configured(metadata: client.ServerMetadata): client.Configuration {
    const { clientId, clientSecret } = this.#config
    const configuration = new client.Configuration(
      { ...metadata },
      clientId,
      { [client.clockTolerance]: CLOCK_TOLERANCE },
      clientSecret === undefined ? client.None() : authenticationOf(metadata, clientSecret),
    )
    configuration.timeout = this.#patience
    // The signature counts, and not only that the token came from the provider's address.
    client.enableNonRepudiationChecks(configuration)
    if (this.#isLocal) client.allowInsecureRequests(configuration)
    return configuration
  }

  /** One request for however many ask; a failure is not remembered. */
  #discover(): Promise<client.ServerMetadata> {
    const now = this.#clock.elapsed()
    const known = this.#metadata
    if (known !== undefined && now - known.at < METADATA_LIFETIME) return known.found
    const { issuer, clientId } = this.#config
    const found = client
      .discovery(new URL(issuer), clientId, undefined, undefined, {
        timeout: this.#patience,
        ...(this.#isLocal && { execute: [client.allowInsecureRequests] }),
      })
      .then((configuration) => {
        // Own properties only: it also has methods.
        const { supportsPKCE: _, ...metadata } = configuration.serverMetadata()
        return metadata
      })
    const entry = { at: now, found }
    this.#metadata = entry
    found.catch(() => {
      if (this.#metadata === entry) this.#metadata = undefined
    })
    return found
  }

  /** With what only the provider's endpoint for it tells, where claims are missing. */
  async #whole(
    configuration: client.Configuration,
    accessToken: string,
    claims: client.IDToken,
  ): Promise<Readonly<Record<string, unknown>> & { readonly sub: string }> {
    const { roleClaim } = this.#config
    const needed = ['name', 'email', ...(roleClaim === undefined ? [] : [roleClaim])]
    const isWhole = needed.every((name) => readClaim(claims, name) !== undefined)
    if (isWhole || configuration.serverMetadata().userinfo_endpoint === undefined) return claims
    const told = await client.fetchUserInfo(configuration, accessToken, claims.sub)
    // What is signed for this sign-in goes before what is merely told.
    return { ...told, ...claims }
  }

  #personOf(claims: Readonly<Record<string, unknown>>): Result<OutsidePerson, Failure> {
    const { issuer, roleClaim, roles } = this.#config
    const subject = subjectOf(claims.sub)
    if (subject === undefined) return failure('provider-refused')
    return ok({
      issuer,
      subject,
      name: textOf(claims.name) ?? textOf(claims.preferred_username),
      email: emailOf(claims.email, claims.email_verified),
      roles: roleClaim === undefined ? undefined : rolesOf(readClaim(claims, roleClaim), roles),
    })
  }

  get #isLocal(): boolean {
    return new URL(this.#config.issuer).protocol === 'http:'
  }

  /** The reason is for who runs the server; it holds no code and no token. */
  #failed(error: unknown, code: ReturnType<typeof codeOf>): ReturnType<typeof failure> {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : undefined
    this.#log('warn', 'oidc.failed', { code, reason, message: String(error) })
    return failure(code)
  }
}

/** The provider's choice of the two ways that it may offer; what it does not say is the first. */
const authenticationOf = (metadata: client.ServerMetadata, secret: string): client.ClientAuth => {
  const offered = metadata.token_endpoint_auth_methods_supported
  const basic = offered === undefined || offered.includes('client_secret_basic')
  return basic ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret)
}

/** Errors of a provider that does not work now; all others say that it does not vouch. */
const codeOf = (error: unknown): 'provider-unavailable' | 'provider-refused' => {
  if (error instanceof client.AuthorizationResponseError)
    return ['server_error', 'temporarily_unavailable'].includes(error.error)
      ? 'provider-unavailable'
      : 'provider-refused'
  if (error instanceof client.ResponseBodyError)
    return error.status >= 500 ? 'provider-unavailable' : 'provider-refused'
  if (error instanceof client.ClientError)
    return unavailable.has(error.code ?? '') ? 'provider-unavailable' : 'provider-refused'
  // Of the network: `fetch` rejects with a TypeError.
  return 'provider-unavailable'
}

const unavailable: ReadonlySet<string> = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_PARSE_ERROR',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
])
