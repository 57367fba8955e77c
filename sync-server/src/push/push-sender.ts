/** One notification on its way to a push service: encrypted for the browser, signed by the server. */
import { createHmac } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { ChatId } from '@wardline/core/base/ids'
import webPush from 'web-push'
import { systemTimers } from '../base/timers.ts'
import type { VapidKeys } from '../config/vapid-pair.ts'
import { mayPushTo, publicLookup } from './endpoint-rules.ts'
import type { PushTarget } from './subscription.ts'

export type Delivery =
  | { readonly kind: 'sent' }
  /** The browser has unsubscribed; the address will never be good again. */
  | { readonly kind: 'gone' }
  /** Try again, after `afterMs` if the service says so. Status 0: it was not reached. */
  | { readonly kind: 'later'; readonly status: number; readonly afterMs: number }
  | { readonly kind: 'refused'; readonly status: number }

/** Never rejects. */
export type SendPush = (target: PushTarget, chat: ChatId) => Promise<Delivery>

export interface PushSenderOptions {
  readonly keys: VapidKeys
  readonly subject: string
  readonly production: boolean
  /** Breaks off what is on its way. */
  readonly signal: AbortSignal
}

/** How long a push service keeps a notification for a browser that is off, seconds. */
const TTL = 24 * 3600
const TIME_LIMIT_MS = 15_000

export const createPushSender =
  ({ keys, subject, production, signal }: PushSenderOptions): SendPush =>
  async (target, chat) => {
    // The rules may have become stricter since the browser subscribed.
    if (!mayPushTo(target.endpoint, production)) return { kind: 'gone' }
    try {
      const { headers, body } = webPush.generateRequestDetails(
        { endpoint: target.endpoint, keys: target.keys },
        JSON.stringify({ type: 'message', chat }),
        {
          vapidDetails: { subject, ...keys },
          TTL,
          urgency: 'high',
          topic: topicOf(target, chat),
          contentEncoding: 'aes128gcm',
        },
      )
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)])
      return deliveryOf(await post(target.endpoint, headers, body, production, limit))
    } catch {
      return { kind: 'later', status: 0, afterMs: 0 }
    }
  }

/**
 * Lets the service replace a notification that still waits by the next one of the same chat. Keyed
 * with a secret that it does not have, or it could find out whose chat it is by trying.
 */
const topicOf = ({ keys }: PushTarget, chat: ChatId): string =>
  createHmac('sha256', keys.auth).update(chat).digest('base64url').slice(0, 32)

interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
}

/** Reads nothing of what the service says besides its status, and follows it nowhere. */
const post = (
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer | null,
  production: boolean,
  signal: AbortSignal,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = endpoint.startsWith('https:') ? httpsRequest : httpRequest
    const outgoing = request(
      endpoint,
      {
        method: 'POST',
        headers: { ...headers },
        signal,
        agent: false,
        ...(production && { lookup: publicLookup }),
      },
      (response) => {
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] })
        response.on('error', () => {})
        response.destroy()
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body ?? undefined)
  })

const deliveryOf = ({ status, retryAfter }: Answer): Delivery => {
  if (status >= 200 && status < 300) return { kind: 'sent' }
  if (status === 404 || status === 410) return { kind: 'gone' }
  if (status === 429 || status >= 500)
    return { kind: 'later', status, afterMs: readRetryAfter(retryAfter, systemTimers.now()) }
  return { kind: 'refused', status }
}

/** Milliseconds; 0 when it says nothing that can be read. */
export const readRetryAfter = (text: string | undefined, now: number): number => {
  if (text === undefined) return 0
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? 0 : Math.max(0, at - now)
}
