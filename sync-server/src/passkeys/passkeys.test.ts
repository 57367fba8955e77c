import { parseUserId } from '@wardline/core/base/ids'
import { beforeEach, describe, expect, it } from 'vitest'
import { sessionKey } from '../auth/session-record.ts'
import type { User } from '../directory/user.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { afterRead } from '../storage/test-meanwhile.ts'
import { addingOf, MAX_PASSKEYS, Passkeys } from './passkeys.ts'
import { TestAuthenticator } from './test-authenticator.ts'

const origin = 'https://chat.clinic.example'
const visit = { origin, address: '10.0.0.1' }
const pat: User = {
  id: parseUserId('pat-morgan')!,
  name: 'Pat Morgan',
  role: 'patient',
  roles: ['patient'],
  status: 'active',
  email: 'pat@demo.clinic',
  stamp: 0,
}
let time = 0
let store: MemoryStore
let passkeys: Passkeys

beforeEach(async () => {
  time = Date.UTC(2026, 0, 1)
  store = new MemoryStore()
  await store.commit({ records: [{ key: sessionKey('one'), value: {} }] })
  const clock = { now: () => time, elapsed: () => time }
  passkeys = new Passkeys({ store, clock, clinic: () => 'Hillside' })
})

const add = async (authenticator = new TestAuthenticator(), more = {}) => {
  const { challenge } = await passkeys.creationOptions(pat, addingOf(pat.id), visit)
  const answer = authenticator.create({ challenge, origin, ...more })
  const added = await passkeys.add(pat.id, origin, { answer, name: 'Phone' }, 'one')
  return added.ok ? added.value : added.error.code
}
const identify = async (authenticator: TestAuthenticator, more = {}, from = visit) => {
  const { challenge } = await passkeys.signInOptions(visit)
  const answer = authenticator.get({ challenge, origin, ...more })
  const used = await passkeys.identify(answer, from)
  if (!used.ok) return used.error.code
  await store.commit({ records: used.value.records })
  return used.value.user
}
const actions = async (): Promise<string[]> => {
  const found: string[] = []
  for await (const { text } of store.readAudit()) found.push(JSON.parse(text).action)
  return found
}

describe('passkeys', () => {
  it('sign in who made them, and say when they were used', async () => {
    const phone = new TestAuthenticator()
    expect(await add(phone)).toMatchObject({
      name: 'Phone',
      usedAt: null,
      host: 'chat.clinic.example',
    })
    time += 5
    expect(await identify(phone)).toBe(pat.id)
    expect(await passkeys.list(pat.id)).toMatchObject([{ name: 'Phone', usedAt: time, counter: 1 }])
    expect(await identify(phone)).toBe(pat.id)
    expect(await actions()).toEqual(['passkey.added'])
  })

  it('are not added by a session that ends at that moment', async () => {
    const end = () => store.commit({ records: [{ key: sessionKey('one'), value: null }] })
    const wasRead = afterRead(store, sessionKey('one'), 1, end)
    expect(await add()).toBe('session-ended')
    expect(await wasRead()).toBe(true)
    expect(await passkeys.list(pat.id)).toEqual([])
  })

  it('ask for a person to be verified, and for a key that the browser finds by itself', async () => {
    const options = await passkeys.creationOptions(pat, 'x', visit)
    expect(options).toMatchObject({
      rp: { id: 'chat.clinic.example', name: 'Hillside' },
      user: { name: 'pat@demo.clinic', displayName: 'Pat Morgan' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      excludeCredentials: [],
    })
    // Nothing of the person is in it.
    expect(Buffer.from(options.user.id, 'base64url').toString()).not.toContain('pat')
    expect(await passkeys.signInOptions(visit)).toMatchObject({
      userVerification: 'required',
      rpId: 'chat.clinic.example',
    })
  })

  it('are refused without a check of the person, from another page, or for another challenge', async () => {
    expect(await add(new TestAuthenticator(), { verified: false })).toBe('passkey-refused')
    expect(await add(new TestAuthenticator(), { origin: 'https://evil.example' })).toBe(
      'passkey-refused',
    )
    expect(await add(new TestAuthenticator(), { challenge: 'bWFkZSB1cA' })).toBe('passkey-refused')
    const phone = new TestAuthenticator()
    await add(phone)
    expect(await identify(phone, { verified: false })).toBe('passkey-refused')
    expect(await identify(phone, { origin: 'https://evil.example' })).toBe('passkey-refused')
    expect(await identify(phone, {}, { ...visit, origin: 'https://other.example' })).toBe(
      'passkey-refused',
    )
    expect(await identify(phone, { challenge: 'bWFkZSB1cA' })).toBe('passkey-refused')
    expect(await identify(new TestAuthenticator())).toBe('passkey-refused')
    expect(await identify(phone)).toBe(pat.id)
  })

  it('take an answer once', async () => {
    const phone = new TestAuthenticator()
    await add(phone)
    const { challenge } = await passkeys.signInOptions(visit)
    const answer = phone.get({ challenge, origin })
    expect(await passkeys.identify(answer, visit)).toMatchObject({ ok: true })
    expect(await passkeys.identify(answer, visit)).toMatchObject({ ok: false })
    // One that was asked for to add a passkey signs nobody in.
    const adding = await passkeys.creationOptions(pat, addingOf(pat.id), visit)
    const crossed = phone.get({ challenge: adding.challenge, origin })
    expect(await passkeys.identify(crossed, visit)).toMatchObject({ ok: false })
  })

  it('whose count of uses goes back are refused, and that is written down', async () => {
    const phone = new TestAuthenticator()
    await add(phone)
    expect(await identify(phone, { counter: 7 })).toBe(pat.id)
    for (const counter of [7, 3, 0])
      expect(await identify(phone, { counter })).toBe('passkey-refused')
    expect(await identify(phone, { counter: 8 })).toBe(pat.id)
    expect(await actions()).toEqual(['passkey.added', ...Array(3).fill('passkey.copied')])
  })

  it('that never count are taken', async () => {
    const phone = new TestAuthenticator()
    await add(phone)
    for (let i = 0; i < 3; i++) expect(await identify(phone, { counter: 0 })).toBe(pat.id)
  })

  it('are no two of one authenticator, and so many of a person and no more', async () => {
    const phone = new TestAuthenticator()
    const first = await add(phone)
    expect(await add(phone)).toBe('passkey-refused')
    for (let i = 1; i < MAX_PASSKEYS; i++) expect(await add()).toMatchObject({ name: 'Phone' })
    expect(await add()).toBe('too-many-passkeys')
    const options = await passkeys.creationOptions(pat, 'x', visit)
    expect(options.excludeCredentials).toHaveLength(MAX_PASSKEYS)
    if (typeof first === 'string') throw new Error(first)
    expect(await passkeys.remove(pat, first.id)).toMatchObject({ ok: true })
    expect(await add()).toMatchObject({ name: 'Phone' })
  })

  it('are renamed and removed by who has them, and by nobody else', async () => {
    const phone = new TestAuthenticator()
    const added = await add(phone)
    if (typeof added === 'string') throw new Error(added)
    const eve = { ...pat, id: parseUserId('pat-eve')!, passwordHash: 'x' }
    const notFound = { ok: false, error: { code: 'not-found' } }
    expect(await passkeys.rename(eve.id, added.id, 'Mine')).toEqual(notFound)
    expect(await passkeys.remove(eve, added.id)).toEqual(notFound)
    expect(await passkeys.rename(pat.id, added.id, ' \u202e ')).toMatchObject({ ok: false })
    expect(await passkeys.rename(pat.id, added.id, 'Old phone')).toMatchObject({
      ok: true,
      value: { name: 'Old phone' },
    })
    const withPassword = { ...pat, passwordHash: 'x' }
    expect(await passkeys.remove(withPassword, added.id)).toMatchObject({ ok: true })
    expect(await identify(phone)).toBe('passkey-refused')
    expect(await passkeys.list(pat.id)).toEqual([])
    expect(await actions()).toEqual(['passkey.added', 'passkey.renamed', 'passkey.removed'])
  })

  it('are not removed by who could not sign in any more, not even two at once', async () => {
    const [one, two] = [await add(), await add()]
    if (typeof one === 'string' || typeof two === 'string') throw new Error('not added')
    const removed = await Promise.all([passkeys.remove(pat, one.id), passkeys.remove(pat, two.id)])
    expect(removed.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(removed.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'last-way-in' } })
    expect(await passkeys.list(pat.id)).toHaveLength(1)
  })

  it('show that it is still the same person', async () => {
    const phone = new TestAuthenticator()
    await add(phone)
    const { challenge, allowCredentials } = await passkeys.checkOptions(pat.id, visit)
    expect(allowCredentials).toMatchObject([{ id: phone.id }])
    const answer = phone.get({ challenge, origin })
    expect(await passkeys.check(parseUserId('pat-eve')!, answer, visit)).toMatchObject({
      ok: false,
    })
    const again = await passkeys.checkOptions(pat.id, visit)
    const right = phone.get({ challenge: again.challenge, origin })
    expect(await passkeys.check(pat.id, right, visit)).toMatchObject({ ok: true })
    expect(await passkeys.check(pat.id, right, visit)).toMatchObject({ ok: false })
  })
})
