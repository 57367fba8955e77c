/** One request to the HTTP interface of the server, with every way in which it can end. */

import { serverTimeOf } from '@wardline/core/client/sync/token-life'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type Fetch = (
  path: string,
  init: {
    method: Method
    headers: Record<string, string>
    body?: string
    signal: AbortSignal
  },
) => Promise<Response>

export type HttpAnswer =
  /** `at` is the server's clock, ms, or null when it did not say. `body` is JSON, or null. */
  | { kind: 'answer'; body: unknown; at: number | null }
  | { kind: 'unauthorized'; code: string; message: string }
  /** The server will not, and asking again would not change that. */
  | { kind: 'refused'; code: string; message: string }
  /** Too many attempts; `retryAfter` in seconds, when the server says. */
  | { kind: 'throttled'; retryAfter: number | null }
  /** No network, no server, or one that cannot answer now. */
  | { kind: 'unreachable' }

/** How long a request may take, in ms. */
const requestLimit = 15_000

export const browserFetch: Fetch = (path, init) =>
  fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store', redirect: 'error' })

/** Never rejects. */
export const request = async (
  send: Fetch,
  method: Method,
  path: string,
  { token, body }: { token?: string; body?: unknown } = {},
): Promise<HttpAnswer> => {
  try {
    const response = await send(path, {
      method,
      headers: {
        Accept: 'application/json',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestLimit),
    })
    const text = await response.text()
    return answerOf(response, text === '' ? null : JSON.parse(text))
  } catch {
    // Also what is no JSON: a captive portal, a proxy's error page.
    return { kind: 'unreachable' }
  }
}

const answerOf = (response: Response, body: unknown): HttpAnswer => {
  const { status, headers, ok } = response
  if (ok) {
    return { kind: 'answer', body, at: serverTimeOf(headers.get('Date')) }
  }
  const { code, message } = errorOf(body)
  if (status === 401) return { kind: 'unauthorized', code, message }
  if (status === 429) {
    const seconds = Number.parseInt(headers.get('Retry-After') ?? '', 10)
    return { kind: 'throttled', retryAfter: Number.isNaN(seconds) ? null : seconds }
  }
  if (status >= 500) return { kind: 'unreachable' }
  return { kind: 'refused', code, message }
}

/** `{error: {code, message}}`, as the server answers a failure. */
const errorOf = (body: unknown): { code: string; message: string } => {
  const { error } = (body ?? {}) as { error?: unknown }
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  return {
    code: typeof code === 'string' ? code : 'unknown',
    message: typeof message === 'string' ? message : 'The server refused.',
  }
}
