/** A patient's phone is lost: staff see their devices and remove one, and nobody else does. */
import { parseUserId } from '@wardline/core/base/ids'
import { DEMO_PASSWORD } from '@wardline/sync-server/cli/demo-clinic'
import type { RunningServer } from '@wardline/sync-server/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiContract } from '../support/api-contract.ts'
import {
  ALL_GOOD,
  closedBy,
  holdSession,
  openSocket,
  openSync,
  tryAll,
} from '../support/ended-session.ts'
import { type Call, caller, callerFor } from '../support/http-caller.ts'
import { makeDataDir, removeDataDir, start, until } from './sync-kit.ts'

const PAT = '/api/people/pat-morgan/devices'
const contract = new ApiContract()
let dataDir: string
let server: RunningServer
let staff: Call
let admin: Call
let made = 0

/** Every answer is what the document says of it. */
const witness: Parameters<typeof caller>[2] = (method, path, answer) =>
  expect(contract.problem({ method, path, ...answer }), `${method} ${path}`).toBeUndefined()

const make = async (name: string, roles: readonly ('patient' | 'doctor' | 'staff' | 'admin')[]) => {
  const id = parseUserId(`account-${++made}`)!
  const created = await server.sync.directory.createUser({ id, name, roles })
  if (!created.ok) throw new Error(created.error)
  const signedIn = await server.auth.signIn(id, { address: '::1', method: 'password' })
  if (!signedIn.ok) throw new Error(signedIn.error.code)
  const [device] = await server.auth.sessionsOf(id)
  const call = caller(server.url, signedIn.value.accessToken, witness)
  return { id, call, device: device?.id }
}
const hold = (deviceName: string) =>
  holdSession(server.url, 'pat@demo.clinic', DEMO_PASSWORD, deviceName)

beforeAll(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  staff = (await make('Sal Reed', ['staff'])).call
  admin = await callerFor(server.url, 'admin@demo.clinic', witness)
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

describe.each([
  ['staff', () => staff],
  ['an admin', () => admin],
])('%s', (_, who) => {
  it('sees a patient’s devices, and removes the lost one at once and for good', async () => {
    const [phone, tablet] = [await hold('Lost phone'), await hold('Tablet')]
    const { status, body } = await who()('GET', PAT)
    expect(status).toBe(200)
    expect(body.devices).toContainEqual({
      id: phone.id,
      name: 'Lost phone',
      method: 'password',
      signedInAt: expect.any(Number),
      seenAt: expect.any(Number),
    })
    const socket = await openSocket(server.url, phone.token, phone.device)
    const sync = openSync(server.url, phone.token)
    await Promise.all([socket, sync].map((each) => new Promise((on) => each.once('message', on))))
    const closed = Promise.all([closedBy(socket), closedBy(sync)])

    expect((await who()('DELETE', `${PAT}/${phone.id}`)).status).toBe(204)
    expect(await closed).toEqual([4401, 4401])
    // The phone is told to empty itself when it comes again.
    const cookie = 'device-removed-by-clinic'
    const over = { http: 'session-ended', cookie, socket: '4401', sync: '4401' }
    expect(await tryAll(server.url, phone)).toEqual(over)
    expect(await tryAll(server.url, tablet)).toEqual(ALL_GOOD)
    const left: { id: string }[] = (await who()('GET', PAT)).body.devices
    expect(left.map(({ id }) => id)).not.toContain(phone.id)
    expect((await who()('DELETE', `${PAT}/${phone.id}`)).body.error.code).toBe('device-not-found')

    const way = await who()('POST', '/api/people/pat-morgan/way-in', { as: 'code' })
    expect(way.status).toBe(201)
  })

  it('does it for an account that is a patient’s and nothing more', async () => {
    const targets = [
      await make('Kit Lowe', ['staff']),
      await make('Noor Aziz', ['patient', 'admin']),
      await make('Dr Jo Marsh', ['doctor', 'admin']),
    ]
    for (const { id, device, call } of targets) {
      const at = `/api/people/${id}/devices`
      expect((await who()('GET', at)).body.error.code).toBe('role-refused')
      expect((await who()('DELETE', `${at}/${device}`)).body.error.code).toBe('role-refused')
      expect((await call('GET', '/api/auth/devices')).body.devices).toHaveLength(1)
    }
  })

  it('ends no session of one patient under the name of another', async () => {
    const tablet = await hold('Tablet')
    const other = await who()('DELETE', `/api/people/sam-rivera/devices/${tablet.id}`)
    expect(other.body.error.code).toBe('device-not-found')
    expect(await tryAll(server.url, tablet)).toEqual(ALL_GOOD)
  })

  it('is told when there is no such patient, and of an address that is none', async () => {
    const nobody = '/api/people/nobody-here/devices'
    expect((await who()('GET', nobody)).body.error.code).toBe('user-not-found')
    expect((await who()('DELETE', `${nobody}/x`)).body.error.code).toBe('user-not-found')
    expect((await who()('GET', '/api/people/%00/devices')).body.error.code).toBe('user-not-found')
    const long = await who()('DELETE', `${PAT}/${'x'.repeat(101)}`)
    expect(long.body.error.code).toBe('bad-request')
  })
})

it('the trail says who removed it, and who was refused', async () => {
  const phone = await hold('Phone')
  const sal = await make('Sal Penn', ['staff'])
  await sal.call('DELETE', `${PAT}/${phone.id}`)
  await sal.call('GET', '/api/people/dr-ada/devices')
  // What was asked of the interface is noted behind the answer.
  await until(async () => {
    const { lines } = (await admin('GET', `/api/admin/audit?about=${sal.id}`)).body
    const removed = { action: 'session.ended', actor: sal.id, subject: 'pat-morgan' }
    expect(lines).toContainEqual(expect.objectContaining(removed))
    const details = { operation: 'GET /api/people/:id/devices', code: 'role-refused' }
    const refused = { action: 'api.refused', actor: sal.id, details }
    expect(lines).toContainEqual(expect.objectContaining(refused))
  })
})

it.each(['pat', 'sam', 'ada'])('%s may not, and hears no more of who is there', async (name) => {
  const call = await callerFor(server.url, `${name}@demo.clinic`, witness)
  const phone = await hold('Phone')
  for (const at of [PAT, '/api/people/nobody-here/devices', '/api/people/dr-ada/devices'])
    expect((await call('GET', at)).body.error.code).toBe('role-refused')
  expect((await call('DELETE', `${PAT}/${phone.id}`)).body.error.code).toBe('role-refused')
  expect(await tryAll(server.url, phone)).toEqual(ALL_GOOD)
})
