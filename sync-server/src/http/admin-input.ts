/** What an operation of the table is given over HTTP: fields of the address, the query, the body. */
import type { Request } from 'express'
import { z } from 'zod'
import type { AnyOperation, HttpWay } from '../admin/operation.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import { readBody } from './endpoint.ts'

/** The fields that stand in an address: of `/people/{user}`, `user`. */
export const fieldsInPath = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)

const anyObject = z.record(z.string(), z.unknown())

/** Fails as {@link readBody}. What a field must be like, the operation checks. */
export const readAdminInput = (
  request: Request,
  { input }: Pick<AnyOperation, 'input'>,
  { method, path }: HttpWay,
): Result<Record<string, unknown>, Failure> => {
  const named = Object.fromEntries(fieldsInPath(path).map((name) => [name, request.params[name]]))
  if (method === 'get') {
    return ok({ ...queryOf(request, input), ...named })
  }
  if (request.body === undefined) return ok(named)
  const body = readBody(request, anyObject)
  if (!body.ok) return body
  // The address decides whom it is about.
  if (Object.keys(named).some((name) => name in body.value)) return failure('bad-request')
  return ok({ ...body.value, ...named })
}

/** The fields of a query, as what they are to be. */
export const queryOf = (
  request: Request,
  { shape }: Pick<z.ZodObject, 'shape'>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(request.query).map(([name, text]) => [name, valueIn(shape[name], text)]),
  )

/** A query has texts only. */
const valueIn = (type: unknown, text: unknown): unknown => {
  if (typeof text !== 'string') return text
  const bare = bareOf(type)
  if (bare instanceof z.ZodNumber) return /^\d{1,16}$/.test(text) ? Number(text) : text
  if (bare instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text
  return text
}

const bareOf = (type: unknown): unknown =>
  type instanceof z.ZodOptional || type instanceof z.ZodDefault ? bareOf(type.unwrap()) : type
