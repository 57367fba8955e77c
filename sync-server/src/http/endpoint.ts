/** Endpoints as functions from a request to a result; here is where results become responses. */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isWellFormed } from '@wardline/core/text/well-formed'
import type { Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import type { AccessClaims } from '../auth/access-token.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import { contextOf } from './context.ts'
import { sendFailure } from './failures.ts'

export interface Reply {
  readonly status: number
  /** JSON; undefined sends none. */
  readonly body?: object
  /** In the place of a body, piece by piece, as the other side takes it in; UTF-8. */
  readonly stream?: AsyncIterable<string | Uint8Array>
  /** Values of Set-Cookie. */
  readonly cookies?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

export type Outcome = Result<Reply, Failure>

export const endpoint =
  (answer: (request: Request) => Promise<Outcome>): RequestHandler =>
  async (request, response) => {
    const outcome = await answer(request)
    if (!outcome.ok) return sendFailure(response, outcome.error)
    const { status, body, stream, cookies = [], headers = {} } = outcome.value
    for (const cookie of cookies) response.append('Set-Cookie', cookie)
    response.set(headers)
    response.status(status)
    if (stream !== undefined) await sendPieces(stream, response)
    else if (body === undefined) response.end()
    else response.json(body)
  }

/** Whoever goes away in between needs no more of it. Rejects as the stream does. */
const sendPieces = async (
  stream: AsyncIterable<string | Uint8Array>,
  response: Response,
): Promise<void> => {
  try {
    await pipeline(Readable.from(stream), response)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

/** The part of `Auth` that an endpoint for signed-in users needs. */
export interface TokenCheck {
  verifyAccessToken(token: string): Result<AccessClaims, Failure>
}

/** An endpoint for who carries a valid access token. */
export const signedIn = (
  auth: TokenCheck,
  answer: (request: Request, caller: AccessClaims) => Promise<Outcome>,
): RequestHandler =>
  endpoint(async (request) => {
    const caller = callerOf(auth, request)
    return caller.ok ? answer(request, caller.value) : caller
  })

/** The token that a request carries, of whichever kind. */
export const bearerOf = (request: Request): string | undefined =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]

/** Who asks, by the access token. */
export const callerOf = (auth: TokenCheck, request: Request): Result<AccessClaims, Failure> => {
  const token = bearerOf(request)
  if (token === undefined) return failure('unauthenticated')
  const claims = auth.verifyAccessToken(token)
  if (claims.ok) {
    const context = contextOf(request)
    context.user = claims.value.userId
    context.session = claims.value.session
  }
  return claims
}

/**
 * Fails with `unsupported-media-type` for a body that is not JSON, `bad-request` for other JSON, and
 * for text that UTF-8 cannot carry: half of a surrogate pair, written as `\\ud800`.
 */
export const readBody = <T>(request: Request, schema: z.ZodType<T>): Result<T, Failure> => {
  if (request.is('application/json') === false) return failure('unsupported-media-type')
  const parsed = schema.safeParse(request.body)
  return parsed.success && isReadable(parsed.data) ? ok(parsed.data) : failure('bad-request')
}

/** Whether all texts in it are well-formed. It is what a schema left of a body, and not deep. */
const isReadable = (value: unknown): boolean => {
  if (typeof value === 'string') return isWellFormed(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every(isReadable)
}

export const readQuery = <T>(request: Request, schema: z.ZodType<T>): Result<T, Failure> => {
  const parsed = schema.safeParse(request.query)
  return parsed.success ? ok(parsed.data) : failure('bad-request')
}
