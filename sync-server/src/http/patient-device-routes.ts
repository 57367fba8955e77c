/** `/api/people/:id/devices`: a lost phone, from the clinic's side. For patients' accounts only. */
import { parseUserId } from '@wardline/core/base/ids'
import { type Request, Router } from 'express'
import type { AdminContext } from '../admin/context.ts'
import { devices, removeDevice } from '../admin/operations/devices.ts'
import type { AccessClaims } from '../auth/access-token.ts'
import type { Directory } from '../directory/directory.ts'
import type { User } from '../directory/user.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import { may } from '../permissions/permissions.ts'
import { refuseMethod } from './failures.ts'
import type { Guard } from './user-throttle.ts'

export interface PatientDeviceRoutesOptions {
  readonly directory: Pick<Directory, 'getUser'>
  /** What operations work on, in the name of a user. */
  readonly context: (actor: string) => AdminContext
}

export const patientDeviceRoutes = (
  { directory, context }: PatientDeviceRoutesOptions,
  guard: Guard,
): Router => {
  const router = Router({ caseSensitive: true })

  /** Whom the address names, when the caller may help them. */
  const helped = async (
    request: Request,
    { roles }: AccessClaims,
  ): Promise<Result<User, Failure>> => {
    // Before anything is looked up: who may not learns nothing of who is there.
    if (!may('patient.help', roles)) return failure('role-refused')
    const id = parseUserId(String(request.params.id))
    const user = id && (await directory.getUser(id))
    if (user === undefined) return failure('user-not-found')
    return isPatientOnly(user) ? ok(user) : failure('role-refused')
  }

  router
    .route('/:id/devices')
    .get(
      guard(async (request, caller) => {
        const patient = await helped(request, caller)
        if (!patient.ok) return patient
        const listed = await devices.run(context(caller.userId), { user: patient.value.id })
        return listed.ok ? ok({ status: 200, body: listed.value }) : listed
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))

  router
    .route('/:id/devices/:device')
    .delete(
      guard(async (request, caller) => {
        const patient = await helped(request, caller)
        if (!patient.ok) return patient
        const { device } = request.params
        const asked = { user: patient.value.id, device }
        const removed = await removeDevice.call(context(caller.userId), asked)
        return removed.ok ? ok({ status: 204 }) : removed
      }),
    )
    .all(refuseMethod('DELETE'))

  return router
}

/** An account with any other role is for administrators to help. */
const isPatientOnly = ({ roles }: User): boolean => roles.every((role) => role === 'patient')
