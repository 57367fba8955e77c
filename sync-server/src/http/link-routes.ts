/** `/api/auth/links`, `/api/auth/carry` and `/api/auth/reset-request`: ways in without a password. */
import { type Request, Router } from 'express'
import type { Logger } from '../config/logger.ts'
import { failure } from '../errors/catalogue.ts'
import { ok } from '../errors/result.ts'
import type { Acceptance } from '../links/acceptance.ts'
import type { LinkMails } from '../links/link-mails.ts'
import type { LinkSecret, Links } from '../links/links.ts'
import { acceptBody, linkSecretBody, resetRequestBody } from '../openapi/operations/link-schemas.ts'
import { may } from '../permissions/permissions.ts'
import { contextOf } from './context.ts'
import { endpoint, readBody } from './endpoint.ts'
import { refuseMethod } from './failures.ts'
import { deviceOf, leaveOf, type SignedInReply, visitOf } from './signed-in-reply.ts'
import type { Guard } from './user-throttle.ts'

export interface LinkRoutesOptions {
  readonly links: Links
  readonly acceptance: Acceptance
  /** Undefined without a mail server. */
  readonly mails?: LinkMails | undefined
  readonly clinic: () => Promise<string>
  readonly log: Logger
}

/** Mounted where only the server's own page may ask. */
export const linkRoutes = (
  { links, acceptance, mails, clinic, log }: LinkRoutesOptions,
  guard: Guard,
  reply: SignedInReply,
): Router => {
  const router = Router({ caseSensitive: true })

  router
    .route('/links/look')
    .post(
      endpoint(async (request) => {
        const body = readBody(request, linkSecretBody)
        if (!body.ok) return body
        const view = await acceptance.look(secretOf(body.value), addressOf(request))
        return view.ok ? ok({ status: 200, body: { ...view.value, clinic: await clinic() } }) : view
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/links/passkey-options')
    .post(
      endpoint(async (request) => {
        const body = readBody(request, linkSecretBody)
        if (!body.ok) return body
        const visit = visitOf(request)
        if (!visit.ok) return visit
        const options = await acceptance.passkeyOptions(secretOf(body.value), visit.value)
        return options.ok ? ok({ status: 200, body: options.value }) : options
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/links/accept')
    .post(
      endpoint(async (request) => {
        const body = readBody(request, acceptBody)
        if (!body.ok) return body
        const visit = visitOf(request)
        if (!visit.ok) return visit
        const device = deviceOf(body.value)
        if (!device.ok) return device
        const { password, passkey, email, name, attempt } = body.value
        const accepted = await acceptance.accept({
          secret: secretOf(body.value),
          visit: visit.value,
          ...device.value,
          ...(password !== undefined && { password }),
          ...(passkey !== undefined && { passkey }),
          ...(email !== undefined && { email }),
          ...(name !== undefined && { name }),
          ...(attempt !== undefined && { attempt }),
          signal: leaveOf(request),
        })
        return accepted.ok ? reply(request, accepted.value) : accepted
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/carry')
    .post(
      guard(async (_request, { userId, roles, session, stamp }) => {
        if (!may('passkey.use', roles, 'own')) return failure('role-refused')
        const made = await links.makeCode({
          kind: 'carry',
          user: userId,
          stamp,
          createdBy: userId,
          session,
        })
        if (!made.ok) return made
        const { code, expiresAt } = made.value
        return ok({ status: 201, body: { code, expiresAt } })
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/reset-request')
    .post(
      endpoint(async (request) => {
        const body = readBody(request, resetRequestBody)
        if (!body.ok) return body
        // Not waited for: the time would tell whether there is such an account.
        mails?.ask(body.value.email, addressOf(request)).catch((error: unknown) => {
          log('warn', 'reset-request.failed', { message: String(error) })
        })
        return ok({ status: 202 })
      }),
    )
    .all(refuseMethod('POST'))

  return router
}

const addressOf = (request: Request): string => contextOf(request).peer.address

const secretOf = ({
  token,
  code,
}: {
  readonly token?: string | undefined
  readonly code?: string | undefined
}): LinkSecret => (token === undefined ? { code: code ?? '' } : { token })
