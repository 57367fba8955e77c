/**
 * API tokens: what a program of the clinic signs in with. `wl_<id>_<secret>`, 64 and 256 random bits;
 * the store keeps a hash of the secret. The beginning tells those who find one where it belongs to.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type ChatId, parseChatId, type UserId } from '@wardline/core/base/ids'
import { z } from 'zod'
import type { JsonObject } from '../base/json.ts'
import { userIdSchema } from '../directory/user.ts'

export const API_TOKEN_PREFIX = 'api-token/'
export const apiTokenKey = (id: string): string => API_TOKEN_PREFIX + id

/** Of access tokens: what stands there in the place of a session. */
const SESSION = 'api.'
export const sessionOfApiToken = (id: string): string => SESSION + id
/** Undefined for a session of another kind. */
export const apiTokenOfSession = (session: string): string | undefined =>
  session.startsWith(SESSION) ? session.slice(SESSION.length) : undefined

/** Without its secret. */
export interface ApiToken {
  readonly id: string
  /** The program's account. */
  readonly user: UserId
  /** What it is for, in the clinic's words. */
  readonly name: string
  /** Which of the account's chats it may see. */
  readonly chats: 'all' | readonly ChatId[]
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** User id of who made it, or `operator`. */
  readonly createdBy: string
  /** When it was used last, within the hour; undefined for never. Milliseconds since 1970. */
  readonly seenAt?: number
}

export interface ApiTokenRecord extends ApiToken {
  readonly hash: string
}

const chatIdSchema = z.string().transform((text, context): ChatId => {
  const id = parseChatId(text)
  if (id !== undefined) return id
  context.addIssue({ code: 'custom', message: 'not a chat id' })
  return z.NEVER
})

const recordSchema = z.object({
  user: userIdSchema,
  hash: z.string(),
  name: z.string(),
  chats: z.union([z.literal('all'), z.array(chatIdSchema)]),
  createdAt: z.number(),
  createdBy: z.string(),
  seenAt: z.number().nullable(),
})

/** Throws on a record that this server did not write. */
export const readApiToken = (key: string, value: unknown): ApiTokenRecord => {
  const { seenAt, ...record } = recordSchema.parse(value)
  const id = key.slice(API_TOKEN_PREFIX.length)
  return { id, ...record, ...(seenAt !== null && { seenAt }) }
}

export const writeApiToken = ({ id: _, seenAt, ...record }: ApiTokenRecord): JsonObject => ({
  ...record,
  seenAt: seenAt ?? null,
})

/** What everybody who may list tokens is told of one. */
export const withoutHash = ({ hash: _, ...token }: ApiTokenRecord): ApiToken => token

export const newApiTokenSecret = (): { readonly id: string; readonly secret: string } => ({
  id: randomBytes(8).toString('hex'),
  secret: randomBytes(32).toString('hex'),
})

export const writeApiTokenText = ({ id, secret }: { id: string; secret: string }): string =>
  `wl_${id}_${secret}`

export const readApiTokenText = (
  text: string,
): { readonly id: string; readonly secret: string } | undefined => {
  const [, id, secret] = /^wl_([0-9a-f]{16})_([0-9a-f]{64})$/.exec(text) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

/** The secret has 256 bits: nobody guesses it, however fast the hash is. */
export const hashOfSecret = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url')

export const isSecretOf = (secret: string, { hash }: ApiTokenRecord): boolean =>
  timingSafeEqual(Buffer.from(hashOfSecret(secret)), Buffer.from(hash))
