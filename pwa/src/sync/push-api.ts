/** Tells the server where this browser takes notifications. */
import type { GetToken } from '@wardline/core/client/model/ports'
import { browserFetch, type Fetch, type Method, request } from './http.ts'

/** Nothing rejects. */
export interface PushApi {
  /** What to subscribe with, base64url; undefined when the server cannot be asked. */
  key: () => Promise<string | undefined>
  /** Whether the server has the subscription now, as `PushSubscription.toJSON()` gives it. */
  subscribe: (subscription: unknown) => Promise<boolean>
  unsubscribe: () => Promise<boolean>
}

export interface PushApiOptions {
  getToken: GetToken
  /** The server refused the token. */
  dropToken(): void
  send?: Fetch
}

export const pushApi = ({ getToken, dropToken, send = browserFetch }: PushApiOptions): PushApi => {
  const ask = async (
    method: Method,
    path: string,
    body?: unknown,
    again = true,
  ): Promise<{ body: unknown } | undefined> => {
    const token = await getToken()
    if (token.kind !== 'token') return undefined
    const answer = await request(send, method, `/api/push/${path}`, {
      token: token.token,
      ...(body !== undefined && { body }),
    })
    if (answer.kind === 'answer') return { body: answer.body }
    if (answer.kind !== 'unauthorized') return undefined
    dropToken()
    return again ? await ask(method, path, body, false) : undefined
  }
  return {
    key: async () => {
      const answer = await ask('GET', 'key')
      const { publicKey } = (answer?.body ?? {}) as { publicKey?: unknown }
      return typeof publicKey === 'string' ? publicKey : undefined
    },
    subscribe: async (subscription) =>
      (await ask('PUT', 'subscription', subscription)) !== undefined,
    unsubscribe: async () => (await ask('DELETE', 'subscription')) !== undefined,
  }
}
