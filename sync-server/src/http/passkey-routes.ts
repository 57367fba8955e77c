/** `/api/auth/passkeys`: signing in with a passkey, and the passkeys of an account. */
import { type Request, Router } from 'express'
import type { Auth } from '../auth/auth.ts'
import type { Directory } from '../directory/directory.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok } from '../errors/result.ts'
import {
  newPasskeyBody,
  passkeyCheckBody,
  passkeyNameBody,
  passkeySignInBody,
} from '../openapi/operations/passkey-schemas.ts'
import { signInWithPasskey } from '../passkeys/passkey-sign-in.ts'
import { addingOf, type ListedPasskey, type Passkeys } from '../passkeys/passkeys.ts'
import { may } from '../permissions/permissions.ts'
import type { Store } from '../storage/store.ts'
import { endpoint, type Outcome, readBody } from './endpoint.ts'
import { refuseMethod } from './failures.ts'
import { deviceOf, type SignedInReply, visitOf } from './signed-in-reply.ts'
import type { Guard } from './user-throttle.ts'

export interface PasskeyRoutesOptions {
  readonly store: Store
  readonly auth: Pick<Auth, 'prepareSession'>
  readonly directory: Pick<Directory, 'getUser'>
  readonly passkeys: Passkeys
}

/** Mounted where only the server's own page may ask. */
export const passkeyRoutes = (
  options: PasskeyRoutesOptions,
  guard: Guard,
  changing: Guard,
  reply: SignedInReply,
): Router => {
  const { passkeys, directory } = options
  const router = Router({ caseSensitive: true })

  router
    .route('/sign-in/options')
    .post(
      endpoint(async (request) => {
        const visit = visitOf(request)
        if (!visit.ok) return visit
        return ok({ status: 200, body: await passkeys.signInOptions(visit.value) })
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/sign-in')
    .post(
      endpoint(async (request) => {
        const body = readBody(request, passkeySignInBody)
        if (!body.ok) return body
        const visit = visitOf(request)
        if (!visit.ok) return visit
        const device = deviceOf(body.value)
        if (!device.ok) return device
        const { answer } = body.value
        const signedIn = await signInWithPasskey(options, answer, visit.value, device.value)
        return signedIn.ok ? reply(request, signedIn.value) : signedIn
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/')
    .get(
      guard(async (_request, { userId }) => {
        const listed = await passkeys.list(userId)
        return ok({ status: 200, body: { passkeys: listed.map(viewOf) } })
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))

  router
    .route('/options')
    .post(
      guard(async (request, { userId, roles }) => {
        if (!may('passkey.use', roles, 'own')) return failure('role-refused')
        const visit = visitOf(request)
        if (!visit.ok) return visit
        const user = await directory.getUser(userId)
        if (user === undefined) return gone
        const body = await passkeys.creationOptions(user, addingOf(userId), visit.value)
        return ok({ status: 200, body })
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/register')
    .post(
      changing(async (request, { userId, roles, session }) => {
        if (!may('passkey.use', roles, 'own')) return failure('role-refused')
        const body = readBody(request, newPasskeyBody)
        if (!body.ok) return body
        const visit = visitOf(request)
        if (!visit.ok) return visit
        const added = await passkeys.add(userId, visit.value.origin, body.value, session)
        return added.ok ? oneReply(201, added.value) : added
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/check/options')
    .post(
      guard(async (request, { userId }) => {
        const visit = visitOf(request)
        if (!visit.ok) return visit
        return ok({ status: 200, body: await passkeys.checkOptions(userId, visit.value) })
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/check')
    .post(
      guard(async (request, { userId }) => {
        const body = readBody(request, passkeyCheckBody)
        if (!body.ok) return body
        const visit = visitOf(request)
        if (!visit.ok) return visit
        const checked = await passkeys.check(userId, body.value.answer, visit.value)
        return checked.ok ? ok({ status: 204 }) : checked
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/:id')
    .patch(
      changing(async (request, { userId }) => {
        const body = readBody(request, passkeyNameBody)
        if (!body.ok) return body
        const renamed = await passkeys.rename(userId, idOf(request), body.value.name)
        return renamed.ok ? oneReply(200, renamed.value) : renamed
      }),
    )
    .delete(
      changing(async (request, { userId }) => {
        const user = await directory.getUser(userId)
        if (user === undefined) return gone
        const removed = await passkeys.remove(user, idOf(request))
        return removed.ok ? ok({ status: 204 }) : removed
      }),
    )
    .all(refuseMethod('PATCH', 'DELETE'))

  return router
}

const gone: { readonly ok: false; readonly error: Failure } = failure('session-ended')

const idOf = ({ params }: Request): string => String(params.id)

const viewOf = ({ id, name, createdAt, usedAt }: ListedPasskey): object => ({
  id,
  name,
  createdAt,
  usedAt,
})

const oneReply = (status: number, passkey: ListedPasskey): Outcome =>
  ok({ status, body: { passkey: viewOf(passkey) } })
