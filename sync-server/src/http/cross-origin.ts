/** CORS for the one other origin that the operator names; every other page is refused. */
import type { RequestHandler } from 'express'
import { contextOf } from './context.ts'
import { sendFailure } from './failures.ts'

const ALLOWED_HEADERS = [
  'Authorization, Content-Type, Idempotency-Key, Range',
  'Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata',
].join(', ')

export const crossOrigin: RequestHandler = (request, response, next) => {
  const { origin } = contextOf(request)
  response.vary('Origin')
  if (origin === 'foreign') return sendFailure(response, { code: 'origin-refused' })
  if (origin !== 'listed') return next()
  response.set('Access-Control-Allow-Origin', request.headers.origin)
  response.set('Access-Control-Allow-Credentials', 'true')
  response.set('Access-Control-Expose-Headers', 'Retry-After, X-Request-Id')
  const isPreflight =
    request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
  if (!isPreflight) return next()
  response.set('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE')
  response.set('Access-Control-Allow-Headers', ALLOWED_HEADERS)
  response.set('Access-Control-Max-Age', '600')
  response.status(204).end()
}
