/** Links and their codes, as records. */
import type { UserId } from '@wardline/core/base/ids'
import { z } from 'zod'
import type { JsonObject } from '../base/json.ts'
import { userIdSchema } from '../directory/user.ts'

/**
 * invitation: the first way into an account.
 * first-admin: the same, of the first account that there is.
 * reset: a new way in, instead of all that there were.
 * carry: a sign-in that goes on in another place of the same device, as the installed app.
 */
export const linkKinds = ['invitation', 'first-admin', 'reset', 'carry'] as const
export type LinkKind = (typeof linkKinds)[number]

const HOUR = 3_600_000
/** How long each is good for, ms. */
export const LINK_LIFETIMES: Readonly<Record<LinkKind, number>> = {
  invitation: 7 * 24 * HOUR,
  'first-admin': 7 * 24 * HOUR,
  reset: 24 * HOUR,
  carry: 10 * 60_000,
}
/** How long a code is good for, ms, and never longer than its link. */
export const CODE_LIFETIME = 30 * 60_000

/** How a link was used. Who used it can do so again for a while: the answer may have been lost. */
export interface LinkUse {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Hash of what names the attempt; null for one that cannot be repeated. */
  readonly attempt: string | null
  /** The session that began by it. Once that has ended nothing is repeated. */
  readonly session: string
}

export interface Link {
  readonly kind: LinkKind
  readonly user: UserId
  /** The account's when it was made: with other roles or another status the link opens nothing. */
  readonly stamp: number
  /** Milliseconds since 1970, as the next. */
  readonly createdAt: number
  readonly expiresAt: number
  /** Null until somebody used it. It stays until it would have expired, so that lists can tell. */
  readonly used: LinkUse | null
  /** User id of who made it, or `server`. */
  readonly createdBy: string
  /** The one code that opens it; null for none. */
  readonly code: string | null
  /** The doctor with whom a chat is to be there. */
  readonly chatWith: UserId | null
  /** The session that it carries on, and ends with. */
  readonly session: string | null
}

const linkSchema = z.object({
  kind: z.enum(linkKinds),
  user: userIdSchema,
  stamp: z.number().int(),
  createdAt: z.number(),
  expiresAt: z.number(),
  used: z
    .object({ at: z.number(), attempt: z.string().nullable(), session: z.string() })
    .nullable(),
  createdBy: z.string(),
  code: z.string().nullable(),
  chatWith: userIdSchema.nullable(),
  session: z.string().nullable(),
})

const codeSchema = z.object({ link: z.string(), createdAt: z.number(), expiresAt: z.number() })
/** A code, which opens the link of that id. */
export type Code = z.infer<typeof codeSchema>

export const LINK_PREFIX = 'link/'
export const CODE_PREFIX = 'code/'
export const linkKey = (id: string): string => LINK_PREFIX + id
export const codeKey = (id: string): string => CODE_PREFIX + id
/** Where the links of a person are found; one of each kind. */
export const userLinkPrefix = (user: UserId): string => `user-link/${user}/`
export const userLinkKey = (user: UserId, kind: LinkKind): string => userLinkPrefix(user) + kind

/** Throws on a record that is none, as the next ones. */
export const readLink = (value: unknown): Link => linkSchema.parse(value)
export const readCodeRecord = (value: unknown): Code => codeSchema.parse(value)
export const readUserLink = (value: unknown): string =>
  z.object({ link: z.string() }).parse(value).link

export const writeLink = ({ used, ...link }: Link): JsonObject => ({
  ...link,
  used: used && { ...used },
})
