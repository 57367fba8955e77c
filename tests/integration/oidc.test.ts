/** Signing in through a real provider of OpenID Connect, over HTTP, as a browser does it. */
import { randomBytes } from 'node:crypto'
import { readConfig } from '@wardline/sync-server/config/config'
import { type RunningServer, startServer } from '@wardline/sync-server/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CookieBrowser } from '../support/cookie-browser.ts'
import { caller } from '../support/http-caller.ts'
import { IdentityProvider, type StaffMember } from '../support/identity-provider.ts'
import { storedIn } from '../support/stored.ts'
import { makeDataDir, removeDataDir } from './sync-kit.ts'

/** Each time another device. */
const startPath = (): string =>
  `/api/auth/oidc/start?device=${randomBytes(8).toString('hex')}&deviceName=Firefox%20on%20Linux`
const REFRESH = 'wardline-refresh'
let dataDir: string
let provider: IdentityProvider
let server: RunningServer

const start = async (more: Record<string, string | undefined> = {}): Promise<void> => {
  const env = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent' }
  const config = readConfig({ ...env, ...provider.env, ...more })
  if (!config.ok) throw new Error(config.error)
  server = await startServer(config.value)
  provider.serve(server.url)
}

beforeEach(async () => {
  dataDir = await makeDataDir()
  provider = await IdentityProvider.open()
  await start()
})
afterEach(async () => {
  await server.close()
  await provider.close()
  await removeDataDir(dataDir)
})

const lin: StaffMember = {
  name: 'Dr Lin Tanaka',
  email: 'Lin.Tanaka@lindenhof.example',
  email_verified: true,
  groups: ['physicians', 'choir'],
}

/** What the app is told of a sign-in, and the browser that did it. */
const signIn = async (
  who: string,
  { browser = new CookieBrowser(), step = 'login' } = {},
): Promise<{ outcome: string; browser: CookieBrowser; callback: string }> => {
  let callback = ''
  const page = await browser.go(server.url + startPath())
  const end = page.includes('#sign-in=')
    ? page
    : await browser.go(`${page}/${step}?who=${who}`, (url) => {
        if (url.startsWith(`${server.url}/api/auth/oidc/callback`)) callback = url
        return url.includes('#sign-in=')
      })
  return { outcome: end.split('#sign-in=')[1] ?? end, browser, callback }
}
const outcome = async (who: string, claims?: StaffMember): Promise<string> => {
  if (claims !== undefined) provider.people.set(who, claims)
  return (await signIn(who)).outcome
}
/** Who is signed in in a browser, as the app asks. */
const whoIn = async (browser: CookieBrowser) => {
  const cookie = `${REFRESH}=${browser.cookie(server.url, REFRESH)}`
  const ask = caller(server.url, undefined)
  const { body, status } = await ask('POST', '/api/auth/refresh?keep=true', undefined, { cookie })
  return status === 200 ? { ...body.user, token: body.accessToken } : status
}
const audit = async (): Promise<{ action: string; details?: unknown }[]> => {
  const lines = []
  for await (const { text } of server.store.readAudit()) lines.push(JSON.parse(text))
  return lines
}

describe('the first time', () => {
  it('an account is made with the roles of the claim, in one commit with who it is there', async () => {
    provider.people.set('lin', lin)
    const { outcome: told, browser } = await signIn('lin')
    expect(told).toBe('done')
    const { token, ...user } = await whoIn(browser)
    expect(user).toEqual({
      id: expect.stringMatching(/^u-/),
      name: 'Dr Lin Tanaka',
      role: 'doctor',
      roles: ['doctor'],
    })
    expect(await server.sync.directory.findByEmail('lin.tanaka@lindenhof.example')).toMatchObject({
      id: user.id,
      status: 'active',
    })
    const { body } = await caller(server.url, token)('GET', '/api/auth/devices')
    expect(body.devices).toMatchObject([{ name: 'Firefox on Linux', method: 'oidc' }])
    const lines = (await audit()).slice(-3)
    expect(lines.map(({ action }) => action)).toEqual([
      'user.created',
      'identity.linked',
      'login.succeeded',
    ])
    // The cookie of the way there is gone, and the session’s is not for other sites.
    expect(browser.cookie(server.url, 'wardline-oidc')).toBeUndefined()
  })

  it('is followed by others of the same person and account, and nobody else’s', async () => {
    provider.people.set('lin', lin)
    provider.people.set('max', { ...lin, name: 'Max Wolf', email: 'max@lindenhof.example' })
    const first = await whoIn((await signIn('lin')).browser)
    const second = await whoIn((await signIn('lin')).browser)
    const other = await whoIn((await signIn('max')).browser)
    expect(second.id).toBe(first.id)
    expect(other.id).not.toBe(first.id)
  })

  it('links an account that has the address, if the provider has verified it', async () => {
    const claims = { ...lin, name: 'Ada O.', email: 'Ada@demo.clinic' }
    provider.people.set('ada', claims)
    const { outcome: told, browser } = await signIn('ada')
    expect(told).toBe('done')
    expect(await whoIn(browser)).toMatchObject({ id: 'dr-ada', name: 'Dr Ada Osei' })
    // Whoever is given the address after her is not her.
    expect(await outcome('another-ada', claims)).toBe('account-conflict')
    // And she is herself without it.
    expect(await outcome('ada', { ...claims, email: 'ada.osei@lindenhof.example' })).toBe('done')
  })

  it('makes an invited account active', async () => {
    const { directory } = server.sync
    const id = 'u-invited' as Parameters<typeof directory.getUser>[0]
    await directory.createUser({
      id,
      name: 'Dr Lin Tanaka',
      email: 'lin.tanaka@lindenhof.example',
      roles: ['doctor'],
      status: 'invited',
    })
    expect(await outcome('lin', lin)).toBe('done')
    expect(await directory.getUser(id)).toMatchObject({ status: 'active' })
  })
})

describe('is refused, and leaves nothing,', () => {
  it.each([
    [
      'an address that nobody verified and somebody has',
      { email: 'ada@demo.clinic', email_verified: false },
      'email-unverified',
    ],
    ['no role', { groups: undefined }, 'role-missing'],
    ['a role that is none here', { groups: ['choir'] }, 'role-missing'],
    ['no name', { name: undefined }, 'profile-incomplete'],
    ['a name that cannot be shown', { name: 'a\u202eb' }, 'profile-incomplete'],
    ['the address of a patient', { email: 'pat@demo.clinic' }, 'account-conflict'],
  ])('who comes with %s', async (_, claims, code) => {
    const before = await storedIn(server.store)
    expect(await outcome('lin', { ...lin, ...claims } as StaffMember)).toBe(code)
    expect(await storedIn(server.store)).toEqual(before)
    await expect
      .poll(async () => (await audit()).at(-1))
      .toMatchObject({ action: 'login.refused', details: { code, method: 'oidc' } })
  })

  it('whose account is disabled or closed', async () => {
    provider.people.set('lin', lin)
    const { browser } = await signIn('lin')
    const { id } = await whoIn(browser)
    for (const status of ['disabled', 'closed'] as const) {
      await server.sync.directory.profiles.change(id, { status }, { actor: 'server' })
      expect(await outcome('lin')).toBe('account-inactive')
    }
    expect(await whoIn(browser)).toBe(401)
  })

  it('who has no account, where roles are the clinic’s alone', async () => {
    await server.close()
    await start({ OIDC_ROLE_CLAIM: undefined, OIDC_ROLES: undefined })
    expect(await outcome('lin', lin)).toBe('account-missing')
    expect(await outcome('ada', { ...lin, email: 'ada@demo.clinic', groups: ['it'] })).toBe('done')
    expect(await server.sync.directory.findByEmail('ada@demo.clinic')).toMatchObject({
      roles: ['doctor'],
    })
  })

  it('who says no at the provider', async () => {
    provider.people.set('lin', lin)
    const before = await storedIn(server.store)
    expect((await signIn('lin', { step: 'cancel' })).outcome).toBe('provider-refused')
    expect(await storedIn(server.store)).toEqual(before)
  })
})

describe('each time', () => {
  it('roles follow the claim, and a verified address that nobody else has', async () => {
    expect(await outcome('lin', lin)).toBe('done')
    const { browser } = await signIn('lin')
    const { id, token } = await whoIn(browser)
    const moved = { ...lin, groups: ['nurses', 'it'], email: 'lin@lindenhof.example', name: 'L' }
    expect(await outcome('lin', moved)).toBe('done')
    const user = await server.sync.directory.getUser(id)
    expect(user).toMatchObject({
      name: 'Dr Lin Tanaka',
      roles: ['staff', 'admin'],
      email: 'lin@lindenhof.example',
    })
    // What was handed out with other roles is good no more.
    expect((await caller(server.url, token)('GET', '/api/chat/chats')).status).toBe(401)
    expect(await whoIn(browser)).toMatchObject({ roles: ['staff', 'admin'] })

    const more = { ...moved, email: 'ada@demo.clinic' }
    expect(await outcome('lin', more)).toBe('done')
    expect(await outcome('lin', { ...moved, email: 'x@y.example', email_verified: false })).toBe(
      'done',
    )
    expect(await outcome('lin', { ...moved, email: undefined } as unknown as StaffMember)).toBe(
      'done',
    )
    expect((await server.sync.directory.getUser(id))?.email).toBe('lin@lindenhof.example')
  })

  it('roles that are gone there let nobody in, and take away nothing half', async () => {
    expect(await outcome('lin', lin)).toBe('done')
    const before = await storedIn(server.store)
    expect(await outcome('lin', { ...lin, groups: [] })).toBe('role-missing')
    expect(await storedIn(server.store)).toEqual(before)
  })

  it('the last admin stays one', async () => {
    expect(await outcome('lin', { ...lin, groups: 'it' })).toBe('done')
    const { directory } = server.sync
    for (const { user } of await directory.accounts.all())
      if (user.roles.includes('admin') && user.name !== lin.name)
        await directory.profiles.change(user.id, { status: 'disabled' }, { actor: 'server' })
    expect(await outcome('lin', { ...lin, groups: 'nurses' })).toBe('done')
    const { browser } = await signIn('lin')
    expect(await whoIn(browser)).toMatchObject({ roles: ['admin'] })
    expect(await outcome('max', { ...lin, email: 'max@x.example', groups: 'it' })).toBe('done')
    expect(await whoIn((await signIn('lin')).browser)).toMatchObject({ roles: ['staff'] })
  })
})

describe('a callback', () => {
  it('is good once, in the browser that began', async () => {
    provider.people.set('lin', lin)
    const { browser, callback } = await signIn('lin')
    for (const again of [browser, new CookieBrowser()]) {
      const { headers } = await again.get(callback)
      expect(headers.get('location')).toBe('/#sign-in=sign-in-lapsed')
      expect(headers.get('set-cookie')).not.toContain(REFRESH)
    }
    // Somebody else who has begun as well.
    const other = new CookieBrowser()
    await other.go(server.url + startPath())
    expect((await other.get(callback)).headers.get('location')).toBe('/#sign-in=sign-in-lapsed')
  })

  it('cannot bring a code of another sign-in', async () => {
    provider.people.set('lin', lin)
    const { callback } = await signIn('lin')
    const used = new URL(callback).searchParams.get('code') ?? ''
    const browser = new CookieBrowser()
    const page = await browser.go(server.url + startPath())
    const back = await browser.go(`${page}/login?who=lin`, (url) => url.startsWith(server.url))
    const forged = new URL(back)
    forged.searchParams.set('code', used)
    expect((await browser.get(forged.href)).headers.get('location')).toBe(
      '/#sign-in=provider-refused',
    )
  })

  it('answers nonsense with no more than that', async () => {
    const browser = new CookieBrowser()
    for (const query of [
      '',
      '?code=x',
      '?state=x&code=y',
      '?error=x',
      `?state=${'x'.repeat(5000)}`,
    ]) {
      const { status, headers } = await browser.get(`${server.url}/api/auth/oidc/callback${query}`)
      expect([status, headers.get('location')]).toEqual([303, '/#sign-in=sign-in-lapsed'])
    }
  })
})

describe('a provider', () => {
  it('that is away lets nobody in, ends no session, and is asked again', async () => {
    provider.people.set('lin', lin)
    const { browser } = await signIn('lin')
    const waiting = new CookieBrowser()
    const page = await waiting.go(server.url + startPath())
    const back = await waiting.go(`${page}/login?who=lin`, (url) => url.startsWith(server.url))
    provider.isDown = true
    expect((await waiting.get(back)).headers.get('location')).toBe('/#sign-in=provider-unavailable')
    expect(await whoIn(browser)).toMatchObject({ name: 'Dr Lin Tanaka' })
    await server.close()
    await start()
    expect((await signIn('lin')).outcome).toBe('provider-unavailable')
    expect((await caller(server.url, undefined)('GET', '/api/auth/methods')).body.oidc).toEqual({
      label: 'Lindenhof',
    })
    provider.isDown = false
    expect(await outcome('lin')).toBe('done')
  })

  it('may change its keys', async () => {
    expect(await outcome('lin', lin)).toBe('done')
    await provider.changeKeys()
    expect(await outcome('lin')).toBe('done')
  })
})

describe('the start', () => {
  it('is for pages of this server', async () => {
    const from = (site: string) =>
      fetch(server.url + startPath(), { redirect: 'manual', headers: { 'sec-fetch-site': site } })
    expect((await from('cross-site')).headers.get('location')).toBe('/#sign-in=origin-refused')
    for (const site of ['same-origin', 'none'])
      expect((await from(site)).headers.get('location')).toContain(provider.url)
    const odd = await fetch(`${server.url}/api/auth/oidc/start?device=X`, { redirect: 'manual' })
    expect(odd.status).toBe(400)
  })

  it('is not there without a provider', async () => {
    await server.close()
    const none = Object.fromEntries(Object.keys(provider.env).map((name) => [name, undefined]))
    await start(none)
    for (const path of ['start', 'callback'])
      expect((await fetch(`${server.url}/api/auth/oidc/${path}`)).status).toBe(404)
    const { body } = await caller(server.url, undefined)('GET', '/api/auth/methods')
    expect(body).toEqual({
      password: true,
      passkey: expect.any(Boolean),
      mail: expect.any(Boolean),
    })
  })
})
