/** `/api/chat/chats/:chatId/messages` and `/api/chat/messages/:messageId`: what people write. */
import { type ChatId, parseChatId } from '@wardline/core/base/ids'
import { type Request, Router } from 'express'
import type { MessagesApi } from '../api/messages-api.ts'
import {
  blockedBodySchema,
  editBody,
  historyQuery,
  readBodySchema,
  sendBody,
} from '../api/schemas.ts'
import type { Openings } from '../audit/openings.ts'
import type { AccessClaims } from '../auth/access-token.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { ChatCaller } from '../folds/chat-caller.ts'
import { type MessageRef, readMessageId } from '../folds/message-id.ts'
import { readBody, readQuery } from './endpoint.ts'
import { refuseMethod } from './failures.ts'
import { readIdempotencyKey } from './idempotency-key.ts'
import type { Guard } from './user-throttle.ts'

export interface MessageRoutesOptions {
  readonly messagesApi: MessagesApi
  readonly guard: Guard
  readonly openings: Openings
}

export const messageRoutes = ({ messagesApi, guard, openings }: MessageRoutesOptions): Router => {
  const router = Router({ caseSensitive: true })

  router
    .route('/chats/:chatId/messages')
    .get(
      guard(async (request, caller) => {
        const query = readQuery(request, historyQuery)
        if (!query.ok) return query
        const inChat = await callerInChat(messagesApi, request, caller)
        if (!inChat.ok) return inChat
        openings.noteSoon(caller, inChat.value.chat.id, 'api')
        const { before, limit } = query.value
        const from = before === undefined ? undefined : readMessageId(before)
        const found = await messagesApi.history.read(
          inChat.value,
          { before: from, limit },
          request.method !== 'HEAD',
        )
        return found.ok ? ok({ status: 200, body: found.value }) : found
      }),
    )
    .post(
      guard(async (request, caller) => {
        const body = readBody(request, sendBody)
        if (!body.ok) return body
        const key = readIdempotencyKey(request)
        if (!key.ok) return key
        const inChat = await callerInChat(messagesApi, request, caller)
        if (!inChat.ok) return inChat
        const sent = await messagesApi.sending.send(
          caller.userId,
          inChat.value,
          body.value,
          key.value,
        )
        return sent.ok ? ok({ status: 201, body: { message: sent.value } }) : sent
      }),
    )
    .all(refuseMethod('GET', 'HEAD', 'POST'))

  router
    .route('/chats/:chatId/read')
    .put(
      guard(async (request, caller) => {
        const body = isEmpty(request) ? ok({ upTo: undefined }) : readBody(request, readBodySchema)
        if (!body.ok) return body
        const inChat = await callerInChat(messagesApi, request, caller)
        if (!inChat.ok) return inChat
        const { upTo } = body.value
        const end = upTo === undefined ? undefined : readMessageId(upTo)
        const marked = await messagesApi.reading.mark(inChat.value, end)
        if (!marked.ok) return marked
        // Its months may have become more meanwhile.
        const after = (await messagesApi.findCaller(caller, inChat.value.chat.id)) ?? inChat.value
        const [digest] = await messagesApi.digests(caller.userId, [after])
        const { id } = after.chat
        return ok({ status: 200, body: { chatId: id, unreadCount: digest?.unreadCount ?? 0 } })
      }),
    )
    .all(refuseMethod('PUT'))

  router
    .route('/chats/:chatId/blocked')
    .put(
      guard(async (request, caller) => {
        const body = readBody(request, blockedBodySchema)
        if (!body.ok) return body
        const inChat = await callerInChat(messagesApi, request, caller)
        if (!inChat.ok) return inChat
        const { id, kind } = inChat.value.chat
        if (kind !== 'direct') return failure('bad-request')
        const { blocked } = body.value
        await messagesApi.settings.set(caller.userId, id, 'blocked', blocked)
        return ok({ status: 200, body: { chatId: id, blocked } })
      }),
    )
    .all(refuseMethod('PUT'))

  router
    .route('/messages/:messageId')
    .put(
      guard(async (request, caller) => {
        const body = readBody(request, editBody)
        if (!body.ok) return body
        const own = await placeOf(messagesApi, request, caller)
        if (!own.ok) return own
        const { inChat, place } = own.value
        const edited = await messagesApi.changing.edit(inChat, place, body.value.text)
        return edited.ok ? ok({ status: 200, body: { message: edited.value } }) : edited
      }),
    )
    .delete(
      guard(async (request, caller) => {
        const own = await placeOf(messagesApi, request, caller)
        if (!own.ok) return own
        const { inChat, place } = own.value
        const gone = await messagesApi.changing.retract(inChat, place)
        return gone.ok ? ok({ status: 200, body: { message: gone.value } }) : gone
      }),
    )
    .all(refuseMethod('PUT', 'DELETE'))

  return router
}

/** Clients say for a PUT without a body that its length is 0. */
const isEmpty = (request: Request): boolean =>
  request.body === undefined && (request.get('content-length') ?? '0') === '0'

const param = (request: Request, name: string): string => {
  const value = request.params[name]
  return typeof value === 'string' ? value : ''
}

/** The same answer for a chat that is not there and for one of others. */
const callerInChat = async (
  messagesApi: MessagesApi,
  request: Request,
  caller: AccessClaims,
): Promise<Result<ChatCaller, Failure>> => {
  const id: ChatId | undefined = parseChatId(param(request, 'chatId'))
  const inChat = id && (await messagesApi.findCaller(caller, id))
  return inChat === undefined ? failure('chat-not-found') : ok(inChat)
}

const placeOf = async (
  messagesApi: MessagesApi,
  request: Request,
  caller: AccessClaims,
): Promise<Result<{ inChat: ChatCaller; place: MessageRef }, Failure>> => {
  const place = readMessageId(param(request, 'messageId'))
  const inChat = place && (await messagesApi.findCaller(caller, place.chat))
  return place && inChat ? ok({ inChat, place }) : failure('message-not-found')
}
