/** `/api/auth`: signing in, renewing, signing out. */
import { parseDeviceId } from '@wardline/core/base/ids'
import { type Request, type RequestHandler, Router } from 'express'
import type { Auth, SignedIn } from '../auth/auth.ts'
import { mayUseCookie } from '../base/origins.ts'
import { failure } from '../errors/catalogue.ts'
import { ok } from '../errors/result.ts'
import { loginBody, refreshQuery } from '../openapi/operations/auth-schemas.ts'
import { contextOf } from './context.ts'
import { endpoint, type Outcome, readBody, readQuery } from './endpoint.ts'
import { refuseMethod, sendFailure } from './failures.ts'
import { clearRefreshCookies, readRefreshCookie, writeRefreshCookie } from './refresh-cookie.ts'

/**
 * What a browser may have kept of the answers goes with the session. Not "storage": the device
 * empties that by itself, and what it holds when this comes may be the next person's already, or of
 * somebody else whose messages are not sent yet. Not "cookies": those of a whole domain would go.
 */
const CLEARED = '"cache"'

/**
 * @param sentInClear called for each cookie that goes out without `Secure`, since the way to the
 *   server is not known to be https
 */
export const authRoutes = (auth: Auth, sentInClear: () => void): Router => {
  const signedInReply = replyBy(sentInClear)
  const router = Router({ caseSensitive: true })
  router.use(requireOwnPage)

  router
    .route('/login')
    .post(
      endpoint(async (request) => {
        const body = readBody(request, loginBody)
        if (!body.ok) return body
        const { email, password, device: deviceText, deviceName } = body.value
        const device = deviceText === undefined ? undefined : parseDeviceId(deviceText)
        if (deviceText !== undefined && device === undefined) return failure('bad-request')
        const { address } = contextOf(request).peer
        const signal = leaveOf(request)
        const on = { ...(device && { device }), ...(deviceName && { deviceName }) }
        const result = await auth.login({ email, password, address, signal, ...on })
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

/** Aborted when the client goes away before it has its answer. */
export const leaveOf = ({ res }: Request): AbortSignal => {
  const left = new AbortController()
  res?.once('close', () => left.abort())
  return left.signal
}

const requireOwnPage: RequestHandler = (request, response, next) => {
  if (mayUseCookie(request, contextOf(request).origin)) next()
  else sendFailure(response, { code: 'origin-refused' })
}

const refreshTokenOf = (request: Request): string | undefined =>
  readRefreshCookie(request.headers.cookie, contextOf(request).peer.secure)

const replyBy =
  (sentInClear: () => void) =>
  (request: Request, { refreshToken, ...body }: SignedIn): Outcome => {
    const context = contextOf(request)
    const { secure } = context.peer
    context.user = body.user.id
    if (refreshToken === undefined) return ok({ status: 200, body })
    if (!secure) sentInClear()
    return ok({ status: 200, body, cookies: [writeRefreshCookie(refreshToken, secure)] })
  }
