import { describe, expect, it } from 'vitest'
import { type Config, type Environment, readConfig } from './config.ts'

const read = (env: Environment): Config => {
  const result = readConfig(env)
  if (!result.ok) throw new Error(result.error)
  return result.value
}
const problem = (env: Environment): string => {
  const result = readConfig(env)
  return result.ok ? 'none' : result.error
}

const oidc = { OIDC_ISSUER: 'https://id.clinic.example', OIDC_CLIENT_ID: 'wardline' }
const token = {
  TOKEN_ISSUER: 'portal',
  TOKEN_AUDIENCE: 'wardline',
  TOKEN_JWKS_URL: 'https://portal.example/keys',
}

describe('a provider of OpenID Connect', () => {
  it('is there when it is named, with roles or without', () => {
    expect(read({}).oidc).toBeUndefined()
    expect(read(oidc).oidc).toEqual({
      issuer: 'https://id.clinic.example',
      clientId: 'wardline',
      clientSecret: undefined,
      roleClaim: undefined,
      roles: new Map(),
      label: 'the clinic’s account',
      scope: 'openid profile email',
    })
    const roles = 'Physicians = doctor, it=admin, it=doctor, cn=desk,ou=x'
    expect(problem({ ...oidc, OIDC_ROLE_CLAIM: 'groups', OIDC_ROLES: roles })).toContain(
      'OIDC_ROLES is',
    )
    const whole = {
      ...oidc,
      OIDC_ROLE_CLAIM: 'groups',
      OIDC_ROLES: 'Physicians = doctor, it=admin',
    }
    expect(read({ ...whole, OIDC_LABEL: 'Lindenhof', OIDC_CLIENT_SECRET: 's' }).oidc).toMatchObject(
      {
        clientSecret: 's',
        label: 'Lindenhof',
        roles: new Map([
          ['Physicians', ['doctor']],
          ['it', ['admin']],
        ]),
      },
    )
  })

  it.each([
    [{ OIDC_ISSUER: oidc.OIDC_ISSUER }, 'come together'],
    [{ OIDC_CLIENT_SECRET: 's' }, 'come together'],
    [{ ...oidc, OIDC_ROLE_CLAIM: 'groups' }, 'come together'],
    [{ ...oidc, OIDC_ROLES: 'a=doctor' }, 'come together'],
    [{ ...oidc, OIDC_ROLE_CLAIM: 'x', OIDC_ROLES: 'a=service' }, 'pairs such as'],
    [{ ...oidc, OIDC_ROLE_CLAIM: 'x', OIDC_ROLES: 'doctor' }, 'pairs such as'],
    [{ ...oidc, OIDC_SCOPE: 'profile' }, 'openid'],
    [{ ...oidc, OIDC_ISSUER: 'http://id.clinic.example' }, 'an https address'],
    [{ ...oidc, OIDC_ISSUER: 'id.clinic.example' }, 'an https address'],
  ])('is not half configured: %j', (env, words) => {
    expect(problem(env)).toContain(words)
  })

  it('may be on this machine without https', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      expect(read({ ...oidc, OIDC_ISSUER: `http://${host}:9000` }).oidc).toBeDefined()
    expect(problem({ ...oidc, OIDC_ISSUER: 'http://localhost.evil.example' })).toContain('https')
  })
})

describe('an issuer of tokens', () => {
  it('has public keys at an address, or a secret that both know', () => {
    expect(read({}).outsideTokens).toBeUndefined()
    expect(read(token).outsideTokens).toEqual({
      issuer: 'portal',
      audience: 'wardline',
      key: { kind: 'jwks', url: new URL('https://portal.example/keys') },
      claims: { id: 'sub', name: 'name', email: 'email', role: undefined },
      roles: new Map([
        ['patient', ['patient']],
        ['doctor', ['doctor']],
        ['staff', ['staff']],
      ]),
    })
    const { TOKEN_JWKS_URL: _, ...rest } = token
    const secret = 's'.repeat(32)
    expect(read({ ...rest, TOKEN_SECRET: secret }).outsideTokens?.key).toEqual({
      kind: 'secret',
      secret,
    })
  })

  it.each([
    [{ TOKEN_ISSUER: 'portal' }, 'come together'],
    [{ TOKEN_JWKS_URL: token.TOKEN_JWKS_URL }, 'come together'],
    [{ TOKEN_ISSUER: 'portal', TOKEN_AUDIENCE: 'wardline' }, 'needs one of'],
    [{ ...token, TOKEN_SECRET: 's'.repeat(32) }, 'and not both'],
    [{ ...token, TOKEN_ROLES: 'a=doctor' }, 'needs TOKEN_CLAIM_ROLE'],
    [{ ...token, TOKEN_JWKS_URL: 'http://portal.example/keys' }, 'an https address'],
  ])('is not half configured: %j', (env, words) => {
    expect(problem(env)).toContain(words)
  })

  it('shows no secret', () => {
    const message = problem({ ...token, TOKEN_SECRET: 'hunter2' })
    expect(message).toBe('TOKEN_SECRET has 7 characters (value not shown), expected at least 32')
  })
})
