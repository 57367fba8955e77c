import { SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemTimers } from '../base/timers.ts'
import type { OidcConfig } from '../config/identity-config.ts'
import { OidcProvider, type PendingChecks } from './oidc-provider.ts'
import { TestIssuer } from './test-issuer.ts'

const REDIRECT = 'http://127.0.0.1:1/api/auth/oidc/callback'
let issuer: TestIssuer
let provider: OidcProvider
let logged: string[]

const configured = (more: Partial<OidcConfig> = {}, patience?: number): OidcProvider =>
  new OidcProvider({
    ...(patience !== undefined && { patience }),
    config: {
      issuer: issuer.url,
      clientId: 'wardline',
      clientSecret: 'secret',
      roleClaim: 'groups',
      roles: new Map([['physicians', ['doctor']]]),
      label: 'the hospital',
      scope: 'openid profile email',
      ...more,
    },
    clock: systemTimers,
    log: (_level, _event, details) => logged.push(JSON.stringify(details)),
  })

beforeEach(async () => {
  issuer = await TestIssuer.open()
  logged = []
  provider = configured()
})
afterEach(() => issuer.close())

const begun = async (): Promise<{ url: URL; checks: PendingChecks }> => {
  const begin = await provider.begin(REDIRECT)
  if (!begin.ok) throw new Error(begin.error.code)
  return begin.value
}

const ada = {
  aud: 'wardline',
  sub: '1f',
  name: 'Ada Osei',
  email: 'ada@clinic.example',
  email_verified: true,
  groups: ['physicians', 'choir'],
}

/** The sign-in of somebody who comes back with these claims, or with whatever a test makes of it. */
const finished = async (
  claims: Record<string, unknown> = {},
  { query = {}, token }: { query?: Record<string, string>; token?: () => Promise<string> } = {},
) => {
  const { checks } = await begun()
  issuer.idToken = token ?? (() => issuer.sign({ ...ada, nonce: checks.nonce, ...claims }))
  const back = new URLSearchParams({ code: 'c-1', state: checks.state, ...query })
  return provider.finish(new URL(`${REDIRECT}?${back}`), checks)
}
const outcome = async (...given: Parameters<typeof finished>): Promise<string> => {
  const done = await finished(...given)
  return done.ok ? 'ok' : done.error.code
}

describe('signing in through a provider', () => {
  it('asks for a code with PKCE, a state and a nonce, each drawn anew', async () => {
    const { url, checks } = await begun()
    expect(url.href.startsWith(`${issuer.url}/authorize?`)).toBe(true)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: 'wardline',
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'openid profile email',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge_method: 'S256',
    })
    expect(url.href).not.toContain(checks.verifier)
    expect(url.searchParams.has('prompt')).toBe(false)
    const again = await provider.begin(REDIRECT, true)
    expect(again.ok && again.value.url.searchParams.get('prompt')).toBe('login')
    const { checks: others } = await begun()
    for (const name of ['state', 'nonce', 'verifier'] as const)
      expect(others[name]).not.toBe(checks[name])
    // What the provider says of itself is not asked for each time.
    expect(issuer.asked).toHaveLength(1)
  })

  it('tells who came back, with the roles of the claim', async () => {
    expect(await finished()).toEqual({
      ok: true,
      value: {
        issuer: issuer.url,
        subject: '1f',
        name: 'Ada Osei',
        email: { address: 'ada@clinic.example', verified: true },
        roles: ['doctor'],
      },
    })
    expect(issuer.form.get('redirect_uri')).toBe(REDIRECT)
    expect(issuer.form.get('code_verifier')).toMatch(/^[\w-]{43}$/)
  })

  it('asks the provider for what the token lacks, of nobody else', async () => {
    issuer.userInfo = { sub: '1f', name: 'Not her', groups: ['physicians'] }
    const some = { groups: undefined, email: undefined }
    expect(await finished(some)).toMatchObject({
      ok: true,
      value: { name: 'Ada Osei', roles: ['doctor'], email: undefined },
    })
    issuer.userInfo = { sub: 'somebody else', groups: ['physicians'] }
    expect(await outcome(some)).toBe('provider-refused')
  })

  it('says nothing of roles where no claim is named for them', async () => {
    provider = configured({ roleClaim: undefined, roles: new Map() })
    expect(await finished()).toMatchObject({ ok: true, value: { roles: undefined } })
    provider = configured({ roles: new Map([['admins', ['admin']]]) })
    expect(await finished()).toMatchObject({ ok: true, value: { roles: [] } })
  })

  it('refuses another state, nonce, audience or issuer, and a token that is over', async () => {
    const now = Math.floor(Date.now() / 1000)
    expect(await outcome({}, { query: { state: 'another' } })).toBe('provider-refused')
    for (const claims of [
      { nonce: 'another' },
      { nonce: undefined },
      { aud: 'another' },
      { aud: ['wardline', 'another'], azp: 'another' },
      { iss: 'https://another.example' },
      { exp: now - 90 },
      { iat: 'yesterday' },
      { sub: '' },
    ])
      expect(await outcome(claims), JSON.stringify(claims)).toBe('provider-refused')
    expect(await outcome({ exp: now - 30 })).toBe('ok')
  })

  it('refuses a token that is not signed with the key of the provider', async () => {
    const claims = { ...ada, iss: issuer.url, iat: 1 }
    const other = await TestIssuer.open()
    const lies: (() => Promise<string>)[] = [
      async () => new UnsecuredJWT(claims).setExpirationTime('5m').encode(),
      () => other.sign({ ...ada, iss: issuer.url }),
      () =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256' })
          .setExpirationTime('5m')
          .sign(new TextEncoder().encode('secret')),
      async () => 'no token',
    ]
    for (const token of lies) expect(await outcome({}, { token })).toBe('provider-refused')
    await other.close()
  })

  it('goes on when the provider changes its keys', async () => {
    expect(await outcome()).toBe('ok')
    await issuer.rotate()
    expect(await outcome()).toBe('ok')
  })

  it('refuses what the provider refuses: nobody consented, a code that was used before', async () => {
    expect(await outcome({}, { query: { error: 'access_denied' } })).toBe('provider-refused')
    issuer.instead.set('/token', (_request, response) => {
      response.writeHead(400, { 'Content-Type': 'application/json' })
      response.end('{"error": "invalid_grant"}')
    })
    expect(await outcome()).toBe('provider-refused')
    expect(logged.join()).not.toContain('c-1')
  })

  it('says so when the provider does not work, and needs no restart when it does again', async () => {
    const broken = (status: number, text: string) =>
      issuer.instead.set('/token', (_request, response) => {
        response.writeHead(status, { 'Content-Type': 'application/json' })
        response.end(text)
      })
    broken(500, '{"error": "server_error"}')
    expect(await outcome()).toBe('provider-unavailable')
    broken(200, '<html>')
    expect(await outcome()).toBe('provider-unavailable')
    expect(await outcome({}, { query: { error: 'temporarily_unavailable' } })).toBe(
      'provider-unavailable',
    )
    issuer.instead.set('/token', (_request, response) => void response.destroy())
    expect(await outcome()).toBe('provider-unavailable')
    issuer.instead.clear()
    issuer.instead.set('/jwks', (_request, response) => void response.destroy())
    expect(await outcome()).toBe('provider-unavailable')
    issuer.instead.clear()
    expect(await outcome()).toBe('ok')
  })

  it('does not begin while the provider is away, and asks it again each time', async () => {
    const path = '/.well-known/openid-configuration'
    const answers: (string | undefined)[] = [
      undefined,
      '{}',
      '<html>',
      '{"issuer": "https://x.example"}',
    ]
    for (const answer of answers) {
      issuer.instead.set(path, (_request, response) => {
        if (answer === undefined) return void response.destroy()
        response.writeHead(200, { 'Content-Type': 'application/json' })
        response.end(answer)
      })
      const begin = await provider.begin(REDIRECT)
      expect(begin, answer ?? 'nothing').toMatchObject({
        ok: false,
        error: { code: 'provider-unavailable' },
      })
    }
    issuer.instead.clear()
    expect((await provider.begin(REDIRECT)).ok).toBe(true)
  })

  it('waits for no provider that does not answer', async () => {
    provider = configured({}, 0.1)
    for (const path of ['/token', '/jwks', '/userinfo']) {
      issuer.instead.set(path, () => {})
      expect(await outcome({ groups: undefined }), path).toBe('provider-unavailable')
      issuer.instead.clear()
    }
    provider = configured({}, 0.1)
    issuer.instead.set('/.well-known/openid-configuration', () => {})
    expect((await provider.begin(REDIRECT)).ok).toBe(false)
  })
})
