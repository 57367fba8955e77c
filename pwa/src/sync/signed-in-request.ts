/** Requests in the name of the person, with a token that is renewed once when it is refused. */
import type { GetToken } from '@wardline/core/client/model/ports'
import { browserFetch, type Fetch, type HttpAnswer, type Method, request } from './http.ts'

export type SignedInAnswer =
  | Exclude<HttpAnswer, { kind: 'unauthorized' }>
  /** The session is over; the person has to sign in again. */
  | { kind: 'signed-out' }

/** A file that the server made for the person. */
type FileAnswer =
  | { kind: 'file'; blob: Blob; name: string }
  | { kind: 'refused'; message: string }
  | { kind: 'unreachable' }
  | { kind: 'signed-out' }

export interface SignedInRequests {
  /** Never rejects. `path` begins with `/api/`. */
  ask: (method: Method, path: string, body?: unknown) => Promise<SignedInAnswer>
  /** Never rejects, and takes as long as it takes. */
  download: (path: string) => Promise<FileAnswer>
}

export interface SignedInOptions {
  getToken: GetToken
  /** The server refused the token. */
  dropToken(): void
  send?: Fetch
}

export const signedInRequests = ({
  getToken,
  dropToken,
  send = browserFetch,
}: SignedInOptions): SignedInRequests => {
  const ask = async (
    method: Method,
    path: string,
    body?: unknown,
    again = true,
  ): Promise<SignedInAnswer> => {
    const token = await getToken()
    if (token.kind !== 'token') return { kind: token.kind }
    const answer = await request(send, method, path, {
      token: token.token,
      ...(body !== undefined && { body }),
    })
    if (answer.kind !== 'unauthorized') return answer
    dropToken()
    return again ? ask(method, path, body, false) : { kind: 'signed-out' }
  }

  const download = async (path: string, again = true): Promise<FileAnswer> => {
    const token = await getToken()
    if (token.kind !== 'token') return { kind: token.kind }
    try {
      const response = await fetch(path, {
        headers: { Authorization: `Bearer ${token.token}` },
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
      })
      if (response.status === 401) {
        dropToken()
        return again ? download(path, false) : { kind: 'signed-out' }
      }
      if (!response.ok) return { kind: 'refused', message: messageIn(await response.json()) }
      const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1]
      return { kind: 'file', blob: await response.blob(), name: name ?? 'wardline' }
    } catch {
      return { kind: 'unreachable' }
    }
  }

  return {
    ask: (method, path, body) => ask(method, path, body),
    download: (path) => download(path),
  }
}

const messageIn = (body: unknown): string => {
  const { error } = (body ?? {}) as { error?: { message?: unknown } }
  return typeof error?.message === 'string' ? error.message : 'The server refused.'
}
