import { createECDH } from 'node:crypto'
import { beforeEach, expect, it } from 'vitest'
import { MemoryStore } from '../storage/memory-store.ts'
import { ada, pat } from '../sync/sync-test-kit.ts'
import { type PushTarget, targetSchema } from './subscription.ts'
import { MAX_SUBSCRIPTIONS, Subscriptions } from './subscriptions.ts'

let store: MemoryStore
let time = 0
let ended: Set<string>
let subscriptions: Subscriptions

beforeEach(() => {
  store = new MemoryStore()
  time = 1_000
  ended = new Set()
  subscriptions = open()
})
const open = () =>
  new Subscriptions({ store, isLive: async (session) => !ended.has(session), now: () => time++ })

const target = (name: string): PushTarget => ({
  endpoint: `https://push.example.com/${name}`,
  keys: { p256dh: 'key', auth: 'secret' },
})
const sessionsOf = async (user: typeof pat) =>
  (await subscriptions.of(user)).map(({ session }) => session).sort()
const recordCount = async () =>
  (await store.listRecords('push/')).length + (await store.listRecords('push-endpoint/')).length

it('keeps one for each session, over a restart', async () => {
  await subscriptions.put({ user: pat, session: 's1' }, target('a'))
  await subscriptions.put({ user: pat, session: 's1' }, target('b'))
  await subscriptions.put({ user: ada, session: 's2' }, target('c'))
  subscriptions = open()
  expect(await subscriptions.of(pat)).toMatchObject([{ session: 's1', ...target('b') }])
  expect(await recordCount()).toBe(4)
})

it('makes room by what was renewed longest ago', async () => {
  for (let i = 0; i <= MAX_SUBSCRIPTIONS; i++) {
    await subscriptions.put({ user: pat, session: `s${i}` }, target(`e${i}`))
    if (i === 1) await subscriptions.put({ user: pat, session: 's0' }, target('e0'))
  }
  const sessions = await sessionsOf(pat)
  expect(sessions.length).toBe(MAX_SUBSCRIPTIONS)
  expect(sessions).not.toContain('s1')
  expect(await recordCount()).toBe(2 * MAX_SUBSCRIPTIONS)
})

it('lets an endpoint belong to the last who came with it', async () => {
  await subscriptions.put({ user: pat, session: 's1' }, target('shared'))
  await subscriptions.put({ user: ada, session: 's2' }, target('shared'))
  expect([await sessionsOf(pat), await sessionsOf(ada)]).toEqual([[], ['s2']])
  await subscriptions.put({ user: ada, session: 's3' }, target('shared'))
  expect(await sessionsOf(ada)).toEqual(['s3'])
  expect(await recordCount()).toBe(2)
})

it('takes none for a session that has ended, and removes what one leaves', async () => {
  ended.add('s1')
  expect(await subscriptions.put({ user: pat, session: 's1' }, target('a'))).toBe(false)
  expect(await recordCount()).toBe(0)
  expect(await subscriptions.put({ user: pat, session: 's2' }, target('a'))).toBe(true)
  ended.add('s2')
  expect(await subscriptions.clean()).toBe(1)
  expect(await recordCount()).toBe(0)
})

it('does not remove what replaced an address that is gone', async () => {
  await subscriptions.put({ user: pat, session: 's1' }, target('old'))
  const [old] = await subscriptions.of(pat)
  await subscriptions.put({ user: pat, session: 's1' }, target('new'))
  await subscriptions.removeIfSame(old!)
  expect(await subscriptions.of(pat)).toMatchObject([target('new')])
})

it('reads from browsers only keys that one can encrypt for', () => {
  const curve = createECDH('prime256v1')
  curve.generateKeys()
  const p256dh = curve.getPublicKey('base64url')
  const auth = Buffer.alloc(16, 7).toString('base64url')
  const endpoint = 'https://push.example.com/x'
  const offCurve = Buffer.alloc(65, 4).toString('base64url')
  const reads = (keys: unknown) => targetSchema.safeParse({ endpoint, keys }).success
  expect(reads({ p256dh, auth })).toBe(true)
  expect(reads({ p256dh: offCurve, auth })).toBe(false)
  expect(reads({ p256dh: p256dh.slice(4), auth })).toBe(false)
  expect(reads({ p256dh, auth: auth.slice(4) })).toBe(false)
  expect(reads({ p256dh })).toBe(false)
  expect(reads(undefined)).toBe(false)
})
