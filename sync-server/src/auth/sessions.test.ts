import { parseUserId } from '@wardline/core/base/ids'
import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryStore } from '../storage/memory-store.ts'
import type { OpenSession } from './session-changes.ts'
import { REFRESH_LIFETIME, SESSION_LIFETIME } from './session-record.ts'
import { KEEP_GRACE, REUSE_GRACE } from './session-renewal.ts'
import { Sessions } from './sessions.ts'

const pat = parseUserId('pat-morgan')!
let time = 0
let store: MemoryStore
let sessions: Sessions
let ended: string[]

beforeEach(() => {
  time = Date.UTC(2026, 0, 1)
  store = new MemoryStore()
  ended = []
  sessions = open()
})

const open = (): Sessions =>
  new Sessions({
    store,
    now: () => time,
    rotationKey: new Uint8Array(32),
    onEnd: (id) => ended.push(id),
  })

const begin = async (): Promise<string> => {
  const begun = await sessions.begin({ userId: pat, address: '127.0.0.1', method: 'password' })
  if (!begun.ok) throw new Error(begun.error.code)
  return begun.value.refreshToken!
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
    expect(await renew(third)).toMatchObject({ session: { userId: pat } })
  })

  it('keep no token in the store', async () => {
    const token = await rotated(await begin())
    const text = JSON.stringify(await store.listRecords(''))
    for (const part of token.split('.')) expect(text).not.toContain(part)
  })

  it('end when a token comes again after what followed it was used', async () => {
    const first = await begin()
    const second = await rotated(first)
    await rotated(second)
    time += REUSE_GRACE + 1
    expect(await renew(first)).toBe('session-reused')
    expect(await renew(second)).toBe('session-ended')
    expect(ended.length).toBe(1)
    expect(await actions()).toEqual(['login.succeeded', 'session.reused'])
  })

  it('survive an answer that was lost, or a cookie that was not kept, however long ago', async () => {
    const first = await begin()
    for (let kill = 0; kill < 20; kill++) {
      await rotated(first)
      time += [500, REUSE_GRACE + 1, 3_600_000][kill % 3] ?? 0
    }
    const kept = await rotated(first)
    time += 600_000
    expect(await renew(await rotated(kept))).toMatchObject({ session: { userId: pat } })
    expect(ended).toEqual([])
  })

  it('survive that over a restart of the server', async () => {
    const first = await begin()
    await rotated(first)
    time += 3_600_000
    sessions = open()
    expect(await renew(await rotated(first))).toMatchObject({ session: { userId: pat } })
  })

  it('end for both when two have copies: the same token is not given to both for long', async () => {
    const stolen = await begin()
    const owners = await rotated(stolen)
    time += REUSE_GRACE + 1
    const thiefs = await rotated(stolen)
    expect(thiefs).not.toBe(owners)
    const next = await rotated(thiefs)
    sessions = open()
    expect(await renew(owners)).toBe('session-reused')
    expect(await renew(next)).toBe('session-ended')
    expect(ended.length).toBe(1)
  })

  it('end for both as soon as each has come twice, in whichever order', async () => {
    for (let order = 0; order < 2 ** 6; order++) {
      const token = await begin()
      const held = [token, token]
      const came = [0, 0]
      let over = false
      for (let step = 0; step < 6 && !over; step++) {
        const who = (order >> step) & 1
        came[who]!++
        time += REUSE_GRACE + 1 + step * 300_000
        const outcome = await renew(held[who]!)
        over = typeof outcome === 'string'
        if (typeof outcome !== 'string') held[who] = outcome.refreshToken!
      }
      if (Math.min(...came) >= 2) expect(over, `order ${order}`).toBe(true)
    }
  })

  it('take the record of before, in which one token alone could follow', async () => {
    const first = await begin()
    const second = await rotated(first)
    const [record] = await store.listRecords('session/')
    const { successors: _, ...old } = record!.value as { successors: number; current: string[] }
    const value = { ...old, current: old.current[0]! }
    await store.commit({ records: [{ key: record!.key, value, expect: record!.version }] })
    expect(await rotated(first)).toBe(second)
    expect(await renew(second)).toMatchObject({ session: { userId: pat } })
  })

  it('keep a token that was issued a moment ago, when the client asks for that', async () => {
    const first = await begin()
    const second = await rotated(first)
    time += 5_000
    expect(await sessions.renew(second, true)).toMatchObject({ value: { refreshToken: undefined } })
    // The browser is killed, and has neither.
    time += 3_600_000
    const third = await rotated(first)
    time += KEEP_GRACE + 1
    const kept = await sessions.renew(third, true)
    expect(kept.ok && kept.value.refreshToken).toMatch(/\./)
  })

  it('are not held longer for having begun while the clock ran ahead', async () => {
    const right = time
    time = right + 3650 * 86_400_000
    const token = await begin()
    time = right
    expect(await sessions.removeExpired()).toBe(0)
    time = right + REFRESH_LIFETIME - 1
    expect(await renew(token)).toMatchObject({ session: { userId: pat } })
    time = right + SESSION_LIFETIME
    expect(await sessions.removeExpired()).toBe(1)
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

  it('survive a change of the key: whichever of the two tokens comes next is right', async () => {
    const first = await begin()
    const second = await rotated(first)
    const other = new Sessions({ store, now: () => time, rotationKey: new Uint8Array(32).fill(1) })
    const again = await other.renew(first)
    expect(again.ok && again.value.refreshToken).not.toBe(second)
    expect(await renew(second)).toMatchObject({ session: { userId: pat } })
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
