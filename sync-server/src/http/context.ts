/** What the server notes about each request while it is being answered. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { judgeOrigin, type OriginPolicy, type OriginVerdict } from '../base/origins.ts'
import { type Peer, peerOf } from '../base/peer.ts'
import type { Logger } from '../config/logger.ts'

export interface RequestContext {
  /** Also sent as X-Request-Id. */
  readonly id: string
  readonly peer: Peer
  readonly origin: OriginVerdict
  /** Once known. */
  user?: string
  session?: string
  /** Code of the failure that it was answered with. */
  failure?: string
}

const contexts = new WeakMap<IncomingMessage, RequestContext>()

/** Throws for a request that did not pass {@link openContext}. */
export const contextOf = (request: IncomingMessage): RequestContext => {
  const context = contexts.get(request)
  if (context === undefined) throw new Error('request without context')
  return context
}

/** Notes what a request was answered with, where somebody looks at it. */
export const noteFailure = (request: IncomingMessage, code: string): void => {
  const context = contexts.get(request)
  if (context !== undefined) context.failure = code
}

/** Who asks, once that is known. */
export const userOf = (request: IncomingMessage): string | undefined => contexts.get(request)?.user

/**
 * First in line: names the request, and logs it once it is answered. The log has the route's
 * pattern, not the address, which may hold what somebody searched for.
 */
export const openContext =
  (policy: OriginPolicy, log: Logger): RequestHandler =>
  (request, response, next) => {
    const startedAt = performance.now()
    const peer = peerOf(request, policy.trustedProxies)
    const context: RequestContext = {
      id: randomUUID(),
      peer,
      origin: judgeOrigin(request, policy, peer),
    }
    contexts.set(request, context)
    response.set('X-Request-Id', context.id)
    response.once('close', () => {
      log(response.statusCode >= 500 ? 'error' : 'info', 'request', {
        id: context.id,
        method: request.method,
        route: routeOf(request.baseUrl, request.route),
        status: response.writableFinished ? response.statusCode : 0,
        ms: Math.round(performance.now() - startedAt),
        user: context.user,
      })
    })
    next()
  }

/** The pattern of the route that answers; undefined where none does. */
export const routeOf = (baseUrl: string, route: unknown): string | undefined =>
  typeof route === 'object' && route !== null && 'path' in route && typeof route.path === 'string'
    ? baseUrl + route.path
    : undefined
