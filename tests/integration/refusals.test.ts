/**
 * Every operation of the HTTP interface, asked by who may not: it is refused without a trace, and
 * says no more about what is there than about what is not. A new operation needs a line here.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ErrorCode, errorCatalogue } from '@wardline/sync-server/errors/catalogue'
import { TestAuthenticator } from '@wardline/sync-server/passkeys/test-authenticator'
import type { RunningServer } from '@wardline/sync-server/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ApiContract } from '../support/api-contract.ts'
import { type Call, caller, callerFor } from '../support/http-caller.ts'
import { newBrowserKeys } from '../support/push-receiver.ts'
import { storedIn } from '../support/stored.ts'
import { CHAT, FileCaller, metadataOf, sha256, textOf } from './files-kit.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const SECRET = 'the biopsy was positive'
const TITLE = 'Care team of Pat Morgan'
const letter = textOf(5_000)
const tus = { 'tus-resumable': '1.0.0' }
const octets = { ...tus, 'content-type': 'application/offset+octet-stream' }

/**
 * Pat and Ada have a chat, a file in it, and a group that Sam is out of. Ben, a doctor, is in
 * neither.
 */
type Name = 'pat' | 'ada' | 'ben' | 'sam'
/** What the addresses name. */
interface Place {
  chat: string
  messageId: string
  group: string
  hash: string
  upload: string
  /** Of Pat. */
  passkey: string
  /** The session of Pat's. */
  device: string
}

interface Attempt {
  readonly who: Name
  /** Of the address. */
  readonly at?: (place: Place) => Record<string, string>
  readonly body?: (place: Place) => object | undefined
  readonly headers?: (place: Place) => Record<string, string>
  readonly code: ErrorCode
}

type Line =
  /** For everybody, signed in or not. */
  | 'open'
  /**
   * Of the caller's own only; a stranger gets an answer with nothing of others. It may be that they
   * have to sign in again after it.
   */
  | { readonly own: () => object | undefined; readonly signsOut?: true }
  | { readonly refused: readonly Attempt[] }

const inChat = ({ chat }: Place) => ({ chatId: chat })
const inGroup = ({ group }: Place) => ({ id: group })
const ofMessage = ({ messageId }: Place) => ({ messageId })
const ofFile = ({ chat, hash }: Place) => ({ chat, hash })
const ofUpload = ({ upload }: Place) => ({ id: upload })
const ofPasskey = ({ passkey }: Place) => ({ id: passkey })
const ofDevice = ({ device }: Place) => ({ id: device })
const ofPerson = () => ({ id: 'pat-morgan' })
/** What no authenticator made. */
const forgedPasskey = {
  id: 'a2V5',
  rawId: 'a2V5',
  type: 'public-key',
  response: { clientDataJSON: 'e30' },
  clientExtensionResults: {},
}
/** A chat that is no group. */
const asGroup = ({ chat }: Place) => ({ id: chat })
const strangers = (code: ErrorCode, rest: Omit<Attempt, 'who' | 'code'>): Attempt[] =>
  (['ben', 'sam'] as const).map((who) => ({ who, code, ...rest }))

/** For admins, whoever else asks. */
const admins = (at?: Attempt['at'], body?: Attempt['body']): Line => ({
  refused: (['pat', 'ada'] as const).map((who) => ({
    who,
    code: 'role-refused',
    ...(at && { at }),
    ...(body && { body }),
  })),
})

/** An upload is not there for the other member either. */
const others = (rest: Omit<Attempt, 'who' | 'code'>): Attempt[] => [
  ...strangers('not-found', rest),
  { who: 'ada', code: 'not-found', ...rest },
]

/** How a group was, as somebody says who cannot seal it. */
const forgedStatement = () => ({
  version: 99,
  title: 'x',
  at: 1,
  top: 1,
  members: [{ index: 1, userId: 'dr-ben', since: 1 }],
  seal: 'a'.repeat(43),
})

const lines: Readonly<Record<string, Line>> = {
  signIn: 'open',
  renewSession: 'open',
  signOut: 'open',

  listDevices: { own: () => undefined },
  renameDevice: {
    refused: strangers('device-not-found', { at: ofDevice, body: () => ({ name: 'Mine' }) }),
  },
  removeDevice: { refused: strangers('device-not-found', { at: ofDevice }) },
  signOutEverywhere: { own: () => undefined, signsOut: true },
  checkPassword: {
    refused: strangers('wrong-password', { body: () => ({ password: 'a guess' }) }),
  },
  changePassword: {
    refused: strangers('wrong-password', {
      body: () => ({ current: 'a guess', next: 'seven lanterns above the harbour' }),
    }),
  },

  passkeySignInOptions: 'open',
  passkeySignIn: 'open',
  listPasskeys: { own: () => undefined },
  passkeyOptions: { own: () => undefined },
  passkeyCheckOptions: { own: () => undefined },
  // Whose passkey it is, only the passkey can show.
  addPasskey: {
    refused: strangers('passkey-refused', { body: () => ({ answer: forgedPasskey }) }),
  },
  passkeyCheck: {
    refused: strangers('passkey-refused', { body: () => ({ answer: forgedPasskey }) }),
  },
  renamePasskey: {
    refused: strangers('not-found', { at: ofPasskey, body: () => ({ name: 'Mine' }) }),
  },
  removePasskey: { refused: strangers('not-found', { at: ofPasskey }) },

  lookAtLink: 'open',
  linkPasskeyOptions: 'open',
  acceptLink: 'open',
  carrySignIn: { own: () => undefined },
  requestReset: 'open',
  invitePatient: {
    refused: [
      { who: 'pat', body: () => ({ name: 'Kim Novak' }), code: 'role-refused' },
      {
        who: 'ben',
        body: () => ({ name: 'Kim Novak', doctorId: 'sam-rivera' }),
        code: 'user-not-found',
      },
    ],
  },
  makeWayIn: {
    refused: [
      { who: 'pat', at: ofPerson, body: () => ({ as: 'code' }), code: 'role-refused' },
      // A doctor lets nobody in who has been here.
      { who: 'ada', at: ofPerson, body: () => ({ as: 'link' }), code: 'role-refused' },
      {
        who: 'ada',
        at: () => ({ id: 'dr-ben' }),
        body: () => ({ as: 'link' }),
        code: 'role-refused',
      },
    ],
  },
  listPatientDevices: {
    refused: (['pat', 'sam', 'ada'] as const).map((who) => ({
      who,
      at: ofPerson,
      code: 'role-refused',
    })),
  },
  removePatientDevice: {
    refused: (['pat', 'sam', 'ada'] as const).map((who) => ({
      who,
      at: ({ device }) => ({ ...ofPerson(), device }),
      code: 'role-refused',
    })),
  },

  listChats: { own: () => undefined },
  noteOpenings: { own: () => ({ openings: [{ chat: 'dm.pat-morgan.dr-ada', at: 1 }] }) },
  startChat: {
    refused: [
      { who: 'pat', body: () => ({ patientId: 'sam-rivera' }), code: 'role-refused' },
      { who: 'ben', body: () => ({ doctorId: 'dr-ada' }), code: 'role-refused' },
      { who: 'ben', body: () => ({ patientId: 'dr-ada' }), code: 'user-not-found' },
      { who: 'pat', body: () => ({ doctorId: 'sam-rivera' }), code: 'user-not-found' },
    ],
  },
  makeGroup: {
    refused: [
      { who: 'pat', body: () => ({ title: 'x', memberIds: [] }), code: 'role-refused' },
      { who: 'ben', body: () => ({ title: 'x', memberIds: ['no-one'] }), code: 'user-not-found' },
    ],
  },
  renameGroup: {
    refused: [
      ...strangers('chat-not-found', { at: inGroup, body: () => ({ title: 'x' }) }),
      { who: 'pat', at: inGroup, body: () => ({ title: 'x' }), code: 'role-refused' },
      { who: 'ada', at: asGroup, body: () => ({ title: 'x' }), code: 'chat-not-found' },
    ],
  },
  recallGroup: {
    refused: [
      // Nobody speaks for the server, not even in a group of their own.
      ...(['ben', 'sam', 'pat', 'ada'] as const).map((who) => ({
        who,
        at: inGroup,
        body: forgedStatement,
        code: 'chat-not-found' as const,
      })),
      { who: 'ada', at: asGroup, body: forgedStatement, code: 'chat-not-found' },
    ],
  },
  addMember: {
    refused: [
      ...strangers('chat-not-found', { at: inGroup, body: () => ({ userId: 'dr-ben' }) }),
      { who: 'sam', at: inGroup, body: () => ({ userId: 'sam-rivera' }), code: 'chat-not-found' },
      { who: 'pat', at: inGroup, body: () => ({ userId: 'dr-ben' }), code: 'role-refused' },
      { who: 'ada', at: asGroup, body: () => ({ userId: 'dr-ben' }), code: 'chat-not-found' },
    ],
  },
  removeMember: {
    refused: [
      ...strangers('chat-not-found', { at: (p) => ({ ...inGroup(p), userId: 'pat-morgan' }) }),
      { who: 'ben', at: (p) => ({ ...inGroup(p), userId: 'dr-ben' }), code: 'chat-not-found' },
      { who: 'pat', at: (p) => ({ ...inGroup(p), userId: 'dr-ada' }), code: 'role-refused' },
      { who: 'ada', at: (p) => ({ ...asGroup(p), userId: 'pat-morgan' }), code: 'chat-not-found' },
    ],
  },

  listMessages: {
    refused: [
      ...strangers('chat-not-found', { at: inChat }),
      ...strangers('chat-not-found', { at: ({ group }) => ({ chatId: group }) }),
    ],
  },
  sendMessage: {
    refused: [
      ...strangers('chat-not-found', { at: inChat, body: () => ({ text: 'x' }) }),
      ...strangers('chat-not-found', {
        at: ({ group }) => ({ chatId: group }),
        body: () => ({ text: 'x' }),
        headers: () => ({ 'idempotency-key': 'k' }),
      }),
      {
        who: 'ada',
        at: () => ({ chatId: there.group }),
        body: ({ messageId }) => ({ text: 'x', replyTo: messageId }),
        code: 'message-not-found',
      },
    ],
  },
  blockChat: {
    refused: [...strangers('chat-not-found', { at: inChat, body: () => ({ blocked: true }) })],
  },
  markRead: {
    refused: [
      ...strangers('chat-not-found', { at: inChat }),
      ...strangers('chat-not-found', { at: ({ group }) => ({ chatId: group }) }),
    ],
  },
  editMessage: {
    refused: [
      ...strangers('message-not-found', { at: ofMessage, body: () => ({ text: 'x' }) }),
      { who: 'ada', at: ofMessage, body: () => ({ text: 'x' }), code: 'not-your-message' },
    ],
  },
  retractMessage: {
    refused: [
      ...strangers('message-not-found', { at: ofMessage }),
      { who: 'ada', at: ofMessage, code: 'not-your-message' },
    ],
  },

  listLostFiles: { own: () => undefined },
  listDoctors: { own: () => undefined },
  listStaff: { refused: [{ who: 'pat', code: 'role-refused' }] },
  listPatients: { refused: [{ who: 'pat', code: 'role-refused' }] },

  claimFile: { refused: strangers('not-found', { at: ofFile }) },
  getFile: { refused: strangers('not-found', { at: ofFile }) },
  releaseFile: {
    refused: [
      ...strangers('not-found', { at: ofFile }),
      { who: 'ada', at: ofFile, code: 'not-found' },
    ],
  },
  beginUpload: {
    refused: strangers('not-found', {
      headers: ({ chat }) => ({
        ...tus,
        'upload-length': String(letter.length),
        'upload-metadata': metadataOf({ chat }),
      }),
    }),
  },
  askUpload: { refused: others({ at: ofUpload, headers: () => tus }) },
  continueUpload: {
    refused: others({ at: ofUpload, headers: () => ({ ...octets, 'upload-offset': '0' }) }),
  },
  dropUpload: { refused: others({ at: ofUpload, headers: () => tus }) },

  getPushKey: { own: () => undefined },
  subscribe: {
    own: () => ({ endpoint: 'https://push.example/ben', keys: newBrowserKeys().json }),
  },
  unsubscribe: { own: () => undefined },

  listSignInMethods: 'open',
  signInProgram: 'open',
  exchangeToken: 'open',
  startOidc: 'open',
  finishOidc: 'open',
  adminMakeProgram: admins(undefined, () => ({ name: 'x' })),
  adminAddProgram: admins(() => ({ user: 'dr-ben', chat: there.group })),
  adminRemoveProgram: admins(() => ({ user: 'dr-ben', chat: there.group })),
  adminApiTokens: admins(),
  adminMakeApiToken: admins(undefined, () => ({ user: 'dr-ben', name: 'x', chats: 'all' })),
  adminEndApiToken: admins(() => ({ token: 'none' })),

  adminChangePerson: admins(
    () => ({ user: 'pat-morgan' }),
    () => ({ name: 'x' }),
  ),
  adminDisable: admins(() => ({ user: 'pat-morgan' })),
  adminEnable: admins(() => ({ user: 'pat-morgan' })),
  adminClose: admins(() => ({ user: 'pat-morgan' })),
  adminHold: admins(
    () => ({ user: 'pat-morgan' }),
    () => ({ reason: 'x' }),
  ),
  adminExportPerson: admins(() => ({ user: 'pat-morgan' })),
  adminErase: admins(() => ({ user: 'pat-morgan' })),
  adminRelease: admins(() => ({ user: 'pat-morgan' })),
  adminInvite: admins(undefined, () => ({ name: 'Kim Novak', role: ['patient'] })),
  adminReset: admins(
    () => ({ user: 'sam-rivera' }),
    () => ({ code: true }),
  ),
  adminInvitations: admins(),
  adminRevokeLink: admins(() => ({ link: 'x' })),
  adminPeople: admins(),
  adminPerson: admins(() => ({ user: 'pat-morgan' })),
  adminPasskeys: admins(() => ({ user: 'pat-morgan' })),
  adminDevices: admins(() => ({ user: 'pat-morgan' })),
  adminRemoveDevice: admins(() => ({ user: 'pat-morgan', device: 'x' })),
  adminSignOut: admins(() => ({ user: 'pat-morgan' })),
  adminAudit: admins(),
  adminExportAudit: admins(),
  adminHealth: admins(),
  adminSettings: admins(),
  adminChangeSettings: admins(undefined, () => ({ name: 'x' })),

  getClinic: 'open',
  health: 'open',
  getDocument: 'open',
  readDocument: 'open',
  readDocumentStyle: 'open',
}

let dataDir: string
let server: RunningServer
let calls: Record<Name, Call>
let there: Place
/** The same kinds of things, of which there is none. */
const nowhere: Place = {
  chat: 'dm.lee-park.dr-ada',
  messageId: 'dm.lee-park.dr-ada~2026-01~5.5',
  group: 'g.0123456789abcdef',
  hash: 'ab'.repeat(32),
  upload: `${'ab'.repeat(10)}-${'ab'.repeat(16)}`,
  passkey: `${'ab'.repeat(21)}a`,
  device: 'ab'.repeat(11),
}
const contract = new ApiContract()
const operations = contract.routes().map(({ method, path, operation }) => ({
  id: operation.operationId,
  method: method.toUpperCase(),
  path,
  needsToken: operation.security.length > 0,
}))

beforeAll(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  const [pat, ada, ben, sam] = await Promise.all(
    ['pat', 'ada', 'ben', 'sam'].map((name) => callerFor(server.url, `${name}@demo.clinic`)),
  )
  calls = { pat, ada, ben, sam } as Record<Name, Call>
  await calls.pat('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
  const sent = await calls.pat('POST', `/api/chat/chats/${CHAT}/messages`, { text: SECRET })
  const memberIds = ['pat-morgan', 'sam-rivera']
  const made = await calls.ada('POST', '/api/chat/groups', { title: TITLE, memberIds })
  const group = made.body.chat.id
  await calls.ada('DELETE', `/api/chat/groups/${group}/members/sam-rivera`)
  const files = await FileCaller.signIn(() => server.url, 'pat@demo.clinic')
  expect((await files.upload(letter)).status).toBe(204)
  const begun = await files.create(textOf(7_000))
  there = {
    chat: CHAT,
    messageId: sent.body.message.id,
    group,
    hash: sha256(letter),
    upload: begun.headers.get('Location')?.split('/').at(-1) ?? '',
    passkey: await addPasskey(server.url, calls.pat),
    device: (await calls.pat('GET', '/api/auth/devices')).body.devices[0].id,
  }
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

const addPasskey = async (url: string, call: Call): Promise<string> => {
  const { challenge } = (await call('POST', '/api/auth/passkeys/options')).body
  const answer = new TestAuthenticator().create({ challenge, origin: url })
  const added = await call('POST', '/api/auth/passkeys/register', { answer })
  expect(added.status).toBe(201)
  return added.body.passkey.id
}

const addressOf = (path: string, parameters: Record<string, string> = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? 'none')

/** All that a request could leave behind. */
const traces = async (): Promise<unknown> => {
  const names = ['files', 'uploads'].map((name) => join(dataDir, name))
  const found = await Promise.all(
    names.map(async (folder) => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      const paths = entries
        .filter((one) => one.isFile())
        .map((one) => join(one.parentPath, one.name))
      return Promise.all(paths.sort().map(async (path) => [path, (await stat(path)).size]))
    }),
  )
  return [await storedIn(server.store), found]
}

const ask = async (
  call: Call,
  { method, path }: (typeof operations)[number],
  attempt: Omit<Attempt, 'who' | 'code'>,
  place: Place,
) => {
  const address = addressOf(path, attempt.at?.(place))
  const answer = await call(method, address, attempt.body?.(place), attempt.headers?.(place))
  const seen = { method, path: address, ...answer }
  expect(contract.problem(seen), `${method} ${address}`).toBeUndefined()
  return answer
}

it('has a line for every operation, and for no other', () => {
  expect(Object.keys(lines).sort()).toEqual(operations.map(({ id }) => id).sort())
  for (const { id, needsToken } of operations)
    expect([id, lines[id] === 'open']).toEqual([id, !needsToken])
})

const withLines = operations.flatMap((operation) => {
  const line = lines[operation.id]
  return line === undefined || line === 'open' ? [] : [{ ...operation, line }]
})
const refusing = withLines.flatMap(({ line, ...operation }) =>
  'refused' in line ? [{ ...operation, attempts: line.refused }] : [],
)
const owning = withLines.flatMap(({ line, ...operation }) =>
  'own' in line ? [{ ...operation, body: line.own, signsOut: line.signsOut }] : [],
)

it.each(withLines)('$id is for who is signed in', async ({ line, ...operation }) => {
  const before = await traces()
  const some = 'refused' in line ? (line.refused[0] ?? {}) : { body: line.own }
  for (const token of [undefined, 'nonsense']) {
    const { status, headers } = await ask(caller(server.url, token), operation, some, there)
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  }
  expect(await traces()).toEqual(before)
})

it.each(refusing)('$id is refused without a trace, whatever there is', async (operation) => {
  const before = await traces()
  for (const attempt of operation.attempts) {
    const { who, code } = attempt
    const { status, body, headers } = await ask(calls[who], operation, attempt, there)
    const what = `${who} ${JSON.stringify(attempt.at?.(there))}`
    expect([what, status]).toEqual([what, errorCatalogue[code].status])
    expect([403, 404]).toContain(status)
    if (operation.method !== 'HEAD')
      expect(body).toEqual({ error: { code, message: errorCatalogue[code].meaning } })
    if (status === 403) continue
    const none = await ask(calls[who], operation, attempt, nowhere)
    expect([none.status, none.body]).toEqual([status, body])
    expect(telling(none.headers)).toEqual(telling(headers))
  }
  expect(await traces()).toEqual(before)
})

it.each(owning)('$id says nothing of others', async ({ body, signsOut, ...operation }) => {
  for (const who of ['ben', 'sam'] as const) {
    const answer = await ask(calls[who], operation, { body }, there)
    expect(answer.status).toBeLessThan(300)
    for (const word of [SECRET, TITLE, ...Object.values(there)])
      expect(JSON.stringify(answer.body)).not.toContain(word)
    if (signsOut) calls[who] = await callerFor(server.url, `${who}@demo.clinic`)
  }
  // Whoever signs out everywhere, it is themselves alone.
  expect((await calls.pat('GET', '/api/auth/devices')).status).toBe(200)
})

/** Headers that could differ by what there is. */
const telling = (headers: Headers): unknown =>
  [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date')
