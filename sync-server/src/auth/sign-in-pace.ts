/**
 * How often one person may sign in with success: each time leaves a line on the audit trail, and a
 * session in the place of another.
 */
import type { UserId } from '@wardline/core/base/ids'
import { Lru } from '../base/lru.ts'
import { type Rate, TokenBucket } from '../budget/token-bucket.ts'
import type { Failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'

/** For scripts that sign in for each thing they do, too; every two seconds in the long run. */
export const SIGN_IN_PACE: Rate = { perSecond: 0.5, burst: 600 }
/** People who are remembered; a forgotten one may begin anew. */
const KEPT = 10_000

export class SignInPace {
  readonly #elapsed: () => number
  readonly #rate: Rate
  readonly #buckets = new Lru<UserId, TokenBucket>(KEPT)

  constructor(elapsed: () => number, rate = SIGN_IN_PACE) {
    this.#elapsed = elapsed
    this.#rate = rate
  }

  /** Counts a sign-in. Fails with `too-many-attempts`. */
  take(user: UserId): Result<void, Failure> {
    const now = this.#elapsed()
    const bucket = this.#buckets.get(user) ?? new TokenBucket(this.#rate, now)
    this.#buckets.set(user, bucket)
    const wait = bucket.wait(now)
    if (wait > 0) return err({ code: 'too-many-attempts', retryAfter: Math.ceil(wait / 1000) })
    bucket.take(1, now)
    return ok(undefined)
  }
}
