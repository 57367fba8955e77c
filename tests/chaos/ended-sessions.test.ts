/** The real server, killed after a session ended: whatever that session held stays refused. */
import { DEMO_PASSWORD } from '@wardline/sync-server/cli/demo-clinic'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ALL_GOOD,
  closedBy,
  holdSession,
  openSocket,
  openSync,
  tryAll,
} from '../support/ended-session.ts'
import { caller } from '../support/http-caller.ts'
import { ServerProcess } from '../support/server-process.ts'

const pat = 'pat@demo.clinic'
let server: ServerProcess
beforeAll(async () => {
  server = await ServerProcess.start()
}, 60_000)
afterAll(() => server.remove())

const hold = (name?: string) => holdSession(server.url, pat, DEMO_PASSWORD, name)
const restart = async (): Promise<void> => {
  await server.kill()
  await server.start()
}
/** Ways in which a session ends, and what its cookie is answered from then on. */
const ends = {
  'removed on another device': {
    code: 'device-removed',
    end: async (there: { id: string }) => {
      const here = await hold()
      const { status } = await caller(server.url, here.token)(
        'DELETE',
        `/api/auth/devices/${there.id}`,
      )
      expect(status).toBe(204)
      return [here]
    },
  },
  'signed out everywhere': {
    code: 'device-removed',
    end: async () => {
      const { token } = await hold()
      const { status } = await caller(server.url, token)('POST', '/api/auth/sign-out-everywhere')
      expect(status).toBe(204)
      return []
    },
  },
  'signed out': {
    code: 'session-ended',
    end: async (there: { cookie: string }) => {
      const { cookie } = there
      await caller(server.url, undefined)('POST', '/api/auth/logout', undefined, { cookie })
      return []
    },
  },
}

describe('[HELLO-6] a session that has ended', () => {
  it.each(Object.entries(ends))(
    'stays so over kill -9, in every way to the server: %s',
    async (_, { code, end }) => {
      const there = await hold()
      expect(await tryAll(server.url, there)).toEqual(ALL_GOOD)
      const socket = await openSocket(server.url, there.token, there.device)
      const sync = openSync(server.url, there.token)
      await Promise.all([socket, sync].map((each) => new Promise((on) => each.once('message', on))))
      const closed = Promise.all([closedBy(socket), closedBy(sync)])
      const others = await end(there)
      expect(await closed).toEqual([4401, 4401])
      const refused = { http: 'session-ended', cookie: code, socket: '4401', sync: '4401' }
      expect(await tryAll(server.url, there)).toEqual(refused)
      await restart()
      expect(await tryAll(server.url, there)).toEqual(refused)
      for (const other of others) expect(await tryAll(server.url, other)).toEqual(ALL_GOOD)
      await restart()
      expect(await tryAll(server.url, there)).toEqual(refused)
    },
    60_000,
  )

  it('is no other one: those that go on are good after kill -9', async () => {
    const held = await hold()
    await restart()
    expect(await tryAll(server.url, held)).toEqual(ALL_GOOD)
  }, 60_000)

  it('by a new password too, which the old one does not open again', async () => {
    const here = await hold()
    const there = await hold()
    const change = { current: DEMO_PASSWORD, next: 'seven lanterns above the harbour' }
    const { status } = await caller(server.url, here.token)('PUT', '/api/auth/password', change)
    expect(status).toBe(204)
    const refused = { http: 'session-ended', cookie: 'session-ended', socket: '4401', sync: '4401' }
    for (let start = 0; start < 2; start++) {
      expect(await tryAll(server.url, there)).toEqual(refused)
      expect(await tryAll(server.url, here)).toEqual(ALL_GOOD)
      await expect(hold()).rejects.toThrow('bad-credentials')
      await holdSession(server.url, pat, change.next)
      await restart()
    }
  }, 60_000)
})
