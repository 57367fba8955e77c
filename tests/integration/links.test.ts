/** Invitations, resets, codes and passkeys, over HTTP and against the whole server. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { TestAuthenticator } from '@wardline/sync-server/passkeys/test-authenticator'
import type { RunningServer } from '@wardline/sync-server/server'
import { startServer } from '@wardline/sync-server/server'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiContract } from '../support/api-contract.ts'
import { ALL_GOOD, cookieOf, holdSession, tryAll } from '../support/ended-session.ts'
import { type Call, caller, callerFor } from '../support/http-caller.ts'
import { makeDataDir, removeDataDir, until } from './sync-kit.ts'

const PASSWORD = 'drei Birnen im Regen'
const OTHER = 'four other words here'
const PUBLIC_URL = 'https://chat.hillside.example'
const contract = new ApiContract()
const mails: { to: string; text: string }[] = []
let smtp: SMTPServer
let dataDir: string
let server: RunningServer
let anybody: Call
let ada: Call
let people = 0

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, { envelope }, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      stream.on('end', () => {
        mails.push({ to: envelope.rcptTo[0]?.address ?? '', text: text.replaceAll('=\r\n', '') })
        done()
      })
    },
  })
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  const { port } = smtp.server.address() as AddressInfo
  dataDir = await makeDataDir()
  server = await startServer({
    port: 0,
    host: '127.0.0.1',
    dataDir,
    jwtSecret: 'a secret for tests, of thirty-two characters',
    previousJwtSecret: undefined,
    clientUrl: undefined,
    demo: true,
    production: false,
    trustedProxies: 0,
    logLevel: 'silent',
    publicUrl: PUBLIC_URL,
    mail: { url: `smtp://127.0.0.1:${port}`, from: 'no-reply@hillside.example' },
  })
  anybody = caller(server.url, undefined, witness)
  ada = await callerFor(server.url, 'ada@demo.clinic', witness)
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
  await new Promise<void>((done) => smtp.close(() => done()))
})

/** Every answer is what the document says of it. */
const witness: Parameters<typeof caller>[2] = (method, path, answer) =>
  expect(contract.problem({ method, path, ...answer }), `${method} ${path}`).toBeUndefined()

const invite = async (more: object = {}) => {
  const email = `kim-${++people}@mail.example`
  const invited = await ada('POST', '/api/people/invitations', {
    ...{ name: 'Kim Novak', birthDate: '1984-05-02', email },
    ...more,
  })
  expect(invited.status).toBe(201)
  const { user, link } = invited.body
  return { email, user, link, token: String(link.url).split('#')[1] ?? '' }
}
const accept = (body: object) => anybody('POST', '/api/auth/links/accept', body)
const codeOf = ({ body }: { body: { error?: { code: string } } }) => body.error?.code ?? 'ok'
const joined = async () => {
  const invited = await invite()
  expect(codeOf(await accept({ token: invited.token, password: PASSWORD }))).toBe('ok')
  return invited
}
const passkeyBy = async (phone: TestAuthenticator, secret: object) => {
  const options = await anybody('POST', '/api/auth/links/passkey-options', secret)
  expect(options.status).toBe(200)
  const { challenge } = options.body
  return { answer: phone.create({ challenge, origin: server.url }), name: 'Phone' }
}
const signInBy = async (phone: TestAuthenticator) => {
  const options = await anybody('POST', '/api/auth/passkeys/sign-in/options')
  const { challenge } = options.body
  const answer = phone.get({ challenge, origin: server.url })
  return anybody('POST', '/api/auth/passkeys/sign-in', { answer, device: 'tablet01' })
}

describe('an invited patient', () => {
  it('is told whom it is for, chooses a passkey, and finds the chat with the doctor', async () => {
    const { user, link, token } = await invite({ email: undefined })
    expect(link).toMatchObject({ kind: 'invitation', mailed: false })
    expect(link.url).toBe(`${PUBLIC_URL}/join#${token}`)
    const looked = await anybody('POST', '/api/auth/links/look', { token })
    expect(looked.body).toEqual({
      kind: 'invitation',
      user: { id: user.id, name: 'Kim Novak' },
      clinic: 'Wardline',
      needs: { credential: true, passkey: false, email: true, name: false },
    })
    const phone = new TestAuthenticator()
    const passkey = await passkeyBy(phone, { token })
    const answer = await accept({ token, passkey, device: 'phone001', deviceName: 'Phone' })
    expect(answer.body.user).toMatchObject({ id: user.id, role: 'patient' })
    expect(cookieOf(answer.headers)).toMatch(/^wardline-refresh=/)
    const kim = caller(server.url, answer.body.accessToken, witness)
    const { chats } = (await kim('GET', '/api/chat/chats')).body
    expect(chats).toMatchObject([{ members: [{ name: 'Kim Novak' }, { name: 'Dr Ada Osei' }] }])
    // With it they come back, and without saying who they are.
    expect((await signInBy(phone)).body.user).toMatchObject({ id: user.id })
    const { passkeys } = (await kim('GET', '/api/auth/passkeys')).body
    expect(passkeys).toMatchObject([{ name: 'Phone' }])
    const removed = await kim('DELETE', `/api/auth/passkeys/${passkeys[0].id}`)
    expect(codeOf(removed)).toBe('last-way-in')
  })

  it('who has an address gets the link by mail, which says nothing of them', async () => {
    const { email, link } = await invite()
    expect(link.mailed).toBe(true)
    const mail = mails.find(({ to }) => to === email)
    expect(mail?.text).toContain(`${PUBLIC_URL}/join#`)
    for (const word of ['Kim', 'Ada', '1984', 'doctor']) expect(mail?.text).not.toContain(word)
  })

  it.each([
    [{ name: ' ' }, 'bad-request'],
    [{ birthDate: '2984-01-01' }, 'bad-request'],
    [{ email: 'nobody' }, 'bad-request'],
    [{ email: 'pat@demo.clinic' }, 'email-taken'],
    [{ doctorId: 'pat-morgan' }, 'user-not-found'],
    [{ doctorId: 'No Id' }, 'user-not-found'],
  ])('cannot be invited with %s', async (wrong, code) => {
    const body = { name: 'Kim Novak', ...wrong }
    expect(codeOf(await ada('POST', '/api/people/invitations', body))).toBe(code)
  })

  it('is one of two who accept at once, and has one session', async () => {
    const { token } = await invite()
    const both = await Promise.all(
      ['laptop01', 'phone001', 'tablet01'].map((device) =>
        accept({ token, password: PASSWORD, device }),
      ),
    )
    expect(both.map(codeOf).sort()).toEqual(['link-invalid', 'link-invalid', 'ok'])
    const token200 = both.find(({ status }) => status === 200)?.body.accessToken
    const { devices } = (await caller(server.url, token200)('GET', '/api/auth/devices')).body
    expect(devices).toHaveLength(1)
  })

  it('is told the same whatever is wrong with a link or a code', async () => {
    const used = await joined()
    const replaced = await invite()
    await ada('POST', `/api/people/${replaced.user.id}/way-in`, { as: 'link' })
    const wrong = [
      { token: used.token },
      { token: replaced.token },
      { token: 'x' },
      { token: `${replaced.token.slice(0, -1)}_` },
      { code: 'ABCD-EFGH' },
      { code: replaced.token },
    ]
    for (const secret of wrong) {
      const asked = [
        await anybody('POST', '/api/auth/links/look', secret),
        await anybody('POST', '/api/auth/links/passkey-options', secret),
        await accept({ ...secret, password: PASSWORD }),
      ]
      expect(asked.map(({ status, body }) => [status, body.error.code])).toEqual(
        Array(3).fill([410, 'link-invalid']),
      )
    }
    for (const body of [{}, { token: 'x', code: 'y' }, { token: 'x'.repeat(65) }])
      expect(codeOf(await anybody('POST', '/api/auth/links/look', body))).toBe('bad-request')
  })

  it('gets a code from the doctor as long as they have not been here', async () => {
    const { user } = await invite()
    const made = await ada('POST', `/api/people/${user.id}/way-in`, { as: 'code' })
    expect(made.body.code).toMatchObject({ kind: 'invitation' })
    const { code } = made.body.code
    expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
    expect(codeOf(await accept({ code, password: PASSWORD }))).toBe('ok')
    const again = await ada('POST', `/api/people/${user.id}/way-in`, { as: 'code' })
    expect(codeOf(again)).toBe('role-refused')
  })
})

describe('a reset', () => {
  it('by mail ends the sessions of before, everywhere, and the password', async () => {
    const { email } = await joined()
    const held = await holdSession(server.url, email, PASSWORD)
    expect(await tryAll(server.url, held)).toEqual(ALL_GOOD)
    const asked = await anybody('POST', '/api/auth/reset-request', { email })
    const nobody = await anybody('POST', '/api/auth/reset-request', { email: 'no@mail.example' })
    expect([asked.status, asked.body]).toEqual([nobody.status, nobody.body])
    const text = await until(() => {
      const mail = mails.find((each) => each.to === email && each.text.includes('/reset#'))
      expect(mail).toBeDefined()
      return mail?.text ?? ''
    })
    const [, token] = /\/reset#([\w-]{43})/.exec(text) ?? []
    expect(codeOf(await accept({ token, password: OTHER, device: 'laptop02' }))).toBe('ok')
    const refused = { http: 'session-ended', socket: '4401', sync: '4401' }
    expect(await tryAll(server.url, held)).toEqual({ ...refused, cookie: 'session-ended' })
    const login = (password: string) => anybody('POST', '/api/auth/login', { email, password })
    expect(codeOf(await login(PASSWORD))).toBe('bad-credentials')
    expect(codeOf(await login(OTHER))).toBe('ok')
  })
})

describe('a code for the installed app', () => {
  it('signs in once, on another place of the same person', async () => {
    const { email, user } = await joined()
    const { token } = await holdSession(server.url, email, PASSWORD)
    const kim = caller(server.url, token, witness)
    const { code } = (await kim('POST', '/api/auth/carry')).body
    const looked = await anybody('POST', '/api/auth/links/look', { code })
    expect(looked.body).toMatchObject({ kind: 'carry', needs: { credential: false } })
    expect((await accept({ code, device: 'phone001' })).body.user).toMatchObject({ id: user.id })
    expect(codeOf(await accept({ code, device: 'phone001' }))).toBe('link-invalid')
  })
})

describe('passkeys of an account', () => {
  it('are added, named, checked and removed', async () => {
    const { email } = await joined()
    const { token } = await holdSession(server.url, email, PASSWORD)
    const kim = caller(server.url, token, witness)
    const phone = new TestAuthenticator()
    const origin = server.url
    const options = await kim('POST', '/api/auth/passkeys/options')
    const { challenge } = options.body
    const answer = phone.create({ challenge, origin })
    const added = await kim('POST', '/api/auth/passkeys/register', { answer, name: 'Phone' })
    expect(added.status).toBe(201)
    const again = await kim('POST', '/api/auth/passkeys/register', { answer })
    expect(codeOf(again)).toBe('passkey-refused')
    const path = `/api/auth/passkeys/${added.body.passkey.id}`
    expect((await kim('PATCH', path, { name: 'Old phone' })).body.passkey.name).toBe('Old phone')
    expect(codeOf(await kim('PATCH', path, { name: '' }))).toBe('bad-request')
    const check = (await kim('POST', '/api/auth/passkeys/check/options')).body
    const right = { answer: phone.get({ challenge: check.challenge, origin }) }
    expect((await kim('POST', '/api/auth/passkeys/check', right)).status).toBe(204)
    expect(codeOf(await kim('POST', '/api/auth/passkeys/check', right))).toBe('passkey-refused')
    expect((await kim('DELETE', path)).status).toBe(204)
    expect(codeOf(await kim('DELETE', path))).toBe('not-found')
    expect(codeOf(await signInBy(phone))).toBe('passkey-refused')
  })

  it('of another page, or without a check of the person, sign nobody in', async () => {
    const phone = new TestAuthenticator()
    const { token } = await invite()
    await accept({ token, passkey: await passkeyBy(phone, { token }) })
    for (const wrong of [{ origin: 'https://evil.example' }, { verified: false }]) {
      const { challenge } = (await anybody('POST', '/api/auth/passkeys/sign-in/options')).body
      const answer = phone.get({ challenge, origin: server.url, ...wrong })
      const tried = await anybody('POST', '/api/auth/passkeys/sign-in', { answer })
      expect(codeOf(tried)).toBe('passkey-refused')
    }
    for (const answer of [{}, 'x', { id: 'x' }]) {
      const tried = await anybody('POST', '/api/auth/passkeys/sign-in', { answer })
      expect(codeOf(tried)).toBe('bad-request')
    }
    expect(codeOf(await signInBy(phone))).toBe('ok')
  })
})

describe('an admin', () => {
  let admin: Call
  beforeAll(async () => {
    admin = await callerFor(server.url, 'admin@demo.clinic', witness)
  })

  it('invites anybody, sees what is open, takes it back, and lets people in anew', async () => {
    const body = { name: 'Dr Grace Lee', role: ['doctor', 'admin'], specialty: 'Cardiology' }
    const { user, link } = (await admin('POST', '/api/admin/people', body)).body
    expect(link).toMatchObject({ kind: 'invitation', url: PUBLIC_URL + link.path })
    const list = async () =>
      (await admin('GET', '/api/admin/invitations')).body.invitations.filter(
        (each: { user: { id: string } }) => each.user.id === user.id,
      )
    const [open] = await list()
    expect(open).toMatchObject({ kind: 'invitation', usedAt: null, user: { name: body.name } })
    expect(JSON.stringify(await list())).not.toContain(link.path.split('#')[1])
    expect((await admin('DELETE', `/api/admin/invitations/${open.id}`)).status).toBe(204)
    expect(codeOf(await admin('DELETE', `/api/admin/invitations/${open.id}`))).toBe('not-found')
    const token = link.path.split('#')[1]
    expect(codeOf(await accept({ token, password: PASSWORD }))).toBe('link-invalid')
    const path = `/api/admin/people/${user.id}/reset`
    const { code } = (await admin('POST', path, { code: true })).body
    expect(code).toMatchObject({ kind: 'invitation' })
    const email = 'grace@clinic.example'
    expect(codeOf(await accept({ code: code.code, password: PASSWORD, email }))).toBe('ok')
    expect((await list())[0].usedAt).toBeGreaterThan(0)
    expect((await admin('POST', path, {})).body.link).toMatchObject({ kind: 'reset' })
  })

  it.each([
    [{ role: ['patient', 'doctor'] }, 'bad-request'],
    [{ role: [] }, 'bad-request'],
    [{ name: '' }, 'bad-request'],
    [{ email: 'pat@demo.clinic' }, 'email-taken'],
    [{ doctor: 'pat-morgan' }, 'bad-request'],
  ])('is told what is wrong with %s', async (wrong, code) => {
    const body = { name: 'Kim Novak', role: ['patient'], ...wrong }
    expect(codeOf(await admin('POST', '/api/admin/people', body))).toBe(code)
  })
})
