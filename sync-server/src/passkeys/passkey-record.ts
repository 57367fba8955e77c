/** Passkeys, as records: one for each, and one that finds it by its person. */
import { createHash } from 'node:crypto'
import type { UserId } from '@wardline/core/base/ids'
import { z } from 'zod'
import type { JsonObject } from '../base/json.ts'
import { userIdSchema } from '../directory/user.ts'

export interface Passkey {
  readonly user: UserId
  /** As the authenticator names it, base64url. */
  readonly credential: string
  /** COSE, base64url. */
  readonly publicKey: string
  /** How often the authenticator says that it was used; many always say 0. */
  readonly counter: number
  /** How the authenticator can be reached, as the browser told. */
  readonly transports: readonly string[]
  /** The host that it was made for, and works on. */
  readonly host: string
  /** What its person calls it. */
  readonly name: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** When it was last signed in with; null for never. */
  readonly usedAt: number | null
}

const passkeySchema = z.object({
  user: userIdSchema,
  credential: z.string(),
  publicKey: z.string(),
  counter: z.number(),
  transports: z.array(z.string()),
  host: z.string(),
  name: z.string(),
  createdAt: z.number(),
  usedAt: z.number().nullable(),
})

/** Names a passkey in records and addresses; it is no secret. */
export const passkeyIdOf = (credential: string): string =>
  createHash('sha256').update(credential).digest('base64url')

const PREFIX = 'passkey/'
export const passkeyKey = (id: string): string => PREFIX + id
export const userPasskeyPrefix = (user: UserId): string => `user-passkey/${user}/`
export const userPasskeyKey = (user: UserId, id: string): string => userPasskeyPrefix(user) + id

/** Throws on a record that is none. */
export const readPasskey = (value: unknown): Passkey => passkeySchema.parse(value)
export const writePasskey = (passkey: Passkey): JsonObject => ({ ...passkey })
