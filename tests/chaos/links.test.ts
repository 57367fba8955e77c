/** The real server, killed around the moment at which a link is used; and staff who need a passkey. */
import { randomBytes } from 'node:crypto'
import { TestAuthenticator } from '@wardline/sync-server/passkeys/test-authenticator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ALL_GOOD, holdSession, tryAll } from '../support/ended-session.ts'
import { type Call, caller, callerFor } from '../support/http-caller.ts'
import { ServerProcess } from '../support/server-process.ts'

const PASSWORD = 'drei Birnen im Regen'
let server: ServerProcess
let anybody: Call
beforeAll(async () => {
  server = await ServerProcess.start()
  anybody = caller(server.url, undefined)
}, 60_000)
afterAll(() => server.remove())

const restart = async (env: Record<string, string> = {}): Promise<void> => {
  await server.kill()
  server.options.env = env
  await server.start()
}
const invite = async (email: string) => {
  const ada = await callerFor(server.url, 'ada@demo.clinic')
  const { user, link } = (await ada('POST', '/api/people/invitations', { name: 'Kim', email })).body
  return { user, token: String(link.url).split('#')[1] }
}
const accept = (body: object) => anybody('POST', '/api/auth/links/accept', body)

it('a link that is used while the server is killed is used or not, and the person gets in', async () => {
  const seen = new Set<string>()
  for (let round = 0; round < 8; round++) {
    const email = `kim-${round}@mail.example`
    const { token } = await invite(email)
    const attempt = randomBytes(32).toString('base64url')
    const body = { token, password: PASSWORD, attempt, device: 'laptop01' }
    const answer = accept(body).then(
      ({ status }) => String(status),
      () => 'lost',
    )
    // Between nothing done and all done: hashing the password takes some of it.
    const until = performance.now() + round * 15
    while (performance.now() < until) await new Promise((turn) => setImmediate(turn))
    await restart()
    seen.add(await answer)
    const again = await accept(body)
    expect([email, again.status]).toEqual([email, 200])
    const kim = caller(server.url, again.body.accessToken)
    expect((await kim('GET', '/api/chat/chats')).body.chats).toHaveLength(1)
    expect((await kim('GET', '/api/auth/devices')).body.devices).toHaveLength(1)
    const other = await accept({ ...body, attempt: randomBytes(32).toString('base64url') })
    expect(other.body.error.code).toBe('link-invalid')
    expect(await tryAll(server.url, await holdSession(server.url, email, PASSWORD))).toEqual(
      ALL_GOOD,
    )
  }
  expect(seen).toContain('lost')
}, 120_000)

it('a reset is for good: what was signed in before stays out after a kill', async () => {
  const email = 'lee@mail.example'
  const { user, token } = await invite(email)
  await accept({ token, password: PASSWORD })
  const held = await holdSession(server.url, email, PASSWORD)
  const admin = await callerFor(server.url, 'admin@demo.clinic')
  const made = await admin('POST', `/api/people/${user.id}/way-in`, { as: 'code' })
  await restart()
  expect(await tryAll(server.url, held)).toEqual(ALL_GOOD)
  const { code } = made.body.code
  expect((await accept({ code, password: 'four other words here' })).status).toBe(200)
  await restart()
  const refused = { http: 'session-ended', socket: '4401', sync: '4401' }
  expect(await tryAll(server.url, held)).toEqual({ ...refused, cookie: 'session-ended' })
  expect((await accept({ code, password: PASSWORD })).body.error.code).toBe('link-invalid')
}, 60_000)

it('staff who have to have a passkey cannot sign in with a password, and can with a passkey', async () => {
  const ada = await callerFor(server.url, 'ada@demo.clinic')
  const phone = new TestAuthenticator()
  const { challenge } = (await ada('POST', '/api/auth/passkeys/options')).body
  const answer = phone.create({ challenge, origin: server.url })
  expect((await ada('POST', '/api/auth/passkeys/register', { answer })).status).toBe(201)
  await restart({ STAFF_PASSKEY: 'required' })
  const password = 'wardline-demo'
  const login = (email: string, typed = password) =>
    anybody('POST', '/api/auth/login', { email, password: typed })
  expect((await login('ada@demo.clinic')).body.error.code).toBe('passkey-required')
  expect((await login('ada@demo.clinic', 'wrong')).body.error.code).toBe('bad-credentials')
  expect((await login('pat@demo.clinic')).status).toBe(200)
  const asked = (await anybody('POST', '/api/auth/passkeys/sign-in/options')).body
  const signed = phone.get({ challenge: asked.challenge, origin: server.url })
  const signedIn = await anybody('POST', '/api/auth/passkeys/sign-in', { answer: signed })
  expect(signedIn.body.user).toMatchObject({ id: 'dr-ada' })
  await restart()
}, 60_000)
