/** `/api/auth`, for who is signed in: their devices, and their password. */
import { Router } from 'express'
import type { Auth } from '../auth/auth.ts'
import { failure } from '../errors/catalogue.ts'
import { ok } from '../errors/result.ts'
import { deviceBody, passwordBody, passwordCheckBody } from '../openapi/operations/auth-schemas.ts'
import { signedOutReply } from './auth-routes.ts'
import { contextOf } from './context.ts'
import { type Outcome, readBody } from './endpoint.ts'
import { refuseMethod } from './failures.ts'
import { leaveOf } from './signed-in-reply.ts'
import type { Guard } from './user-throttle.ts'

export const deviceRoutes = (auth: Auth, guard: Guard, changing: Guard): Router => {
  const router = Router({ caseSensitive: true })

  router
    .route('/devices')
    .get(
      guard(async (_request, { userId, session }) => {
        const sessions = await auth.sessionsOf(userId)
        const devices = sessions.map(({ name = null, ...each }) => ({
          ...each,
          name,
          current: each.id === session,
        }))
        return ok({ status: 200, body: { devices } })
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))

  router
    .route('/devices/:id')
    .patch(
      guard(async (request, { userId }) => {
        const body = readBody(request, deviceBody)
        if (!body.ok) return body
        const id = String(request.params.id)
        const renamed = await auth.renameSession(userId, id, body.value.name)
        if (!renamed.ok) return renamed
        return foundOr404(renamed.value)
      }),
    )
    .delete(
      guard(async (request, { userId }) => {
        const only = String(request.params.id)
        const ends = { actor: userId, reason: 'removed-self', only } as const
        const ended = await auth.endSessionsOf(userId, ends)
        if (!ended.ok) return ended
        return foundOr404(ended.value > 0)
      }),
    )
    .all(refuseMethod('PATCH', 'DELETE'))

  router
    .route('/sign-out-everywhere')
    .post(
      changing(async (request, { userId }) => {
        const ended = await auth.endSessionsOf(userId, { actor: userId, reason: 'removed-self' })
        return ended.ok ? signedOutReply(request) : ended
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/password')
    .put(
      changing(async (request, { userId, session }) => {
        const body = readBody(request, passwordBody)
        if (!body.ok) return body
        const { address } = contextOf(request).peer
        const who = { userId, session, address, signal: leaveOf(request) }
        const changed = await auth.changePassword({ ...who, ...body.value })
        return changed.ok ? ok({ status: 204 }) : changed
      }),
    )
    .all(refuseMethod('PUT'))

  router
    .route('/password/check')
    .post(
      guard(async (request, { userId }) => {
        const body = readBody(request, passwordCheckBody)
        if (!body.ok) return body
        const { address } = contextOf(request).peer
        const who = { userId, address, signal: leaveOf(request) }
        const checked = await auth.checkPassword({ ...who, ...body.value })
        return checked.ok ? ok({ status: 204 }) : checked
      }),
    )
    .all(refuseMethod('POST'))

  return router
}

const foundOr404 = (found: boolean): Outcome =>
  found ? ok({ status: 204 }) : failure('device-not-found')
