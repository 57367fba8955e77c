/** A real provider of OpenID Connect on loopback, with people of a hospital. */
import { generateKeyPair, type JsonWebKey } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { type Adapter, type AdapterPayload, Provider } from 'oidc-provider'

/** What the provider says of somebody; the key is who they are there, for good. */
export interface StaffMember {
  name?: string
  email?: string
  email_verified?: boolean
  groups?: string | string[]
}

const CLIENT = { id: 'wardline', secret: 'a secret of this client' }

export class IdentityProvider {
  readonly people = new Map<string, StaffMember>()
  readonly url: string
  readonly #server: Server
  #keys: SigningKey[]
  #redirectUri = ''
  #provider: Provider | undefined
  /** Answers nothing but errors. */
  isDown = false

  private constructor(server: Server, keys: SigningKey[]) {
    this.#server = server
    this.#keys = keys
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (request, response) => void this.#answer(request, response))
  }

  static async open(): Promise<IdentityProvider> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new IdentityProvider(server, [await newKey()])
  }

  /** What the clinic's server has to be started with. */
  get env(): Record<string, string> {
    return {
      OIDC_ISSUER: this.url,
      OIDC_CLIENT_ID: CLIENT.id,
      OIDC_CLIENT_SECRET: CLIENT.secret,
      OIDC_ROLE_CLAIM: 'groups',
      OIDC_ROLES: 'physicians=doctor,nurses=staff,it=admin',
      OIDC_LABEL: 'Lindenhof',
    }
  }

  /** Lets people go back to the clinic's server, once that is known. */
  serve(clinic: string): void {
    this.#redirectUri = `${clinic}/api/auth/oidc/callback`
    this.#open()
  }

  /** From now on tokens are signed with another key, and nobody knows the one before. */
  async changeKeys(): Promise<void> {
    this.#keys = [await newKey()]
    this.#open()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((closed) => this.#server.close(closed))
  }

  #open(): void {
    this.#provider = new Provider(this.url, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [this.#redirectUri],
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      adapter: kept(),
      ttl: {
        AccessToken: 60,
        AuthorizationCode: 60,
        Grant: 60,
        IdToken: 60,
        Interaction: 60,
        Session: 60,
      },
      claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'] },
      cookies: { keys: ['a key of this test'] },
      features: { devInteractions: { enabled: false } },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => ({ sub: id, ...this.people.get(id) }),
      }),
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      jwks: { keys: this.#keys },
      // Its own page would have letters from elsewhere.
      renderError: (context, out) => {
        context.type = 'text/plain'
        context.body = JSON.stringify(out)
      },
      // Whoever signs in agrees to what the clinic is told.
      loadExistingGrant: async ({ oidc }) => {
        if (oidc.client === undefined || oidc.account === undefined) return undefined
        const grant = new oidc.provider.Grant({
          clientId: oidc.client.clientId,
          accountId: oidc.account.accountId,
        })
        grant.addOIDCScope('openid profile email')
        await grant.save()
        return grant
      },
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const provider = this.#provider
    if (this.isDown || provider === undefined) return void response.writeHead(500).end()
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url)
    const [, place, uid, step] = pathname.split('/')
    if (place !== 'interaction') return provider.callback()(request, response)
    if (step === undefined) {
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.end(this.#page(uid ?? ''))
      return
    }
    const accountId = searchParams.get('who') ?? ''
    const result =
      step === 'cancel' ? { error: 'access_denied' } : { login: { accountId, remember: false } }
    await provider.interactionFinished(request, response, result)
  }

  /** Nobody has a password here: who it is is a link. */
  #page(uid: string): string {
    const links = [...this.people].map(
      ([id, { name = id }]) => `<li><a href="/interaction/${uid}/login?who=${id}">${name}</a></li>`,
    )
    return `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<title>Lindenhof</title><h1>Who are you?</h1><ul>${links.join('')}</ul>
<p><a href="/interaction/${uid}/cancel">Cancel</a></p></html>`
  }
}

/** What one provider remembers, until the test is over. */
const kept = () => {
  const all = new Map<string, AdapterPayload>()
  return (model: string): Adapter => {
    const key = (id: string): string => `${model} ${id}`
    const find = (matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
      [...all].find(([name, payload]) => name.startsWith(`${model} `) && matches(payload))?.[1]
    return {
      async upsert(id, payload) {
        all.set(key(id), payload)
      },
      find: async (id) => all.get(key(id)),
      findByUid: async (uid) => find((payload) => payload.uid === uid),
      findByUserCode: async (code) => find((payload) => payload.userCode === code),
      async consume(id) {
        const payload = all.get(key(id))
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
      },
      async destroy(id) {
        all.delete(key(id))
      },
      async revokeByGrantId(grant) {
        // Of tokens and codes; who is on the way to another sign-in stays so.
        for (const [name, { grantId }] of all)
          if (grantId === grant && /^(AccessToken|AuthorizationCode) /.test(name)) all.delete(name)
      },
    }
  }
}

interface SigningKey extends JsonWebKey {
  kty: string
  use: 'sig'
  alg: 'RS256'
}

const newKey = async (): Promise<SigningKey> => {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), kty: 'RSA', use: 'sig', alg: 'RS256' }
}
