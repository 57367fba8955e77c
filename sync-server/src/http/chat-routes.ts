/** `/api/chat`: a user's chats, and whom they can start one with. */
import { type UserId, userDoc } from '@wardline/core/base/ids'
import { Router } from 'express'
import { z } from 'zod'
import type { MessagesApi } from '../api/messages-api.ts'
import { type NewChatBody, newChatBody } from '../api/new-chat-body.ts'
import { maySee } from '../directory/chat-scope.ts'
import type { Directory } from '../directory/directory.ts'
import type { Role } from '../directory/role.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import { may } from '../permissions/permissions.ts'
import { chatView } from './chat-view.ts'
import { readBody, readQuery } from './endpoint.ts'
import { refuseMethod } from './failures.ts'
import type { Guard } from './user-throttle.ts'

const searchQuery = z.object({ query: z.string().max(100).default('') })

export interface ChatRoutesOptions {
  readonly directory: Directory
  readonly messagesApi: Pick<MessagesApi, 'digests'>
  readonly guard: Guard
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export const chatRoutes = ({ directory, messagesApi, guard, now }: ChatRoutesOptions): Router => {
  const router = Router({ caseSensitive: true })

  router
    .route('/chats')
    .get(
      guard(async (_request, { userId, ...who }) => {
        const all = await directory.chatsOf(userId)
        const memberships = all.filter(({ chat }) => maySee(who, chat.id))
        const digests = await messagesApi.digests(userId, memberships)
        const chats = memberships.map(({ chat, index }, i) => ({
          ...chatView(chat, index, now()),
          ...digests[i],
        }))
        return ok({ status: 200, body: { chats, userDoc: userDoc(userId) } })
      }),
    )
    .post(
      guard(async (request, { userId, roles }) => {
        const body = readBody(request, newChatBody)
        if (!body.ok) return body
        const pair = pairOf(userId, roles, body.value)
        if (!pair.ok) return pair
        const { patient, doctor } = pair.value
        const isPatient = patient === userId
        const result = await directory.registerDirectChat(patient, doctor, userId)
        if (!result.ok) return result
        const { chat, created } = result.value
        const view = chatView(chat, isPatient ? 1 : 2, now())
        return ok({ status: created ? 201 : 200, body: { chat: view } })
      }),
    )
    .all(refuseMethod('GET', 'HEAD', 'POST'))

  router
    .route('/doctors')
    .get(
      guard(async (request, { roles }) => {
        if (!may('doctors.find', roles)) return failure('role-refused')
        const search = readQuery(request, searchQuery)
        if (!search.ok) return search
        return ok({
          status: 200,
          body: { doctors: await directory.listDoctors(search.value.query) },
        })
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))

  router
    .route('/staff')
    .get(
      guard(async (request, { roles }) => {
        if (!may('staff.find', roles)) return failure('role-refused')
        const search = readQuery(request, searchQuery)
        if (!search.ok) return search
        return ok({
          status: 200,
          body: { staff: await directory.listStaff(search.value.query) },
        })
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))

  router
    .route('/patients')
    .get(
      guard(async (request, { roles }) => {
        if (!may('patients.find', roles)) return failure('role-refused')
        const search = readQuery(request, searchQuery)
        if (!search.ok) return search
        return ok({
          status: 200,
          body: { patients: await directory.listPatients(search.value.query) },
        })
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))

  return router
}

/** Patients name a doctor, doctors a patient. */
const pairOf = (
  caller: UserId,
  roles: readonly Role[],
  body: NewChatBody,
): Result<{ patient: UserId; doctor: UserId }, Failure> => {
  if ('doctorId' in body)
    return may('chat.begin-with-doctor', roles, 'own')
      ? ok({ patient: caller, doctor: body.doctorId })
      : failure('role-refused')
  return may('chat.begin-with-patient', roles, 'own')
    ? ok({ patient: body.patientId, doctor: caller })
    : failure('role-refused')
}
