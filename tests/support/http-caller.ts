/** Calls the HTTP interface as a person, the way a program does. */
import { DEMO_PASSWORD } from '@wardline/sync-server/cli/demo-clinic'

interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: an answer may be anything; the tests look into it
  readonly body: any
}

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<HttpAnswer>

/** Told of every answer. */
export type Witness = (method: string, path: string, answer: HttpAnswer) => void

export const caller =
  (url: string, token: string | undefined, witness: Witness = () => {}): Call =>
  async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson =
      text !== '' && response.headers.get('content-type')?.startsWith('application/json') === true
    const answer = {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    }
    witness(method, path, answer)
    return answer
  }

/** Signs in as one of the demo accounts. */
export const callerFor = async (url: string, email: string, witness?: Witness): Promise<Call> => {
  const login = await caller(url, undefined, witness)('POST', '/api/auth/login', {
    email,
    password: DEMO_PASSWORD,
  })
  if (login.status !== 200) throw new Error(`sign-in: ${login.status}`)
  return caller(url, login.body.accessToken, witness)
}
