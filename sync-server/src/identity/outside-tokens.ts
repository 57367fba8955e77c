/**
 * Tokens that somebody else has issued, of a portal with users of its own: read and checked here, and
 * believed only as far as the configuration says.
 */
import type { Clock } from '@wardline/core/time/clock'
import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import type { OutsideTokenConfig } from '../config/identity-config.ts'
import type { Logger } from '../config/logger.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import { emailOf, type OutsidePerson, readClaim, rolesOf, subjectOf, textOf } from './claims.ts'

/** In characters. */
export const MAX_OUTSIDE_TOKEN = 8192
/** How far the issuer's clock and this one may be apart, s. */
const CLOCK_TOLERANCE = 60
/** How long a token may be good, from now on, s: it is to be renewed by the page that it is in. */
const MAX_LIFE = 24 * 3600
/** See {@link OutsideTokensOptions.patience}. */
const PATIENCE = 5_000
/** How long its keys are believed, ms. */
const KEYS_LIFETIME = 10 * 60_000
/** How often at most it is asked for a key that it did not have, ms. */
export const KEYS_COOLDOWN = 10_000

/**
 * Of each kind of key its own algorithms: a public key is never taken for a secret that both know,
 * and `none` is no algorithm.
 */
const ALGORITHMS = {
  jwks: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
  secret: ['HS256', 'HS384', 'HS512'],
}

export interface OutsideTokensOptions {
  readonly config: OutsideTokenConfig
  readonly clock: Clock
  readonly log: Logger
  /** What the issuer is given to answer, ms. */
  readonly patience?: number
}

export class OutsideTokens {
  readonly #config: OutsideTokenConfig
  readonly #clock: Clock
  readonly #log: Logger
  readonly #key: JWTVerifyGetKey

  constructor({ config, clock, log, patience = PATIENCE }: OutsideTokensOptions) {
    this.#config = config
    this.#clock = clock
    this.#log = log
    this.#key = keyOf(config.key, patience)
  }

  /**
   * Whom a token is of. Fails with `outside-token-expired` for one that was good,
   * `outside-token-refused` for everything else that is wrong with it, and `provider-unavailable`
   * when the issuer's keys cannot be had.
   */
  async verify(token: string): Promise<Result<OutsidePerson, Failure>> {
    if (token.length > MAX_OUTSIDE_TOKEN) return failure('outside-token-refused')
    const { issuer, audience, key } = this.#config
    const now = this.#clock.now()
    try {
      const { payload } = await this.#read(token, {
        issuer,
        audience,
        algorithms: ALGORITHMS[key.kind],
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_TOLERANCE,
        currentDate: new Date(now),
      })
      const tooLong = (payload.exp ?? 0) > now / 1000 + MAX_LIFE + CLOCK_TOLERANCE
      return tooLong ? failure('outside-token-refused') : this.#personOf(payload)
    } catch (error) {
      return this.#failed(error)
    }
  }

  async #read(token: string, options: JWTVerifyOptions): Promise<{ readonly payload: JWTPayload }> {
    try {
      return await jwtVerify(token, this.#key, options)
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
      // While keys change there are two, and a token need not say which of them it is signed with.
      for await (const key of error) {
        const read = await jwtVerify(token, key, options).catch((reason: unknown) => {
          if (!(reason instanceof errors.JWSSignatureVerificationFailed)) throw reason
        })
        if (read !== undefined) return read
      }
      throw new errors.JWSSignatureVerificationFailed()
    }
  }

  #personOf(claims: JWTPayload): Result<OutsidePerson, Failure> {
    const { issuer, claims: names, roles } = this.#config
    const subject = subjectOf(readClaim(claims, names.id))
    if (subject === undefined) return failure('outside-token-refused')
    const { role } = names
    return ok({
      issuer,
      subject,
      name: textOf(readClaim(claims, names.name)),
      email: emailOf(readClaim(claims, names.email), claims.email_verified),
      roles: role === undefined ? ['patient'] : rolesOf(readClaim(claims, role), roles),
    })
  }

  #failed(error: unknown): ReturnType<typeof failure> {
    if (error instanceof errors.JWTExpired) return failure('outside-token-expired')
    if (isOfToken(error)) return failure('outside-token-refused')
    this.#log('warn', 'outside-keys.failed', { message: String(error) })
    return failure('provider-unavailable')
  }
}

const keyOf = (key: OutsideTokenConfig['key'], patience: number): JWTVerifyGetKey => {
  if (key.kind === 'jwks')
    return createRemoteJWKSet(key.url, {
      timeoutDuration: patience,
      cooldownDuration: KEYS_COOLDOWN,
      cacheMaxAge: KEYS_LIFETIME,
    })
  const secret = new TextEncoder().encode(key.secret)
  return async () => secret
}

/** Whether the token is to blame, and not the way to the issuer's keys or what lies there. */
const isOfToken = (error: unknown): boolean =>
  error instanceof errors.JWTClaimValidationFailed ||
  error instanceof errors.JWTInvalid ||
  error instanceof errors.JWSInvalid ||
  error instanceof errors.JWSSignatureVerificationFailed ||
  error instanceof errors.JOSEAlgNotAllowed ||
  error instanceof errors.JOSENotSupported ||
  error instanceof errors.JWKSNoMatchingKey
