import { createHash } from 'node:crypto'
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { clientIdOf, writerFrom } from '@wardline/core/base/client-id'
import {
  type ChatId,
  chatDoc,
  monthOf,
  pageDoc,
  type UserId,
  userDoc,
} from '@wardline/core/base/ids'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Directory, newUserId } from '../directory/directory.ts'
import { emailKey } from '../directory/user.ts'
import { bytesKey, fileKey } from '../files/file-record.ts'
import {
  auditKey,
  docKey,
  readAuditLine,
  recordKey,
  rowKey,
  writeAuditLine,
} from '../storage/level-layout.ts'
import { LevelStore } from '../storage/level-store.ts'
import { seal, unseal } from '../storage/seal.ts'
import { runDoctor } from './doctor.ts'
import { mend } from './mend.ts'

let dataDir = ''
let pat: UserId
let ada: UserId
let chat: ChatId
let group: ChatId
let hash = ''

const account = async (directory: Directory, name: string, role: 'patient' | 'doctor') => {
  const id = newUserId()
  const email = `${name}@clinic.example`
  const made = await directory.createUser({ id, email, name, roles: [role], passwordHash: 'x' })
  if (!made.ok) throw new Error(made.error)
  return id
}

/** A page as a person writes one: an entry of the first member. */
const written = (): Uint8Array => {
  const doc = new Y.Doc()
  doc.clientID = clientIdOf(1, writerFrom(Uint8Array.of(1, 2, 3, 4, 5)))
  doc.getArray('log:1').push(['x'])
  return Y.encodeStateAsUpdate(doc)
}

const opened = async <T>(use: (store: LevelStore) => Promise<T>): Promise<T> => {
  const store = await LevelStore.open(dataDir)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

/** Past the store, as a fault of a disk or of somebody's hand. */
const behind = async (
  work: (level: ClassicLevel<string, Uint8Array>) => Promise<void>,
): Promise<void> => {
  const level = new ClassicLevel<string, Uint8Array>(dataDir, { valueEncoding: 'view' })
  await level.open()
  await work(level)
  await level.close()
}
const put = (key: string, value: Uint8Array) => behind((level) => level.put(key, seal(key, value)))
const blob = (): string => join(dataDir, 'files', hash.slice(0, 2), hash.slice(2))

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wardline-doctor-test-'))
  const store = await LevelStore.open(dataDir, { create: true })
  const directory = new Directory({ store })
  pat = await account(directory, 'pat', 'patient')
  ada = await account(directory, 'ada', 'doctor')
  const made = await directory.registerDirectChat(pat, ada, pat)
  const ward = await directory.groups.create(ada, 'Ward 3', [pat])
  if (!made.ok || !ward.ok) throw new Error('no chats')
  chat = made.value.chat.id
  group = ward.value.id
  const letter = 'A letter.'
  hash = createHash('sha256').update(letter).digest('hex')
  await mkdir(dirname(blob()), { recursive: true })
  await writeFile(blob(), letter)
  await store.commit({
    records: [
      {
        key: fileKey(chat, hash),
        value: { name: 'letter.txt', type: 'text/plain', size: 9, at: 1, owners: [pat] },
      },
      { key: bytesKey(hash, chat), value: true },
    ],
  })
  await store.close()
})
afterEach(() => rm(dataDir, { recursive: true }))

const report = async (): Promise<string> => {
  const found = await runDoctor(dataDir)
  return found.ok ? found.value : found.error
}
const SOUND = /everything is as it was written$/

it('finds nothing where there is nothing, and changes nothing', async () => {
  const before = (await readdir(dataDir)).sort()
  expect(await report()).toMatch(SOUND)
  expect((await readdir(dataDir)).sort()).toEqual(before)
})

it('does not look while somebody writes', async () => {
  await opened(async () => {
    expect(await report()).toMatch(/is in use: stop the server/)
  })
})

it('asks for nothing of somebody who was erased, and brings nothing back', async () => {
  await opened(async (store) => {
    const key = `user/${pat}`
    const account = (await store.getRecord(key))!.value as object
    const appends = []
    // As erasing does: the direct chat goes, and in the group they are somebody without a name.
    for (const doc of [userDoc(pat), chatDoc(chat)]) {
      const { tail } = await store.read(doc)
      const read = new Y.Doc()
      for (const { update } of tail) Y.applyUpdate(read, update)
      const before = Y.encodeStateVector(read)
      const map = read.getMap('sys')
      for (const each of [...map.keys()]) map.delete(each)
      appends.push({ doc, update: Y.encodeStateAsUpdate(read, before) })
    }
    await store.commit({
      appends,
      records: [
        { key, value: { ...account, status: 'erased' } as never },
        { key: `chat/${chat}`, value: null },
        { key: `membership/${pat}/${chat}`, value: null },
        { key: `membership/${ada}/${chat}`, value: null },
        { key: fileKey(chat, hash), value: null },
        { key: bytesKey(hash, chat), value: null },
      ],
    })
  })
  expect(await report()).toMatch(SOUND)
  await opened(async (store) => {
    const nothing = { records: [], documents: [] }
    expect(await mend(store, new Directory({ store }), Date.now, 'operator')).toEqual(nothing)
  })
})

/** What is done to the data, what is said of it, and which kind of advice goes with it. */
const damages: [string, () => Promise<unknown>, RegExp, RegExp][] = [
  [
    'a table of the disk',
    async () => {
      const level = new ClassicLevel(dataDir)
      await level.compactRange('a', '~')
      await level.close()
      const [table = ''] = (await readdir(dataDir)).filter((name) => name.endsWith('.ldb'))
      const bytes = await readFile(join(dataDir, table))
      bytes[100]! ^= 4
      await writeFile(join(dataDir, table), bytes)
    },
    /^table \d+\.ldb/m,
    /^ {2}tables, log, values: /m,
  ],
  [
    'the end of the log, cut off',
    async () => {
      const logs = (await readdir(dataDir)).filter((name) => /^\d+\.log$/.test(name)).sort()
      const path = join(dataDir, logs.at(-1)!)
      await truncate(path, (await readFile(path)).length - 60)
    },
    /^the log: \d+ changes at its end/m,
    /^ {2}tables, log, values: /m,
  ],
  [
    'a flipped bit in a record',
    () =>
      behind(async (level) => {
        const key = recordKey(`user/${pat}`)
        const value = (await level.get(key))!
        value[20]! ^= 1
        await level.put(key, value)
      }),
    /^r!user\/u-\w+ is damaged/m,
    /^ {2}tables, log, values: /m,
  ],
  [
    'a row of a document that is gone',
    () => behind((level) => level.del(rowKey(chatDoc(chat), 1))),
    /^document chat\/dm\.\S+: what is stored cannot be read/m,
    /^ {2}documents: /m,
  ],
  [
    'a document that Yjs reads and the gate does not',
    () =>
      opened((store) => {
        const doc = new Y.Doc()
        doc.clientID = clientIdOf(1, writerFrom(Uint8Array.of(1, 2, 3, 4, 5)))
        doc.getText('prose').insert(0, 'words')
        return store.commit({
          appends: [{ doc: userDoc(pat), update: Y.encodeStateAsUpdate(doc) }],
        })
      }),
    /^document user\/u-\w+: it is not as the gate lets member \d+ write it/m,
    /^ {2}documents: /m,
  ],
  [
    'words in the name of the server',
    () =>
      opened((store) => {
        const doc = new Y.Doc()
        doc.clientID = clientIdOf(0, writerFrom(Uint8Array.of(9, 9, 9, 9, 9)))
        doc.getArray('log:1').push(['words'])
        return store.commit({
          appends: [{ doc: userDoc(pat), update: Y.encodeStateAsUpdate(doc) }],
        })
      }),
    /^document user\/u-\w+: the server does not write into log:1/m,
    /^ {2}documents: /m,
  ],
  [
    'an entry that is none',
    () =>
      opened((store) => {
        const page = pageDoc(chat, monthOf(Date.now()))
        return store.commit({ appends: [{ doc: page, update: written() }] })
      }),
    /^document chat\/dm\S+: it is not as the gate lets member 1 write it: BAD_ENTRY/m,
    /^ {2}documents: /m,
  ],
  [
    'a document of what is no update',
    () => put(rowKey(chatDoc(chat), 1), Uint8Array.of(7, 7, 7, 7)),
    /^document chat\/dm\.\S+: the gate cannot read it/m,
    /^ {2}documents: /m,
  ],
  [
    'a document that builds on what is not there',
    () =>
      opened((store) => {
        const doc = new Y.Doc()
        doc.clientID = clientIdOf(1, writerFrom(Uint8Array.of(1, 2, 3, 4, 5)))
        doc.getArray('log:1').push(['first'])
        const vector = Y.encodeStateVector(doc)
        doc.getArray('log:1').push(['second'])
        const update = Y.encodeStateAsUpdate(doc, vector)
        const page = pageDoc(chat, monthOf(Date.now()))
        return store.commit({ appends: [{ doc: page, update }] })
      }),
    /^document chat\/dm\.\S+\/\d{4}-\d\d: /m,
    /^ {2}documents: /m,
  ],
  [
    'a membership that is gone',
    () =>
      opened((store) =>
        store.commit({ records: [{ key: `membership/${pat}/${chat}`, value: null }] }),
      ),
    /^chat dm\.\S+: u-\w+ is in it, but is not led to it/m,
    /^ {2}chats: /m,
  ],
  [
    'a membership of somebody who is in no such chat',
    () =>
      opened((store) =>
        store.commit({ records: [{ key: `membership/someone-else/${chat}`, value: { chat } }] }),
      ),
    /^chat dm\.\S+: someone-else is led to it, but is not in it/m,
    /^ {2}chats: /m,
  ],
  [
    'a chat that its member’s document does not have',
    () =>
      behind(async (level) => {
        const doc = userDoc(pat)
        for (const key of await level.keys({ gte: `u!${doc}!`, lt: `u!${doc}!~` }).all())
          await level.del(key)
        await level.del(docKey(doc))
      }),
    /^chat dm\.\S+: the document of its member u-\w+ does not have it: it is not there/m,
    /^ {2}chats: /m,
  ],
  [
    'a chat whose document says that others are in it',
    () =>
      opened(async (store) => {
        const { value } = (await store.getRecord(`chat/${group}`))!
        const changed = value as { members: { userId: string }[] }
        changed.members = changed.members.slice(0, 1)
        await store.commit({
          records: [
            { key: `chat/${group}`, value: changed as never },
            { key: `membership/${pat}/${group}`, value: null },
          ],
        })
      }),
    /^chat g\.\S+: its document has other members[\s\S]*the document of u-\w+, number 1, has other/m,
    /^ {2}chats: /m,
  ],
  [
    'a chat without a record',
    () => opened((store) => store.commit({ records: [{ key: `chat/${group}`, value: null }] })),
    /^document chat\/g\.\S+: there is no record of its chat/m,
    /^ {2}chats: /m,
  ],
  [
    'a member without an account',
    () => opened((store) => store.commit({ records: [{ key: `user/${pat}`, value: null }] })),
    /^chat dm\.\S+: its member u-\w+ has no account/m,
    /^ {2}accounts: /m,
  ],
  [
    'an account that its address does not lead to',
    () =>
      opened((store) =>
        store.commit({ records: [{ key: emailKey('pat@clinic.example'), value: null }] }),
      ),
    /^account u-\w+: its address does not lead to it/m,
    /^ {2}accounts: /m,
  ],
  [
    'a record that nobody understands',
    () => opened((store) => store.commit({ records: [{ key: `user/${ada}`, value: 'Ada' }] })),
    /^record user\/u-\w+: it cannot be understood/m,
    /^ {2}accounts: /m,
  ],
  ['a file that is gone', () => rm(blob()), /^file [0-9a-f]{64}: missing/m, /^ {2}files: /m],
  [
    'a file that is another one',
    () => appendFile(blob(), 'more'),
    /^file [0-9a-f]{64}: damaged/m,
    /^ {2}files: /m,
  ],
  [
    'a file whose bytes nobody keeps',
    () =>
      opened((store) => store.commit({ records: [{ key: bytesKey(hash, chat), value: null }] })),
    /^file [0-9a-f]{64}: chat dm\.\S+ has it, and its bytes are not kept/m,
    /^ {2}files: /m,
  ],
  [
    'bytes that are kept for nobody',
    () => opened((store) => store.commit({ records: [{ key: fileKey(chat, hash), value: null }] })),
    /^file [0-9a-f]{64}: kept for chat dm\.\S+, which has it not/m,
    /^ {2}files: /m,
  ],
  [
    'a line of the audit trail that says something else',
    () =>
      behind(async (level) => {
        const key = auditKey(2)
        const line = readAuditLine(unseal(key, (await level.get(key))!, true))
        const text = line.text.replace('server', 'nobody')
        await level.put(key, seal(key, writeAuditLine({ ...line, text })))
      }),
    /^the audit trail, at line 2/m,
    /^ {2}audit trail: /m,
  ],
  [
    'what was taken back and is still on the disk',
    () =>
      opened((store) =>
        store.commit({
          appends: [{ doc: pageDoc(chat, monthOf(Date.now())), update: written(), erases: true }],
        }),
      ),
    /not erased yet/m,
    /^ {2}not erased yet: /m,
  ],
]

it.each(damages)('names %s, and what to do', async (_, damage, problem, advice) => {
  await damage()
  const text = await report()
  expect(text).toMatch(/: \d+ found to be damaged\n/)
  expect(text).toMatch(problem)
  expect(text).toMatch(advice)
  expect(await report()).toBe(text)
})

it.each(damages.filter(([name]) => /membership|document does not have|address|bytes/.test(name)))(
  'mends %s',
  async (_, damage) => {
    await damage()
    expect(await report()).not.toMatch(SOUND)
    await opened(async (store) => {
      const { records, documents } = await mend(
        store,
        new Directory({ store }),
        Date.now,
        'operator',
      )
      expect(records.length + documents.length).toBeGreaterThan(0)
    })
    expect(await report()).toMatch(SOUND)
    await opened(async (store) => {
      const again = await mend(store, new Directory({ store }), Date.now, 'operator')
      expect(again).toEqual({ records: [], documents: [] })
    })
  },
)
