/** What the ways to sign in have in common: whom they answer, and with what. */
import { parseDeviceId } from '@wardline/core/base/ids'
import type { Request, RequestHandler } from 'express'
import type { SignedIn } from '../auth/auth.ts'
import { mayUseCookie } from '../base/origins.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { SignInDevice } from '../passkeys/passkey-sign-in.ts'
import type { Visit } from '../passkeys/passkeys.ts'
import { contextOf } from './context.ts'
import type { Outcome } from './endpoint.ts'
import { sendFailure } from './failures.ts'
import { writeRefreshCookie } from './refresh-cookie.ts'

/** Only the server's own page may act through a cookie, or get one. */
export const requireOwnPage: RequestHandler = (request, response, next) => {
  if (mayUseCookie(request, contextOf(request).origin)) next()
  else sendFailure(response, { code: 'origin-refused' })
}

/** The access token as the body, the refresh token as a cookie. */
export type SignedInReply = (request: Request, signedIn: SignedIn) => Outcome

/**
 * @param sentInClear called for each cookie that goes out without `Secure`, since the way to the
 *   server is not known to be https
 */
export const replyBy =
  (sentInClear: () => void): SignedInReply =>
  (request, { refreshToken, ...body }) => {
    const context = contextOf(request)
    const { secure } = context.peer
    context.user = body.user.id
    if (refreshToken === undefined) return ok({ status: 200, body })
    if (!secure) sentInClear()
    return ok({ status: 200, body, cookies: [writeRefreshCookie(refreshToken, secure)] })
  }

/** Aborted when the client goes away before it has its answer. */
export const leaveOf = ({ res }: Request): AbortSignal => {
  const left = new AbortController()
  res?.once('close', () => left.abort())
  return left.signal
}

/** Which device signs in, as it says. Fails with `bad-request` for a name that is none. */
export const deviceOf = (body: {
  readonly device?: string | undefined
  readonly deviceName?: string | undefined
}): Result<SignInDevice, Failure> => {
  const device = body.device === undefined ? undefined : parseDeviceId(body.device)
  if (body.device !== undefined && device === undefined) return failure('bad-request')
  return ok({
    ...(device !== undefined && { device }),
    ...(body.deviceName !== undefined && { deviceName: body.deviceName }),
  })
}

/** Where the person is: passkeys belong to the page's origin. Fails with `bad-request` without one. */
export const visitOf = (request: Request): Result<Visit, Failure> => {
  const { peer, origin } = contextOf(request)
  const page = origin === 'listed' ? request.headers.origin : peer.ownOrigin
  return page === undefined ? failure('bad-request') : ok({ origin: page, address: peer.address })
}
