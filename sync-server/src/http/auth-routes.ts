/** `/api/auth`: signing in, renewing, signing out. */
import { type Request, Router } from 'express'
import type { Auth } from '../auth/auth.ts'
import { failure } from '../errors/catalogue.ts'
import { ok } from '../errors/result.ts'
import { loginBody, refreshQuery } from '../openapi/operations/auth-schemas.ts'
import { contextOf } from './context.ts'
import { endpoint, type Outcome, readBody, readQuery } from './endpoint.ts'
import { refuseMethod } from './failures.ts'
import { clearRefreshCookies, readRefreshCookie } from './refresh-cookie.ts'
import { deviceOf, leaveOf, requireOwnPage, type SignedInReply } from './signed-in-reply.ts'

/**
 * What a browser may have kept of the answers goes with the session. Not "storage": the device
 * empties that by itself, and what it holds when this comes may be the next person's already, or of
 * somebody else whose messages are not sent yet. Not "cookies": those of a whole domain would go.
 */
const CLEARED = '"cache"'

/** @param signedInReply how who signed in is answered */
export const authRoutes = (auth: Auth, signedInReply: SignedInReply): Router => {
  const router = Router({ caseSensitive: true })
  router.use(requireOwnPage)

  router
    .route('/login')
    .post(
      endpoint(async (request) => {
        const body = readBody(request, loginBody)
        if (!body.ok) return body
        const { email, password } = body.value
        const device = deviceOf(body.value)
        if (!device.ok) return device
        const { address } = contextOf(request).peer
        const signal = leaveOf(request)
        const result = await auth.login({ email, password, address, signal, ...device.value })
        return result.ok ? signedInReply(request, result.value) : result
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/refresh')
    .post(
      endpoint(async (request) => {
        const token = refreshTokenOf(request)
        if (token === undefined) return failure('session-ended')
        const query = readQuery(request, refreshQuery)
        if (!query.ok) return query
        const result = await auth.refresh(token, query.value.keep === 'true')
        return result.ok ? signedInReply(request, result.value) : result
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/logout')
    .post(
      endpoint(async (request) => {
        const token = refreshTokenOf(request)
        if (token !== undefined) await auth.logout(token)
        return signedOutReply(request)
      }),
    )
    .all(refuseMethod('POST'))

  return router
}

/** The cookie goes, and what the browser may have kept. */
export const signedOutReply = (request: Request): Outcome =>
  ok({
    status: 204,
    cookies: clearRefreshCookies(contextOf(request).peer.secure),
    headers: { 'Clear-Site-Data': CLEARED },
  })

const refreshTokenOf = (request: Request): string | undefined =>
  readRefreshCookie(request.headers.cookie, contextOf(request).peer.secure)
