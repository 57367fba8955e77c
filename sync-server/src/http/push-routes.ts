/** `/api/push`: where a session's browser takes notifications. */
import { Router } from 'express'
import { failure } from '../errors/catalogue.ts'
import { ok } from '../errors/result.ts'
import { mayPushTo } from '../push/endpoint-rules.ts'
import { targetSchema } from '../push/subscription.ts'
import type { Subscriptions } from '../push/subscriptions.ts'
import { readBody } from './endpoint.ts'
import { refuseMethod } from './failures.ts'
import type { Guard } from './user-throttle.ts'

export interface PushRoutesOptions {
  /** Base64url. */
  readonly publicKey: string
  readonly subscriptions: Pick<Subscriptions, 'put' | 'remove'>
  readonly production: boolean
}

export const pushRoutes = (
  { publicKey, subscriptions, production }: PushRoutesOptions,
  guard: Guard,
): Router => {
  const router = Router({ caseSensitive: true })

  router
    .route('/key')
    .get(guard(async () => ok({ status: 200, body: { publicKey } })))
    .all(refuseMethod('GET', 'HEAD'))

  router
    .route('/subscription')
    .put(
      guard(async (request, { userId, session, device }) => {
        const body = readBody(request, targetSchema)
        if (!body.ok) return body
        if (!mayPushTo(body.value.endpoint, production)) return failure('bad-request')
        const who = { user: userId, session, ...(device && { device }) }
        const isLive = await subscriptions.put(who, body.value)
        return isLive ? ok({ status: 204 }) : failure('session-ended')
      }),
    )
    .delete(
      guard(async (_request, { userId, session }) => {
        await subscriptions.remove(userId, session)
        return ok({ status: 204 })
      }),
    )
    .all(refuseMethod('PUT', 'DELETE'))

  return router
}
