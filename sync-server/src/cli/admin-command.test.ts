import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GroupStatement } from '@wardline/core/chat/group-statement'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifyPassword } from '../auth/password.ts'
import { Directory } from '../directory/directory.ts'
import { GroupSeal } from '../directory/group-seal.ts'
import { LevelStore } from '../storage/level-store.ts'
import { type AdminOutcome, runAdmin } from './admin-command.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'wardline-admin-'))
  await (await LevelStore.open(dir, { create: true })).close()
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const run = (args: string[], input = 'correct horse\n'): Promise<AdminOutcome> =>
  runAdmin({ args, env: { DATA_DIR: dir }, readInput: async () => input })
const user = ['create-user', '--email', 'eve@clinic.example', '--name', 'Dr Eve', '--role']
const doctor = [...user, 'doctor', '--specialty', 'Surgery']

it('creates an account that can sign in', async () => {
  expect(await run(doctor)).toEqual({
    ok: true,
    value: expect.stringMatching(new RegExp(`^created doctor u-[0-9a-f]{20}, in ${dir}$`)),
  })
  const store = await LevelStore.open(dir)
  const found = await new Directory({ store }).findByEmail('eve@clinic.example')
  await store.close()
  expect(found).toMatchObject({ name: 'Dr Eve', role: 'doctor', specialty: 'Surgery' })
  expect(await verifyPassword('correct horse', found?.passwordHash)).toBe(true)
  expect(await run(doctor)).toMatchObject({ ok: false, error: expect.stringMatching(/already/) })
  expect(await run(['verify-audit'])).toMatchObject({
    ok: true,
    value: expect.stringMatching(new RegExp(`intact: 1 lines.*, in ${dir}$`)),
  })
})

it('creates a patient with a birth date', async () => {
  const patient = [...user, 'patient', '--birth-date', '1984-05-02']
  expect(await run(patient)).toMatchObject({ ok: true })
  const store = await LevelStore.open(dir)
  const found = await new Directory({ store }).findByEmail('eve@clinic.example')
  await store.close()
  expect(found).toMatchObject({ role: 'patient', birthDate: '1984-05-02' })
})

it('knows people by their e-mail addresses, too', async () => {
  await run(doctor)
  expect(await run(['disable', 'eve@clinic.example'])).toMatchObject({
    ok: true,
    value: expect.stringMatching(/^u-[0-9a-f]{20} {2}disabled {2}Dr Eve/),
  })
  expect(await run(['enable', 'adam@clinic.example'])).toMatchObject({
    ok: false,
    error: expect.stringMatching(/no account with the e-mail address adam@clinic\.example/),
  })
  expect(await run(['enable', 'nobody!'])).toMatchObject({
    ok: false,
    error: expect.stringMatching(/^usage: enable <user>\nuser: /),
  })
})

it('gives a patient a birth date later', async () => {
  const set = ['set-birth-date', '--email', 'eve@clinic.example', '--birth-date']
  expect(await run([...set, '1984-05-02'])).toMatchObject({
    ok: false,
    error: expect.stringMatching(/no patient/),
  })
  await run([...user, 'patient'])
  expect(await run([...set, '2.5.84'])).toMatchObject({
    ok: false,
    error: expect.stringMatching(/yyyy-mm-dd/),
  })
  expect(await run([...set, '2999-01-01'])).toMatchObject({
    ok: false,
    error: expect.stringMatching(/yyyy-mm-dd/),
  })
  expect(await run([...set, '1984-05-02'])).toMatchObject({ ok: true })
  const store = await LevelStore.open(dir)
  const found = await new Directory({ store }).findByEmail('eve@clinic.example')
  await store.close()
  expect(found?.birthDate).toBe('1984-05-02')
})

it('gives a restored database a new epoch', async () => {
  const epochNow = async () => {
    const store = await LevelStore.open(dir)
    await store.close()
    return store.epoch
  }
  const before = await epochNow()
  expect(await run(['restored'])).toMatchObject({ ok: true })
  expect(await epochNow()).not.toBe(before)
})

it('says what came back after a restore, with names, and what did not', async () => {
  expect(await run(['recovery'])).toMatchObject({
    ok: true,
    value: expect.stringContaining('never'),
  })
  await run(doctor)
  let store = await LevelStore.open(dir)
  let directory = new Directory({ store, seal: new GroupSeal('key') })
  const eve = await directory.findByEmail('eve@clinic.example')
  if (eve === undefined) throw new Error('no account')
  const made = await directory.groups.create(eve.id, 'Ward 3', [])
  await directory.groups.create(eve.id, 'Ward 4', [])
  if (!made.ok) throw new Error(made.error.code)
  await store.close()
  await run(['restored'])
  store = await LevelStore.open(dir)
  const seal = new GroupSeal('key')
  directory = new Directory({ store, seal })
  const statement: GroupStatement = {
    chat: made.value.id,
    version: 9,
    title: 'Ward 3b',
    at: Date.now(),
    top: 1,
    members: [],
  }
  await directory.groups.recall(statement, seal.seal(statement), eve.id)
  await store.close()
  const { value = '' } = (await run(['recovery'])) as { value?: string }
  expect(value).toContain('a backup was put in place')
  expect(value).toContain('“Ward 3b” was brought up to date')
  expect(value).toContain(`out of it again: Dr Eve (${eve.id})`)
  expect(value).toMatch(/until a device of another member hands that back:\n.*“Ward 4”: Dr Eve/)
  expect(value).toContain('messages of programs over HTTP')
})

it('says that the server must be stopped', async () => {
  const store = await LevelStore.open(dir)
  expect(await run(doctor)).toEqual({
    ok: false,
    error: `${dir} is in use: stop the server, then try again`,
  })
  await store.close()
})

const everyCommand = [doctor, ['verify-audit'], ['restored']]

it('makes no database where there is none, whatever it is asked to do', async () => {
  for (const args of everyCommand) {
    const absent = join(dir, 'absent')
    expect(
      await runAdmin({ args, env: { DATA_DIR: absent }, readInput: async () => 'correct horse' }),
    ).toMatchObject({ ok: false, error: expect.stringContaining(`no database in ${absent}:`) })
    expect(await readdir(dir)).not.toContain('absent')
  }
  const empty = await mkdtemp(join(tmpdir(), 'wardline-empty-'))
  for (const args of everyCommand)
    expect(
      await runAdmin({ args, env: { DATA_DIR: empty }, readInput: async () => 'correct horse' }),
    ).toMatchObject({ ok: false, error: expect.stringContaining(`no database in ${empty}:`) })
  expect(await readdir(empty)).toEqual([])
  await rm(empty, { recursive: true })
})

it('names the directory that it worked on', async () => {
  for (const args of everyCommand)
    expect(await run(args)).toMatchObject({ ok: true, value: expect.stringContaining(dir) })
  expect(await run(doctor)).toMatchObject({ ok: false, error: expect.stringContaining(dir) })
})

// Only an administrator of the machine can give a folder to somebody else.
it.runIf(process.geteuid?.() === 0)('leaves what is another account’s alone', async () => {
  const before = await readdir(dir)
  await chown(dir, 4711, 4711)
  for (const args of everyCommand)
    expect(await run(args)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/belongs to the account with the number 4711/),
    })
  expect(await readdir(dir)).toEqual(before)
})

it('says what is wrong', async () => {
  const attempts: [string[], string, RegExp][] = [
    [[], '', /^usage/],
    [['drop-everything'], '', /^usage/],
    [[...user, 'nurse'], 'correct horse', /^usage/],
    [[...doctor, '--password', 'x'], 'correct horse', /^usage/],
    [doctor, 'short', /password must have at least 10/],
    [doctor, 'x'.repeat(257), /password must have at most 256/],
    [doctor, 'password123', /easy to guess/],
    [doctor, 'eve@clinic.example', /easy to guess/],
    [[...user, 'patient', '--specialty', 'x'], 'correct horse', /--specialty is for doctors/],
    [[...user, 'patient', '--birth-date', '2.5.84'], 'correct horse', /--birth-date .* yyyy-mm-dd/],
    [[...doctor, '--birth-date', '1984-05-02'], 'correct horse', /--birth-date is for patients/],
  ]
  for (const [args, input, error] of attempts)
    expect(await run(args, input)).toMatchObject({ ok: false, error: expect.stringMatching(error) })
  const bad = await runAdmin({
    args: doctor,
    env: { PORT: 'x' },
    readInput: async () => 'correct horse',
  })
  expect(bad).toMatchObject({ ok: false, error: expect.stringMatching(/^PORT/) })
})
