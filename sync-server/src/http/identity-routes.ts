/** `/api/auth`: signing in by what somebody else says, and by API tokens. */
import { parseDeviceId } from '@wardline/core/base/ids'
import { type Request, Router } from 'express'
import type { Auth, SignedIn } from '../auth/auth.ts'
import { mayUseCookie } from '../base/origins.ts'
import { type ErrorCode, failure } from '../errors/catalogue.ts'
import { ok } from '../errors/result.ts'
import type { OidcSignIn } from '../identity/oidc-sign-in.ts'
import type { OutsideSignIn } from '../identity/outside-sign-in.ts'
import { exchangeBody, oidcStartQuery } from '../openapi/operations/identity-schemas.ts'
import { contextOf } from './context.ts'
import { bearerOf, endpoint, type Outcome, readBody, readQuery } from './endpoint.ts'
import { refuseMethod } from './failures.ts'
import { clearOidcCookie, readOidcCookie, writeOidcCookie } from './oidc-cookie.ts'
import { writeRefreshCookie } from './refresh-cookie.ts'

const CALLBACK = '/api/auth/oidc/callback'

export interface IdentityRoutesOptions {
  readonly auth: Pick<Auth, 'signInProgram'>
  /** Undefined: there is no provider. */
  readonly oidc?: OidcSignIn | undefined
  /** Undefined: tokens of nobody else are taken. */
  readonly outside?: OutsideSignIn | undefined
  /** What else there is to sign in with. */
  readonly methods: () => { readonly passkey: boolean; readonly mail: boolean }
  /** Called for each cookie that goes out without `Secure`. */
  readonly sentInClear: () => void
}

export const identityRoutes = (options: IdentityRoutesOptions): Router => {
  const { auth, oidc, outside, methods, sentInClear } = options
  const router = Router({ caseSensitive: true })

  router
    .route('/methods')
    .get(
      endpoint(async () => {
        const provider = oidc && { oidc: { label: oidc.label } }
        return ok({ status: 200, body: { password: true, ...methods(), ...provider } })
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))

  router
    .route('/token')
    .post(
      endpoint(async (request) => {
        const token = bearerOf(request)
        if (token === undefined) return failure('api-token-refused')
        const signedIn = await auth.signInProgram(token, contextOf(request).peer.address)
        return signedIn.ok ? bodyReply(request, signedIn.value) : signedIn
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/exchange')
    .post(
      endpoint(async (request) => {
        if (outside === undefined) return failure('not-found')
        const body = readBody(request, exchangeBody)
        if (!body.ok) return body
        const { token, deviceName } = body.value
        const device = parseDeviceId(body.value.device)
        if (device === undefined) return failure('bad-request')
        const { address } = contextOf(request).peer
        const signedIn = await outside.exchange({ token, device, deviceName, address })
        return signedIn.ok ? bodyReply(request, signedIn.value) : signedIn
      }),
    )
    .all(refuseMethod('POST'))

  // These two are where a person's browser goes: they answer with where it goes next.
  router
    .route('/oidc/start')
    .get(
      endpoint(async (request) => {
        if (oidc === undefined) return failure('not-found')
        const { origin, peer } = contextOf(request)
        const query = readQuery(request, oidcStartQuery)
        if (!query.ok || peer.ownOrigin === undefined) return failure('bad-request')
        // Other pages have no business here: whoever is signed in by them is in for a surprise.
        if (!mayUseCookie(request, origin)) return backToApp('origin-refused')
        const { device: text, deviceName, again } = query.value
        const device = text === undefined ? undefined : parseDeviceId(text)
        if (text !== undefined && device === undefined) return failure('bad-request')
        const redirectUri = peer.ownOrigin + CALLBACK
        const started = await oidc.start({
          redirectUri,
          device,
          deviceName,
          asksWho: again === 'true',
        })
        if (!started.ok) return backToApp(started.error.code)
        const { url, cookie } = started.value
        return seeOther(url, [writeOidcCookie(cookie, peer.secure)])
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))

  router
    .route('/oidc/callback')
    .get(
      endpoint(async (request) => {
        if (oidc === undefined) return failure('not-found')
        const context = contextOf(request)
        const { address, secure } = context.peer
        const cookie = readOidcCookie(request.headers.cookie, secure)
        const query = new URL(request.url, 'http://localhost').searchParams
        const signedIn = await oidc.finish(query, cookie, address)
        const cleared = clearOidcCookie(secure)
        if (!signedIn.ok) return backToApp(signedIn.error.code, [cleared])
        const { refreshToken, user } = signedIn.value
        context.user = user.id
        if (refreshToken === undefined) throw new Error('a session that begins has a refresh token')
        if (!secure) sentInClear()
        return backToApp('done', [cleared, writeRefreshCookie(refreshToken, secure)])
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))

  return router
}

/** Without a cookie: who asks proves who they are with each request for a token. */
const bodyReply = (request: Request, { refreshToken: _, ...body }: SignedIn): Outcome => {
  contextOf(request).user = body.user.id
  return ok({ status: 200, body })
}

const seeOther = (url: string, cookies: readonly string[] = []): Outcome =>
  ok({ status: 303, headers: { Location: url }, cookies })

/** What came of it is in the fragment: no log has it, and no server. */
const backToApp = (outcome: 'done' | ErrorCode, cookies: readonly string[] = []): Outcome =>
  seeOther(`/#sign-in=${outcome}`, cookies)
