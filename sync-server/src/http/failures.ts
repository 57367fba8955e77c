/** How failures leave the server: always `{error: {code, message}}`, from the one catalogue. */

import type { GateCode } from '@wardline/core/gate/gate-code'
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { WriteRefused } from '../api/submit.ts'
import type { Logger } from '../config/logger.ts'
import { type ErrorCode, errorCatalogue, type Failure } from '../errors/catalogue.ts'
import { StoreError } from '../storage/store-error.ts'
import { WorkRefused } from '../work/worker-pool.ts'
import { contextOf, noteFailure } from './context.ts'

export const sendFailure = (response: Response, { code, retryAfter, message }: Failure): void => {
  const { status, meaning } = errorCatalogue[code]
  if (status === 401) response.set('WWW-Authenticate', 'Bearer')
  if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter))
  noteFailure(response.req, code)
  response.status(status).json({ error: { code, message: message ?? meaning } })
}

/** For every method that an address does not support. */
export const refuseMethod =
  (...allowed: readonly string[]): RequestHandler =>
  (_request, response) => {
    response.set('Allow', allowed.join(', '))
    sendFailure(response, { code: 'method-not-allowed' })
  }

export const answerNotFound: RequestHandler = (_request, response) => {
  sendFailure(response, { code: 'not-found' })
}

/** Last in line: whatever was thrown. The message of an error stays in the log. */
export const answerError =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    const failure = failureOf(error)
    if (failure.code === 'internal' || failure.code === 'store-unavailable') {
      log('error', 'request-failed', {
        id: contextOf(request).id,
        code: failure.code,
        error: error instanceof Error ? error.message : typeof error,
        stack: error instanceof Error ? error.stack : undefined,
      })
    }
    if (response.headersSent) response.destroy()
    else sendFailure(response, failure)
  }

const failureOf = (error: unknown): Failure => {
  if (error instanceof StoreError) return storeFailure(error)
  if (error instanceof WriteRefused) return { code: writeFailures[error.code] ?? 'internal' }
  if (error instanceof WorkRefused) return { code: 'server-busy', retryAfter: 1 }
  const { type, status } = parserError(error)
  const known = bodyFailures[type]
  if (known !== undefined) return { code: known }
  if (status === 404) return { code: 'not-found' }
  return { code: status >= 400 && status < 500 ? 'bad-request' : 'internal' }
}

/** Of what the server writes for a caller the gate refuses only what is too much. */
const writeFailures: Readonly<Partial<Record<GateCode, ErrorCode>>> = {
  BLOCKED: 'chat-closed',
  FULL: 'quota-full',
  TOO_LARGE: 'quota-full',
}

const storeFailure = ({ code }: StoreError): Failure => {
  if (code === 'STORE_OVERLOADED') return { code: 'server-busy', retryAfter: 1 }
  return { code: code === 'STORE_BAD_INPUT' ? 'internal' : 'store-unavailable' }
}

/** What Express's body parser calls its errors. */
const bodyFailures: Readonly<Record<string, ErrorCode | undefined>> = {
  'entity.parse.failed': 'bad-json',
  'entity.too.large': 'body-too-large',
  'charset.unsupported': 'unsupported-media-type',
  'encoding.unsupported': 'unsupported-media-type',
}

const parserError = (error: unknown): { type: string; status: number } => {
  if (typeof error !== 'object' || error === null) return { type: '', status: 500 }
  return {
    type: 'type' in error && typeof error.type === 'string' ? error.type : '',
    status: 'status' in error && typeof error.status === 'number' ? error.status : 500,
  }
}
