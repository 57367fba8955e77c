import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newUserId } from '../../directory/directory.ts'
import { MemoryStore } from '../../storage/memory-store.ts'
import type { AdminContext } from '../context.ts'
import { openContext } from '../open-context.ts'
import { firstAdminLink, isNew, makeFirstAdminLink } from './first-admin.ts'

let dataDir = ''
let context: AdminContext
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wardline-first-'))
  const config = { dataDir, jwtSecret: undefined, publicUrl: 'https://chat.clinic.example' }
  context = await openContext(new MemoryStore(), config)
})
afterEach(() => rm(dataDir, { recursive: true }))

const make = async () => {
  const made = await firstAdminLink(context)
  if (!made.ok) throw new Error(made.error.message)
  return made.value
}
const opens = async (token: string): Promise<boolean> =>
  (await context.waysIn.links.find({ token }, '192.0.2.1')).ok

it('is one link for one account, the last that was made', async () => {
  expect(isNew(await context.directory.accounts.all())).toBe(true)
  const first = await make()
  expect(first.kind).toBe('first-admin')
  const second = await make()
  expect(await opens(first.token)).toBe(false)
  expect(await opens(second.token)).toBe(true)
  const accounts = await context.directory.accounts.all()
  expect(accounts.map(({ user }) => [user.roles, user.status])).toEqual([[['admin'], 'invited']])
  expect(isNew(accounts)).toBe(true)
  const done = await makeFirstAdminLink.call(context, {})
  expect(done).toMatchObject({
    ok: true,
    value: { text: expect.stringMatching(/^https:\/\/chat\.clinic\.example\/join#[\w-]{43}\n/) },
  })
})

it('is there for a clinic of before that has no admin, and for none that has one', async () => {
  const { directory } = context
  const person = (role: 'doctor' | 'admin') => ({
    id: newUserId(),
    name: `The ${role}`,
    email: `${role}@clinic.example`,
    roles: [role],
    passwordHash: 'x',
  })
  await directory.createUser(person('doctor'))
  // Nobody waits for a secret in the log of a clinic that goes on.
  expect(isNew(await directory.accounts.all())).toBe(false)
  await make()
  await directory.createUser(person('admin'))
  expect(await firstAdminLink(context)).toMatchObject({
    ok: false,
    error: { code: 'wrong-status', message: expect.stringMatching(/somebody is admin already/) },
  })
})
