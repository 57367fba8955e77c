/**
 * The table of permissions, walked: every operation as every role, to what is their own, where they
 * are a member and where they are a stranger, over HTTP and, where sockets lead there, over both.
 */
import { parseUserId, type UserId } from '@wardline/core/base/ids'
import { ROLES, type Role } from '@wardline/core/chat/role'
import { PROTOCOL_VERSION } from '@wardline/core/protocol/frames'
import { plainProtocols } from '@wardline/core/protocol/plain-protocols'
import { operationNames } from '@wardline/sync-server/permissions/page'
import {
  may,
  type PermittedOperation,
  type Relation,
} from '@wardline/sync-server/permissions/permissions'
import type { RunningServer } from '@wardline/sync-server/server'
import { deviceOf, writerOfUser } from '@wardline/sync-server/sync/sync-test-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Call, caller } from '../support/http-caller.ts'
import { makeDataDir, removeDataDir, start, until, Wire } from './sync-kit.ts'

const BORN = '1984-05-02'
const user = (id: string): UserId => parseUserId(id)!
/** Of each role, one who is in the group and one who is not; others that they meet. */
const inGroup = (role: Role): UserId => user(`${role}-in`)
const outside = (role: Role): UserId => user(`${role}-out`)
const author = user('dr-author')
const kim = user('kim-patient')

let dataDir: string
let server: RunningServer
let group: string
/** A group to leave. */
let hall: string
let month: string
/** A message of each member. */
const messages = new Map<UserId, string>()
const calls = new Map<UserId, Call>()
const tokens = new Map<UserId, string>()

const tokenOf = async (id: UserId): Promise<string> => {
  const signedIn = await server.auth.signIn(id, { address: '::1', method: 'password' })
  if (!signedIn.ok) throw new Error(`${id}: ${signedIn.error.code}`)
  return signedIn.value.accessToken
}
const signIn = async (id: UserId): Promise<void> => {
  const token = await tokenOf(id)
  tokens.set(id, token)
  calls.set(id, caller(server.url, token))
}
const as = (id: UserId): Call => {
  const call = calls.get(id)
  if (call === undefined) throw new Error(`nobody is ${id}`)
  return call
}
const post = async (id: UserId): Promise<string> => {
  const { status, body } = await as(id)('POST', `/api/chat/chats/${group}/messages`, { text: id })
  expect(status).toBe(201)
  return body.message.id
}

beforeAll(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  const { directory } = server.sync
  const make = async (id: UserId, roles: readonly Role[]) => {
    const born = id === kim && { birthDate: BORN }
    const made = await directory.createUser({ id, name: `The ${id}`, roles, ...born })
    if (!made.ok) throw new Error(`${id}: ${made.error}`)
    await signIn(id)
  }
  for (const role of ROLES) {
    // Who is an admin alone was something else when they got into a group.
    await make(inGroup(role), [role === 'admin' ? 'doctor' : role])
    await make(outside(role), [role])
  }
  await make(author, ['doctor'])
  await make(kim, ['patient'])
  const people = [kim, ...ROLES.filter((role) => role !== 'service').map(inGroup)]
  const ids: string[] = []
  for (const title of ['Ward', 'Hall']) {
    const made = await as(author)('POST', '/api/chat/groups', { title, memberIds: people })
    expect(made.status).toBe(201)
    ids.push(made.body.chat.id)
    const joined = await directory.groups.addProgram(made.body.chat.id, 'x', inGroup('service'))
    expect(joined.ok).toBe(true)
  }
  ;[group = '', hall = ''] = ids
  for (const id of [author, ...ROLES.map(inGroup)]) messages.set(id, await post(id))
  month = (await as(author)('GET', '/api/chat/chats')).body.chats[0].docs.pages[0]
  const alone = await directory.profiles.change(
    inGroup('admin'),
    { roles: ['admin'] },
    { actor: 'x' },
  )
  expect(alone.ok).toBe(true)
  await signIn(inGroup('admin'))
}, 60_000)
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

/** Who stands to it like that; and what it is for them. */
const whoIs = (role: Role, relation: Relation): UserId =>
  relation === 'stranger' ? outside(role) : inGroup(role)

/** Whether a request was let through; what else than a refusal for the role fails the test. */
const isLet = (status: number): boolean => {
  if (status >= 200 && status < 300) return true
  expect([403, 404]).toContain(status)
  return false
}

/** Whether `/socket` opens a document for somebody. */
const opensOnSocket = async (id: UserId, doc: string): Promise<boolean> => {
  const wire = await new Wire(server).open()
  const token = tokens.get(id) ?? ''
  const [device, writer] = [deviceOf(id), writerOfUser(id)]
  const position = { epoch: '', cursor: '' }
  wire.send({ type: 'hello', version: PROTOCOL_VERSION, token, device, writer, ...position })
  await wire.one('welcome')
  wire.openDoc(1, doc as Parameters<Wire['openDoc']>[1])
  const opened = await until(() => {
    if (wire.of('closed').length > 0) return false
    if (wire.of('rows').length + wire.of('head').length === 0) throw new Error('no answer yet')
    return true
  })
  wire.ws.close()
  return opened
}

/** Whether `/sync` does. */
const opensOnSync = async (id: UserId, doc: string): Promise<boolean> => {
  const url = `${server.url.replace('http', 'ws')}/sync/${doc}`
  const socket = new WebSocket(url, plainProtocols(tokens.get(id) ?? ''))
  try {
    const answer = await new Promise<'opened' | number>((done) => {
      socket.once('message', () => done('opened'))
      socket.once('close', done)
    })
    if (answer !== 'opened') expect([4403, 4404]).toContain(answer)
    return answer === 'opened'
  } finally {
    socket.close()
  }
}

/** One way to do it; undefined where there is nothing that stands like that. */
type Way = (role: Role, relation: Relation) => Promise<boolean> | undefined
const over = (doc: (role: Role, relation: Relation) => string | undefined): Record<string, Way> => {
  const by =
    (opens: (id: UserId, doc: string) => Promise<boolean>): Way =>
    (role, relation) => {
      const name = doc(role, relation)
      return name === undefined ? undefined : opens(whoIs(role, relation), name)
    }
  return { '/socket': by(opensOnSocket), '/sync': by(opensOnSync) }
}
const asks =
  (
    method: string,
    path: (role: Role, relation: Relation) => string | undefined,
    body?: (role: Role) => object,
  ): Way =>
  (role, relation) => {
    const at = path(role, relation)
    if (at === undefined) return undefined
    const answer = as(whoIs(role, relation))(method, at, body?.(role))
    return answer.then(({ status }) => isLet(status))
  }
/** Whether somebody may remove a phone of Kim's. */
const removesPhone = async (id: UserId): Promise<boolean> => {
  const visit = { address: '::1', method: 'password' } as const
  const signedIn = await server.auth.signIn(kim, { ...visit, deviceName: 'Phone' })
  expect(signedIn.ok).toBe(true)
  const phone = (await server.auth.sessionsOf(kim)).find(({ name }) => name === 'Phone')
  return isLet((await as(id)('DELETE', `/api/people/${kim}/devices/${phone?.id}`)).status)
}
/** What is neither one's own nor in a chat. */
const ofStrangers = (path: string) => (_: Role, relation: Relation) =>
  relation === 'stranger' ? path : undefined
const ownOnly = (path: string) => (_: Role, relation: Relation) =>
  relation === 'own' ? path : undefined

const ways: Readonly<Record<PermittedOperation, Readonly<Record<string, Way>>>> = {
  'account.use': {
    http: async (role, relation) => {
      const [mine] = (await as(whoIs(role, relation))('GET', '/api/auth/devices')).body.devices
      const [theirs] = (await as(relation === 'member' ? author : kim)('GET', '/api/auth/devices'))
        .body.devices
      const { id } = relation === 'own' ? mine : theirs
      const path = `/api/auth/devices/${id}`
      return isLet((await as(whoIs(role, relation))('PATCH', path, { name: 'mine' })).status)
    },
    // The author is in a chat with those who are members, and a stranger to the others.
    ...over((role, relation) => `user/${relation === 'own' ? inGroup(role) : author}`),
  },
  'passkey.use': { http: asks('POST', ownOnly('/api/auth/passkeys/options')) },
  'chat.use': {
    'http, reading': asks('GET', (_, relation) =>
      relation === 'own' ? undefined : `/api/chat/chats/${group}/messages`,
    ),
    'http, writing': asks(
      'POST',
      (_, relation) => (relation === 'own' ? undefined : `/api/chat/chats/${group}/messages`),
      () => ({ text: 'x' }),
    ),
    'http, the list': (role, relation) =>
      relation === 'own'
        ? undefined
        : as(whoIs(role, relation))('GET', '/api/chat/chats').then(({ body }) =>
            body.chats.some(({ id }: { id: string }) => id === group),
          ),
    ...over((_, relation) => (relation === 'own' ? undefined : `chat/${group}`)),
    ...Object.fromEntries(
      Object.entries(over((_, relation) => (relation === 'own' ? undefined : month))).map(
        ([name, way]) => [`${name}, a page`, way],
      ),
    ),
  },
  'message.change': {
    http: asks(
      'PUT',
      (role, relation) =>
        `/api/chat/messages/${messages.get(relation === 'own' ? inGroup(role) : author)}`,
      () => ({ text: 'changed' }),
    ),
  },
  'group.leave': {
    http: asks('DELETE', (role, relation) =>
      relation === 'own' ? `/api/chat/groups/${hall}/members/${inGroup(role)}` : undefined,
    ),
  },
  'chat.begin-with-doctor': {
    http: asks('POST', ownOnly('/api/chat/chats'), () => ({ doctorId: author })),
    ...over((role, relation) =>
      relation === 'own' ? `chat/dm.${inGroup(role)}.dr-ada` : undefined,
    ),
  },
  'chat.begin-with-patient': {
    http: asks('POST', ownOnly('/api/chat/chats'), () => ({ patientId: kim })),
    ...over((role, relation) =>
      relation === 'own' ? `chat/dm.pat-morgan.${inGroup(role)}` : undefined,
    ),
  },
  'group.make': {
    http: asks('POST', ownOnly('/api/chat/groups'), () => ({ title: 'x', memberIds: [] })),
  },
  'group.change': {
    'http, the title': asks(
      'PATCH',
      (_, relation) => (relation === 'own' ? undefined : `/api/chat/groups/${group}`),
      (role) => ({ title: `of ${role}` }),
    ),
    'http, taking in': asks(
      'POST',
      (_, relation) => (relation === 'own' ? undefined : `/api/chat/groups/${group}/members`),
      () => ({ userId: 'dr-ben' }),
    ),
    'http, taking out': asks('DELETE', (_, relation) =>
      relation === 'own' ? undefined : `/api/chat/groups/${group}/members/dr-ben`,
    ),
  },
  'doctors.find': { http: asks('GET', ofStrangers('/api/chat/doctors?query=author')) },
  'staff.find': { http: asks('GET', ofStrangers('/api/chat/staff')) },
  'patients.find': { http: asks('GET', ofStrangers('/api/chat/patients')) },
  'birth-date.read': {
    http: (role, relation) => {
      if (relation === 'own') return undefined
      const path = relation === 'member' ? '/api/chat/chats' : '/api/chat/patients?query=kim'
      const admins = relation === 'stranger' && role === 'admin'
      // An admin who is nothing else hears of patients as accounts, and of no chat.
      if (role === 'admin' && !admins) return undefined
      const answer = as(whoIs(role, relation))('GET', admins ? `/api/admin/people/${kim}` : path)
      return answer.then(({ body }) => JSON.stringify(body).includes(BORN))
    },
  },
  'patient.invite': {
    http: asks('POST', ofStrangers('/api/people/invitations'), () => ({ name: 'Lee Park' })),
  },
  'patient.help': {
    http: asks('POST', ofStrangers(`/api/people/${kim}/way-in`), () => ({ as: 'code' })),
    'http, seeing devices': asks('GET', ofStrangers(`/api/people/${kim}/devices`)),
    'http, removing one': (role, relation) =>
      relation === 'stranger' ? removesPhone(outside(role)) : undefined,
  },
  administer: {
    http: asks('GET', ofStrangers('/api/admin/people')),
    'http, changing': asks('PATCH', ofStrangers(`/api/admin/people/${kim}`), () => ({
      name: 'Kim Novak',
    })),
    'http, the settings': asks('PATCH', ofStrangers('/api/admin/settings'), () => ({ name: 'x' })),
  },
}

it('walks every operation', () => {
  expect(Object.keys(ways).sort()).toEqual([...operationNames].sort())
})

const walks = Object.entries(ways).flatMap(([operation, byWay]) =>
  Object.entries(byWay).map(([name, way]) => ({ operation, name, way })),
)

describe.each(walks)('$operation over $name', ({ operation, way }) => {
  it.each(ROLES)('as %s', async (role) => {
    for (const relation of ['stranger', 'member', 'own'] as const) {
      const done = way(role, relation)
      if (done === undefined) continue
      const allowed = may(operation as PermittedOperation, [role], relation)
      expect([relation, await done]).toEqual([relation, allowed])
    }
  })
})
