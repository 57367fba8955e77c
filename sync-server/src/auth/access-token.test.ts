import { createSecretKey } from 'node:crypto'
import { parseDeviceId, parseUserId } from '@wardline/core/base/ids'
import jwt from 'jsonwebtoken'
import { describe, expect, it } from 'vitest'
import { ACCESS_LIFETIME, createAccessTokens, type Identity } from './access-token.ts'
import { createKeyRing, deriveKey } from './key-ring.ts'

const secret = 'a secret of thirty-two characters!'
const keys = createKeyRing([secret])
const key = createSecretKey(deriveKey(secret, 'access token'))
let time = Date.UTC(2026, 0, 1)
const tokens = createAccessTokens(keys, () => time)

const pat: Identity = {
  userId: parseUserId('pat-morgan')!,
  name: 'Pat Morgan',
  role: 'patient',
  roles: ['patient'],
  stamp: 0,
  session: 'session-1',
}
const who = { name: 'Pat', role: 'patient', roles: ['patient'], stamp: 0 }
const good = { ...who, sid: 's', iss: 'wardline', aud: 'wardline' }
const header = { alg: 'HS256', typ: 'at+jwt', kid: keys.current.kid }
const forge = (claims: object, options: jwt.SignOptions = {}, signKey = key): string =>
  jwt.sign({ sub: 'pat-morgan', exp: time / 1000 + 60, ...good, ...claims }, signKey, {
    header,
    ...options,
  })
const verdict = (token: string): string => {
  const result = tokens.verify(token)
  return result.ok ? 'ok' : result.error.code
}

describe('access tokens', () => {
  it('come back as they were issued', () => {
    const { token, expiresAt } = tokens.issue({ ...pat, device: parseDeviceId('laptop01')! })
    expect(expiresAt).toBe(time + ACCESS_LIFETIME)
    expect(tokens.verify(token)).toEqual({
      ok: true,
      value: { ...pat, device: 'laptop01', expiresAt },
    })
    expect(jwt.decode(token, { complete: true })?.header).toEqual(header)
  })

  it('expire after ten minutes', () => {
    const { token } = tokens.issue(pat)
    time += ACCESS_LIFETIME - 1000
    expect(verdict(token)).toBe('ok')
    time += 1000
    expect(verdict(token)).toBe('token-expired')
  })

  it('pass only with the pinned algorithm, type, issuer, audience and key', () => {
    expect(verdict(forge({}))).toBe('ok')
    const wrong = [
      forge({}, { header: { ...header, typ: 'JWT' } }),
      forge({}, { header: { ...header, kid: 'other' } }),
      forge({}, { header: { alg: 'HS256', typ: 'at+jwt' } }),
      forge({}, { algorithm: 'HS384', header: { ...header, alg: 'HS384' } }),
      forge({ iss: 'someone' }),
      forge({ aud: 'something' }),
      forge({}, {}, createSecretKey(deriveKey(`${secret}!`, 'access token'))),
      forge({ sub: 'Not An Id' }),
      forge({ role: 'admin' }),
      forge({ did: '../x' }),
      jwt.sign({ sub: 'pat-morgan', ...good }, key, { header }),
      forge({ name: 'x'.repeat(4000) }),
      '',
      'a.b.c',
      '%%%',
    ]
    expect(wrong.map(verdict)).toEqual(wrong.map(() => 'unauthenticated'))
  })

  it('never pass unsigned', () => {
    const { token } = tokens.issue(pat)
    const [, payload] = token.split('.')
    const none = Buffer.from(JSON.stringify({ ...header, alg: 'none' })).toString('base64url')
    expect(verdict(`${none}.${payload}.`)).toBe('unauthenticated')
    expect(verdict(`${token.slice(0, -2)}AA`)).toBe('unauthenticated')
  })

  it('of the key before pass while it is on the ring', () => {
    const { token } = tokens.issue(pat)
    const next = 'another secret of thirty-two chars'
    const rotated = createAccessTokens(createKeyRing([next, secret]), () => time)
    expect(rotated.verify(token).ok).toBe(true)
    expect(verdict(rotated.issue(pat).token)).toBe('unauthenticated')
    expect(createAccessTokens(createKeyRing([next]), () => time).verify(token).ok).toBe(false)
  })
})
