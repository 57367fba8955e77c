import type { Request } from 'express'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'

/** The `Idempotency-Key` of a request, up to 200 visible ASCII characters; undefined if it has none. */
export const readIdempotencyKey = (request: Request): Result<string | undefined, Failure> => {
  const key = request.get('Idempotency-Key')
  return key === undefined || /^[\x21-\x7e]{1,200}$/.test(key) ? ok(key) : failure('bad-request')
}
