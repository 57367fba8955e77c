import { parseUserId } from '@wardline/core/base/ids'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { User } from '../directory/user.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { Auth, type AuthOptions } from './auth.ts'
import { hashPassword } from './password.ts'
import { SIGN_IN_PACE } from './sign-in-pace.ts'

const secret = 'a secret of thirty-two characters!'
const address = '127.0.0.1'
const throttle = { pair: 3, account: 50, address: 50, drain: 30_000, buckets: 100 }
let pat: User
let time = 0
/** By the clock that nobody sets. */
let elapsed = 0
let store: MemoryStore
let users: User[]
let auth: Auth

beforeAll(async () => {
  pat = {
    id: parseUserId('pat-morgan')!,
    email: 'pat@demo.clinic',
    name: 'Pat Morgan',
    role: 'patient',
    roles: ['patient'],
    status: 'active',
    stamp: 0,
    passwordHash: await hashPassword('correct horse'),
  }
})
const open = (options: Partial<AuthOptions> = {}): Auth =>
  new Auth({
    store,
    directory: {
      findByEmail: async (email) => users.find((user) => user.email === email),
      getUser: async (id) => users.find((user) => user.id === id),
      stampOf: (id) => users.find((user) => user.id === id)?.stamp ?? 0,
    },
    secrets: [secret],
    clock: { now: () => time, elapsed: () => elapsed },
    throttle,
    ...options,
  })
beforeEach(() => {
  time = Date.UTC(2026, 0, 1)
  store = new MemoryStore()
  users = [pat]
  auth = open()
})

const login = async (password: string, email = 'pat@demo.clinic') => {
  const result = await auth.login({ email, password, address })
  return result.ok ? result.value : result.error
}
const lastAudit = async (): Promise<unknown> => {
  let last: unknown
  for await (const { text } of store.readAudit()) last = JSON.parse(text)
  return last
}

describe('Auth', () => {
  it('signs in, and the access token says who', async () => {
    const signedIn = await login('correct horse', ' PAT@demo.clinic')
    if (!('user' in signedIn)) throw new Error(signedIn.code)
    expect(signedIn.user).toEqual({
      id: 'pat-morgan',
      name: 'Pat Morgan',
      role: 'patient',
      roles: ['patient'],
    })
    expect(auth.verifyAccessToken(signedIn.accessToken)).toMatchObject({
      ok: true,
      value: {
        userId: 'pat-morgan',
        role: 'patient',
        roles: ['patient'],
        expiresAt: signedIn.expiresAt,
      },
    })
    expect(await lastAudit()).toMatchObject({ actor: 'pat-morgan', action: 'login.succeeded' })
  })

  it.each(['invited', 'disabled', 'closed', 'erased'] as const)(
    'refuses the right password, and renewal, of an account that is %s',
    async (status) => {
      const signedIn = await login('correct horse')
      if (!('user' in signedIn)) throw new Error(signedIn.code)
      users = [{ ...pat, status }]
      expect(await login('correct horse')).toEqual({ code: 'account-inactive' })
      expect(await lastAudit()).toMatchObject({ action: 'login.failed', subject: 'pat-morgan' })
      // Who does not know the password learns nothing of it.
      expect(await login('wrong')).toEqual({ code: 'bad-credentials' })
      const refused = { ok: false, error: { code: 'session-ended' } }
      expect(await auth.refresh(signedIn.refreshToken ?? '')).toEqual(refused)
    },
  )

  it('takes no access token of before the roles changed', async () => {
    const before = await login('correct horse')
    if (!('user' in before)) throw new Error(before.code)
    users = [{ ...pat, roles: ['patient', 'admin'], stamp: 1 }]
    const refused = { ok: false, error: { code: 'token-expired' } }
    expect(auth.verifyAccessToken(before.accessToken)).toEqual(refused)
    const after = await auth.refresh(before.refreshToken ?? '')
    if (!after.ok) throw new Error(after.error.code)
    expect(after.value.user.roles).toEqual(['patient', 'admin'])
    expect(auth.verifyAccessToken(after.value.accessToken)).toMatchObject({ ok: true })
  })

  it('begins no session when the account is disabled at that moment', async () => {
    const commit = store.commit.bind(store)
    store.commit = async (change) => {
      users = [{ ...pat, status: 'disabled' }]
      return commit(change)
    }
    expect(await login('correct horse')).toEqual({ code: 'account-inactive' })
    store.commit = commit
    expect(await store.listRecords('session/')).toEqual([])
  })

  it('answers alike for a wrong password and an unknown account', async () => {
    expect(await login('wrong')).toEqual({ code: 'bad-credentials' })
    expect(await lastAudit()).toEqual({
      at: time,
      actor: 'server',
      action: 'login.failed',
      subject: 'pat-morgan',
      details: { address },
    })
    expect(await login('wrong', 'my password@x')).toEqual({ code: 'bad-credentials' })
    expect(JSON.stringify(await lastAudit())).not.toContain('my password')
  })

  it('refuses after too many failures, even the right password, and says how long', async () => {
    for (let i = 0; i < 3; i++) await login('wrong')
    expect(await login('correct horse')).toEqual({ code: 'too-many-attempts', retryAfter: 10 })
    elapsed += 10_000
    expect(await login('correct horse')).toHaveProperty('accessToken')
  })

  it('refuses nobody for longer when the clock is put right after a typo', async () => {
    time += 3 * 3_600_000
    for (let i = 0; i < 3; i++) await login('wrong')
    time -= 3 * 3_600_000
    elapsed += 10_000
    expect(await login('correct horse')).toHaveProperty('accessToken')
  })

  it('takes no access token for longer than it is good for when its clock is put right', async () => {
    time += 3 * 3_600_000
    const signedIn = await login('correct horse')
    if (!('user' in signedIn)) throw new Error(signedIn.code)
    expect(auth.verifyAccessToken(signedIn.accessToken).ok).toBe(true)
    time -= 3 * 3_600_000
    const refused = { ok: false, error: { code: 'token-expired' } }
    expect(auth.verifyAccessToken(signedIn.accessToken)).toEqual(refused)
    // The session is still there.
    expect(await auth.refresh(signedIn.refreshToken ?? '')).toMatchObject({ ok: true })
  })

  it('holds the limit against a burst', async () => {
    const burst = await Promise.all(Array.from({ length: 20 }, () => login('wrong')))
    const tried = burst.filter((result) => 'code' in result && result.code === 'bad-credentials')
    expect(tried.length).toBeLessThanOrEqual(throttle.pair + 1)
  })

  it('never refuses who knows the password', async () => {
    const burst = await Promise.all(Array.from({ length: 30 }, () => login('correct horse')))
    expect(burst.every((result) => 'accessToken' in result)).toBe(true)
  })

  it('turns away what it cannot hash soon', async () => {
    auth = open({ hashing: { concurrency: 1, maxWaiting: 1 } })
    const burst = await Promise.all(Array.from({ length: 5 }, () => login('correct horse')))
    expect(burst.filter((result) => 'code' in result)).toEqual(
      Array(3).fill({ code: 'server-busy', retryAfter: 1 }),
    )
  })

  it('renews as long as the account exists, and tells of an end', async () => {
    const ended: string[] = []
    auth = open({ onSessionEnd: (id) => ended.push(id) })
    const signedIn = await login('correct horse')
    if (!('user' in signedIn)) throw new Error(signedIn.code)
    const renewed = await auth.refresh(signedIn.refreshToken!)
    if (!renewed.ok) throw new Error(renewed.error.code)
    expect(renewed.value.user.id).toBe('pat-morgan')
    const claims = auth.verifyAccessToken(renewed.value.accessToken)
    users = []
    expect(await auth.refresh(renewed.value.refreshToken!)).toEqual({
      ok: false,
      error: { code: 'session-ended' },
    })
    await auth.logout(signedIn.refreshToken!)
    expect(ended).toEqual([claims.ok && claims.value.session])
  })

  it('refuses the access tokens of a session that has ended, and those alone', async () => {
    const one = await login('correct horse')
    const other = await login('correct horse')
    if (!('user' in one && 'user' in other)) throw new Error('not signed in')
    const atTheEnd: boolean[] = []
    auth = open({
      onSessionEnd: () => atTheEnd.push(auth.verifyAccessToken(one.accessToken).ok),
    })
    await auth.open()
    expect(auth.verifyAccessToken(one.accessToken).ok).toBe(true)
    await auth.logout(one.refreshToken!)
    const refused = { ok: false, error: { code: 'session-ended' } }
    expect(atTheEnd).toEqual([false])
    expect(auth.verifyAccessToken(one.accessToken)).toEqual(refused)
    expect(auth.verifyAccessToken(other.accessToken).ok).toBe(true)
    time += 5 * 60_000
    await auth.logout(other.refreshToken!)
    expect(auth.verifyAccessToken(one.accessToken)).toEqual(refused)
    expect(auth.verifyAccessToken(other.accessToken)).toEqual(refused)
  })
})

it('lets a person sign in only so often with success, and says how long to wait', async () => {
  const device = { address, method: 'passkey' } as const
  const attempts = Array.from({ length: SIGN_IN_PACE.burst }, () => auth.signIn(pat.id, device))
  expect((await Promise.all(attempts)).every(({ ok }) => ok)).toBe(true)
  const tip = await store.auditTip()
  expect(await auth.signIn(pat.id, device)).toEqual({
    ok: false,
    error: { code: 'too-many-attempts', retryAfter: 2 },
  })
  expect(await store.auditTip()).toEqual(tip)
  elapsed += 2_000
  expect((await auth.signIn(pat.id, device)).ok).toBe(true)
  expect((await auth.signIn(pat.id, device)).ok).toBe(false)
})
