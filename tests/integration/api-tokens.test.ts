/** Programs over HTTP: what an API token lets them see and do, and what not. */
import type { RunningServer } from '@wardline/sync-server/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Call, caller, callerFor } from '../support/http-caller.ts'
import { FileCaller, metadataOf, sha256, textOf } from './files-kit.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const letter = textOf(5_000)
const tus = { 'tus-resumable': '1.0.0' }
let dataDir: string
let server: RunningServer
let ada: Call
let admin: Call
let program: string
/** Groups that the program is in: the first is the one of the token. */
let seen: string
let hidden: string
let messages: { seen: string; hidden: string }

const asProgram = async (text: string): Promise<Call> => {
  const { body } = await caller(server.url, text)('POST', '/api/auth/token')
  return caller(server.url, body.accessToken)
}
const makeToken = async (chats: string): Promise<{ id: string; token: string }> => {
  const made = await admin('POST', '/api/admin/api-tokens', { user: program, name: 'Lab', chats })
  expect(made.status).toBe(200)
  return made.body
}
const group = async (title: string): Promise<string> => {
  const made = await ada('POST', '/api/chat/groups', { title, memberIds: ['pat-morgan'] })
  return made.body.chat.id
}

beforeAll(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  ada = await callerFor(server.url, 'ada@demo.clinic')
  const roles = ['doctor', 'admin']
  await server.sync.directory.profiles.change(
    'dr-ben' as Parameters<typeof server.sync.directory.getUser>[0],
    { roles },
    { actor: 'server' },
  )
  admin = await callerFor(server.url, 'ben@demo.clinic')
  const made = await admin('POST', '/api/admin/programs', { name: 'Lab results' })
  program = made.body.id
  seen = await group('Seen')
  hidden = await group('Hidden')
  // A doctor of the group takes it in, or whoever runs the clinic, who is in none of them.
  expect((await ada('POST', `/api/chat/groups/${seen}/members`, { userId: program })).status).toBe(
    200,
  )
  const added = await admin('PUT', `/api/admin/programs/${program}/chats/${hidden}`)
  expect(added.status).toBe(204)
  const said = async (chat: string): Promise<string> => {
    const sent = await ada('POST', `/api/chat/chats/${chat}/messages`, { text: `in ${chat}` })
    return sent.body.message.id
  }
  messages = { seen: await said(seen), hidden: await said(hidden) }
  const files = await FileCaller.signIn(() => server.url, 'ada@demo.clinic')
  for (const chat of [seen, hidden]) {
    expect((await files.upload(letter, { chat })).status).toBe(204)
  }
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

it('a program sees the chats of its token, and no trace of others', async () => {
  const { token } = await makeToken(seen)
  const call = await asProgram(token)
  const { body } = await call('GET', '/api/chat/chats')
  expect(body.chats.map(({ id }: { id: string }) => id)).toEqual([seen])
  const text = (chat: string) => call('GET', `/api/chat/chats/${chat}/messages`)
  expect((await text(seen)).body.messages).toMatchObject([{ text: `in ${seen}` }])
  const codes = await Promise.all(
    [
      text(hidden),
      call('POST', `/api/chat/chats/${hidden}/messages`, { text: 'x' }),
      call('PUT', `/api/chat/chats/${hidden}/read`),
      call('PUT', `/api/chat/messages/${messages.hidden}`, { text: 'x' }),
      call('DELETE', `/api/chat/messages/${messages.hidden}`),
      call('PATCH', `/api/chat/groups/${hidden}`, { title: 'x' }),
      call('POST', `/api/chat/groups/${hidden}/members`, { userId: 'sam-rivera' }),
      call('DELETE', `/api/chat/groups/${hidden}/members/${program}`),
      call('GET', `/api/files/${hidden}/${sha256(letter)}`),
      call('PUT', `/api/files/${hidden}/${sha256(letter)}`),
      call('DELETE', `/api/files/${hidden}/${sha256(letter)}`),
      call('POST', '/api/files/uploads', undefined, {
        ...tus,
        'upload-length': '5000',
        'upload-metadata': metadataOf({ chat: hidden }),
      }),
      call('POST', '/api/chat/openings', { openings: [{ chat: hidden, at: 1 }] }),
    ].map(async (asked) => {
      const answer = await asked
      return answer.body.error?.code ?? answer.status
    }),
  )
  expect(codes).toEqual([
    ...['chat-not-found', 'chat-not-found', 'chat-not-found'],
    ...['message-not-found', 'message-not-found'],
    ...['chat-not-found', 'chat-not-found', 'chat-not-found'],
    ...['not-found', 'not-found', 'not-found', 'not-found'],
    // Of chats that are not theirs nothing is noted, whoever says so.
    expect.anything(),
  ])
  const file = await fetch(`${server.url}/api/files/${seen}/${sha256(letter)}`, {
    headers: { authorization: `Bearer ${await accessOf(token)}` },
  })
  expect(file.status).toBe(200)
  // The same account with a token for all.
  const all = await asProgram((await makeToken('all')).token)
  expect((await all('GET', '/api/chat/chats')).body.chats).toHaveLength(2)
  expect((await all('GET', `/api/chat/chats/${hidden}/messages`)).status).toBe(200)
})

const accessOf = async (text: string): Promise<string> =>
  (await caller(server.url, text)('POST', '/api/auth/token')).body.accessToken

it('a program writes in its chats, begins none, and changes no group', async () => {
  const { token } = await makeToken(seen)
  const call = await asProgram(token)
  const sent = await call('POST', `/api/chat/chats/${seen}/messages`, { text: 'Potassium 4.1' })
  expect(sent.status).toBe(201)
  const { body } = await ada('GET', `/api/chat/chats/${seen}/messages`)
  expect(body.messages[0]).toMatchObject({ text: 'Potassium 4.1', senderId: program })
  const refused = [
    await call('POST', '/api/chat/chats', { doctorId: 'dr-ada' }),
    await call('POST', '/api/chat/chats', { patientId: 'pat-morgan' }),
    await call('POST', '/api/chat/groups', { title: 'x', memberIds: [] }),
    await call('PATCH', `/api/chat/groups/${seen}`, { title: 'x' }),
    await call('POST', `/api/chat/groups/${seen}/members`, { userId: 'sam-rivera' }),
    await call('GET', '/api/chat/patients'),
    await call('GET', '/api/admin/people'),
  ]
  for (const answer of refused) expect(answer.body.error?.code).toBe('role-refused')
  const pickers = [
    await callerFor(server.url, 'pat@demo.clinic').then((pat) => pat('GET', '/api/chat/doctors')),
    await ada('GET', '/api/chat/patients'),
  ]
  for (const picker of pickers) expect(JSON.stringify(picker.body)).not.toContain(program)
})

it('a program is taken in by doctors of the group and by admins only', async () => {
  const other = await group('Other')
  const pat = await callerFor(server.url, 'pat@demo.clinic')
  const body = { userId: program }
  expect((await pat('POST', `/api/chat/groups/${other}/members`, body)).body.error.code).toBe(
    'role-refused',
  )
  const put = (call: Call, user = program, chat = other) =>
    call('PUT', `/api/admin/programs/${user}/chats/${chat}`)
  expect((await put(ada)).body.error.code).toBe('role-refused')
  // An admin takes in programs this way, and nobody else.
  expect((await put(admin, 'sam-rivera')).body.error.code).toBe('user-not-found')
  expect((await put(admin, 'dr-ben')).body.error.code).toBe('user-not-found')
  expect((await put(admin, program, 'g.0123456789abcdef')).body.error.code).toBe('chat-not-found')
  expect((await put(admin)).status).toBe(204)
  const { chats } = (await ada('GET', '/api/chat/chats')).body
  const found = chats.find(({ id }: { id: string }) => id === other)
  expect(found.members.at(-1)).toMatchObject({ userId: program, role: 'service' })
  const out = await admin('DELETE', `/api/admin/programs/${program}/chats/${other}`)
  expect(out.status).toBe(204)
  const after = (await ada('GET', '/api/chat/chats')).body.chats
  const left = after.find(({ id }: { id: string }) => id === other)
  expect(JSON.stringify(left.members)).not.toContain(program)
})

it('tokens are listed without what they sign in with, and end over HTTP', async () => {
  const { id, token } = await makeToken('all')
  const call = await asProgram(token)
  const list = await admin('GET', `/api/admin/api-tokens?user=${program}`)
  expect(list.body.tokens[0]).toMatchObject({ id, user: program, name: 'Lab', chats: 'all' })
  expect(list.body.tokens[0].createdBy).toBe('dr-ben')
  expect(JSON.stringify(list.body)).not.toContain(token.split('_')[2])
  expect((await admin('DELETE', `/api/admin/api-tokens/${id}`)).status).toBe(204)
  expect((await call('GET', '/api/chat/chats')).body.error.code).toBe('session-ended')
  const again = await caller(server.url, token)('POST', '/api/auth/token')
  expect(again.body.error.code).toBe('api-token-refused')
  expect((await admin('DELETE', `/api/admin/api-tokens/${id}`)).body.error.code).toBe('not-found')
  for (const wrong of [undefined, 'x', 'wl_1_2'])
    expect((await caller(server.url, wrong)('POST', '/api/auth/token')).status).toBe(401)
})

it('a person has no API token, and a program not more than so many, however fast', async () => {
  const made = await admin('POST', '/api/admin/api-tokens', {
    user: 'dr-ada',
    name: 'x',
    chats: 'all',
  })
  expect(made.body.error.code).toBe('user-not-found')
  const many = [...Array(25)].map(() => makeTokenCode())
  const codes = await Promise.all(many)
  expect(codes).toContain('too-many-api-tokens')
  const { body } = await admin('GET', `/api/admin/api-tokens?user=${program}`)
  expect(body.tokens).toHaveLength(20)
})

const makeTokenCode = async (): Promise<string> => {
  const input = { user: program, name: 'One of many', chats: 'all' }
  const made = await admin('POST', '/api/admin/api-tokens', input)
  return made.body.error?.code ?? 'made'
}
