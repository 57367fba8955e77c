/** `/api/chat/openings`: devices say which chats were on a screen. */
import { parseChatId } from '@wardline/core/base/ids'
import { Router } from 'express'
import { openingsBody } from '../api/openings-schemas.ts'
import type { Openings } from '../audit/openings.ts'
import { ok } from '../errors/result.ts'
import { readBody } from './endpoint.ts'
import { refuseMethod } from './failures.ts'
import type { Guard } from './user-throttle.ts'

export const openingsRoutes = (openings: Openings, guard: Guard): Router => {
  const router = Router({ caseSensitive: true })
  router
    .route('/openings')
    .post(
      guard(async (request, caller) => {
        const body = readBody(request, openingsBody)
        if (!body.ok) return body
        for (const { chat: text, at } of body.value.openings) {
          const chat = parseChatId(text)
          // Of a chat that the caller is not in any more there is nothing to note, and nothing to repeat.
          if (chat !== undefined) await openings.note(caller, chat, at, 'app')
        }
        return ok({ status: 204 })
      }),
    )
    .all(refuseMethod('POST'))
  return router
}
