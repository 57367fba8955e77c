/**
 * What the clinic does with an account, against the real server: what is open is closed, what comes
 * back with an old token or cookie is refused, before and after the process was killed.
 */
import { DEMO_PASSWORD } from '@wardline/sync-server/cli/demo-clinic'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ALL_GOOD,
  closedBy,
  type HeldSession,
  holdSession,
  openSocket,
  openSync,
  tryAll,
} from '../support/ended-session.ts'
import { type Call, caller, callerFor } from '../support/http-caller.ts'
import { ServerProcess } from '../support/server-process.ts'

const ben = 'ben@demo.clinic'
let server: ServerProcess
beforeAll(async () => {
  server = await ServerProcess.start()
}, 60_000)
afterAll(() => server.remove())

const hold = (email = ben) => holdSession(server.url, email, DEMO_PASSWORD)
const restart = async (): Promise<void> => {
  await server.kill()
  await server.start()
}
const admin = (): Promise<Call> => callerFor(server.url, 'admin@demo.clinic')
const step = async (what: string, user = 'dr-ben') => {
  const { status, body } = await (await admin())('POST', `/api/admin/people/${user}/${what}`)
  expect([status, body.error]).toEqual([200, undefined])
  return body
}
const change = async (body: object) => {
  const answer = await (await admin())('PATCH', '/api/admin/people/dr-ben', body)
  expect(answer.status).toBe(200)
}

/** Both sockets of a device, and the codes that they are closed with. */
const openBoth = async ({ token, device }: HeldSession): Promise<Promise<number[]>[]> => {
  const socket = await openSocket(server.url, token, device)
  const sync = openSync(server.url, token)
  await Promise.all([socket, sync].map((each) => new Promise((on) => each.once('message', on))))
  // Not awaited here: they close later.
  return [Promise.all([closedBy(socket), closedBy(sync)])]
}

describe('an account', () => {
  it.each(['disable', 'close'])(
    'that the clinic chose to %s has nothing left, over kill -9 too, until it is enabled',
    async (what) => {
      const held = await hold()
      const other = await hold('ada@demo.clinic')
      expect(await tryAll(server.url, held)).toEqual(ALL_GOOD)
      const [closed] = await openBoth(held)
      await step(what)
      expect(await closed).toEqual([4401, 4401])
      const refused = {
        ...{ http: 'session-ended', cookie: 'device-removed-by-clinic' },
        ...{ socket: '4401', sync: '4401' },
      }
      for (let start = 0; start < 2; start++) {
        expect(await tryAll(server.url, held)).toEqual(refused)
        await expect(hold()).rejects.toThrow('account-inactive')
        expect(await tryAll(server.url, other)).toEqual(ALL_GOOD)
        await restart()
      }
      await step('enable')
      // Who is let in again signs in again.
      expect(await tryAll(server.url, held)).toEqual(refused)
      expect(await tryAll(server.url, await hold())).toEqual(ALL_GOOD)
    },
    60_000,
  )

  it('with other roles is shown out with its old tokens, and in again with new ones', async () => {
    const held = await hold()
    const [closed] = await openBoth(held)
    await change({ roles: ['doctor', 'admin'] })
    expect(await closed).toEqual([4401, 4401])
    // The cookie is good: it brings a token that says the new roles.
    const stale = { http: 'token-expired', cookie: 'ok', socket: '4401', sync: '4401' }
    for (let start = 0; start < 2; start++) {
      expect(await tryAll(server.url, held)).toEqual(stale)
      await restart()
    }
    const { cookie } = held
    const renewed = await caller(server.url, undefined)(
      ...(['POST', '/api/auth/refresh', undefined] as const),
      { cookie },
    )
    expect(renewed.body.user.roles).toEqual(['doctor', 'admin'])
    const fresh = { ...held, token: renewed.body.accessToken }
    const people = () => caller(server.url, fresh.token)('GET', '/api/admin/people')
    expect((await people()).status).toBe(200)
    await change({ roles: ['doctor'] })
    expect((await people()).body.error.code).toBe('token-expired')
    await restart()
    expect((await people()).body.error.code).toBe('token-expired')
  }, 60_000)

  it('with another name is not disturbed', async () => {
    const held = await hold()
    await change({ name: 'Dr Ben Laurent-Moreau' })
    expect(await tryAll(server.url, held)).toEqual(ALL_GOOD)
    await change({ name: 'Dr Ben Laurent' })
  }, 60_000)

  it('begins no session while it is being disabled', async () => {
    for (let round = 0; round < 5; round++) {
      const attempts = Array.from({ length: 4 }, () => hold().catch(() => undefined))
      await step('disable')
      for (const held of await Promise.all(attempts)) {
        if (held === undefined) continue
        const { http, cookie, socket, sync } = await tryAll(server.url, held)
        expect([http, cookie, socket, sync]).toEqual([
          ...['session-ended', 'device-removed-by-clinic', '4401', '4401'],
        ])
      }
      await step('enable')
    }
  }, 60_000)
})

describe('the last admin', () => {
  it('is refused to leave, to be disabled, and to be nothing but staff', async () => {
    const call = await admin()
    const { body } = await call('GET', '/api/admin/people?role=admin')
    expect(body.people.map(({ status }: { status: string }) => status)).toEqual(['active'])
    const [{ id }] = body.people
    for (const [method, path, change] of [
      ['POST', '/disable', undefined],
      ['POST', '/close', undefined],
      ['PATCH', '', { roles: ['staff'] }],
    ] as const) {
      const answer = await call(method, `/api/admin/people/${id}${path}`, change)
      expect(answer.body.error.code).toBe('last-admin')
    }
    expect((await call('GET', '/api/admin/people')).status).toBe(200)
  })

  it('is left when two disable each other at once', async () => {
    const robin = await admin()
    await change({ roles: ['doctor', 'admin'] })
    const second = await callerFor(server.url, ben)
    const { body } = await robin('GET', '/api/admin/people?role=admin')
    const [one, two] = body.people.map(({ id }: { id: string }) => id)
    const answers = await Promise.all([
      robin('POST', `/api/admin/people/${one === 'dr-ben' ? one : two}/disable`),
      second('POST', `/api/admin/people/${one === 'dr-ben' ? two : one}/disable`),
    ])
    expect(answers.filter(({ status }) => status === 200).length).toBe(1)
    const left = [robin, second].map((call) => call('GET', '/api/admin/people?role=admin'))
    const statuses = (await Promise.all(left)).map(({ status }) => status).sort()
    expect(statuses).toEqual([200, 401])
  }, 60_000)
})
