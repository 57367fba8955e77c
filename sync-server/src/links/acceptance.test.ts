import { createHash } from 'node:crypto'
import { parseDeviceId, parseUserId, type UserId } from '@wardline/core/base/ids'
import { beforeEach, describe, expect, it } from 'vitest'
import { Auth } from '../auth/auth.ts'
import { Directory } from '../directory/directory.ts'
import type { Role } from '../directory/role.ts'
import type { User } from '../directory/user.ts'
import { TestAuthenticator } from '../passkeys/test-authenticator.ts'
import { MemoryDisk, MemoryStore } from '../storage/memory-store.ts'
import { afterRead } from '../storage/test-meanwhile.ts'
import type { AcceptRequest } from './acceptance.ts'
import { MAX_NETWORK_GUESSES } from './guess-throttle.ts'
import type { LinkSecret } from './links.ts'
import { openWaysIn, type WaysIn } from './ways-in.ts'

const origin = 'https://chat.clinic.example'
const visit = { origin, address: '10.0.0.1' }
const device = parseDeviceId('laptop01')!
const password = 'drei Birnen im Regen'
let time = 0
let disk: MemoryDisk
let store: MemoryStore
let directory: Directory
let auth: Auth
let ways: WaysIn

const open = async (staffPasskey = false): Promise<void> => {
  store = new MemoryStore({ disk })
  const clock = { now: () => time, elapsed: () => time }
  const secret = 'a secret of thirty-two characters!'
  directory = new Directory({ store, clock })
  auth = new Auth({ store, directory, clock, secrets: [secret] })
  await directory.open()
  await auth.open()
  const clinic = async () => 'Hillside'
  ways = openWaysIn({ store, clock, secret, auth, directory, clinic, staffPasskey })
}
beforeEach(async () => {
  time = Date.UTC(2026, 0, 1)
  disk = new MemoryDisk()
  await open()
})

const invite = async (
  more: { email?: string; roles?: readonly Role[]; chatWith?: UserId } = {},
) => {
  const invited = await ways.invitations.invite(
    { name: 'Kim Novak', roles: ['patient'], ...more },
    'dr-ada',
  )
  if (!invited.ok) throw new Error(invited.error)
  return { ...invited.value, token: invited.value.link.token }
}
const accept = async (secret: LinkSecret, more: Partial<AcceptRequest> = {}) => {
  const accepted = await ways.acceptance.accept({ secret, visit, device, ...more })
  return accepted.ok ? accepted.value : accepted.error.code
}
const passkeyFor = async (secret: LinkSecret, phone = new TestAuthenticator()) => {
  const options = await ways.acceptance.passkeyOptions(secret, visit)
  if (!options.ok) throw new Error(options.error.code)
  const { challenge } = options.value
  return { answer: phone.create({ challenge, origin }), name: 'Phone' }
}
const active = async (more: Parameters<typeof invite>[0] = { email: 'kim@mail.example' }) => {
  const { user, token } = await invite(more)
  const signedIn = await accept({ token }, { password })
  const now = await directory.getUser(user.id)
  if (typeof signedIn === 'string' || now === undefined) throw new Error(String(signedIn))
  return { user: now, signedIn }
}
const linkFor = async (user: User) => {
  const made = await ways.invitations.linkFor(user, 'staff-1')
  if (!made.ok) throw new Error(made.error.code)
  return made.value
}
const codeFor = async (user: User) => {
  const made = await ways.invitations.codeFor(user, 'staff-1')
  if (!made.ok) throw new Error(made.error.code)
  return made.value
}
const login = async (email = 'kim@mail.example', typed = password) => {
  const result = await auth.login({ email, password: typed, address: '10.0.0.9' })
  return result.ok ? 'ok' : result.error.code
}
const actions = async (): Promise<string[]> => {
  const found: string[] = []
  for await (const { text } of store.readAudit()) found.push(JSON.parse(text).action)
  return found
}

describe('an invitation', () => {
  it('says whom it is for and what it needs, until it is used', async () => {
    const { user, token } = await invite()
    const view = { kind: 'invitation', user: { id: user.id, name: 'Kim Novak' } }
    const needs = { credential: true, passkey: false, email: true, name: false }
    const looked = await ways.acceptance.look({ token }, visit.address)
    expect(looked).toEqual({ ok: true, value: { ...view, needs } })
    await accept({ token }, { password, email: 'kim@mail.example' })
    expect(await ways.acceptance.look({ token }, visit.address)).toMatchObject({
      error: { code: 'link-invalid' },
    })
  })

  it('makes the account active with a password, signed in, in one commit', async () => {
    const { user, token } = await invite({ email: 'kim@mail.example' })
    expect(await login()).toBe('bad-credentials')
    const seq = store.lastSeq()
    const signedIn = await accept({ token }, { password, deviceName: 'Chrome on Android' })
    expect(signedIn).toMatchObject({ user: { id: user.id, roles: ['patient'] } })
    expect(store.lastSeq()).toBe(seq + 1)
    expect(await directory.getUser(user.id)).toMatchObject({ status: 'active' })
    expect(await auth.sessionsOf(user.id)).toMatchObject([{ name: 'Chrome on Android' }])
    expect((await actions()).slice(-2)).toEqual(['link.used', 'login.succeeded'])
    expect(await login()).toBe('ok')
  })

  it('makes it active with a passkey, and without an address', async () => {
    const { user, token } = await invite()
    const phone = new TestAuthenticator()
    const signedIn = await accept({ token }, { passkey: await passkeyFor({ token }, phone) })
    expect(signedIn).toMatchObject({ user: { id: user.id } })
    expect(await ways.passkeys.list(user.id)).toMatchObject([{ name: 'Phone' }])
    const { challenge } = await ways.passkeys.signInOptions(visit)
    expect(await ways.passkeys.identify(phone.get({ challenge, origin }), visit)).toMatchObject({
      value: { user: user.id },
    })
  })

  it('takes no password without an address, none that is easy to guess, none of somebody else', async () => {
    await active({ email: 'pat@mail.example' })
    const { user, token } = await invite()
    expect(await accept({ token })).toBe('bad-request')
    expect(await accept({ token }, { password })).toBe('email-needed')
    expect(await accept({ token }, { password, email: 'nobody' })).toBe('bad-request')
    expect(await accept({ token }, { password, email: ' PAT@mail.example' })).toBe('email-taken')
    const email = 'kim@mail.example'
    expect(await accept({ token }, { password: 'short', email })).toBe('password-too-short')
    expect(await accept({ token }, { password: 'KimNovak1984', email })).toBe(
      'password-easy-to-guess',
    )
    const made = { answer: new TestAuthenticator().create({ challenge: 'bWFkZQ', origin }) }
    expect(await accept({ token }, { passkey: made })).toBe('passkey-refused')
    // Nothing of it was half done.
    expect(await directory.getUser(user.id)).toMatchObject({ status: 'invited' })
    expect(await accept({ token }, { password, email })).toMatchObject({ user: { id: user.id } })
    expect(await login()).toBe('ok')
  })

  it('works once: of two who accept it at the same moment one is in', async () => {
    const { user, token } = await invite({ email: 'kim@mail.example' })
    const passkey = await passkeyFor({ token })
    const both = await Promise.all([
      accept({ token }, { passkey, device: parseDeviceId('phone001')! }),
      accept({ token }, { password }),
      accept({ token }, { password: 'four other words here' }),
    ])
    expect(both.filter((answer) => answer === 'link-invalid')).toHaveLength(2)
    expect(await auth.sessionsOf(user.id)).toHaveLength(1)
    const ways = (await actions()).filter((action) => action === 'link.used')
    expect(ways).toHaveLength(1)
    expect(await accept({ token }, { password })).toBe('link-invalid')
  })

  it('can be used again by the very attempt whose answer was lost, for a while', async () => {
    const { user, token } = await invite({ email: 'kim@mail.example' })
    const attempt = 'a'.repeat(43)
    await accept({ token }, { password, attempt })
    // The server was killed after the commit.
    await open()
    expect(await accept({ token }, { password, attempt: 'b'.repeat(43) })).toBe('link-invalid')
    expect(await accept({ token }, { password })).toBe('link-invalid')
    time += 10 * 60_000
    expect(await accept({ token }, { attempt })).toMatchObject({ user: { id: user.id } })
    // It is the same device, so it has one session.
    expect(await auth.sessionsOf(user.id)).toHaveLength(1)
    time += 10 * 60_000
    expect(await accept({ token }, { attempt })).toBe('link-invalid')
  })

  it('tells nobody which of many addresses have accounts', async () => {
    const taken = (n: number) => `taken-${n}@mail.example`
    for (let n = 0; n < 2; n++) await invite({ email: taken(n) })
    const { token } = await invite()
    const tryIt = (email: string, typed: string) => accept({ token }, { password: typed, email })
    // What is wrong with the password is said before anything of the address.
    expect(await tryIt(taken(0), 'kurz')).toBe('password-too-short')
    expect(await tryIt('nobody@mail.example', 'kurz')).toBe('password-too-short')
    expect(await tryIt(taken(1), password)).toBe('email-taken')
    for (let i = 1; i < MAX_NETWORK_GUESSES; i++) await ways.links.refuse(visit.address)
    expect(await tryIt(taken(1), password)).toBe('too-many-attempts')
    expect(await tryIt('nobody@mail.example', password)).toMatchObject({ user: {} })
  })

  it('is not used again once the session that began by it is over', async () => {
    const { user, token } = await invite({ email: 'kim@mail.example' })
    const attempt = 'a'.repeat(43)
    await accept({ token }, { password, attempt })
    await accept({ token }, { attempt, device: parseDeviceId('phone001')! })
    expect(await auth.sessionsOf(user.id)).toHaveLength(1)
    await auth.endSessionsOf(user.id, { actor: user.id, reason: 'logout' })
    expect(await accept({ token }, { attempt })).toBe('link-invalid')
    expect(await auth.sessionsOf(user.id)).toEqual([])
  })

  it('has the chat with the doctor ready, also where the server ended before it was made', async () => {
    const ada = parseUserId('dr-ada')!
    await directory.createUser({ id: ada, name: 'Dr Ada Osei', roles: ['doctor'] })
    const { user } = await invite({ chatWith: ada })
    expect(await directory.chatsOf(user.id)).toHaveLength(1)
    const account = await directory.prepareUser(
      { id: parseUserId('kim-novak')!, name: 'Kim', roles: ['patient'], status: 'invited' },
      ada,
    )
    if (!account.ok) throw new Error(account.error)
    const kim = account.value.user.id
    const link = await ways.links.prepare({
      kind: 'invitation',
      user: kim,
      stamp: 0,
      createdBy: ada,
      chatWith: ada,
    })
    await store.commit({ records: [...account.value.records, ...link.records] })
    await open()
    await accept(
      { token: link.made.token },
      { passkey: await passkeyFor({ token: link.made.token }) },
    )
    expect(await directory.chatsOf(kim)).toHaveLength(1)
    expect(
      await ways.invitations.invite({ name: 'Eve', roles: ['patient'], chatWith: kim }, ada),
    ).toEqual({
      ok: false,
      error: 'doctor-not-found',
    })
  })

  it('is nothing any more for an account that was closed meanwhile', async () => {
    const { user, token } = await invite({ email: 'kim@mail.example' })
    const key = `user/${user.id}`
    const found = await store.getRecord(key)
    await store.commit({ records: [{ key, value: { ...Object(found?.value), status: 'closed' } }] })
    expect(await accept({ token }, { password })).toBe('link-invalid')
    const closed = (await directory.getUser(user.id))!
    expect(await ways.invitations.linkFor(closed, 'staff-1')).toMatchObject({
      error: { code: 'account-inactive' },
    })
  })

  it('lets nobody in whose account is closed at whatever moment of it', async () => {
    for (let nth = 1; ; nth++) {
      const { user, token } = await invite({ email: `kim-${nth}@mail.example` })
      let wasIn = false
      const close = async () => {
        wasIn = (await directory.getUser(user.id))?.status === 'active'
        await directory.profiles.change(user.id, { status: 'closed' }, { actor: 'operator' })
      }
      const wasRead = afterRead(store, `user/${user.id}`, nth, close)
      const signedIn = await accept({ token }, { password })
      // What is read once they are in is none of it.
      if (!(await wasRead()) || wasIn) {
        expect(nth).toBeGreaterThan(2)
        break
      }
      expect([nth, signedIn]).toEqual([nth, 'link-invalid'])
      expect([nth, (await directory.getUser(user.id))?.status]).toEqual([nth, 'closed'])
      expect(await auth.sessionsOf(user.id)).toEqual([])
    }
  })

  it('is for people: a program has API tokens', async () => {
    const invited = await ways.invitations.invite({ name: 'Bot', roles: ['service'] }, 'admin-1')
    expect(invited).toEqual({ ok: false, error: 'bad-roles' })
  })

  it('of the first administrator is nothing once there is one', async () => {
    const invited = await ways.invitations.invite(
      { name: 'Administrator', roles: ['admin'], first: true },
      'server',
    )
    if (!invited.ok) throw new Error(invited.error)
    const { token } = invited.value.link
    const id = parseUserId('grace-lee')!
    await directory.createUser({ id, name: 'Grace Lee', roles: ['admin'] })
    const more = { password, email: 'eve@b.example', name: 'Eve' }
    expect(await accept({ token }, more)).toBe('link-invalid')
  })

  it('of the first administrator asks for a name', async () => {
    const invited = await ways.invitations.invite(
      { name: 'Administrator', roles: ['admin'], first: true },
      'server',
    )
    if (!invited.ok) throw new Error(invited.error)
    const { token } = invited.value.link
    expect(await ways.acceptance.look({ token }, visit.address)).toMatchObject({
      value: { kind: 'first-admin', needs: { name: true } },
    })
    expect(await accept({ token }, { password, email: 'a@b.example', name: ' ' })).toBe(
      'bad-request',
    )
    const signedIn = await accept({ token }, { password, email: 'a@b.example', name: 'Grace Lee' })
    expect(signedIn).toMatchObject({ user: { name: 'Grace Lee', roles: ['admin'] } })
  })
})

describe('a reset', () => {
  it('makes every way in of before void, and ends every session, in one commit', async () => {
    const { user, signedIn } = await active()
    const old = new TestAuthenticator()
    const { challenge } = await ways.passkeys.creationOptions(
      (await directory.getUser(user.id))!,
      `add ${user.id}`,
      visit,
    )
    const answer = old.create({ challenge, origin })
    const [session] = await auth.sessionsOf(user.id)
    await ways.passkeys.add(user.id, origin, { answer }, session!.id)
    const carry = await ways.links.makeCode({
      kind: 'carry',
      user: user.id,
      stamp: user.stamp,
      createdBy: user.id,
    })
    const { token } = await linkFor(user)
    const seq = store.lastSeq()
    expect(await accept({ token }, { password: 'four other words here' })).toHaveProperty(
      'accessToken',
    )
    expect(store.lastSeq()).toBe(seq + 1)
    expect(await login()).toBe('bad-credentials')
    expect(await login(undefined, 'four other words here')).toBe('ok')
    expect(await ways.passkeys.list(user.id)).toEqual([])
    expect(auth.verifyAccessToken(signedIn.accessToken)).toMatchObject({ ok: false })
    expect(await auth.refresh(signedIn.refreshToken!)).toMatchObject({ ok: false })
    expect(carry.ok && (await accept({ code: carry.value.code }))).toBe('link-invalid')
    // And after a restart.
    await open()
    expect(auth.verifyAccessToken(signedIn.accessToken)).toMatchObject({ ok: false })
    expect(await auth.refresh(signedIn.refreshToken!)).toMatchObject({ ok: false })
  })

  it('with a passkey leaves no password', async () => {
    const { user } = await active()
    const { token } = await linkFor(user)
    await accept({ token }, { passkey: await passkeyFor({ token }) })
    expect(await login()).toBe('bad-credentials')
    expect(await ways.passkeys.list(user.id)).toHaveLength(1)
    expect((await directory.getUser(user.id))?.passwordHash).toBeUndefined()
  })

  it('goes by a code that was read out, once', async () => {
    const { user } = await active()
    const made = await ways.invitations.codeFor(user, 'staff-1')
    if (!made.ok) throw new Error(made.error.code)
    const { code } = made.value
    expect(
      await accept({ code: code.toLowerCase() }, { password: 'four other words here' }),
    ).toMatchObject({
      user: { id: user.id },
    })
    expect(await accept({ code }, { password })).toBe('link-invalid')
  })

  it('changes nothing until it is used', async () => {
    const { user, signedIn } = await active()
    await linkFor(user)
    expect(await login()).toBe('ok')
    expect(auth.verifyAccessToken(signedIn.accessToken)).toMatchObject({ ok: true })
  })
})

it('a link is for the account as whoever made it saw it', async () => {
  const by = { actor: 'admin-1' }
  const { user } = await active()
  const first = await linkFor(user)
  await directory.profiles.change(user.id, { status: 'disabled' }, by)
  await directory.profiles.change(user.id, { status: 'active' }, by)
  expect(await accept({ token: first.token }, { password })).toBe('link-invalid')
  // Staff help patients, but nobody who looks after accounts.
  const second = await linkFor((await directory.getUser(user.id))!)
  const { code } = await codeFor((await directory.getUser(user.id))!)
  await directory.profiles.change(user.id, { roles: ['patient', 'admin'] }, by)
  expect(await accept({ token: second.token }, { password })).toBe('link-invalid')
  expect(await accept({ code }, { password })).toBe('link-invalid')
  const { token } = await linkFor((await directory.getUser(user.id))!)
  expect(await accept({ token }, { password })).toMatchObject({ user: { id: user.id } })
})

it('who may invite somebody gets no reset of them, in whatever moment they came', async () => {
  const { user, token } = await invite({ email: 'kim@mail.example' })
  await accept({ token }, { password })
  const late = await linkFor(user)
  expect(await accept({ token: late.token }, { password: 'four other words here' })).toBe(
    'link-invalid',
  )
  expect(await login()).toBe('ok')
})

describe('a code that carries a sign-in over', () => {
  const carryOf = async ({ id, stamp }: User, session: string) => {
    const made = await ways.links.makeCode({
      kind: 'carry',
      user: id,
      stamp,
      createdBy: id,
      session,
    })
    if (!made.ok) throw new Error(made.error.code)
    return made.value.code
  }

  it('signs in without anything else, beside the session that made it', async () => {
    const { user } = await active()
    const [first] = await auth.sessionsOf(user.id)
    const code = await carryOf(user, first!.id)
    const signedIn = await accept({ code }, { device: parseDeviceId('phone001')! })
    expect(signedIn).toMatchObject({ user: { id: user.id } })
    expect(await auth.sessionsOf(user.id)).toHaveLength(2)
    expect(await login()).toBe('ok')
    expect(await accept({ code })).toBe('link-invalid')
  })

  it('ends with that session', async () => {
    const { user } = await active()
    const [first] = await auth.sessionsOf(user.id)
    const code = await carryOf(user, first!.id)
    await auth.endSession(first!.id, { actor: user.id, reason: 'removed-self' })
    expect(await accept({ code })).toBe('link-invalid')
  })
})

describe('where staff have to have a passkey', () => {
  it('their links take nothing else, and patients choose', async () => {
    await open(true)
    const staff = await invite({ roles: ['staff'], email: 'staff@clinic.example' })
    const { token } = staff
    expect(await ways.acceptance.look({ token }, visit.address)).toMatchObject({
      value: { needs: { passkey: true } },
    })
    expect(await accept({ token }, { password })).toBe('passkey-required')
    expect(await accept({ token }, { passkey: await passkeyFor({ token }) })).toMatchObject({
      user: { roles: ['staff'] },
    })
    expect(await active()).toHaveProperty('signedIn')
  })
})

it('no secret of a link is in the store', async () => {
  const { token } = await invite()
  const attempt = 'attempt'.repeat(6)
  await accept({ token }, { passkey: await passkeyFor({ token }), attempt })
  const stored = JSON.stringify(await store.listRecords(''))
  for (const secret of [token, attempt]) expect(stored).not.toContain(secret)
  expect(stored).toContain(createHash('sha256').update(token).digest('base64url'))
})
