/** Erasing an account on a server that is killed in the middle: the next start completes it. */
import { DEMO_PASSWORD } from '@wardline/sync-server/cli/demo-clinic'
import { LevelStore } from '@wardline/sync-server/storage/level-store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Call, callerFor } from '../support/http-caller.ts'
import { randomFrom } from '../support/random.ts'
import { ServerProcess } from '../support/server-process.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const MESSAGES = 60
let server: ServerProcess
let admin: Call
let doctor: Call
beforeAll(async () => {
  server = await ServerProcess.start({ env: { RETENTION_DAYS: '0' } })
  admin = await callerFor(server.url, 'admin@demo.clinic')
  doctor = await callerFor(server.url, 'ada@demo.clinic')
}, 60_000)
afterAll(() => server.remove())

it(`is complete after the next start, whenever the process was killed (SEED=${seed})`, async () => {
  const random = randomFrom(seed)
  const memberIds = ['pat-morgan', 'sam-rivera']
  const made = await doctor('POST', '/api/chat/groups', { title: 'Ward', memberIds })
  const path = `/api/chat/chats/${made.body.chat.id}/messages`
  const patient = await callerFor(server.url, 'pat@demo.clinic')
  for (let i = 0; i < MESSAGES; i++) await patient('POST', path, { text: `secret ${i}` })
  await doctor('POST', path, { text: 'what the doctor said' })
  await admin('POST', '/api/admin/people/pat-morgan/close')
  const erasing = admin('POST', '/api/admin/people/pat-morgan/erase').catch(() => undefined)
  await new Promise((go) => setTimeout(go, random() * 300))
  await server.kill()
  await erasing
  await server.start()
  admin = await callerFor(server.url, 'admin@demo.clinic')
  doctor = await callerFor(server.url, 'ada@demo.clinic')
  const { status } = (await admin('GET', '/api/admin/people/pat-morgan')).body
  // All of it had begun, or nothing of it: then it is asked for once more.
  expect(['closed', 'erased']).toContain(status)
  if (status === 'closed') await admin('POST', '/api/admin/people/pat-morgan/erase')
  const left = async () =>
    (await doctor('GET', `${path}?limit=100`)).body.messages
      .map(({ text }: { text: string }) => text)
      .filter(Boolean)
  await expect.poll(left, { timeout: 30_000 }).toEqual(['what the doctor said'])
  const login = { email: 'pat@demo.clinic', password: DEMO_PASSWORD }
  const signIn = await doctor('POST', '/api/auth/login', login)
  expect(signIn.body.error.code).toBe('bad-credentials')
  await server.stop()
  const store = await LevelStore.open(server.dataDir, {})
  try {
    expect(await store.listRecords('erasing/')).toEqual([])
    expect(JSON.stringify(await store.listRecords(''))).not.toContain('Pat Morgan')
  } finally {
    await store.close()
  }
  await server.start()
}, 120_000)
