/** What devices show of people whose accounts change, in chats that exist, open ones too. */
import { directChatId, parseUserId } from '@wardline/core/base/ids'
import type { Person } from '@wardline/core/client/model/views'
import type { RunningServer } from '@wardline/sync-server/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Call, callerFor } from '../support/http-caller.ts'
import { type NodeDevice, startDevice, until } from '../support/node-device.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const [ada, ben, pat] = [parseUserId('dr-ada')!, parseUserId('dr-ben')!, parseUserId('pat-morgan')!]
const direct = directChatId(pat, ada)
let dataDir: string
let server: RunningServer
let admin: Call
let patient: NodeDevice
let doctor: NodeDevice
let group: string

beforeAll(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  admin = await callerFor(server.url, 'admin@demo.clinic')
  const call = await callerFor(server.url, 'ada@demo.clinic')
  await call('POST', '/api/chat/chats', { patientId: pat })
  const made = await call('POST', '/api/chat/groups', { title: 'Ward', memberIds: [ben, pat] })
  group = made.body.chat.id
  await call('POST', `/api/chat/chats/${direct}/messages`, { text: 'from Ada' })
  const asBen = await callerFor(server.url, 'ben@demo.clinic')
  await asBen('POST', `/api/chat/chats/${group}/messages`, { text: 'from Ben' })
  patient = await startDevice({ url: server.url, email: 'pat@demo.clinic' })
  doctor = await startDevice({ url: server.url, email: 'ada@demo.clinic' })
  for (const { client } of [patient, doctor])
    await until(client, () => client.shell().chats.length === 2)
})
afterAll(async () => {
  patient.client.close()
  doctor.client.close()
  await server.close()
  await removeDataDir(dataDir)
})

const change = async (user: string, body: object) =>
  expect((await admin('PATCH', `/api/admin/people/${user}`, body)).status).toBe(200)
const step = async (user: string, what: string) =>
  expect((await admin('POST', `/api/admin/people/${user}/${what}`)).status).toBe(200)
const chatOf = ({ client }: NodeDevice, id: string) =>
  client.shell().chats.find((chat) => chat.id === id)

it('[DOC-9] follow a new name and specialty, in the list and on an open screen', async () => {
  const { client } = patient
  const conversation = await client.openConversation(direct)
  await until(client, () => (conversation?.view()?.items.length ?? 0) > 0)
  await change(ada, { name: 'Dr Ada Osei-Kyei', specialty: 'Cardiology' })
  await until(client, () => chatOf(patient, direct)?.title === 'Dr Ada Osei-Kyei')
  const view = () => conversation?.view()
  await until(client, () => view()?.chat.title === 'Dr Ada Osei-Kyei')
  expect(view()?.members).toContainEqual(
    expect.objectContaining({ id: ada, name: 'Dr Ada Osei-Kyei', specialty: 'Cardiology' }),
  )
  const [message] = view()?.items ?? []
  expect(message).toMatchObject({ type: 'message', authorName: 'Dr Ada Osei-Kyei' })
  conversation?.close()
})

it('[DOC-9] follow a new role and name in a group, and its messages show them', async () => {
  const { client } = patient
  const conversation = await client.openConversation(group as typeof direct)
  await change(ben, { name: 'Ben Laurent', roles: ['staff'], specialty: null })
  const seen = (): Person | undefined => conversation?.view()?.members.find(({ id }) => id === ben)
  await until(client, () => seen()?.role === 'staff')
  expect(seen()).toMatchObject({ id: ben, name: 'Ben Laurent', role: 'staff' })
  expect(seen()).not.toHaveProperty('specialty')
  const messages = conversation?.view()?.items.filter(({ type }) => type === 'message')
  expect(messages).toMatchObject([{ authorName: 'Ben Laurent' }])
  conversation?.close()
})

it('[DOC-9] mark who has no account any more, and unmark who has it again', async () => {
  await step(pat, 'close')
  const { client } = doctor
  await until(client, () => chatOf(doctor, direct)?.peer?.accountClosed === true)
  expect(chatOf(doctor, direct)).toMatchObject({ closed: true, title: 'Pat Morgan' })
  const conversation = await client.openConversation(group as typeof direct)
  const seen = () => conversation?.view()?.members.find(({ id }) => id === pat)
  await until(client, () => seen()?.accountClosed === true)
  conversation?.close()
  // What was written stays.
  const open = await client.openConversation(direct)
  await until(client, () => (open?.view()?.items.length ?? 0) > 0)
  expect(open?.view()?.items).toMatchObject([{ text: 'from Ada' }])
  open?.close()
  const call = await callerFor(server.url, 'ada@demo.clinic')
  const sent = await call('POST', `/api/chat/chats/${direct}/messages`, { text: 'too late' })
  expect(sent.body.error.code).toBe('chat-closed')
  const { chats } = (await call('GET', '/api/chat/chats')).body
  for (const { members } of chats)
    expect(members.find(({ userId }: { userId: string }) => userId === pat).closed).toBe(true)
  await step(pat, 'enable')
  await until(client, () => chatOf(doctor, direct)?.closed === false)
  expect(chatOf(doctor, direct)?.peer?.accountClosed).toBeUndefined()
  const again = await call('POST', `/api/chat/chats/${direct}/messages`, { text: 'welcome back' })
  expect(again.status).toBe(201)
})

it('name staff what they are, who find patients and may know when they were born', async () => {
  const staff = await callerFor(server.url, 'ben@demo.clinic')
  const found = await staff('GET', '/api/chat/patients?query=morgan')
  expect(found.body.patients).toMatchObject([{ id: pat, birthDate: '1984-05-02' }])
  const call = await callerFor(server.url, 'ada@demo.clinic')
  expect((await call('GET', '/api/chat/staff')).body.staff).toMatchObject([
    { id: ben, role: 'staff' },
  ])
  expect((await staff('POST', '/api/chat/chats', { patientId: pat })).body.error.code).toBe(
    'role-refused',
  )
  const { client } = await startDevice({ url: server.url, email: 'ben@demo.clinic' })
  await until(client, () => client.shell().chats.length === 1)
  expect(client.shell().chats[0]?.patients).toMatchObject([{ id: pat, birthDate: '1984-05-02' }])
  expect(client.me.role).toBe('staff')
  expect(client.startChat({ id: pat, name: 'Pat', role: 'patient' })).toBeUndefined()
  client.close()
})
