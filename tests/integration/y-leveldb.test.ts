/** `admin.js export` and `import` of a real clinic, there and back. */
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ChatId, chatDoc, monthOf, pageDoc, userDoc } from '@wardline/core/base/ids'
import { logName } from '@wardline/core/chat/lanes'
import type { MessageView } from '@wardline/core/client/model/views'
import { connect, type Program } from '@wardline/core/node/connect'
import { type AdminOutcome, runAdmin } from '@wardline/sync-server/cli/admin-command'
import type { RunningServer } from '@wardline/sync-server/server'
import { ada, chat, pat } from '@wardline/sync-server/sync/sync-test-kit'
import { openYLeveldb } from '@wardline/sync-server/y-leveldb/doc-folder'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { callerFor } from '../support/http-caller.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

let root: string
const programs: Program[] = []
const servers: RunningServer[] = []

beforeEach(async () => {
  root = await makeDataDir()
})
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.close()))
  for (const server of servers.splice(0)) await server.close()
  await removeDataDir(root)
})

const at = (name: string): string => join(root, name)
const serve = async (name: string): Promise<RunningServer> => {
  const server = await start(at(name))
  servers.push(server)
  return server
}
const comeIn = async (server: RunningServer, who: string): Promise<Program> => {
  const email = `${who}@demo.clinic`
  const program = await connect({ url: server.url, email, password: 'wardline-demo' })
  programs.push(program)
  return program
}
const everybodyLeaves = async (): Promise<void> => {
  await Promise.all(programs.splice(0).map((program) => program.close()))
  for (const server of servers.splice(0)) await server.close()
}
const admin = (name: string, ...args: string[]): Promise<AdminOutcome> =>
  runAdmin({ args, env: { DATA_DIR: at(name) }, readInput: async () => '' })

const seen = (messages: readonly MessageView[]) =>
  messages.map(({ text, at: time, status, arrivedAt }) => ({ text, time, status, arrivedAt }))

/** A clinic in which two people and a group have talked, and what each of them sees. */
const talk = async (name: string) => {
  const server = await serve(name)
  const call = await callerFor(server.url, 'ada@demo.clinic')
  await (await callerFor(server.url, 'pat@demo.clinic'))('POST', '/api/chat/chats', {
    doctorId: 'dr-ada',
  })
  const made = await call('POST', '/api/chat/groups', {
    title: 'Ward 3',
    memberIds: ['dr-ben', 'sam-rivera'],
  })
  const group = made.body.chat.id as ChatId
  const [patient, doctor] = [await comeIn(server, 'pat'), await comeIn(server, 'ada')]
  await patient.send(chat, 'May I come at ten?')
  await doctor.send(chat, 'At ten.')
  await doctor.send(group, 'Good morning, all')
  return { server, group, patient, doctor }
}

it('a clinic goes into a folder that y-leveldb reads, and into a fresh copy, and devices agree', async () => {
  const { group, patient, doctor } = await talk('clinic')
  const shown = async (one: Program, other: Program) => [
    seen(await one.messages(chat)),
    seen(await other.messages(chat)),
    seen(await other.messages(group)),
  ]
  const statuses = async () =>
    (await shown(patient, doctor)).map((messages) => messages.map(({ status }) => status))
  await expect.poll(statuses).toEqual([['delivered', null], [null, 'delivered'], ['stored']])
  const expected = await shown(patient, doctor)
  await everybodyLeaves()
  expect(await admin('clinic', 'export', '--y-leveldb', at('out'))).toMatchObject({
    ok: true,
    value: expect.stringMatching(/documents are in .*, read back and compared, in /),
  })

  const theirs = openYLeveldb(at('out'), false)
  const month = monthOf(Date.now())
  const page = pageDoc(chat, month)
  const names = await theirs.getAllDocNames()
  expect(names).toEqual(expect.arrayContaining([page, chatDoc(group), userDoc(pat), userDoc(ada)]))
  const doc = await theirs.getYDoc(page)
  expect([1, 2].map((index) => doc?.getArray(logName(index)).length)).toEqual([1, 1])
  await theirs.destroy()

  // A copy of the clinic with its people and its keys, and nothing else.
  await (await serve('fresh')).close()
  servers.length = 0
  for (const key of ['seal-key', 'jwt-secret'])
    await cp(join(at('clinic'), key), join(at('fresh'), key)).catch(() => {})
  expect(await admin('fresh', 'import', '--y-leveldb', at('out'))).toMatchObject({
    ok: true,
    value: expect.stringContaining('read back and compared'),
  })
  const fresh = await serve('fresh')
  const [again, and] = [await comeIn(fresh, 'pat'), await comeIn(fresh, 'ada')]
  await expect.poll(() => shown(again, and)).toEqual(expected)
  // And it goes on.
  await again.send(chat, 'Thank you')
  await expect.poll(async () => (await and.messages(chat)).at(-1)?.text).toBe('Thank you')
  await everybodyLeaves()
  expect(await admin('fresh', 'doctor')).toMatchObject({ ok: true })
  expect(await admin('fresh', 'verify-audit')).toMatchObject({ ok: true })
})

it('a backup gets what was said since, from a folder, while its devices are gone', async () => {
  const before = await talk('clinic')
  await everybodyLeaves()
  await cp(at('clinic'), at('backup'), { recursive: true })
  const server = await serve('clinic')
  const doctor = await comeIn(server, 'ada')
  await doctor.send(chat, 'Said after the backup')
  await doctor.send(before.group, 'To all, after it')
  await everybodyLeaves()
  await admin('clinic', 'export', '--y-leveldb', at('out'))
  await rm(at('clinic'), { recursive: true })
  expect(await admin('backup', 'import', '--y-leveldb', at('out'))).toMatchObject({ ok: true })
  const restored = await serve('backup')
  const patient = await comeIn(restored, 'pat')
  const texts = (await patient.messages(chat)).map(({ text }) => text)
  expect(texts).toEqual(['May I come at ten?', 'At ten.', 'Said after the backup'])
})

it('says what it was asked wrongly, and does nothing while the server runs', async () => {
  await talk('clinic')
  expect(await admin('clinic', 'export', '--y-leveldb', at('out'))).toEqual({
    ok: false,
    error: `${at('clinic')} is in use: stop the server, then try again`,
  })
  await everybodyLeaves()
  for (const args of [['export'], ['import', '--y-leveldb'], ['import', '--folder', at('out')]])
    expect(await admin('clinic', ...args)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^usage:/),
    })
  await mkdir(at('full'))
  await writeFile(join(at('full'), 'mine'), '')
  expect(await admin('clinic', 'export', '--y-leveldb', at('full'))).toMatchObject({
    ok: false,
    error: expect.stringContaining('is not an empty folder'),
  })
  expect(await admin('clinic', 'import', '--y-leveldb', at('full'))).toMatchObject({
    ok: false,
    error: expect.stringContaining('holds no database of y-leveldb'),
  })
  expect(await readdir(at('full'))).toEqual(['mine'])
})
