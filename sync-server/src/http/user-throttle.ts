import type { UserId } from '@wardline/core/base/ids'
import type { Request, RequestHandler } from 'express'
import type { AccessClaims } from '../auth/access-token.ts'
import { Lru } from '../base/lru.ts'
import { type Rate, TokenBucket } from '../budget/token-bucket.ts'
import type { Failure } from '../errors/catalogue.ts'
import { err } from '../errors/result.ts'
import { AtOnce } from './at-once.ts'
import { callerOf, type Outcome, signedIn, type TokenCheck } from './endpoint.ts'

/** What a user may ask of the HTTP interface, over all their programs. */
export const DEFAULT_REQUEST_RATE: Rate = { perSecond: 20, burst: 400 }
/** Users whose buckets are remembered; a forgotten one is full again. */
const KEPT = 10_000

/** Counts a request of a user; why it is refused, if they ask too often. */
export type Throttle = (user: UserId) => Failure | undefined

/** Lets each user ask so often, over all endpoints that share it. */
export const throttleBy = (rate: Rate, elapsed: () => number): Throttle => {
  const buckets = new Lru<UserId, TokenBucket>(KEPT)
  return (user) => {
    const bucket = buckets.get(user) ?? new TokenBucket(rate, elapsed())
    buckets.set(user, bucket)
    const wait = bucket.wait(elapsed())
    if (wait > 0) return { code: 'too-many-requests', retryAfter: Math.ceil(wait / 1000) }
    bucket.take(1, elapsed())
    return undefined
  }
}

/** An endpoint for who carries a valid access token and does not ask too often. */
export type Guard = (
  answer: (request: Request, caller: AccessClaims) => Promise<Outcome>,
) => RequestHandler

export const guardBy =
  (auth: TokenCheck, throttle: Throttle, atOnce = new AtOnce()): Guard =>
  (answer) =>
    signedIn(auth, async (request, caller) => {
      const refused = throttle(caller.userId)
      if (refused !== undefined) return err(refused)
      // Who is gone needs no answer.
      if (!(await atOnce.turn(caller.userId, request.res))) return err({ code: 'internal' })
      // It may have waited for as long as whoever asks has liked: who was good then need not be now.
      const still = callerOf(auth, request)
      return still.ok ? answer(request, still.value) : still
    })

/** Changes of accounts by one person, in an hour: each leaves lines in the audit trail. */
export const MAX_ACCOUNT_CHANGES = 240
const CHANGE_RATE: Rate = { perSecond: MAX_ACCOUNT_CHANGES / 3600, burst: MAX_ACCOUNT_CHANGES }

/** The same for what makes accounts and ways into them, or changes them; counted over all of it. */
export const guardChanges = (guard: Guard, elapsed: () => number): Guard => {
  const throttle = throttleBy(CHANGE_RATE, elapsed)
  return (answer) =>
    guard(async (request, caller) => {
      const refused = throttle(caller.userId)
      return refused === undefined ? answer(request, caller) : err(refused)
    })
}
