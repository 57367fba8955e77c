import { parseDeviceId, parseUserId } from '@wardline/core/ids/ids'
import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryStore } from '../storage/memory-store.ts'
import { newRefreshToken, readRefreshToken, sessionIdOf } from './refresh-token.ts'
import {
  type OpenSession,
  REFRESH_LIFETIME,
  REUSE_GRACE,
  SESSION_LIFETIME,
  Sessions,
} from './sessions.ts'

const pat = parseUserId('pat-morgan')!
const device = parseDeviceId('laptop01')!
let time = 0
let store: MemoryStore
let sessions: Sessions
let ended: string[]

beforeEach(() => {
  time = Date.UTC(2026, 0, 1)
  store = new MemoryStore()
  ended = []
  sessions = new Sessions({
    store,
    now: () => time,
    rotationKey: new Uint8Array(32),
    onEnd: (id) => ended.push(id),
  })
})

const begin = async (): Promise<string> => {
  const { refreshToken } = await sessions.begin(pat, device, '127.0.0.1')
  return refreshToken!
}
const renew = async (token: string): Promise<OpenSession | string> => {
  const result = await sessions.renew(token)
  return result.ok ? result.value : result.error.code
}
const rotated = async (token: string): Promise<string> => {
  const open = await renew(token)
  if (typeof open === 'string') throw new Error(open)
  return open.refreshToken!
}
const actions = async (): Promise<string[]> => {
  const found: string[] = []
  for await (const { text } of store.readAudit()) found.push(JSON.parse(text).action)
  return found
}

describe('Sessions', () => {
  it('are renewed with a token that changes each time', async () => {
    const first = await begin()
    const second = await rotated(first)
    const third = await rotated(second)
    expect(new Set([first, second, third]).size).toBe(3)
    expect(await renew(third)).toMatchObject({ session: { userId: pat, device } })
  })

  it('keep no token in the store', async () => {
    const token = await rotated(await begin())
    const text = JSON.stringify(await store.listRecords(''))
    for (const part of token.split('.')) expect(text).not.toContain(part)
  })

  it('end when an old token comes again after its answer had arrived', async () => {
    const first = await begin()
    const second = await rotated(first)
    sessions.noteUse(sessionIdOf(readRefreshToken(first) ?? newRefreshToken()), time)
    time += REUSE_GRACE + 1
    expect(await renew(first)).toBe('session-reused')
    expect(await renew(second)).toBe('session-ended')
    expect(ended.length).toBe(1)
    expect(await actions()).toEqual(['login.succeeded', 'session.reused'])
  })

  it('survive an answer that was lost in a dead spot, however long that was', async () => {
    const first = await begin()
    const second = await rotated(first)
    time += 3_600_000
    expect(await rotated(first)).toBe(second)
    expect(await rotated(second)).not.toBe(second)
  })

  it('end at once for a token from before the last', async () => {
    const first = await begin()
    await rotated(await rotated(first))
    expect(await renew(first)).toBe('session-reused')
  })

  it('survive tabs that race: both get the same next token', async () => {
    const first = await begin()
    const [one, two] = await Promise.all([rotated(first), rotated(first)])
    expect(one).toBe(two)
    time += REUSE_GRACE
    expect(await rotated(first)).toBe(one)
    time += 1
    expect(await renew(one)).toMatchObject({ session: { userId: pat } })
  })

  it('survive a change of the key within the grace, without a new token', async () => {
    const first = await begin()
    await rotated(first)
    const other = new Sessions({ store, now: () => time, rotationKey: new Uint8Array(32).fill(1) })
    const again = await other.renew(first)
    expect(again).toMatchObject({ ok: true, value: { refreshToken: undefined } })
  })

  it('last thirty days from the last renewal', async () => {
    const first = await begin()
    time += REFRESH_LIFETIME - 1
    const second = await rotated(first)
    time += REFRESH_LIFETIME
    expect(await renew(second)).toBe('session-ended')
  })

  it('have an end however often they are renewed', async () => {
    let token = await begin()
    const start = time
    while (time + REFRESH_LIFETIME / 2 < start + SESSION_LIFETIME) {
      time += REFRESH_LIFETIME / 2
      token = await rotated(token)
    }
    time = start + SESSION_LIFETIME
    expect(await renew(token)).toBe('session-ended')
  })

  it('end on request, with any of their tokens', async () => {
    const first = await begin()
    const second = await rotated(first)
    await sessions.end(first)
    expect(await renew(second)).toBe('session-ended')
    expect(await actions()).toEqual(['login.succeeded', 'logout'])
    await sessions.end(first)
    await sessions.end('nonsense')
    expect(ended.length).toBe(1)
  })

  it('cannot be ended or renewed by who does not know the session', async () => {
    const token = await begin()
    const { session } = (await renew(token)) as OpenSession
    expect(await renew(`${session.id}.${'x'.repeat(43)}`)).toBe('session-ended')
    expect(await renew('')).toBe('session-ended')
    expect(ended).toEqual([])
  })

  it('are removed from the store when they are over', async () => {
    await begin()
    time += REFRESH_LIFETIME / 2
    await begin()
    time += REFRESH_LIFETIME / 2
    expect(await sessions.removeExpired()).toBe(1)
    expect((await store.listRecords('session/')).length).toBe(1)
  })
})
