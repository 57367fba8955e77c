/** `/api/chat/groups`: making and changing groups. */
import { type ChatId, parseChatId, parseUserId, type UserId } from '@wardline/core/base/ids'
import { type Request, Router } from 'express'
import { GroupMaking } from '../api/group-making.ts'
import {
  newGroupBody,
  newMemberBody,
  recallGroupBody,
  renameGroupBody,
} from '../api/group-schemas.ts'
import type { IdempotencyKeys } from '../api/idempotency.ts'
import type { Chat } from '../directory/chat-record.ts'
import { maySee, type Scoped } from '../directory/chat-scope.ts'
import type { Directory } from '../directory/directory.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import { may } from '../permissions/permissions.ts'
import { chatView } from './chat-view.ts'
import { type Outcome, readBody } from './endpoint.ts'
import { refuseMethod } from './failures.ts'
import { readIdempotencyKey } from './idempotency-key.ts'
import type { Guard } from './user-throttle.ts'

export interface GroupRoutesOptions {
  readonly directory: Pick<Directory, 'groups' | 'chatOf'>
  readonly keys: IdempotencyKeys
  readonly guard: Guard
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export const groupRoutes = ({ directory, keys, guard, now }: GroupRoutesOptions): Router => {
  const router = Router({ caseSensitive: true })
  const { groups } = directory
  const making = new GroupMaking(directory, keys)

  const answer = (result: Result<Chat, Failure>, caller: UserId, status = 200): Outcome => {
    if (!result.ok) return result
    const index = result.value.members.find(({ userId }) => userId === caller)?.index
    if (index === undefined) return failure('chat-not-found')
    return ok({ status, body: { chat: chatView(result.value, index, now()) } })
  }

  router
    .route('/')
    .post(
      guard(async (request, { userId, roles }) => {
        if (!may('group.make', roles, 'own')) return failure('role-refused')
        const body = readBody(request, newGroupBody)
        if (!body.ok) return body
        const key = readIdempotencyKey(request)
        if (!key.ok) return key
        return answer(await making.make(userId, body.value, key.value), userId, 201)
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/:id')
    .patch(
      guard(async (request, { userId, chats }) => {
        const id = chatIn(request, chats)
        if (id === undefined) return failure('chat-not-found')
        const body = readBody(request, renameGroupBody)
        if (!body.ok) return body
        return answer(await groups.rename(id, userId, body.value.title), userId)
      }),
    )
    .all(refuseMethod('PATCH'))

  router
    .route('/:id/recall')
    .post(
      guard(async (request, { userId, chats }) => {
        const chat = chatIn(request, chats)
        if (chat === undefined) return failure('chat-not-found')
        const body = readBody(request, recallGroupBody)
        if (!body.ok) return body
        const { seal, ...said } = body.value
        const recalled = await groups.recall({ chat, ...said }, seal, userId)
        return recalled.ok ? ok({ status: 200, body: { recalled: recalled.value } }) : recalled
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/:id/members')
    .post(
      guard(async (request, { userId, chats }) => {
        const id = chatIn(request, chats)
        if (id === undefined) return failure('chat-not-found')
        const body = readBody(request, newMemberBody)
        if (!body.ok) return body
        return answer(await groups.add(id, userId, body.value.userId), userId)
      }),
    )
    .all(refuseMethod('POST'))

  router
    .route('/:id/members/:userId')
    .delete(
      guard(async (request, { userId, chats }) => {
        const id = chatIn(request, chats)
        if (id === undefined) return failure('chat-not-found')
        const member = parseUserId(String(request.params.userId))
        if (member === undefined) return failure('bad-request')
        const result = await groups.remove(id, userId, member)
        return result.ok ? ok({ status: 204 }) : result
      }),
    )
    .all(refuseMethod('DELETE'))

  return router
}

/** Undefined also for one that the caller's token is not for. */
const chatIn = (request: Request, chats: Scoped['chats']): ChatId | undefined => {
  const id = parseChatId(String(request.params.id))
  return id !== undefined && maySee({ chats }, id) ? id : undefined
}
