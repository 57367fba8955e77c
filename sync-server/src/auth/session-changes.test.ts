import { parseDeviceId, parseUserId } from '@wardline/core/base/ids'
import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryDisk, MemoryStore } from '../storage/memory-store.ts'
import { StoreError } from '../storage/store-error.ts'
import type { NewSession, OpenSession } from './session-changes.ts'
import { REFRESH_LIFETIME } from './session-record.ts'
import { Sessions } from './sessions.ts'
import { MAX_REMOVED, MAX_SESSIONS } from './user-sessions.ts'

const DAY = 86_400_000
const pat = parseUserId('pat-morgan')!
const sam = parseUserId('sam-lee')!
const phone = parseDeviceId('phone001')!
let time = 0
let disk: MemoryDisk
let store: MemoryStore
let sessions: Sessions
let ended: string[]

beforeEach(async () => {
  time = Date.UTC(2026, 0, 1)
  disk = new MemoryDisk()
  ended = []
  await restart()
})

const restart = async (): Promise<void> => {
  store = new MemoryStore({ disk })
  sessions = new Sessions({
    store,
    now: () => time,
    rotationKey: new Uint8Array(32),
    onEnd: (id) => ended.push(id),
  })
  await sessions.open()
}

const begin = async (more: Partial<NewSession> = {}): Promise<OpenSession> => {
  const session = { userId: pat, address: '127.0.0.1', method: 'password', ...more } as const
  const begun = await sessions.begin(session)
  if (!begun.ok) throw new Error(begun.error.code)
  return begun.value
}
const renew = async (open: OpenSession): Promise<string> => {
  const renewed = await sessions.renew(open.refreshToken!)
  return renewed.ok ? 'ok' : renewed.error.code
}
const ids = async (user = pat): Promise<string[]> => [...(await sessions.of(user)).keys()]
const audit = async (): Promise<{ action: string; details?: object }[]> => {
  const found = []
  for await (const { text } of store.readAudit()) found.push(JSON.parse(text))
  return found
}

describe('the sessions of a person', () => {
  it('are those that have begun and not ended, and of nobody else', async () => {
    const one = await begin()
    const two = await begin()
    await begin({ userId: sam })
    expect(await ids()).toEqual([one.session.id, two.session.id])
    await sessions.end(one.refreshToken!)
    expect(await ids()).toEqual([two.session.id])
  })

  it('are a bounded number: the one that was seen longest ago makes room', async () => {
    const all: OpenSession[] = []
    for (let i = 0; i < MAX_SESSIONS; i++) all.push(await begin())
    time += 60_000
    for (const each of all) if (each !== all[7]) expect(await renew(each)).toBe('ok')
    const others = await begin({ userId: sam })
    expect(ended).toEqual([])
    await begin()
    expect(ended).toEqual([all[7]!.session.id])
    expect((await ids()).length).toBe(MAX_SESSIONS)
    expect(await renew(all[7]!)).toBe('session-ended')
    expect(await renew(others)).toBe('ok')
  })

  it('stay a bounded number when many begin at once', async () => {
    await Promise.all(Array.from({ length: 3 * MAX_SESSIONS }, () => begin()))
    expect((await ids()).length).toBe(MAX_SESSIONS)
    expect((await store.listRecords('session/')).length).toBe(MAX_SESSIONS)
    expect(sessions.live.size).toBe(MAX_SESSIONS)
  })

  it('have one for each device: signing in again takes the place of the one before', async () => {
    const before = await begin({ device: phone })
    const other = await begin()
    const theirs = await begin({ userId: sam, device: phone })
    const now = await begin({ device: phone })
    expect(ended).toEqual([before.session.id])
    expect(await ids()).toEqual([other.session.id, now.session.id])
    expect(await renew(theirs)).toBe('ok')
  })

  it('keep what the device calls itself, cleaned, and how it signed in', async () => {
    await begin({ deviceName: '  Chrome\n on\u202e Android ', method: 'passkey' })
    await begin({ deviceName: 'x'.repeat(500) })
    await begin({ deviceName: ' \u200b ' })
    const found = [...(await sessions.of(pat)).values()]
    expect(found.map(({ name }) => name)).toEqual(['Chrome on Android', 'x'.repeat(80), null])
    expect(found.map(({ method }) => method)).toEqual(['passkey', 'password', 'password'])
  })

  it('of before are found at the start, though nothing said whose they were', async () => {
    const old = await begin()
    const index = await store.getRecord('sessions-of/pat-morgan')
    await store.commit({
      records: [{ key: index!.key, value: null, expect: index!.version }],
    })
    await restart()
    expect(await ids()).toEqual([old.session.id])
    expect(sessions.live.has(old.session.id)).toBe(true)
    expect(await renew(old)).toBe('ok')
  })
})

describe('a store that fails', () => {
  it('is read again when it has recovered: what it holds counts', async () => {
    let failing: 'before' | 'after' | undefined
    store = new MemoryStore({ disk })
    const commit = store.commit.bind(store)
    store.commit = async (change) => {
      if (failing === 'before') throw new StoreError('STORE_UNAVAILABLE', 'disk full')
      const done = await commit(change)
      if (failing === 'after') throw new StoreError('STORE_UNAVAILABLE', 'disk full')
      return done
    }
    sessions = new Sessions({ store, now: () => time, rotationKey: new Uint8Array(32) })
    const [one, two] = [await begin(), await begin()]
    const by = { actor: pat, reason: 'removed' } as const
    failing = 'before'
    await expect(sessions.endOne(one.session.id, by)).rejects.toThrow('disk full')
    failing = 'after'
    await expect(sessions.endOne(two.session.id, by)).rejects.toThrow('disk full')
    failing = undefined
    await sessions.open()
    expect([one, two].map(({ session }) => sessions.live.has(session.id))).toEqual([true, false])
    expect(await renew(one)).toBe('ok')
    expect(await renew(two)).toBe('device-removed-by-clinic')
  })

  it('that lost the list of somebody’s sessions to damage lets them sign in, and ends all', async () => {
    const one = await begin()
    const getRecord = store.getRecord.bind(store)
    let damaged = true
    store.getRecord = async (key) => {
      if (damaged && key.startsWith('sessions-of/')) throw new StoreError('STORE_CORRUPT', key)
      return getRecord(key)
    }
    const two = await begin()
    damaged = false
    expect(await ids()).toEqual([one.session.id, two.session.id])
    damaged = true
    const ends = await sessions.endsOf(pat, { actor: 'server', reason: 'closed' })
    expect(ends).toEqual({ ok: true, value: 2 })
  })
})

describe('ending sessions', () => {
  it('of somebody ends all but one, in one commit with one line', async () => {
    const here = await begin()
    const there = [await begin(), await begin()]
    const theirs = await begin({ userId: sam })
    const { session } = here
    const by = { actor: pat, reason: 'removed-self', except: session.id } as const
    expect(await sessions.endsOf(pat, by)).toEqual({ ok: true, value: 2 })
    expect(ended).toEqual(there.map((each) => each.session.id))
    expect(await renew(here)).toBe('ok')
    expect(await renew(theirs)).toBe('ok')
    expect((await audit()).at(-1)).toMatchObject({
      actor: 'pat-morgan',
      action: 'session.ended',
      subject: 'pat-morgan',
      details: { reason: 'removed-self', sessions: ended },
    })
  })

  it('says to the device what became of it, over restarts, as long as it may come', async () => {
    const told = [
      ['removed-self', 'device-removed'],
      ['removed', 'device-removed-by-clinic'],
      ['disabled', 'device-removed-by-clinic'],
      ['closed', 'device-removed-by-clinic'],
      ['password', 'session-ended'],
      ['reset', 'session-ended'],
    ] as const
    for (const [reason, code] of told) {
      const open = await begin()
      expect(await sessions.endOne(open.session.id, { actor: 'server', reason })).toEqual({
        ok: true,
        value: true,
      })
      for (let start = 0; start < 2; start++) {
        expect(await renew(open)).toBe(code)
        expect(sessions.live.has(open.session.id)).toBe(false)
        await restart()
      }
    }
    time += REFRESH_LIFETIME
    await sessions.removeExpired()
    expect((await store.listRecords('ended/')).length).toBe(4)
    time += DAY
    await sessions.removeExpired()
    expect(await store.listRecords('ended/')).toEqual([])
    expect((await store.getRecord('sessions-of/pat-morgan'))?.value).toEqual({
      sessions: [],
      removed: [],
    })
  })

  it('remembers a bounded number of removed devices, the latest', async () => {
    const all: OpenSession[] = []
    for (let i = 0; i < MAX_REMOVED + 3; i++) {
      all.push(await begin())
      await sessions.endOne(all[i]!.session.id, { actor: pat, reason: 'removed-self' })
    }
    expect((await store.listRecords('ended/')).length).toBe(MAX_REMOVED)
    expect(await renew(all[2]!)).toBe('session-ended')
    expect(await renew(all[3]!)).toBe('device-removed')
  })

  it('twice at once ends it once', async () => {
    const { session } = await begin()
    const by = { actor: pat, reason: 'removed-self' } as const
    const both = await Promise.all([
      sessions.endOne(session.id, by),
      sessions.endOne(session.id, by),
    ])
    expect(both).toContainEqual({ ok: true, value: true })
    expect(both).toContainEqual({ ok: true, value: false })
    expect(ended).toEqual([session.id])
    expect((await audit()).filter(({ action }) => action === 'session.ended').length).toBe(1)
  })

  it('holds against a device that renews at the same moment', async () => {
    for (let i = 0; i < 20; i++) {
      const open = await begin()
      const by = { actor: pat, reason: 'removed-self' } as const
      const [renewed] = await Promise.all([
        sessions.renew(open.refreshToken!),
        sessions.endOne(open.session.id, by),
      ])
      expect(sessions.live.has(open.session.id)).toBe(false)
      if (renewed.ok) expect(await renew(renewed.value)).toBe('device-removed')
      expect(await renew(open)).toBe('device-removed')
      await restart()
      expect(sessions.live.has(open.session.id)).toBe(false)
    }
  })

  it('of somebody leaves none that begins at the same moment with what was good before', async () => {
    for (let i = 0; i < 20; i++) {
      let mayBegin = true
      const check = async () => {
        await new Promise((resolve) => setImmediate(resolve))
        return mayBegin
          ? ({ ok: true, value: undefined } as const)
          : ({ ok: false, error: { code: 'bad-credentials' } } as const)
      }
      const racing = sessions.begin({ userId: pat, address: '', method: 'password' }, check)
      mayBegin = false
      // As those do who store it with other things, and do not wait for their turn.
      const ends = await sessions.changes.ends(pat, { actor: 'server', reason: 'disabled' })
      const { kind } = await store.commit({ records: ends.records, audit: ends.audit })
      if (kind === 'committed') ends.done()
      else await sessions.endsOf(pat, { actor: 'server', reason: 'disabled' })
      await racing
      expect(await ids()).toEqual([])
      expect(sessions.live.size).toBe(0)
    }
  })

  it('and beginning one are one commit where both belong to something else', async () => {
    const before = await begin()
    const prepared = await sessions.changes.begin({
      userId: pat,
      address: '',
      method: 'link',
      ending: { actor: pat, reason: 'reset' },
    })
    const records = [...prepared.records, { key: 'link/x', value: { used: true }, expect: 0 }]
    expect(await renew(before)).toBe('ok')
    expect((await store.commit({ records, audit: prepared.audit })).kind).toBe('committed')
    const { session } = prepared.done()
    expect(ended).toEqual([before.session.id])
    expect(await ids()).toEqual([session.id])
    expect(sessions.live.has(session.id)).toBe(true)
    expect(sessions.live.has(before.session.id)).toBe(false)
  })

  it.each([-1, 1])('is for good with a clock that is an hour off (%i)', async (sign) => {
    const open = await begin()
    time += sign * 3_600_000
    await renew(open)
    await sessions.endOne(open.session.id, { actor: 'server', reason: 'removed' })
    for (const step of [0, -sign * 3_600_000, 3_600_000, -3_600_000, REFRESH_LIFETIME - DAY]) {
      time += step
      await sessions.removeExpired()
      expect(sessions.live.has(open.session.id)).toBe(false)
      expect(await renew(open)).toBe('device-removed-by-clinic')
      await restart()
    }
  })
})
