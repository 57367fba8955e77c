import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifyPassword } from '../auth/password.ts'
import { LevelStore } from '../storage/level-store.ts'
import { type AdminOutcome, runAdmin } from './admin-command.ts'
import { Directory } from './directory.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'wardline-admin-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const run = (args: string[], input = 'correct horse\n'): Promise<AdminOutcome> =>
  runAdmin({ args, env: { DATA_DIR: dir }, readInput: async () => input })
const user = ['create-user', '--email', 'eve@clinic.example', '--name', 'Dr Eve', '--role']
const doctor = [...user, 'doctor', '--specialty', 'Surgery']

it('creates an account that can sign in', async () => {
  expect(await run(doctor)).toEqual({
    ok: true,
    value: expect.stringMatching(/^created doctor u-[0-9a-f]{20}$/),
  })
  const store = await LevelStore.open(dir)
  const found = await new Directory({ store }).findByEmail('eve@clinic.example')
  await store.close()
  expect(found).toMatchObject({ name: 'Dr Eve', role: 'doctor', specialty: 'Surgery' })
  expect(await verifyPassword('correct horse', found?.passwordHash)).toBe(true)
  expect(await run(doctor)).toMatchObject({ ok: false, error: expect.stringMatching(/already/) })
  expect(await run(['verify-audit'])).toMatchObject({
    ok: true,
    value: expect.stringMatching(/intact: 1 lines/),
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

it('says that the server must be stopped', async () => {
  const store = await LevelStore.open(dir)
  expect(await run(doctor)).toEqual({
    ok: false,
    error: `${dir} is in use: stop the server, then try again`,
  })
  await store.close()
})

it('says what is wrong', async () => {
  const attempts: [string[], string, RegExp][] = [
    [[], '', /^usage/],
    [['drop-everything'], '', /^usage/],
    [[...user, 'nurse'], 'correct horse', /^usage/],
    [[...doctor, '--password', 'x'], 'correct horse', /^usage/],
    [doctor, 'short', /password must have 10 to 256/],
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
