/** An operation of the HTTP interface, as the OpenAPI document describes it. */
import type { z } from 'zod'
import type { ErrorCode } from '../../errors/catalogue.ts'

export type Method = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete'
export type Tag =
  | 'Signing in'
  | 'Invitations'
  | 'Chats'
  | 'Messages'
  | 'People'
  | 'Files'
  | 'Notifications'
  | 'Clinic'
  | 'Administration'
  | 'Service'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly description: string
  readonly required?: boolean
  /** JSON Schema of its text. */
  readonly schema: object
  readonly example?: string | number
}

/** An answer that is no error. */
export interface Answer {
  readonly description: string
  /** JSON of this schema; registered under `name`. */
  readonly json?: NamedSchema
  /** Another media type. */
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A schema with its name in the document. */
export interface NamedSchema {
  readonly name: string
  readonly schema: z.ZodType
}

export interface Operation {
  readonly id: string
  readonly method: Method
  /** With `{parameters}`. */
  readonly path: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  /** Whether an access token is needed. */
  readonly signedIn: boolean
  readonly parameters?: readonly Parameter[]
  readonly body?: NamedSchema & { readonly required: boolean }
  /** A body that is not JSON. */
  readonly rawBody?: string
  readonly answers: Readonly<Record<number, Answer>>
  /** Besides {@link errorsOf}'s. */
  readonly errors: readonly ErrorCode[]
}

/** What every operation under `/api` may fail with. */
const ALWAYS = [
  'bad-request',
  'origin-refused',
  'internal',
  'server-busy',
  'store-unavailable',
] as const
const SIGNED_IN = ['unauthenticated', 'token-expired', 'session-ended'] as const
const WITH_BODY = ['bad-json', 'body-too-large', 'unsupported-media-type'] as const

/** All that an operation may fail with. */
export const errorsOf = ({ path, method, signedIn, errors }: Operation): readonly ErrorCode[] => {
  if (!path.startsWith('/api/')) return errors
  const codes: ErrorCode[] = [...ALWAYS, ...errors]
  if (signedIn) codes.push(...SIGNED_IN)
  // A body is read wherever one can come.
  if (method !== 'get' && method !== 'head') codes.push(...WITH_BODY)
  return [...new Set(codes)]
}
