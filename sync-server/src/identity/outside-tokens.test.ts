import { exportSPKI, importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemTimers } from '../base/timers.ts'
import type { OutsideTokenConfig } from '../config/identity-config.ts'
import { KEYS_COOLDOWN, MAX_OUTSIDE_TOKEN, OutsideTokens } from './outside-tokens.ts'
import { TestIssuer } from './test-issuer.ts'

const AUDIENCE = 'wardline'
let issuer: TestIssuer
let logged: string[]

beforeEach(async () => {
  issuer = await TestIssuer.open()
  logged = []
})
afterEach(async () => {
  vi.restoreAllMocks()
  await issuer.close()
})

const configured = (more: Partial<OutsideTokenConfig> = {}, patience?: number): OutsideTokens =>
  new OutsideTokens({
    ...(patience !== undefined && { patience }),
    config: {
      issuer: issuer.url,
      audience: AUDIENCE,
      key: { kind: 'jwks', url: new URL(`${issuer.url}/jwks`) },
      claims: { id: 'sub', name: 'name', email: 'email', role: undefined },
      roles: new Map(),
      ...more,
    },
    clock: systemTimers,
    log: (_level, event) => logged.push(event),
  })

const pat = { aud: AUDIENCE, sub: '4711', name: 'Pat Morgan' }
const seconds = (): number => Math.floor(Date.now() / 1000)

const outcome = async (tokens: OutsideTokens, token: string): Promise<string> => {
  const verified = await tokens.verify(token)
  return verified.ok ? 'ok' : verified.error.code
}

describe('a token of outside', () => {
  it('says who somebody is, by the claims of the configuration', async () => {
    const tokens = configured({
      claims: { id: 'chart', name: 'person.full', email: 'mail', role: 'https://x.example/roles' },
      roles: new Map([
        ['nurse', ['staff']],
        ['physician', ['doctor']],
      ]),
    })
    const token = await issuer.sign({
      ...pat,
      chart: 12,
      person: { full: ' Ada Osei ' },
      mail: 'ada@clinic.example',
      email_verified: true,
      'https://x.example/roles': ['physician', 'gardener', 'nurse'],
    })
    expect(await tokens.verify(token)).toEqual({
      ok: true,
      value: {
        issuer: issuer.url,
        subject: '12',
        name: 'Ada Osei',
        email: { address: 'ada@clinic.example', verified: true },
        roles: ['staff', 'doctor'],
      },
    })
  })

  it('makes patients where no claim is named for roles', async () => {
    const verified = await configured().verify(await issuer.sign({ ...pat, role: 'admin' }))
    expect(verified).toMatchObject({ ok: true, value: { roles: ['patient'], email: undefined } })
  })

  it('is refused with another audience, another issuer, or nobody in it', async () => {
    const tokens = configured()
    const { sub: _, ...nobody } = pat
    for (const claims of [
      { ...pat, aud: 'another' },
      { ...pat, iss: 'https://another.example' },
      { ...pat, sub: '' },
      { ...pat, sub: 'x'.repeat(256) },
      { ...pat, sub: { admin: true } },
      nobody,
    ])
      expect(await outcome(tokens, await issuer.sign(claims))).toBe('outside-token-refused')
    expect(await outcome(tokens, await issuer.sign(pat))).toBe('ok')
  })

  it('is refused when it is over, not yet, for good, or for long; a minute is overlooked', async () => {
    const tokens = configured()
    const at = (claims: object): Promise<string> => issuer.sign({ ...pat, ...claims })
    const now = seconds()
    expect(await outcome(tokens, await at({ exp: now - 90 }))).toBe('outside-token-expired')
    expect(await outcome(tokens, await at({ exp: now - 30 }))).toBe('ok')
    expect(await outcome(tokens, await at({ nbf: now + 90 }))).toBe('outside-token-refused')
    expect(await outcome(tokens, await at({ nbf: now + 30 }))).toBe('ok')
    expect(await outcome(tokens, await at({ exp: undefined }))).toBe('outside-token-refused')
    expect(await outcome(tokens, await at({ exp: now + 26 * 3600 }))).toBe('outside-token-refused')
    expect(await outcome(tokens, await at({ exp: 'soon' }))).toBe('outside-token-refused')
  })

  it('is refused without a signature, or signed with the public key as if it were a secret', async () => {
    const tokens = configured()
    const claims = { ...pat, iss: issuer.url }
    const bare = new UnsecuredJWT(claims).setExpirationTime('5m').encode()
    expect(await outcome(tokens, bare)).toBe('outside-token-refused')
    const [jwk] = issuer.publicJwks.keys as [JWK]
    const publicKey = await importJWK(jwk, 'ES256')
    if (publicKey instanceof Uint8Array) throw new Error('it is a key of two')
    for (const secret of [await exportSPKI(publicKey), JSON.stringify(jwk), jwk.x ?? '']) {
      const confused = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', ...(jwk.kid !== undefined && { kid: jwk.kid }) })
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(secret))
      expect(await outcome(tokens, confused)).toBe('outside-token-refused')
    }
  })

  it('is refused when it was changed, is cut off, huge, or no token at all', async () => {
    const tokens = configured()
    const token = await issuer.sign(pat)
    const [head = '', , signature = ''] = token.split('.')
    const body = Buffer.from(JSON.stringify({ ...pat, iss: issuer.url, exp: seconds() + 60 }))
    for (const text of [
      [head, body.toString('base64url'), signature].join('.'),
      token.slice(0, -3),
      `${token}x`,
      'no token',
      '',
      '..',
      await issuer.sign({ ...pat, padding: 'x'.repeat(MAX_OUTSIDE_TOKEN) }),
    ])
      expect(await outcome(tokens, text), text.slice(0, 40)).toBe('outside-token-refused')
    expect(issuer.asked).toHaveLength(1)
  })

  it('is taken with a new key of its issuer, and not with one that was withdrawn', async () => {
    const tokens = configured()
    const before = await issuer.sign(pat)
    expect(await outcome(tokens, before)).toBe('ok')
    await issuer.rotate(1)
    const after = await issuer.sign(pat)
    // The keys were read a moment ago: they are not asked for again for each token.
    expect(await outcome(tokens, after)).toBe('outside-token-refused')
    const later = Date.now() + KEYS_COOLDOWN + 1
    vi.spyOn(Date, 'now').mockReturnValue(later)
    expect(await outcome(tokens, after)).toBe('ok')
    expect(await outcome(tokens, before)).toBe('ok')
    for (const at of [0, 1]) {
      const unnamed = await issuer.sign(pat, { at, header: { kid: undefined } })
      expect(await outcome(tokens, unnamed)).toBe('ok')
    }
    await issuer.rotate()
    expect(await outcome(configured(), after)).toBe('outside-token-refused')
  })

  it('needs the keys of its issuer: without them nobody is let in, and nothing is remembered of it', async () => {
    const tokens = configured()
    const token = await issuer.sign(pat)
    for (const answer of ['error', 'nonsense', 'no keys', 'cut off'] as const) {
      issuer.instead.set('/jwks', (_request, response) => {
        if (answer === 'cut off') return void response.destroy()
        response.writeHead(answer === 'error' ? 500 : 200, { 'Content-Type': 'application/json' })
        response.end(answer === 'nonsense' ? '<html>' : '{"some": "thing"}')
      })
      expect(await outcome(tokens, token), answer).toBe('provider-unavailable')
    }
    expect(new Set(logged)).toEqual(new Set(['outside-keys.failed']))
    issuer.instead.set('/jwks', () => {})
    expect(await outcome(configured({}, 100), token)).toBe('provider-unavailable')
    issuer.instead.clear()
    expect(await outcome(tokens, token)).toBe('ok')
  })

  it('can be held by a secret that both know, and then by nothing else', async () => {
    const secret = 'a secret of thirty-two characters'
    const tokens = configured({ key: { kind: 'secret', secret } })
    const key = new TextEncoder().encode(secret)
    const signed = (alg: string, with_: Uint8Array): Promise<string> =>
      new SignJWT({ ...pat, iss: issuer.url })
        .setProtectedHeader({ alg })
        .setExpirationTime('5m')
        .sign(with_)
    expect(await outcome(tokens, await signed('HS256', key))).toBe('ok')
    expect(await outcome(tokens, await signed('HS512', key))).toBe('ok')
    const other = new TextEncoder().encode(`${secret}!`)
    expect(await outcome(tokens, await signed('HS256', other))).toBe('outside-token-refused')
    expect(await outcome(tokens, await issuer.sign(pat))).toBe('outside-token-refused')
    expect(issuer.asked).toEqual([])
  })
})
