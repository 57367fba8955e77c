import type { UserId } from '@wardline/core/ids/ids'
import type { Request, RequestHandler } from 'express'
import type { AccessClaims } from '../auth/access-token.ts'
import { err } from '../errors/result.ts'
import { Lru } from '../storage/lru.ts'
import { type Rate, TokenBucket } from '../sync/token-bucket.ts'
import { type Outcome, signedIn, type TokenCheck } from './endpoint.ts'

/** What a user may ask of the HTTP interface, over all their programs. */
export const DEFAULT_REQUEST_RATE: Rate = { perSecond: 20, burst: 400 }
/** Users whose buckets are remembered; a forgotten one is full again. */
const KEPT = 10_000

/** An endpoint for who carries a valid access token and does not ask too often. */
export type Guard = (
  answer: (request: Request, caller: AccessClaims) => Promise<Outcome>,
) => RequestHandler

/** Lets each user ask so often, over all endpoints that it guards. */
export const guardBy = (auth: TokenCheck, rate: Rate, now: () => number): Guard => {
  const buckets = new Lru<UserId, TokenBucket>(KEPT)
  const waitOf = (user: UserId): number => {
    const bucket = buckets.get(user) ?? new TokenBucket(rate, now())
    buckets.set(user, bucket)
    const wait = bucket.wait(now())
    if (wait === 0) bucket.take(1, now())
    return wait
  }
  return (answer) =>
    signedIn(auth, async (request, caller) => {
      const wait = waitOf(caller.userId)
      if (wait > 0) return err({ code: 'too-many-requests', retryAfter: Math.ceil(wait / 1000) })
      return answer(request, caller)
    })
}
