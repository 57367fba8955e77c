/** Notes for the audit trail what was asked of the interface, and what was refused. */
import type { RequestHandler } from 'express'
import type { Usage } from '../audit/usage.ts'
import { contextOf, routeOf } from './context.ts'

/** Answers that say that somebody may not, or that something is not theirs. */
const REFUSALS: ReadonlySet<string> = new Set([
  'role-refused',
  'not-your-message',
  'chat-closed',
  'chat-not-found',
  'message-not-found',
  'user-not-found',
])

/**
 * One line for each operation that a session uses on a day, and one for each way in which it is
 * refused. The operation is named by its route, never by the address.
 */
export const auditUse =
  (usage: Usage): RequestHandler =>
  (request, response, next) => {
    response.once('finish', () => {
      const { user, session, failure } = contextOf(request)
      const route = routeOf(request.baseUrl, request.route)
      if (user === undefined || session === undefined || route === undefined) return
      const operation = `${request.method} ${route}`
      if (failure === undefined)
        usage.note(session, { actor: user, action: 'api.used', details: { operation } })
      else if (REFUSALS.has(failure))
        usage.note(session, {
          actor: user,
          action: 'api.refused',
          details: { operation, code: failure },
        })
    })
    next()
  }
