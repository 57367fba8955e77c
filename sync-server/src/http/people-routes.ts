/** `/api/people`: letting people in. */
import { parseUserId } from '@wardline/core/base/ids'
import { type Request, Router } from 'express'
import type { AccessClaims } from '../auth/access-token.ts'
import type { Directory } from '../directory/directory.ts'
import type { User } from '../directory/user.ts'
import { type ErrorCode, failure } from '../errors/catalogue.ts'
import { ok } from '../errors/result.ts'
import type { InvitationProblem, Invitations } from '../links/invitations.ts'
import { linkAddress } from '../links/link-address.ts'
import type { LinkMails } from '../links/link-mails.ts'
import { showCode } from '../links/link-secret.ts'
import type { NewLink } from '../links/links.ts'
import { invitationBody, wayInBody } from '../openapi/operations/link-schemas.ts'
import { may } from '../permissions/permissions.ts'
import { readBody } from './endpoint.ts'
import { refuseMethod } from './failures.ts'
import { visitOf } from './signed-in-reply.ts'
import type { Guard } from './user-throttle.ts'

export interface PeopleRoutesOptions {
  readonly directory: Pick<Directory, 'getUser'>
  readonly invitations: Invitations
  /** Undefined without a mail server. */
  readonly mails?: LinkMails | undefined
  /** Where people open the app; undefined: where whoever makes the link has it open. */
  readonly publicUrl?: string | undefined
}

export const peopleRoutes = (
  { directory, invitations, mails, publicUrl }: PeopleRoutesOptions,
  guard: Guard,
): Router => {
  const router = Router({ caseSensitive: true })

  const shown = async (request: Request, link: NewLink, mailTo: string | undefined) => {
    const visit = visitOf(request)
    if (!visit.ok) return visit
    const url = linkAddress(publicUrl ?? visit.value.origin, link)
    const { kind, expiresAt } = link
    const mailed = mailTo !== undefined && (await mails?.send(mailTo, link)) === true
    return ok({ kind, url, expiresAt, mailed })
  }

  router
    .route('/invitations')
    .post(
      guard(async (request, caller) => {
        const body = readBody(request, invitationBody)
        if (!body.ok) return body
        if (!may('patient.invite', caller.roles)) return failure('role-refused')
        const { name, birthDate, email, doctorId } = body.value
        const doctor = doctorId === undefined ? doctorOf(caller) : parseUserId(doctorId)
        if (doctorId !== undefined && doctor === undefined) return failure('user-not-found')
        const invited = await invitations.invite(
          {
            name,
            roles: ['patient'],
            ...(birthDate !== undefined && { birthDate }),
            ...(email !== undefined && { email }),
            ...(doctor !== undefined && { chatWith: doctor }),
          },
          caller.userId,
        )
        if (!invited.ok) return failure(failureFor[invited.error])
        const { user } = invited.value
        const link = await shown(request, invited.value.link, user.email)
        if (!link.ok) return link
        const body201 = { user: { id: user.id, name: user.name }, link: link.value }
        return ok({ status: 201, body: body201 })
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/:id/way-in')
    .post(
      guard(async (request, caller) => {
        const body = readBody(request, wayInBody)
        if (!body.ok) return body
        if (!may('patient.invite', caller.roles)) return failure('role-refused')
        const id = parseUserId(String(request.params.id))
        const user = id && (await directory.getUser(id))
        if (user === undefined) return failure('user-not-found')
        if (!mayLetIn(caller, user)) return failure('role-refused')
        if (body.value.as === 'code') {
          const made = await invitations.codeFor(user, caller.userId)
          if (!made.ok) return made
          const code = { ...made.value, code: showCode(made.value.code) }
          return ok({ status: 201, body: { code } })
        }
        const made = await invitations.linkFor(user, caller.userId)
        if (!made.ok) return made
        const link = await shown(
          request,
          made.value,
          body.value.mail === true ? user.email : undefined,
        )
        return link.ok ? ok({ status: 201, body: { link: link.value } }) : link
      }),
    )
    .all(refuseMethod('POST'))

  return router
}

const doctorOf = ({ userId, role }: AccessClaims) => (role === 'doctor' ? userId : undefined)

/** Who has never been here has an invitation; who has been here gets in anew with a reset. */
const mayLetIn = ({ roles }: AccessClaims, user: User): boolean => {
  if (may('administer', roles)) return true
  if (user.role !== 'patient' || user.roles.includes('admin')) return false
  return may(user.status === 'invited' ? 'patient.invite' : 'patient.help', roles)
}

const failureFor: Readonly<Record<InvitationProblem, ErrorCode>> = {
  'bad-email': 'bad-request',
  'bad-name': 'bad-request',
  'bad-roles': 'bad-request',
  'bad-specialty': 'bad-request',
  'bad-birth-date': 'bad-request',
  'email-taken': 'email-taken',
  'id-taken': 'server-busy',
  'doctor-not-found': 'user-not-found',
  busy: 'server-busy',
}
