/** A portal of another site: its tokens exchanged for access tokens of this server, over HTTP. */
import { readConfig } from '@wardline/sync-server/config/config'
import { TestIssuer } from '@wardline/sync-server/identity/test-issuer'
import { type RunningServer, startServer } from '@wardline/sync-server/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closedBy, openSocket } from '../support/ended-session.ts'
import { caller } from '../support/http-caller.ts'
import { storedIn } from '../support/stored.ts'
import { makeDataDir, removeDataDir } from './sync-kit.ts'

const DEVICE = 'portalpage1'
let dataDir: string
let issuer: TestIssuer
let server: RunningServer

const start = async (more: Record<string, string> = {}): Promise<void> => {
  const config = readConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    CLIENT_URL: 'https://portal.example',
    TOKEN_ISSUER: issuer.url,
    TOKEN_AUDIENCE: 'wardline',
    TOKEN_JWKS_URL: `${issuer.url}/jwks`,
    ...more,
  })
  if (!config.ok) throw new Error(config.error)
  server = await startServer(config.value)
}

beforeEach(async () => {
  dataDir = await makeDataDir()
  issuer = await TestIssuer.open()
  await start()
})
afterEach(async () => {
  await server.close()
  await issuer.close()
  await removeDataDir(dataDir)
})

const kim = { aud: 'wardline', sub: 'patient-77', name: 'Kim Berg' }
const ask = (token: unknown, device: unknown = DEVICE) =>
  caller(server.url, undefined)('POST', '/api/auth/exchange', { token, device })
const exchange = async (claims: object = {}, device = DEVICE) =>
  ask(await issuer.sign({ ...kim, ...claims }), device)
const codeOf = async (...given: Parameters<typeof exchange>): Promise<string> => {
  const { body } = await exchange(...given)
  return body.error?.code ?? 'ok'
}

describe('a token of a portal', () => {
  it('makes a patient of whom the portal knows, who has chats then, and no cookie', async () => {
    const { status, body, headers } = await exchange()
    expect(status).toBe(200)
    expect(headers.get('set-cookie')).toBeNull()
    expect(body).toEqual({
      accessToken: expect.any(String),
      expiresAt: expect.any(Number),
      user: {
        id: expect.stringMatching(/^u-/),
        name: 'Kim Berg',
        role: 'patient',
        roles: ['patient'],
      },
    })
    const call = caller(server.url, body.accessToken)
    const made = await call('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
    expect(made.status).toBe(201)
    expect((await call('GET', '/api/auth/devices')).body.devices).toMatchObject([
      { method: 'outside' },
    ])
  })

  it('goes on with the session of the device: sockets stay open over as many as come', async () => {
    const first = (await exchange()).body
    const socket = await openSocket(server.url, first.accessToken, DEVICE)
    await new Promise((on) => socket.once('message', on))
    let closed: number | undefined
    void closedBy(socket).then((code) => {
      closed = code
    })
    const sessionOf = (token: string): string =>
      JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sid
    for (let n = 0; n < 3; n++) {
      const { body } = await exchange()
      expect(sessionOf(body.accessToken)).toBe(sessionOf(first.accessToken))
      expect(body.user.id).toBe(first.user.id)
    }
    const other = (await exchange({}, 'anotherdevice')).body
    expect(sessionOf(other.accessToken)).not.toBe(sessionOf(first.accessToken))
    const call = caller(server.url, first.accessToken)
    expect((await call('GET', '/api/auth/devices')).body.devices).toHaveLength(2)
    expect(closed).toBeUndefined()
    // Removed, it is out; the portal vouches for the person, so the next token lets them in anew.
    const end = closedBy(socket)
    const away = caller(server.url, other.accessToken)
    const id = sessionOf(first.accessToken)
    expect((await away('DELETE', `/api/auth/devices/${id}`)).status).toBe(204)
    expect(await end).toBe(4401)
    expect((await call('GET', '/api/chat/chats')).body.error.code).toBe('session-ended')
    const anew = (await exchange()).body
    expect(sessionOf(anew.accessToken)).not.toBe(id)
  })

  it('is refused when it is not what it should be', async () => {
    const now = Math.floor(Date.now() / 1000)
    expect(await codeOf({ exp: now - 600 })).toBe('outside-token-expired')
    expect(await codeOf({ aud: 'another' })).toBe('outside-token-refused')
    expect(await codeOf({ nbf: now + 600 })).toBe('outside-token-refused')
    for (const token of ['x', 'a.b.c', 'x'.repeat(16_000)])
      expect((await ask(token)).body.error.code).toBe('outside-token-refused')
    for (const token of ['', 7, null, 'x'.repeat(20_000)])
      expect((await ask(token)).body.error.code).toBe('bad-request')
    const good = await issuer.sign(kim)
    for (const device of ['', 'short', 'UPPERCASE', 7])
      expect((await ask(good, device)).body.error.code).toBe('bad-request')
    expect((await ask(good)).status).toBe(200)
  })

  it('leaves nothing of whom it lets in not', async () => {
    const before = await storedIn(server.store)
    expect(await codeOf({ name: undefined })).toBe('profile-incomplete')
    expect(await codeOf({ email: 'pat@demo.clinic' })).toBe('email-unverified')
    expect(await codeOf({ email: 'ada@demo.clinic', email_verified: true })).toBe(
      'account-conflict',
    )
    expect(await storedIn(server.store)).toEqual(before)
  })

  it('is of an account that has the address, if the portal has verified it', async () => {
    const claims = { email: 'PAT@demo.clinic', email_verified: true }
    const { body } = await exchange(claims)
    expect(body.user).toMatchObject({ id: 'pat-morgan', name: 'Pat Morgan' })
    expect(await codeOf({ ...claims, sub: 'somebody-else' })).toBe('account-conflict')
    await server.sync.directory.profiles.change(
      body.user.id,
      { status: 'disabled' },
      { actor: 'server' },
    )
    expect(await codeOf(claims)).toBe('account-inactive')
    const call = caller(server.url, body.accessToken)
    expect((await call('GET', '/api/chat/chats')).status).toBe(401)
  })

  it('makes doctors where a claim for roles is named, and admins only where that is said', async () => {
    await server.close()
    await start({ TOKEN_CLAIM_ROLE: 'kind' })
    expect((await exchange({ kind: 'doctor' })).body.user.roles).toEqual(['doctor'])
    for (const kind of ['admin', 'service', undefined, ''])
      expect(await codeOf({ sub: 'x', kind })).toBe('role-missing')
    await server.close()
    await start({ TOKEN_CLAIM_ROLE: 'kind', TOKEN_ROLES: 'boss=admin' })
    expect((await exchange({ sub: 'y', kind: 'boss' })).body.user.roles).toEqual(['admin'])
  })

  it('comes as often as a page needs it, and not without end', async () => {
    const token = await issuer.sign(kim)
    const codes = await Promise.all(Array.from({ length: 70 }, () => ask(token)))
    const refused = codes.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(codes.some(({ status }) => status === 200)).toBe(true)
    expect(await server.store.listRecords('identity/')).toHaveLength(1)
  })

  it('needs the issuer’s keys once, and those that are in are not put out without them', async () => {
    issuer.instead.set('/jwks', (_request, response) => void response.writeHead(503).end())
    expect(await codeOf()).toBe('provider-unavailable')
    issuer.instead.clear()
    const { body } = await exchange()
    issuer.instead.set('/jwks', (_request, response) => void response.writeHead(503).end())
    expect(await codeOf()).toBe('ok')
    expect((await caller(server.url, body.accessToken)('GET', '/api/chat/chats')).status).toBe(200)
  })

  it('is answered to the portal’s page, and to no other', async () => {
    const token = await issuer.sign(kim)
    const from = (origin: string) =>
      caller(server.url, undefined)(
        'POST',
        '/api/auth/exchange',
        { token, device: DEVICE },
        { origin },
      )
    const own = await from('https://portal.example')
    expect(own.status).toBe(200)
    expect(own.headers.get('access-control-allow-origin')).toBe('https://portal.example')
    expect((await from('https://evil.example')).body.error.code).toBe('origin-refused')
  })
})

it('is not there without an issuer', async () => {
  await server.close()
  const config = readConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
  })
  if (!config.ok) throw new Error(config.error)
  server = await startServer(config.value)
  expect(await codeOf()).toBe('not-found')
})
