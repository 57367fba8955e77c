/** A person's devices over HTTP: who sees and ends which, and what becomes of those. */
import { DEMO_PASSWORD } from '@wardline/sync-server/cli/demo-clinic'
import type { RunningServer } from '@wardline/sync-server/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ApiContract } from '../support/api-contract.ts'
import { ALL_GOOD, type HeldSession, holdSession, tryAll } from '../support/ended-session.ts'
import { type Call, caller, type Witness } from '../support/http-caller.ts'
import { newBrowserKeys, PushReceiver } from '../support/push-receiver.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const contract = new ApiContract()
const witness: Witness = (method, path, { status, headers, body }) =>
  expect(contract.problem({ method, path, status, headers, body })).toBe(undefined)

let dataDir: string
let server: RunningServer
beforeEach(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
})
afterEach(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

const hold = (name?: string, who = 'pat', password = DEMO_PASSWORD) =>
  holdSession(server.url, `${who}@demo.clinic`, password, name)
const as = ({ token }: HeldSession): Call => caller(server.url, token, witness)
const list = async (held: HeldSession) => (await as(held)('GET', '/api/auth/devices')).body.devices
const codeOf = ({ body }: { body: { error?: { code: string } } }) => body.error?.code
const auditOf = async (action: string) => {
  const found = []
  for await (const { text } of server.store.readAudit()) {
    const line = JSON.parse(text)
    if (line.action === action) found.push(line)
  }
  return found
}

describe('the list of devices', () => {
  it('has those that one is signed in on, with their names, and says which asks', async () => {
    const phone = await hold('Chrome on Android')
    const laptop = await hold()
    await hold('Firefox on Linux', 'sam')
    const devices = await list(phone)
    expect(devices.map(({ id }: { id: string }) => id).sort()).toEqual([phone.id, laptop.id].sort())
    expect(devices).toContainEqual({
      id: phone.id,
      name: 'Chrome on Android',
      method: 'password',
      signedInAt: expect.any(Number),
      seenAt: expect.any(Number),
      current: true,
    })
    expect(devices).toContainEqual(
      expect.objectContaining({ id: laptop.id, name: null, current: false }),
    )
    // Nothing of where they are.
    expect(JSON.stringify(devices)).not.toContain('127.0.0.1')
  })

  it('takes another name, which a renewal keeps', async () => {
    const phone = await hold('Chrome on Android')
    const path = `/api/auth/devices/${phone.id}`
    expect((await as(phone)('PATCH', path, { name: ' Anna’s\nphone ' })).status).toBe(204)
    const refreshed = await caller(server.url, undefined, witness)(
      'POST',
      '/api/auth/refresh',
      undefined,
      { cookie: phone.cookie },
    )
    expect(refreshed.status).toBe(200)
    expect(await list(phone)).toMatchObject([{ name: 'Anna’s phone' }])
    for (const name of ['', ' ', '\u200b'])
      expect(codeOf(await as(phone)('PATCH', path, { name }))).toBe('bad-request')
  })

  it('costs a write for each renewal, and none for asking again at once', async () => {
    const { cookie } = await hold()
    const anonymous = caller(server.url, undefined, witness)
    const before = server.store.lastSeq()
    await anonymous('POST', '/api/auth/refresh?keep=true', undefined, { cookie })
    expect(server.store.lastSeq()).toBe(before)
    await anonymous('POST', '/api/auth/refresh', undefined, { cookie })
    expect(server.store.lastSeq()).toBe(before + 1)
  })
})

describe('removing a device', () => {
  it('is for one’s own alone', async () => {
    const pat = await hold()
    const sam = await hold(undefined, 'sam')
    for (const id of [sam.id, 'x', '%00', 'x'.repeat(2000)]) {
      const path = `/api/auth/devices/${id}`
      expect(codeOf(await as(pat)('DELETE', path))).toBe('device-not-found')
      expect(codeOf(await as(pat)('PATCH', path, { name: 'mine' }))).toBe('device-not-found')
    }
    expect(await tryAll(server.url, sam)).toEqual(ALL_GOOD)
    expect(codeOf(await caller(server.url, undefined, witness)('GET', '/api/auth/devices'))).toBe(
      'unauthenticated',
    )
  })

  it('happens once, however many ask at once, with one line in the audit trail', async () => {
    const here = await hold()
    const there = await hold()
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => as(here)('DELETE', `/api/auth/devices/${there.id}`)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404])
    expect(await auditOf('session.ended')).toMatchObject([
      {
        actor: 'pat-morgan',
        subject: 'pat-morgan',
        details: { reason: 'removed-self', sessions: [there.id] },
      },
    ])
  })

  it('by each other at once leaves none of the two', async () => {
    const one = await hold()
    const two = await hold()
    await Promise.all([
      as(one)('DELETE', `/api/auth/devices/${two.id}`),
      as(two)('DELETE', `/api/auth/devices/${one.id}`),
    ])
    const verdicts = await Promise.all([one, two].map((each) => tryAll(server.url, each)))
    const gone = { http: 'session-ended', cookie: 'device-removed', socket: '4401', sync: '4401' }
    // One may have been out before it asked.
    expect(verdicts).toContainEqual(gone)
    for (const verdict of verdicts) expect([ALL_GOOD, gone]).toContainEqual(verdict)
  })

  it('ends its notifications', async () => {
    const service = await PushReceiver.start()
    try {
      const here = await hold()
      const there = await hold()
      const target = { endpoint: `${service.origin}/push/there`, keys: newBrowserKeys().json }
      expect((await as(there)('PUT', '/api/push/subscription', target)).status).toBe(204)
      expect((await server.store.listRecords('push/')).length).toBe(1)
      await as(here)('DELETE', `/api/auth/devices/${there.id}`)
      await expect.poll(() => server.store.listRecords('push/')).toEqual([])
      expect(codeOf(await as(there)('PUT', '/api/push/subscription', target))).toBe('session-ended')
    } finally {
      await service.close()
    }
  })
})

describe('signing out everywhere', () => {
  it('ends all of one’s own, and clears the cookie of who asks', async () => {
    const held = [await hold(), await hold(), await hold()]
    const sam = await hold(undefined, 'sam')
    const answer = await as(held[1]!)('POST', '/api/auth/sign-out-everywhere')
    expect(answer.status).toBe(204)
    expect(answer.headers.getSetCookie()[0]).toMatch(/^wardline-refresh=; Max-Age=0/)
    for (const each of held)
      expect(await tryAll(server.url, each)).toEqual({
        http: 'session-ended',
        cookie: 'device-removed',
        socket: '4401',
        sync: '4401',
      })
    expect(await tryAll(server.url, sam)).toEqual(ALL_GOOD)
    expect((await auditOf('session.ended')).length).toBe(1)
  })
})

describe('changing the password', () => {
  const next = 'seven lanterns above the harbour'
  const change = (held: HeldSession, body: object) => as(held)('PUT', '/api/auth/password', body)

  it('ends the other sessions, and counts from then on', async () => {
    const here = await hold()
    const there = await hold()
    expect((await change(here, { current: DEMO_PASSWORD, next })).status).toBe(204)
    expect(await tryAll(server.url, here)).toEqual(ALL_GOOD)
    expect(await tryAll(server.url, there)).toMatchObject({ http: 'session-ended', socket: '4401' })
    await expect(hold()).rejects.toThrow('bad-credentials')
    await hold(undefined, 'pat', next)
    expect(await auditOf('password.changed')).toMatchObject([{ actor: 'pat-morgan' }])
    expect(await auditOf('session.ended')).toMatchObject([{ details: { sessions: [there.id] } }])
  })

  it('is refused with the wrong one, and guessing is slowed down', async () => {
    const here = await hold()
    const codes = []
    for (let i = 0; i < 11; i++) {
      const answer = await change(here, { current: `wrong ${i}`, next })
      codes.push(codeOf(answer))
    }
    expect(codes).toEqual([...Array(10).fill('wrong-password'), 'too-many-attempts'])
    expect((await auditOf('password.refused')).length).toBe(10)
    expect(codeOf(await change(here, { current: DEMO_PASSWORD, next }))).toBe('too-many-attempts')
  })

  it('is refused for one that nobody should have, so often and no more', async () => {
    const here = await hold()
    const current = DEMO_PASSWORD
    expect(codeOf(await change(here, { current, next: 'short' }))).toBe('password-too-short')
    expect(codeOf(await change(here, { current, next: 'pat morgan 1984' }))).toBe(
      'password-easy-to-guess',
    )
    expect(codeOf(await change(here, { current, next: 'x'.repeat(300) }))).toBe('bad-request')
    expect(codeOf(await change(here, { current }))).toBe('bad-request')
    await hold()
    const codes = []
    for (let i = 0; i < 20; i++) codes.push(codeOf(await change(here, { current, next: 'short' })))
    const tried = codes.filter((code) => code === 'password-too-short').length
    // Two were above, and the bucket fills while this goes on.
    expect(tried).toBeGreaterThanOrEqual(18)
    expect(tried).toBeLessThan(20)
    expect(codes.at(-1)).toBe('too-many-attempts')
    // Others are not held up, and nor is signing in.
    expect((await change(await hold(undefined, 'sam'), { current, next })).status).toBe(204)
    await hold()
  })

  it('by two at once is done once', async () => {
    const [one, two] = [await hold(), await hold()]
    const answers = await Promise.all([
      change(one, { current: DEMO_PASSWORD, next }),
      change(two, { current: DEMO_PASSWORD, next: `${next} tonight` }),
    ])
    expect(answers.filter(({ status }) => status === 204).length).toBe(1)
    expect((await auditOf('password.changed')).length).toBe(1)
  })
})
