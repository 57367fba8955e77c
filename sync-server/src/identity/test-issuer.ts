/**
 * An issuer for tests, on loopback: its keys, and a provider of OpenID Connect that says whatever the
 * test has it say. What a real provider does is tried against one, in `tests/`.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { systemTimers } from '../base/timers.ts'

interface Key {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

export class TestIssuer {
  readonly url: string
  /** Requests so far, as `GET /jwks`. */
  readonly asked: string[] = []
  /** Takes the place of what is answered at a path. */
  readonly instead = new Map<string, Handler>()
  /** What the token endpoint answers with next to the token itself. */
  idToken: () => Promise<string> = async () => ''
  userInfo: Record<string, unknown> = {}
  /** The body of the last request for tokens. */
  form = new URLSearchParams()
  #keys: Key[] = []
  readonly #server: Server

  private constructor(server: Server, keys: Key[]) {
    this.#server = server
    this.#keys = keys
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (request, response) => void this.#answer(request, response))
  }

  static async open(): Promise<TestIssuer> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new TestIssuer(server, [await newKey()])
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((closed) => this.#server.close(closed))
  }

  /** @param keep keys of before that stay, as many as these */
  async rotate(keep = 0): Promise<void> {
    this.#keys = [await newKey(), ...this.#keys.slice(0, keep)]
  }

  get publicJwks(): { keys: JWK[] } {
    return { keys: this.#keys.map(({ publicJwk }) => publicJwk) }
  }

  /** A token signed with the newest key, or with another one: `at` counts back. */
  async sign(
    claims: Record<string, unknown>,
    { at = 0, header = {} }: { at?: number; header?: Record<string, unknown> } = {},
  ): Promise<string> {
    const key = this.#keys[at]
    if (key === undefined) throw new Error('there is no such key')
    const now = Math.floor(systemTimers.now() / 1000)
    return new SignJWT({ iss: this.url, iat: now, exp: now + 300, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, ...header })
      .sign(key.privateKey)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    this.asked.push(`${request.method} ${path}`)
    const handler = this.instead.get(path)
    if (handler !== undefined) return handler(request, response)
    const body = await this.#bodyOf(path, request)
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(body ?? {}))
  }

  async #bodyOf(path: string, request: IncomingMessage): Promise<object | undefined> {
    switch (path) {
      case '/.well-known/openid-configuration':
        return {
          issuer: this.url,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          userinfo_endpoint: `${this.url}/userinfo`,
          jwks_uri: `${this.url}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['ES256'],
        }
      case '/jwks':
        return this.publicJwks
      case '/userinfo':
        return this.userInfo
      case '/token': {
        let text = ''
        for await (const chunk of request) text += String(chunk)
        this.form = new URLSearchParams(text)
        return { access_token: 'opaque', token_type: 'Bearer', id_token: await this.idToken() }
      }
      default:
        return undefined
    }
  }
}

let made = 0
const newKey = async (): Promise<Key> => {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const kid = `key-${++made}`
  return {
    kid,
    privateKey,
    publicJwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'ES256' },
  }
}
