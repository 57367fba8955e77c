/** A browser's address for notifications, as the store keeps it: one for each session. */
import { createHash, ECDH } from 'node:crypto'
import { type DeviceId, parseDeviceId, type UserId } from '@wardline/core/base/ids'
import { z } from 'zod'
import type { JsonObject } from '../base/json.ts'
import { userIdSchema } from '../directory/user.ts'

/** What a browser hands out. It lets its holder write to that browser: never log it. */
export interface PushTarget {
  readonly endpoint: string
  readonly keys: {
    /** Base64url: the browser's public key. */
    readonly p256dh: string
    /** Base64url: the secret shared with the browser. */
    readonly auth: string
  }
}

export interface Subscription extends PushTarget {
  readonly user: UserId
  readonly session: string
  readonly device?: DeviceId
  /** When the browser renewed it last, ms. */
  readonly at: number
}

export const SUBSCRIPTION_PREFIX = 'push/'
/** A user id holds no slash, so one user's prefix is never part of another's. */
export const subscriptionPrefix = (user: UserId): string => `${SUBSCRIPTION_PREFIX}${user}/`
export const subscriptionKey = (user: UserId, session: string): string =>
  subscriptionPrefix(user) + session
/** Says whose an endpoint is, so that it is never two people's. */
export const endpointKey = (endpoint: string): string =>
  `push-endpoint/${createHash('sha256').update(endpoint).digest('hex')}`

const isPublicKey = (text: string): boolean => {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== 65 || bytes[0] !== 4) return false
  try {
    ECDH.convertKey(bytes, 'prime256v1')
    return true
  } catch {
    return false // Not on the curve.
  }
}

/** What a browser hands in; where its endpoint may be is another question. */
export const targetSchema = z.object({
  endpoint: z.string().min(1).max(2048),
  keys: z.object({
    p256dh: z.string().max(100).refine(isPublicKey),
    auth: z
      .string()
      .max(30)
      .refine((text) => Buffer.from(text, 'base64url').length === 16),
  }),
})

const recordSchema = z.object({
  user: userIdSchema,
  session: z.string(),
  device: z.string().nullable(),
  endpoint: z.string(),
  keys: z.object({ p256dh: z.string(), auth: z.string() }),
  at: z.number(),
})

export const writeSubscription = (subscription: Subscription): JsonObject => ({
  user: subscription.user,
  session: subscription.session,
  device: subscription.device ?? null,
  endpoint: subscription.endpoint,
  keys: { p256dh: subscription.keys.p256dh, auth: subscription.keys.auth },
  at: subscription.at,
})

/** Throws on a record that is none. */
export const readSubscription = (value: unknown): Subscription => {
  const { device: text, ...rest } = recordSchema.parse(value)
  const device = text === null ? undefined : parseDeviceId(text)
  return { ...rest, ...(device && { device }) }
}

const ownerSchema = z.object({ user: userIdSchema, session: z.string() })
export type EndpointOwner = z.infer<typeof ownerSchema>
/** Throws on a record that is none. */
export const readEndpointOwner = (value: unknown): EndpointOwner => ownerSchema.parse(value)
