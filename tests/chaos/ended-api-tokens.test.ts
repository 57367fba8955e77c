/** The real server, killed after an API token ended: whatever it gave stays refused. */
import { randomBytes } from 'node:crypto'
import { DEMO_PASSWORD } from '@wardline/sync-server/cli/demo-clinic'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  ALL_GOOD,
  closedBy,
  type HeldSession,
  holdSession,
  openSocket,
  openSync,
  tryAll,
} from '../support/ended-session.ts'
import { type Call, caller } from '../support/http-caller.ts'
import { ServerProcess } from '../support/server-process.ts'

let server: ServerProcess
let admin: Call
beforeAll(async () => {
  server = await ServerProcess.start()
}, 60_000)
afterAll(() => server.remove())

/** Programs have no cookie: that way is left out. */
const tried = async (held: HeldSession) => {
  const { cookie: _, ...verdicts } = await tryAll(server.url, held)
  return verdicts
}
const { cookie: _, ...GOOD } = ALL_GOOD
const REFUSED = { http: 'session-ended', socket: '4401', sync: '4401' }

const program = async (): Promise<{
  user: string
  id: string
  text: string
  held: HeldSession
}> => {
  const made = await admin('POST', '/api/admin/programs', { name: 'Lab results' })
  const user: string = made.body.id
  const { body } = await admin('POST', '/api/admin/api-tokens', { user, name: 'x', chats: 'all' })
  const signedIn = await caller(server.url, body.token)('POST', '/api/auth/token')
  const device = randomBytes(8).toString('hex')
  const held = { id: body.id, token: signedIn.body.accessToken, cookie: '', device }
  return { user, id: body.id, text: body.token, held }
}

const ends = {
  ended: (one: { id: string }) => admin('DELETE', `/api/admin/api-tokens/${one.id}`),
  'of a program that is disabled': (one: { user: string }) =>
    admin('POST', `/api/admin/people/${one.user}/disable`),
  'of a program that is closed': (one: { user: string }) =>
    admin('POST', `/api/admin/people/${one.user}/close`),
}

it.each(Object.entries(ends))(
  '[HELLO-6] an API token that is %s is dead, and what it gave, before and after kill -9',
  async (_, end) => {
    admin = caller(
      server.url,
      (await holdSession(server.url, 'admin@demo.clinic', DEMO_PASSWORD)).token,
    )
    const one = await program()
    const other = await program()
    const { held } = one
    expect(await tried(held)).toEqual(GOOD)
    const socket = await openSocket(server.url, held.token, held.device)
    const sync = openSync(server.url, held.token)
    await Promise.all([socket, sync].map((each) => new Promise((on) => each.once('message', on))))
    const closed = Promise.all([closedBy(socket), closedBy(sync)])
    const { status } = await end(one)
    expect([200, 204]).toContain(status)
    expect(await closed).toEqual([4401, 4401])
    expect(await tried(held)).toMatchObject({ socket: '4401', sync: '4401' })
    expect((await caller(server.url, one.text)('POST', '/api/auth/token')).status).toBe(401)
    await server.kill()
    await server.start()
    expect(await tried(held)).toEqual(REFUSED)
    expect((await caller(server.url, one.text)('POST', '/api/auth/token')).body.error.code).toBe(
      'api-token-refused',
    )
    // Those of others are as good as before.
    expect(await tried(other.held)).toEqual(GOOD)
  },
  60_000,
)
