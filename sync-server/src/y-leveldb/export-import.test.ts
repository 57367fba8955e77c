import { cp, mkdir, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientIdOf, type MemberIndex, type Writer } from '@wardline/core/base/client-id'
import {
  type ChatId,
  chatDoc,
  type DeviceId,
  type DocName,
  monthOf,
  pageDoc,
  parseUserId,
  type UserId,
  userDoc,
} from '@wardline/core/base/ids'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import { logName } from '@wardline/core/chat/lanes'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LeveldbPersistence } from 'y-leveldb'
import * as Y from 'yjs'
import { Directory } from '../directory/directory.ts'
import { GroupSeal } from '../directory/group-seal.ts'
import type { Result } from '../errors/result.ts'
import { withDoc } from '../storage/doc-content.ts'
import { LevelStore } from '../storage/level-store.ts'
import { exportDocs } from './export-docs.ts'
import { importDocs } from './import-docs.ts'
import { withFolder } from './read-folder.ts'

const now = Date.UTC(2026, 2, 3, 12)
const month = monthOf(now)
const seal = new GroupSeal('a key')
const [pat, ada, ben] = ['pat-morgan', 'dr-ada', 'dr-ben'].map((id) => parseUserId(id)!)

let root: string
const stores: LevelStore[] = []
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'wardline-y-leveldb-'))
})
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
  await rm(root, { recursive: true, force: true })
})
const at = (name: string): string => join(root, name)

/** A database with these accounts, and no chats. */
const clinic = async (name: string): Promise<{ store: LevelStore; directory: Directory }> => {
  const store = await LevelStore.open(at(name), { create: true })
  stores.push(store)
  const clock = { now: () => now, elapsed: () => 0 }
  const directory = new Directory({ store, seal, clock })
  for (const [id, role] of [
    [pat, 'patient'],
    [ada, 'doctor'],
    [ben, 'doctor'],
  ] as const) {
    const names = { email: `${id}@clinic.example`, name: `The ${id}` }
    await directory.createUser({ ...names, id: id as UserId, roles: [role], passwordHash: '-' })
  }
  return { store, directory }
}

const message = (writer: LaneWriter, text: string, time = now): Uint8Array => {
  const body = new TextEncoder().encode(`\0${JSON.stringify({ text })}`)
  const entry = { at: time, kind: EntryKind.message, ref: null, body }
  const { update, advance } = writer.entries([entry], new Map())
  advance()
  return update
}
const writerOf = (index: MemberIndex, writer = index * 11): LaneWriter =>
  new LaneWriter(index, writer as Writer, 'device01' as DeviceId)

/** Two chats with what people, and the server, wrote. */
const filled = async (name: string) => {
  const { store, directory } = await clinic(name)
  const direct = await directory.registerDirectChat(pat!, ada!, pat!)
  const group = await directory.groups.create(ada!, 'Ward 3', [ben!, pat!])
  if (!direct.ok || !group.ok) throw new Error('the chats were not made')
  const chats = [direct.value.chat.id, group.value.id] as const
  for (const id of chats) await directory.registerPage(id, month)
  const page = pageDoc(chats[0], month)
  const mark = { map: 'sys', key: `arrived/${22}/1/1`, value: now }
  const arrived = { client: clientIdOf(0, 5), clock: 0, items: [mark] }
  const patient = writerOf(1)
  const appends = [
    { doc: page, update: message(patient, 'May I come at ten?') },
    { doc: page, update: message(patient, 'Or at eleven?') },
    { doc: page, update: encodeLaneWrite(arrived) },
    { doc: page, update: message(writerOf(2), 'At ten.', now - 3_600_000) },
    { doc: pageDoc(chats[1], month), update: message(writerOf(3), 'Good morning') },
    { doc: userDoc(pat!), update: setting('pinned/x', 9) },
  ]
  await store.commit({ appends })
  return { store, directory, chats, page, patient }
}
const setting = (key: string, writer: number): Uint8Array =>
  encodeLaneWrite({
    client: clientIdOf(1, writer),
    clock: 0,
    items: [{ map: 'prefs', key, value: true }],
  })

const importFrom = (folder: string, store: LevelStore): Promise<Result<string, string>> =>
  withFolder(folder, (docs) => importDocs(store, seal, docs))

const contentOf = async (store: LevelStore, doc: DocName): Promise<unknown> =>
  withDoc(await store.read(doc), (read) => ({
    logs: [1, 2, 3].map((index) => read.getArray(logName(index)).toJSON()),
    prefs: read.getMap('prefs').toJSON(),
    sys: read.getMap('sys').toJSON(),
  }))

/** A folder as somebody else's tool may have written it. */
const folderOf = async (name: string, docs: Record<string, Uint8Array>): Promise<string> => {
  const theirs = new LeveldbPersistence(at(name))
  for (const [doc, update] of Object.entries(docs)) await theirs.storeUpdate(doc, update)
  await theirs.destroy()
  return at(name)
}
const textDoc = (): Uint8Array => {
  const doc = new Y.Doc()
  doc.getText('body').insert(0, 'notes')
  return Y.encodeStateAsUpdate(doc)
}
const audited = async (store: LevelStore): Promise<string[]> => {
  const lines: string[] = []
  for await (const { text } of store.readAudit()) lines.push(JSON.parse(text).action)
  return lines
}

describe('an export', () => {
  it('is read by y-leveldb itself, document by document', async () => {
    const { store, page, chats } = await filled('clinic')
    expect(await exportDocs(store, at('out'))).toMatchObject({ ok: true, value: /^7 documents/ })
    const theirs = new LeveldbPersistence(at('out'))
    const names = await theirs.getAllDocNames()
    expect(names?.toSorted()).toEqual((await store.documents()).toSorted())
    expect(names).toContain(chatDoc(chats[0]))
    const doc = (await theirs.getYDoc(page))!
    await theirs.destroy()
    expect(doc.getArray(logName(1)).toJSON()).toHaveLength(2)
    expect((await contentOf(store, page)) as object).toMatchObject({
      logs: [1, 2, 3].map((index) => doc.getArray(logName(index)).toJSON()),
    })
    expect((await audited(store)).at(-1)).toBe('documents.exported')
  })

  it('goes into an empty folder alone', async () => {
    const { store } = await filled('clinic')
    await mkdir(at('full'))
    await writeFile(join(at('full'), 'notes.txt'), 'mine')
    await writeFile(at('a file'), 'mine')
    for (const taken of ['full', 'a file', 'clinic'])
      expect(await exportDocs(store, at(taken))).toEqual({
        ok: false,
        error: `${at(taken)} is not an empty folder`,
      })
    expect(await readdir(at('full'))).toEqual(['notes.txt'])
    await mkdir(at('empty'))
    expect(await exportDocs(store, at('empty'))).toMatchObject({ ok: true })
  })

  it('says what y-leveldb did not write, though that says nothing', async () => {
    const { store, page } = await filled('clinic')
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { storeUpdate } = LeveldbPersistence.prototype
    const swallow = vi
      .spyOn(LeveldbPersistence.prototype, 'storeUpdate')
      .mockImplementation(function (this: LeveldbPersistence, doc, update) {
        if (doc !== page) return storeUpdate.call(this, doc, update)
        // As a write that is lost in a cache: the caller is told that it is done.
        return Promise.resolve(0)
      })
    const lost = await exportDocs(store, at('out'))
    expect(lost).toMatchObject({ ok: false })
    expect(lost).toMatchObject({ error: expect.stringContaining(`${page} is not in it`) })
    swallow.mockImplementation(async () => null)
    const failed = await exportDocs(store, at('other'))
    expect(failed).toMatchObject({ error: expect.stringContaining('cannot be written') })
    expect(await audited(store)).not.toContain('documents.exported')
    swallow.mockRestore()
    warn.mockRestore()
  })
})

describe('an import', () => {
  it('gives a clinic without chats all that was said, when it came, and the settings', async () => {
    const before = await filled('clinic')
    await exportDocs(before.store, at('out'))
    const { store, directory } = await clinic('fresh')
    expect(await importFrom(at('out'), store)).toMatchObject({
      ok: true,
      value: expect.stringMatching(/^7 documents, 3 of which had something new/),
    })
    const [direct, group] = before.chats
    for (const doc of [pageDoc(direct, month), pageDoc(group, month)])
      expect(await contentOf(store, doc)).toEqual(await contentOf(before.store, doc))
    expect(await contentOf(store, userDoc(pat!))).toMatchObject({ prefs: { 'pinned/x': true } })
    for (const id of before.chats) {
      const [was, is] = [await before.directory.chatOf(id), await directory.chatOf(id)]
      expect(is).toMatchObject({ createdAt: was!.createdAt, members: was!.members, pages: [month] })
    }
    expect((await audited(store)).at(-1)).toBe('documents.imported')
    // Once more changes nothing.
    const heads = await store.changedSince([`chat/${direct}`], 0)
    expect(await importFrom(at('out'), store)).toMatchObject({
      ok: true,
      value: expect.stringMatching(/, 0 of which had something new/),
    })
    expect(await store.changedSince([`chat/${direct}`], 0)).toEqual(heads)
  })

  it('takes nothing away from what was written since, and brings back nothing that was taken back', async () => {
    const { store, page, patient } = await filled('clinic')
    await exportDocs(store, at('out'))
    const deletes = [{ client: clientIdOf(1, patient.writer), clock: 0, len: 1 }]
    const stub = { writer: patient.writer, n: 1, stub: { at: now, seen: new Map() } }
    const retraction = { at: now, kind: EntryKind.retraction, ref: stub, body: new Uint8Array(1) }
    const { update } = patient.entries([retraction], new Map(), deletes)
    await store.commit({ appends: [{ doc: page, update, erases: true }] })
    const since = await contentOf(store, page)
    expect(await importFrom(at('out'), store)).toMatchObject({ ok: true })
    expect(await contentOf(store, page)).toEqual(since)
  })

  it('takes a retraction along, also of what the database has', async () => {
    const { store, page, patient } = await filled('clinic')
    await store.close()
    await cp(at('clinic'), at('backup'), { recursive: true })
    const newer = await LevelStore.open(at('clinic'))
    const deletes = [{ client: clientIdOf(1, patient.writer), clock: 0, len: 1 }]
    const stub = { writer: patient.writer, n: 1, stub: { at: now, seen: new Map() } }
    const retraction = { at: now, kind: EntryKind.retraction, ref: stub, body: new Uint8Array(1) }
    const { update } = patient.entries([retraction], new Map(), deletes)
    await newer.commit({ appends: [{ doc: page, update, erases: true }] })
    await exportDocs(newer, at('out'))
    const expected = await contentOf(newer, page)
    await newer.close()
    const backup = await LevelStore.open(at('backup'))
    stores.push(backup)
    expect(await importFrom(at('out'), backup)).toMatchObject({ ok: true })
    expect(await contentOf(backup, page)).toEqual(expected)
    expect(await backup.toErase()).toEqual([page])
  })

  it('[GATE-5] takes what the gate takes, names what it refuses, and goes on', async () => {
    const { store, chats } = await filled('clinic')
    const [direct, group] = chats
    const ahead = Date.now() + 3 * 86_400_000
    const folder = await folderOf('odd', {
      [pageDoc(direct, monthOf(ahead))]: message(writerOf(1, 77), 'from the future', ahead),
      [pageDoc(direct, month)]: Y.mergeUpdates([
        message(writerOf(2, 78), 'a good one'),
        message(writerOf(7, 79), 'nobody’s'),
        encodeLaneWrite({
          client: clientIdOf(0, 80),
          clock: 0,
          items: [{ map: 'sys', key: 'member/9/9', value: 'me' }],
        }),
      ]),
      [pageDoc(group, month)]: encodeLaneWrite({
        client: clientIdOf(1, 81),
        clock: 0,
        items: [{ log: logName(2), values: ['in another’s lane'] }],
      }),
      'chat/dm.pat-morgan.dr-nobody/2026-03': message(writerOf(1, 82), 'to nobody'),
      'user/somebody-else': setting('muted/x', 83),
      [userDoc(pat!)]: setting('muted/x', 84),
    })
    const outcome = await importFrom(folder, store)
    expect(outcome.ok).toBe(false)
    const lines = outcome.ok ? [] : outcome.error.split('\n')
    expect(lines[0]).toBe('6 documents, 2 of which had something new; not all is in the database:')
    expect(lines).toHaveLength(7)
    expect(lines).toEqual(
      expect.arrayContaining([
        'chat/dm.pat-morgan.dr-nobody/2026-03: there is no such chat, nor can it be made',
        `${pageDoc(direct, month)}: something in the name of the server`,
        `${pageDoc(direct, month)}: there is no member 7 here`,
        expect.stringMatching(`^${pageDoc(direct, monthOf(ahead))}: of member 1: CLOCK`),
        expect.stringMatching(`^${pageDoc(group, month)}: of member 1: NOT_YOURS`),
        'user/somebody-else: there is no such account',
      ]),
    )
    expect(await contentOf(store, userDoc(pat!))).toMatchObject({ prefs: { 'muted/x': true } })
    const page = (await contentOf(store, pageDoc(direct, month))) as { logs: unknown[][] }
    expect(page.logs.map(({ length }) => length)).toEqual([2, 2, 0])
  })

  it('says when the database holds another value than the folder', async () => {
    const { store, page } = await filled('clinic')
    const folder = await folderOf('other', { [page]: message(writerOf(1), 'Forged: not at ten!') })
    expect(await importFrom(folder, store)).toMatchObject({
      ok: false,
      error: expect.stringContaining(`${page}: 1 values are not as in the folder`),
    })
  })
})

describe('a folder of which nothing is imported', () => {
  let store: LevelStore
  let before: unknown
  const heads = () => store.lastSeq()
  beforeEach(async () => {
    store = (await filled('clinic')).store
    before = heads()
    vi.spyOn(console, 'warn').mockImplementation(() => {})
  })
  afterEach(() => {
    expect(heads()).toBe(before)
    vi.restoreAllMocks()
  })

  it.each(['a folder that is not there', 'a file', 'a folder of something else'])(
    '%s',
    async (what) => {
      const folder = at(what)
      if (what === 'a file') await writeFile(folder, 'x')
      if (what.endsWith('else')) {
        await mkdir(folder)
        await writeFile(join(folder, 'notes'), 'x')
      }
      expect(await importFrom(folder, store)).toEqual({
        ok: false,
        error: `${folder} holds no database of y-leveldb`,
      })
    },
  )

  it('in which a name is none of a document here, or a document is of another kind', async () => {
    const page = pageDoc('dm.pat-morgan.dr-ada' as ChatId, month)
    const folder = await folderOf('odd', { 'my notes': textDoc(), [page]: textDoc() })
    expect(await importFrom(folder, store)).toEqual({
      ok: false,
      error: [
        `nothing was imported from ${folder}:`,
        'my notes is no document of a clinic',
        `${page} holds what no document of a clinic holds`,
      ].join('\n'),
    })
  })

  it('whose documents lack something, or hold bytes that say nothing', async () => {
    const doc = pageDoc('dm.pat-morgan.dr-ada' as ChatId, month)
    const writer = writerOf(1, 90)
    message(writer, 'the first, which is not there')
    const folder = await folderOf('gap', { [doc]: message(writer, 'the second') })
    expect(await importFrom(folder, store)).toMatchObject({
      error: expect.stringContaining(`${doc} lacks something that it builds on`),
    })
  })

  it.each(['ldb', 'log'])('a .%s file of which is damaged', async (ending) => {
    // What was written at first lies in the log, and in a table after the next opening.
    const doc = pageDoc('dm.pat-morgan.dr-ada' as ChatId, month)
    const folder = await folderOf('out', { [doc]: message(writerOf(1, 91), 'hello '.repeat(99)) })
    if (ending === 'ldb') await folderOf('out', {})
    const name = (await readdir(folder)).find((each) => each.endsWith(`.${ending}`))!
    const file = await open(join(folder, name), 'r+')
    await file.write(new Uint8Array([255, 255, 255]), 0, 3, 200)
    await file.close()
    expect(await importFrom(folder, store)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^nothing was imported from [^\n]*\n.*damaged/),
    })
  })

  it('stays as it is', async () => {
    await exportDocs(store, at('out'))
    const listed = await readdir(at('out'))
    await importFrom(at('out'), store)
    expect(await readdir(at('out'))).toEqual(listed)
    before = heads()
  })
})
